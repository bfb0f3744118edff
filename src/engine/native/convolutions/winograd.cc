// Convolutions with 3×3 filters of stride 1 in Winograd's form F(2×2, 3×3), and the filter's gradient in the form F(3×3, 2×2): Lavin and
// Gray, Fast algorithms for convolutional neural networks, CVPR 2016, section 4.1. 2 × 2 outputs are Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A of 4 × 4 inputs
// d: 16 products where a plain sum has 36. Summed over channels the products are 16 matrix products, a plane each.
//
// The file is compiled once for each kind of CPU.

#include "winograd.h"

#include <algorithm>
#include <cstring>

#include "batchNorm.h"
#include "products.h"
#include "transforms.h"
#include "vectors.h"

namespace lab {
namespace {

/** Tiles that are worked on together, so that their planes stay in the second cache. */
constexpr int STRIP_TILES = 16;
constexpr int GRADIENT_TILES = 64;
/** Floats between planes: without them, planes of a size that is a power of two would fall on the same lines of the cache. */
constexpr std::size_t GAP = 16;

std::size_t packedSize(const Shape& s) { return PLANES * s.filterSize(); }

std::size_t roundedUp(std::size_t value, std::size_t multiple) { return (value + multiple - 1) / multiple * multiple; }
int stripRows(const Shape& s) { return std::max(1, std::min(s.tileRows(), STRIP_TILES / s.tileColumns())); }
std::size_t stripCapacity(const Shape& s) { return roundedUp(static_cast<std::size_t>(stripRows(s)) * s.tileColumns(), 16); }

/** A thread's memory: planes of tiles of what goes into the products on one side, planes of another kind, and a pixel of zeros. */
struct Layout {
  std::size_t plane, otherPlane, zeros;

