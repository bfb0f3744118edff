#pragma once

#include "vectors.h"

// The matrix products of one plane.

namespace lab {
namespace {

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

}  // namespace
}  // namespace lab
