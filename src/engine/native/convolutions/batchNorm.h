#pragma once

#include <algorithm>

#include "vectors.h"
#include "winograd.h"

// Batch normalisation by the batch's own statistics, and its gradient. Sums over pixels are formed in float for a few of them and in double over those: a sum
// of a hundred thousand floats, one after the other, loses two of their seven digits.

namespace lab {
namespace {

/** Pixels whose sums are formed in float. */
constexpr int BLOCK = 64;

/** Adds up what `first` and `second` give of each pixel and channel: sums [2][channels], in double. */
template <typename Both>
inline void sumPixels(std::size_t pixels, int channels, double* sums, const Both& both) {
  std::fill(sums, sums + 2 * channels, 0.0);
  for (std::size_t from = 0; from < pixels; from += BLOCK) {
    const std::size_t to = std::min(pixels, from + BLOCK);
    for (int c = 0; c < channels; c += LANES) {
      // Four sums of each kind, so that an addition doesn't wait for the one before.
      Vector first[4] = {}, second[4] = {};
      std::size_t p = from;
      for (; p + 4 <= to; p += 4)
#pragma GCC unroll 4
        for (int i = 0; i < 4; i++) both((p + i) * channels + c, c, first[i], second[i]);
      for (; p < to; p++) both(p * channels + c, c, first[0], second[0]);
      const Vector a = (first[0] + first[1]) + (first[2] + first[3]), b = (second[0] + second[1]) + (second[2] + second[3]);
      for (int lane = 0; lane < LANES; lane++) {
        sums[c + lane] += a[lane];
        sums[channels + c + lane] += b[lane];
      }
    }
  }
}

/** Σ(x − shift) and Σ(x − shift)². */
void momentSums(const float* x, const float* shift, std::size_t pixels, int channels, double* sums) {
  sumPixels(pixels, channels, sums, [&](std::size_t at, int c, Vector& first, Vector& second) {
    const Vector d = load(x + at) - load(shift + c);
    first += d;
    second += d * d;
  });
}

/** Σdy and Σdy·(x − mean). */
void gradientSums(const float* dy, const float* x, const float* mean, std::size_t pixels, int channels, double* sums) {
  sumPixels(pixels, channels, sums, [&](std::size_t at, int c, Vector& first, Vector& second) {
    const Vector d = load(dy + at);
    first += d;
    second += d * (load(x + at) - load(mean + c));
  });
}

template <bool around, typename Value>
inline void eachVector(std::size_t pixels, int channels, float* to, const Value& value) {
  for (std::size_t p = 0; p < pixels; p++)
    for (int c = 0; c < channels; c += LANES) {
      const std::size_t at = p * channels + c;
      if (around) storeAround(to + at, value(at, c));
      else store(to + at, value(at, c));
    }
  if (around) _mm_sfence();
}

/** (x − mean)·factor + offset. */
void normalise(const float* x, const float* mean, const float* factor, const float* offset, std::size_t pixels, int channels, bool around, float* y) {
  const auto value = [&](std::size_t at, int c) { return (load(x + at) - load(mean + c)) * load(factor + c) + load(offset + c); };
  if (around) eachVector<true>(pixels, channels, y, value);
  else eachVector<false>(pixels, channels, y, value);
}

/** (dy − meanDy − (x − mean)·slope)·factor. */
void normaliseGradient(const float* dy, const float* x, const float* mean, const float* meanDy, const float* slope, const float* factor,
                       std::size_t pixels, int channels, bool around, float* dx) {
  const auto value = [&](std::size_t at, int c) {
    return (load(dy + at) - load(meanDy + c) - (load(x + at) - load(mean + c)) * load(slope + c)) * load(factor + c);
  };
  if (around) eachVector<true>(pixels, channels, dx, value);
  else eachVector<false>(pixels, channels, dx, value);
}

}  // namespace
}  // namespace lab