  Layout(std::size_t tiles, std::size_t depth, std::size_t otherDepth, int inputs)
      : plane(tiles * depth + GAP), otherPlane(tiles * otherDepth + GAP), zeros(inputs) {}
  float* others(float* work) const { return work + PLANES * plane; }
  /** Where the zeros are, which have been written. */
  float* zeroed(float* work) const {
    float* const at = others(work) + PLANES * otherPlane;
    std::memset(at, 0, sizeof(float) * zeros);
    return at;
  }
  std::size_t size() const { return PLANES * (plane + otherPlane) + zeros; }
};

/** Transformed inputs of all terms, and products. */
Layout stripLayout(const Shape& s) { return {stripCapacity(s), static_cast<std::size_t>(s.terms) * s.inputs, static_cast<std::size_t>(s.outputs), s.inputs}; }
std::size_t convolveWork(const Shape& s) { return stripLayout(s).size(); }

/** Images that a thread takes at a time: it reads ahead from one to the next. */
int imagesOfUnit(const Shape& s) { return std::max(1, 256 / (s.height * s.width)); }
int convolveUnits(const Shape& s) { return (s.images + imagesOfUnit(s) - 1) / imagesOfUnit(s); }

/** Asks for memory that will be read soon. What lies beyond the tensor's end is left out. */
inline void ahead(const float* tensor, std::size_t size, std::size_t first, std::size_t count) {
  for (std::size_t at = first, end = std::min(size, first + count); at < end; at += 16) __builtin_prefetch(tensor + at, 0, 2);
}

template <bool around>
void transformOutputs(const Shape& s, int image, int first, int last, const float* products, std::size_t plane, const Writer<around>& to) {
  const std::size_t line = static_cast<std::size_t>(s.width) * s.outputs;
  for (int row = first; row < last; row++)
    for (int column = 0; column < s.tileColumns(); column++, products += s.outputs) {
      const std::size_t at = (static_cast<std::size_t>(image) * s.height + 2 * row) * line + 2 * static_cast<std::size_t>(column) * s.outputs;
      transformOutput(products, plane, s.outputs, to, at, 2 * row + 1 < s.height ? line : 0, 2 * column + 1 < s.width ? s.outputs : 0);
    }
}

/** Some rows of tiles of one image. */
void convolveStrip(const Shape& s, int image, int first, const float* const* inputs, const float* packed, const Epilogue& after, float* output,
                   float* work) {
  const int last = std::min(first + stripRows(s), s.tileRows()), columns = s.tileColumns(), depth = s.terms * s.inputs;
  const Layout layout = stripLayout(s);
  const std::size_t plane = layout.plane, productPlane = layout.otherPlane;
  const std::size_t row = static_cast<std::size_t>(image) * s.height + 2 * first, line = static_cast<std::size_t>(s.width) * s.outputs;
  const std::size_t size = s.pixels() * s.inputs, outputSize = s.pixels() * s.outputs, rows = 2 * (last - first);
  float *const planes = work, *const products = layout.others(work);
  const float* const zeros = layout.zeroed(work);
  for (int i = 0; i < after.addends; i++) ahead(after.addend[i], outputSize, row * line, rows * line);
  if (after.mask) ahead(after.mask, outputSize, row * line, rows * line);
  for (int term = 0; term < s.terms; term++) {
    const float* from = inputs[term] + static_cast<std::size_t>(image) * s.height * s.width * s.inputs;
    float* to = planes + term * s.inputs;
    for (int tileRow = first; tileRow < last; tileRow++, to += columns * depth) transformRow(s, from, tileRow, zeros, to, depth, plane);
    ahead(inputs[term], size, (row + rows + 1) * s.width * s.inputs, rows * s.width * s.inputs);
  }
  const auto multiplyPlane = WITH_TILE(s.outputs, multiply);
  for (int k = 0; k < PLANES; k++)
    multiplyPlane(planes + k * plane, packed + k * s.terms * s.filterSize(), products + k * productPlane, (last - first) * columns, depth, s.outputs);
  if (isWrittenAround(output, outputSize)) transformOutputs(s, image, first, last, products, productPlane, Writer<true>{after, output});
  else transformOutputs(s, image, first, last, products, productPlane, Writer<false>{after, output});
}

void convolve(const Shape& s, int unit, const float* const* inputs, const float* packed, const Epilogue& after, float* output, float* work) {
  const int firstImage = unit * imagesOfUnit(s), lastImage = std::min(s.images, firstImage + imagesOfUnit(s));
  for (int image = firstImage; image < lastImage; image++)
    for (int first = 0; first < s.tileRows(); first += stripRows(s)) convolveStrip(s, image, first, inputs, packed, after, output, work);
  _mm_sfence();
}

// ---- gradient by the filter ----

std::size_t sumsPlane(const Shape& s) { return s.filterSize() + GAP; }
std::size_t sumsSize(const Shape& s) { return PLANES * sumsPlane(s); }

int gradientCapacity(const Shape& s) { return std::max(s.tileColumns(), GRADIENT_TILES); }

/** Transformed inputs, and transformed gradients by the outputs. */
Layout gradientLayout(const Shape& s) {
  return {static_cast<std::size_t>(gradientCapacity(s)), static_cast<std::size_t>(s.inputs), static_cast<std::size_t>(s.outputs), s.inputs};
}
std::size_t gradientWork(const Shape& s) { return gradientLayout(s).size(); }

void gradient(const Shape& s, int firstImage, int lastImage, const float* const* inputs, const float* const* outputGradients, float* sums,
              float* work) {
  const std::size_t pixels = static_cast<std::size_t>(s.height) * s.width, line = static_cast<std::size_t>(s.width) * s.outputs;
  const Layout layout = gradientLayout(s);
  const std::size_t plane = layout.plane, gradientPlane = layout.otherPlane;
  float *const planes = work, *const gradients = layout.others(work);
  const float* const zeros = layout.zeroed(work);
  int held = 0;
  bool summing = false;
  const auto accumulatePlane = WITH_TILE(s.outputs, accumulate);
  const auto flush = [&] {
    for (int k = 0; k < PLANES; k++)
      accumulatePlane(planes + k * plane, gradients + k * gradientPlane, sums + k * sumsPlane(s), !summing, held, s.inputs, s.outputs);
    held = 0;
    summing = true;
  };
  for (int term = 0; term < s.terms; term++)
    for (int image = firstImage; image < lastImage; image++)
      for (int row = 0; row < s.tileRows(); row++) {
        if (held + s.tileColumns() > gradientCapacity(s)) {
          const std::size_t next = static_cast<std::size_t>(image) * pixels + static_cast<std::size_t>(2 * row) * s.width;
          ahead(inputs[term], s.pixels() * s.inputs, next * s.inputs, 4 * static_cast<std::size_t>(held) * s.inputs);
          ahead(outputGradients[term], s.pixels() * s.outputs, next * s.outputs, 4 * static_cast<std::size_t>(held) * s.outputs);
          flush();
        }
        const float* dy = outputGradients[term] + image * pixels * s.outputs + 2 * row * line;
        transformRow(s, inputs[term] + image * pixels * s.inputs, row, zeros, planes + static_cast<std::size_t>(held) * s.inputs, s.inputs, plane);
        for (int column = 0; column < s.tileColumns(); column++, held++, dy += 2 * s.outputs)
          transformGradient(dy, line, s.outputs, 2 * row + 1 < s.height, 2 * column + 1 < s.width,
                            gradients + static_cast<std::size_t>(held) * s.outputs, gradientPlane);
      }
  flush();
}

/** Aᵀ M A where A is 4 × 3 and M the sum over all chunks. */
void finishGradient(const Shape& s, int input, int chunks, const float* sums, float* filterGradient) {
  for (int o = 0; o < s.outputs; o += LANES) {
    const std::size_t at = static_cast<std::size_t>(input) * s.outputs + o;
    Vector t[3][4];
    for (int j = 0; j < 4; j++) {
      Vector m[4];
      for (int i = 0; i < 4; i++) {
        m[i] = load(sums + (4 * i + j) * sumsPlane(s) + at);
        for (int chunk = 1; chunk < chunks; chunk++) m[i] += load(sums + (chunk * PLANES + 4 * i + j) * sumsPlane(s) + at);
      }
      t[0][j] = m[0] + m[1] + m[2];
      t[1][j] = m[1] - m[2];
      t[2][j] = m[1] + m[2] - m[3];
    }
    for (int i = 0; i < 3; i++) {
      float* to = filterGradient + 3 * i * s.filterSize() + at;
      store(to, t[i][0] + t[i][1] + t[i][2]);
      store(to + s.filterSize(), t[i][1] - t[i][2]);
      store(to + 2 * s.filterSize(), t[i][1] + t[i][2] - t[i][3]);
    }
  }
}

#if defined(__AVX512F__)
#define KERNELS avx512Kernels
constexpr const char* NAME = "AVX-512";
bool usable() { return __builtin_cpu_supports("avx512f"); }
#else
#define KERNELS avx2Kernels
constexpr const char* NAME = "AVX2";
bool usable() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
#endif

}  // namespace

extern const Kernels KERNELS = {NAME,          usable,   packedSize,   pack,     convolveWork,
                                convolveUnits, convolve, gradientWork, sumsSize, gradient, finishGradient,
                                momentSums,    gradientSums, normalise, normaliseGradient};

}  // namespace lab
