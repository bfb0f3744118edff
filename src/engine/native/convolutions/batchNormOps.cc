// TensorFlow ops for batch normalisation by the batch's own statistics (batchNorm.h), of channels in multiples of 16:
//
//   LabBatchNorm      x [n, h, w, c], scale [c], offset [c] → y, mean [c], biased variance [c]
//   LabBatchNormGrad  dy, x [n, h, w, c], scale, mean, variance [c] → dx, dscale [c], doffset [c]

#include "batchNormOps.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "tensors.h"
#include "threads.h"

namespace lab {
namespace {

/** Pixels that are summed together: as many whatever the threads, so that the sums are the same. */
constexpr std::size_t CHUNK = 2048;

struct Pixels {
  std::size_t count;
  int channels;
  int chunks() const { return static_cast<int>((count + CHUNK - 1) / CHUNK); }
  std::size_t first(int chunk) const { return chunk * CHUNK; }
  std::size_t sizeOf(int chunk) const { return std::min(CHUNK, count - first(chunk)); }
  bool around(const float* to) const { return isWrittenAround(to, count * channels); }
};

Pixels pixelsOf(const Tensor& x) {
  require(x.rank() == 4 && x.dim(3) % 16 == 0, "x must have four dimensions, and channels in multiples of 16");
  const int channels = x.dim(3);
  require(channels > 0 && x.size() > 0, "there must be pixels");
  return {static_cast<std::size_t>(x.size()) / channels, channels};
}

const float* byChannel(const Tensor& tensor, const Pixels& pixels) {
  require(tensor.size() == pixels.channels, "there must be a number for each channel");
  return tensor.data();
}

/** Over all pixels, [2][channels], of what `sums` gives of each chunk. */
template <typename Sums>
std::vector<double> total(const Pixels& pixels, const Sums& sums) {
  const int size = 2 * pixels.channels;
  std::vector<double> parts(static_cast<std::size_t>(pixels.chunks()) * size), all(size);
  inParallel(pixels.chunks(), [&](int chunk) { sums(chunk, parts.data() + static_cast<std::size_t>(chunk) * size); });
  for (int chunk = 0; chunk < pixels.chunks(); chunk++)
    for (int i = 0; i < size; i++) all[i] += parts[static_cast<std::size_t>(chunk) * size + i];
  return all;
}

}  // namespace

void batchNorm(const Kernels& kernels, float epsilon, TF_OpKernelContext* context) {
  const Tensor x(context, 0), scaleTensor(context, 1), offsetTensor(context, 2);
  const Pixels pixels = pixelsOf(x);
  const int channels = pixels.channels;
  const float *const scale = byChannel(scaleTensor, pixels), *const offset = byChannel(offsetTensor, pixels);
  const Tensor y(context, 0, x.dims()), meanTensor(context, 1, {channels}), varianceTensor(context, 2, {channels});
  float *const mean = meanTensor.data(), *const variance = varianceTensor.data();
  // About the mean of some pixels squares are small, so that their sum loses nothing.
  std::vector<float> shift(channels), factor(channels);
  const std::size_t some = std::min<std::size_t>(pixels.count, 64);
  for (int c = 0; c < channels; c++) {
    double sum = 0;
    for (std::size_t p = 0; p < some; p++) sum += x.data()[p * channels + c];
    shift[c] = static_cast<float>(sum / some);
  }
  const auto chunkOf = [&](int chunk) { return x.data() + pixels.first(chunk) * channels; };
  const std::vector<double> sums =
      total(pixels, [&](int chunk, double* to) { kernels.momentSums(chunkOf(chunk), shift.data(), pixels.sizeOf(chunk), channels, to); });
  for (int c = 0; c < channels; c++) {
    const double moved = sums[c] / pixels.count, spread = sums[channels + c] / pixels.count - moved * moved;
    mean[c] = static_cast<float>(shift[c] + moved);
    // NaN stays NaN.
    variance[c] = static_cast<float>(spread < 0 ? 0 : spread);
    factor[c] = static_cast<float>(scale[c] / std::sqrt(static_cast<double>(variance[c]) + epsilon));
  }
  float* const to = y.data();
  inParallel(pixels.chunks(), [&](int chunk) {
    const std::size_t at = pixels.first(chunk) * channels;
    kernels.normalise(x.data() + at, mean, factor.data(), offset, pixels.sizeOf(chunk), channels, pixels.around(to), to + at);
  });
}

void batchNormGrad(const Kernels& kernels, float epsilon, TF_OpKernelContext* context) {
  const Tensor dy(context, 0), x(context, 1), scaleTensor(context, 2), meanTensor(context, 3), varianceTensor(context, 4);
  const Pixels pixels = pixelsOf(x);
  require(dy.like(x), "dy must have the shape of x");
  const int channels = pixels.channels;
  const float *const scale = byChannel(scaleTensor, pixels), *const mean = byChannel(meanTensor, pixels), *const variance = byChannel(varianceTensor, pixels);
  const Tensor dx(context, 0, x.dims()), dscale(context, 1, {channels}), doffset(context, 2, {channels});
  const std::vector<double> sums = total(pixels, [&](int chunk, double* to) {
    const std::size_t at = pixels.first(chunk) * channels;
    kernels.gradientSums(dy.data() + at, x.data() + at, mean, pixels.sizeOf(chunk), channels, to);
  });
  std::vector<float> meanDy(channels), slope(channels), factor(channels);
  for (int c = 0; c < channels; c++) {
    const double inverse = 1 / std::sqrt(static_cast<double>(variance[c]) + epsilon);
    meanDy[c] = static_cast<float>(sums[c] / pixels.count);
    slope[c] = static_cast<float>(sums[channels + c] / pixels.count * inverse * inverse);
    factor[c] = static_cast<float>(scale[c] * inverse);
    dscale.data()[c] = static_cast<float>(sums[channels + c] * inverse);
    doffset.data()[c] = static_cast<float>(sums[c]);
  }
  float* const to = dx.data();
  inParallel(pixels.chunks(), [&](int chunk) {
    const std::size_t at = pixels.first(chunk) * channels;
    kernels.normaliseGradient(dy.data() + at, x.data() + at, mean, meanDy.data(), slope.data(), factor.data(), pixels.sizeOf(chunk), channels,
                              pixels.around(to), to + at);
  });
}

}  // namespace lab
