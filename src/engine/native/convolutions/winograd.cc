// Convolutions with 3×3 filters of stride 1 in Winograd's form F(2×2, 3×3), and the filter's gradient in the form F(3×3, 2×2): Lavin and
// Gray, Fast algorithms for convolutional neural networks, CVPR 2016, section 4.1. 2 × 2 outputs are Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A of 4 × 4 inputs
// d: 16 products where a plain sum has 36. Summed over channels the products are 16 matrix products, a plane each.
//
// The file is compiled once for each kind of CPU: LANES floats make a vector there.

#include "winograd.h"

#include <algorithm>
#include <cstring>
#include <immintrin.h>

namespace lab {
namespace {

#if defined(__AVX512F__)
constexpr int LANES = 16;
constexpr int ROWS = 8;        // of a register tile that is two vectors wide
constexpr int NARROW_ROWS = 16;  // of one that is one vector wide
#else
constexpr int LANES = 8;
constexpr int ROWS = 4;
constexpr int NARROW_ROWS = 8;
#endif

/** Tiles that are worked on together, so that their planes stay in the second cache. */
constexpr int STRIP_TILES = 16;
constexpr int GRADIENT_TILES = 64;
/** Floats between planes: without them, planes of a size that is a power of two would fall on the same lines of the cache. */
constexpr std::size_t GAP = 16;
/** Floats of a tensor that may still be in a cache when it is read. */
constexpr std::size_t CACHED = 1 << 18;

typedef float Vector __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

inline Vector load(const float* from) { return *reinterpret_cast<const Vector*>(from); }
inline void store(float* to, Vector value) { *reinterpret_cast<Vector*>(to) = value; }

#if defined(__AVX512F__)
inline void storeAround(float* to, Vector value) { _mm512_stream_ps(to, reinterpret_cast<__m512>(value)); }
#else
inline void storeAround(float* to, Vector value) { _mm256_stream_ps(to, reinterpret_cast<__m256>(value)); }
#endif
inline std::size_t roundedUp(std::size_t value, std::size_t multiple) { return (value + multiple - 1) / multiple * multiple; }
/** Vectors across a register tile. */
inline int widthOf(int outputs) { return outputs % (2 * LANES) == 0 ? 2 : 1; }

/** Calls `run` with the sizes of the register tile that suits so many outputs. */
#define WITH_TILE(outputs, run) (widthOf(outputs) == 2 ? run<ROWS, 2> : run<NARROW_ROWS, 1>)

// ---- input, filter and output in Winograd's form ----

/** Four rows of pixels, of which some may be zeros beyond an image. */
struct Rows {
  const float* row[4];
  /** Floats from a pixel to the next: none where all pixels are the same zeros. */
  std::size_t step[4];
};

/** Bᵀ d of one column of pixels. */
inline void transformColumn(const Rows& rows, int x, int c, Vector to[4]) {
  const float* at[4];
  for (int i = 0; i < 4; i++) at[i] = rows.row[i] + x * rows.step[i] + c;
  const Vector d0 = load(at[0]), d1 = load(at[1]), d2 = load(at[2]), d3 = load(at[3]);
  to[0] = d0 - d2;
  to[1] = d1 + d2;
  to[2] = d2 - d1;
  to[3] = d1 - d3;
}

/**
 * Bᵀ d B for a row of tiles and all channels. A tile shares two columns of pixels with the one before.
 * @param depth floats from a tile to the next, in each plane
 */
inline void transformRow(const Shape& s, const float* image, int tileRow, const float* zeros, float* planes, std::size_t depth, std::size_t plane) {
  Rows rows;
  for (int i = 0; i < 4; i++) {
    const int y = 2 * tileRow - 1 + i;
    const bool inside = y >= 0 && y < s.height;
    rows.row[i] = inside ? image + static_cast<std::size_t>(y) * s.width * s.inputs : zeros;
    rows.step[i] = inside ? s.inputs : 0;
  }
  for (int c = 0; c < s.inputs; c += LANES) {
    Vector t[4][4] = {};
    transformColumn(rows, 0, c, t[3]);
    float* to = planes + c;
    for (int column = 0; column < s.tileColumns(); column++, to += depth) {
      const int x = 2 * column + 1;
      for (int i = 0; i < 4; i++) {
        t[0][i] = column == 0 ? Vector{} : t[2][i];
        t[1][i] = t[3][i];
      }
      if (x < s.width) transformColumn(rows, x, c, t[2]);
      else for (int i = 0; i < 4; i++) t[2][i] = Vector{};
      if (x + 1 < s.width) transformColumn(rows, x + 1, c, t[3]);
      else for (int i = 0; i < 4; i++) t[3][i] = Vector{};
      for (int i = 0; i < 4; i++) {
        float* out = to + 4 * i * plane;
        store(out, t[0][i] - t[2][i]);
        store(out + plane, t[1][i] + t[2][i]);
        store(out + 2 * plane, t[2][i] - t[1][i]);
        store(out + 3 * plane, t[1][i] - t[3][i]);
      }
    }
  }
}

/** Writes outputs with what follows their convolution. `around` the caches: a large tensor is gone from them before it is read. */
template <bool around>
struct Writer {
  const Epilogue& after;
  float* output;

