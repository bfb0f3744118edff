#pragma once

#include <cstddef>
#include <cstdint>

namespace lab {

/** Products of one tile: 4 × 4. */
constexpr int PLANES = 16;

/**
 * Whether a tensor of so many floats is written around the caches: a larger one is gone from them before it is read. Memory for that must begin at a line of
 * theirs, as TensorFlow's does.
 */
static inline bool isWrittenAround(const float* output, std::size_t size) {
  return size >= std::size_t{1} << 18 && reinterpret_cast<std::uintptr_t>(output) % 64 == 0;
}

/** A sum of convolutions with 3×3 filters of stride 1 and one zero on every side: all of the same sizes. Channels are multiples of 16. */
struct Shape {
  int images, height, width, inputs, outputs;
  /** How many convolutions are summed. */
  int terms;

  int tileRows() const { return (height + 1) / 2; }
  int tileColumns() const { return (width + 1) / 2; }
  std::size_t pixels() const { return static_cast<std::size_t>(images) * height * width; }
  std::size_t filterSize() const { return static_cast<std::size_t>(inputs) * outputs; }
};

/** How a filter [3, 3, ·, ·] is read: by itself, or turned around as the gradient by the input takes it. */
enum class Filter { straight, turned };

/** What follows a sum of convolutions, in this order, while its output is at hand. Pointers are null where a step isn't wanted. */
struct Epilogue {
  /** [outputs] */
  const float* bias;
  /** Of the output's size. */
  const float* const* addend;
  int addends;
  bool relu;
  /** Of the output's size: what is not above 0 there makes the output 0. */
  const float* mask;
};

/** The kernels as compiled for one kind of CPU. Sizes in floats; what `work` points to is a thread's own. */
struct Kernels {
  /** Of the kind of CPU, for people. */
  const char* name;
  /** Whether this CPU has the instructions. */
  bool (*usable)();
  /** Room for a packed filter of one term. */
  std::size_t (*packedSize)(const Shape&);
  /** G g Gᵀ of a term's filter, into its place among the packed filters of all terms. */
  void (*pack)(const Shape&, int term, const float* filter, Filter, float* packed);
  std::size_t (*convolveWork)(const Shape&);
  /** How many units of work {@link convolve} has. */
  int (*convolveUnits)(const Shape&);
  /** One unit: some images of the output, [images, height, width, outputs]. */
  void (*convolve)(const Shape&, int unit, const float* const* inputs, const float* packed, const Epilogue&, float* output,
                   float* work);
  std::size_t (*gradientWork)(const Shape&);
  /** Room for the sums of one chunk. */
  std::size_t (*sumsSize)(const Shape&);
  /** The sums of some images' products, [PLANES, inputs, outputs], over all terms. */
  void (*gradient)(const Shape&, int firstImage, int lastImage, const float* const* inputs, const float* const* outputGradients, float* sums,
                   float* work);
  /** The filter's gradient [3, 3, inputs, outputs] of the sums of all chunks, for one row of `inputs`. */
  void (*finishGradient)(const Shape&, int input, int chunks, const float* sums, float* filterGradient);
  // Of batchNorm.h:
  void (*momentSums)(const float* x, const float* shift, std::size_t pixels, int channels, double* sums);
  void (*gradientSums)(const float* dy, const float* x, const float* mean, std::size_t pixels, int channels, double* sums);
  void (*normalise)(const float* x, const float* mean, const float* factor, const float* offset, std::size_t pixels, int channels, bool around,
                    float* y);
  void (*normaliseGradient)(const float* dy, const float* x, const float* mean, const float* meanDy, const float* slope, const float* factor,
                            std::size_t pixels, int channels, bool around, float* dx);
};

extern const Kernels avx512Kernels;
extern const Kernels avx2Kernels;

}  // namespace lab
