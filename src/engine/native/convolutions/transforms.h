#pragma once

#include "vectors.h"
#include "winograd.h"

// What is done to one tile, or to a row of them, before and after the products: for all channels, plane by plane.

namespace lab {
namespace {

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

/** Writes outputs with what follows their convolution. */
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

}  // namespace
}  // namespace lab