  void write(std::size_t at, int c, Vector value) const {
    at += c;
    if (after.bias) value += load(after.bias + c);
    for (int i = 0; i < after.addends; i++) value += load(after.addend[i] + at);
    // NaN stays NaN in both, as in TensorFlow's ops.
    if (after.relu) value = value < 0.0f ? Vector{} : value;
    if (after.mask) value *= load(after.mask + at) > 0.0f ? Vector{} + 1.0f : Vector{};
    if (around) storeAround(output + at, value);
    else store(output + at, value);
  }
};

/** Aᵀ M A of one tile for all channels. Where the output ends before the tile, `below` or `beside` is 0. */
template <bool around>
inline void transformOutput(const float* m, std::size_t plane, int channels, const Writer<around>& to, std::size_t at, std::size_t below,
                            std::size_t beside) {
  for (int c = 0; c < channels; c += LANES) {
    Vector upper[4], lower[4];
    for (int j = 0; j < 4; j++) {
      const float* from = m + j * plane + c;
      const Vector m0 = load(from), m1 = load(from + 4 * plane), m2 = load(from + 8 * plane), m3 = load(from + 12 * plane);
      upper[j] = m0 + m1 + m2;
      lower[j] = m1 - m2 - m3;
    }
    to.write(at, c, upper[0] + upper[1] + upper[2]);
    if (beside) to.write(at + beside, c, upper[1] - upper[2] - upper[3]);
    if (below) to.write(at + below, c, lower[0] + lower[1] + lower[2]);
    if (below && beside) to.write(at + below + beside, c, lower[1] - lower[2] - lower[3]);
  }
}

/** G dy Gᵀ of the 2 × 2 gradients at `dy`, for all channels. */
inline void transformGradient(const float* dy, std::size_t row, int channels, bool below, bool beside, float* to, std::size_t plane) {
  const Vector zero{};
  for (int c = 0; c < channels; c += LANES) {
    const float* at = dy + c;
    const Vector corner = load(at), right = beside ? load(at + channels) : zero;
    const Vector under = below ? load(at + row) : zero, opposite = below && beside ? load(at + row + channels) : zero;
    const Vector left4[4] = {corner, 0.5f * (corner + under), 0.5f * (corner - under), under};
    const Vector right4[4] = {right, 0.5f * (right + opposite), 0.5f * (right - opposite), opposite};
    for (int i = 0; i < 4; i++) {
      float* out = to + 4 * i * plane + c;
      store(out, left4[i]);
      store(out + plane, 0.5f * (left4[i] + right4[i]));
      store(out + 2 * plane, 0.5f * (left4[i] - right4[i]));
      store(out + 3 * plane, right4[i]);
    }
  }
}

std::size_t packedSize(const Shape& s) { return PLANES * s.filterSize(); }

/** As [PLANES][blocks of a register tile's width][terms · inputs][width]. */
void pack(const Shape& s, int term, const float* filter, Filter order, float* packed) {
  const bool turned = order == Filter::turned;
  const int width = LANES * widthOf(s.outputs), depth = s.terms * s.inputs;
  const std::size_t inputStep = turned ? 1 : s.outputs, outputStep = turned ? s.inputs : 1, plane = s.terms * s.filterSize();
  for (int o = 0; o < s.outputs; o += LANES)
    for (int i = 0; i < s.inputs; i++) {
      Vector g[9];
      for (int tap = 0; tap < 9; tap++) {
        const float* from = filter + (turned ? 8 - tap : tap) * s.filterSize() + i * inputStep + o * outputStep;
        if (turned)
          for (int lane = 0; lane < LANES; lane++) g[tap][lane] = from[lane * outputStep];
        else g[tap] = load(from);
      }
      float* to = packed + static_cast<std::size_t>(o / width) * depth * width + static_cast<std::size_t>(term * s.inputs + i) * width + o % width;
      for (int row = 0; row < 4; row++) {
        Vector r[3];
        for (int j = 0; j < 3; j++)
          r[j] = row == 0   ? g[j]
                 : row == 1 ? 0.5f * (g[j] + g[3 + j] + g[6 + j])
                 : row == 2 ? 0.5f * (g[j] - g[3 + j] + g[6 + j])
                            : g[6 + j];
        store(to + 4 * row * plane, r[0]);
        store(to + (4 * row + 1) * plane, 0.5f * (r[0] + r[1] + r[2]));
        store(to + (4 * row + 2) * plane, 0.5f * (r[0] - r[1] + r[2]));
        store(to + (4 * row + 3) * plane, r[2]);
      }
    }
}

// ---- convolution ----

/**
 * [tiles, depth] × [depth, outputs] of one plane, for tiles in multiples of `rows`.
 * @tparam knownDepth the depth, where the compiler may know it: the rows' addresses need no registers then; else 0
 */
template <int rows, int width, int knownDepth>
void multiplyDepth(const float* a, const float* b, float* to, int tiles, int anyDepth, int outputs) {
  const int depth = knownDepth ? knownDepth : anyDepth;
  for (int o = 0; o < outputs; o += LANES * width, b += static_cast<std::size_t>(depth) * LANES * width)
    for (int tile = 0; tile < tiles; tile += rows) {
      const float* left = a + static_cast<std::size_t>(tile) * depth;
      Vector sum[rows][width] = {};
      for (int k = 0; k < depth; k++) {
        Vector right[width];
        for (int w = 0; w < width; w++) right[w] = load(b + (static_cast<std::size_t>(k) * width + w) * LANES);
#pragma GCC unroll 16
        for (int r = 0; r < rows; r++) {
          const float factor = left[static_cast<std::size_t>(r) * depth + k];
#pragma GCC unroll 2
          for (int w = 0; w < width; w++) sum[r][w] += right[w] * factor;
        }
      }
#pragma GCC unroll 16
      for (int r = 0; r < rows; r++)
#pragma GCC unroll 2
        for (int w = 0; w < width; w++) store(to + static_cast<std::size_t>(tile + r) * outputs + o + w * LANES, sum[r][w]);
    }
}

template <int rows, int width>
void multiply(const float* a, const float* b, float* to, int tiles, int depth, int outputs) {
  const auto run = depth == 16    ? multiplyDepth<rows, width, 16>
                   : depth == 32  ? multiplyDepth<rows, width, 32>
                   : depth == 64  ? multiplyDepth<rows, width, 64>
                   : depth == 128 ? multiplyDepth<rows, width, 128>
                                  : multiplyDepth<rows, width, 0>;
  run(a, b, to, tiles, depth, outputs);
}

int stripRows(const Shape& s) { return std::max(1, std::min(s.tileRows(), STRIP_TILES / s.tileColumns())); }
std::size_t stripCapacity(const Shape& s) { return roundedUp(static_cast<std::size_t>(stripRows(s)) * s.tileColumns(), 16); }

std::size_t convolveWork(const Shape& s) {
  const std::size_t depth = static_cast<std::size_t>(s.terms) * s.inputs;
  return PLANES * (stripCapacity(s) * (depth + s.outputs) + 2 * GAP) + s.inputs;
}

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
  const std::size_t plane = stripCapacity(s) * depth + GAP, productPlane = stripCapacity(s) * s.outputs + GAP;
  const std::size_t row = static_cast<std::size_t>(image) * s.height + 2 * first, line = static_cast<std::size_t>(s.width) * s.outputs;
  const std::size_t size = s.pixels() * s.inputs, outputSize = s.pixels() * s.outputs, rows = 2 * (last - first);
  float *const planes = work, *const products = planes + PLANES * plane, *const zeros = products + PLANES * productPlane;
  std::memset(zeros, 0, sizeof(float) * s.inputs);
  for (int i = 0; i < after.addends; i++) ahead(after.addend[i], outputSize, row * line, rows * line);
  if (after.mask) ahead(after.mask, outputSize, row * line, rows * line);
  for (int term = 0; term < s.terms; term++) {
    const float* from = inputs[term] + static_cast<std::size_t>(image) * s.height * s.width * s.inputs;
    float* to = planes + term * s.inputs;
    for (int tileRow = first; tileRow < last; tileRow++, to += columns * depth) transformRow(s, from, tileRow, zeros, to, depth, plane);
    ahead(inputs[term], size, (row + rows + 1) * s.width * s.inputs, rows * s.width * s.inputs);
  }
  for (int k = 0; k < PLANES; k++)
    WITH_TILE(s.outputs, multiply)
  (planes + k * plane, packed + k * s.terms * s.filterSize(), products + k * productPlane, (last - first) * columns, depth, s.outputs);
  if (outputSize < CACHED) transformOutputs(s, image, first, last, products, productPlane, Writer<false>{after, output});
  else transformOutputs(s, image, first, last, products, productPlane, Writer<true>{after, output});
}

void convolve(const Shape& s, int unit, const float* const* inputs, const float* packed, const Epilogue& after, float* output, float* work) {
  const int firstImage = unit * imagesOfUnit(s), lastImage = std::min(s.images, firstImage + imagesOfUnit(s));
  for (int image = firstImage; image < lastImage; image++)
    for (int first = 0; first < s.tileRows(); first += stripRows(s)) convolveStrip(s, image, first, inputs, packed, after, output, work);
  _mm_sfence();
}

// ---- gradient by the filter ----

/** aᵀ b of one plane, for the tiles of [tiles, inputs] and [tiles, outputs], added to `sums` unless it is the first. */
template <int rows, int width>
void accumulate(const float* a, const float* b, float* sums, bool first, int tiles, int inputs, int outputs) {
  for (int i = 0; i < inputs; i += rows)
    for (int o = 0; o < outputs; o += LANES * width) {
      float* const to = sums + static_cast<std::size_t>(i) * outputs + o;
      Vector sum[rows][width] = {};
      for (int tile = 0; tile < tiles; tile++) {
        const float* left = a + static_cast<std::size_t>(tile) * inputs + i;
        Vector right[width];
        for (int w = 0; w < width; w++) right[w] = load(b + static_cast<std::size_t>(tile) * outputs + o + w * LANES);
#pragma GCC unroll 16
        for (int r = 0; r < rows; r++)
#pragma GCC unroll 2
          for (int w = 0; w < width; w++) sum[r][w] += right[w] * left[r];
      }
      // A sum of sums: each is short, and so are its rounding errors.
      for (int r = 0; r < rows; r++)
        for (int w = 0; w < width; w++) {
          float* const entry = to + static_cast<std::size_t>(r) * outputs + w * LANES;
          store(entry, first ? sum[r][w] : load(entry) + sum[r][w]);
        }
    }
}

std::size_t sumsPlane(const Shape& s) { return s.filterSize() + GAP; }
std::size_t sumsSize(const Shape& s) { return PLANES * sumsPlane(s); }

int gradientCapacity(const Shape& s) { return std::max(s.tileColumns(), GRADIENT_TILES); }

std::size_t gradientWork(const Shape& s) {
  return PLANES * (static_cast<std::size_t>(gradientCapacity(s)) * (s.inputs + s.outputs) + 2 * GAP) + s.inputs;
}

void gradient(const Shape& s, int firstImage, int lastImage, const float* const* inputs, const float* const* outputGradients, float* sums,
              float* work) {
  const std::size_t pixels = static_cast<std::size_t>(s.height) * s.width, line = static_cast<std::size_t>(s.width) * s.outputs;
  const std::size_t plane = static_cast<std::size_t>(gradientCapacity(s)) * s.inputs + GAP;
  const std::size_t gradientPlane = static_cast<std::size_t>(gradientCapacity(s)) * s.outputs + GAP;
  float *const planes = work, *const gradients = planes + PLANES * plane, *const zeros = gradients + PLANES * gradientPlane;
  std::memset(zeros, 0, sizeof(float) * s.inputs);
  int held = 0;
  bool summing = false;
  const auto flush = [&] {
    for (int k = 0; k < PLANES; k++)
      WITH_TILE(s.outputs, accumulate)
    (planes + k * plane, gradients + k * gradientPlane, sums + k * sumsPlane(s), !summing, held, s.inputs, s.outputs);
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

#undef WITH_TILE

}  // namespace

#if defined(__AVX512F__)
bool usableAvx512() { return __builtin_cpu_supports("avx512f"); }
extern const Kernels avx512Kernels = {"AVX-512",    usableAvx512, packedSize,   pack,     convolveWork,
                                      convolveUnits, convolve,     gradientWork, sumsSize, gradient, finishGradient};
#else
bool usableAvx2() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
extern const Kernels avx2Kernels = {"AVX2",        usableAvx2, packedSize,   pack,     convolveWork,
                                    convolveUnits, convolve,   gradientWork, sumsSize, gradient, finishGradient};
#endif

}  // namespace lab
