#pragma once

#include <immintrin.h>

#include <cstddef>

// Included by what is compiled once for each kind of CPU: LANES floats make a vector there.

namespace lab {
namespace {

#if defined(__AVX512F__)
constexpr int LANES = 16;
constexpr int ROWS = 8;          // of a register tile that is two vectors wide
constexpr int NARROW_ROWS = 16;  // of one that is one vector wide
#else
constexpr int LANES = 8;
constexpr int ROWS = 4;
constexpr int NARROW_ROWS = 8;
#endif

typedef float Vector __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

inline Vector load(const float* from) { return *reinterpret_cast<const Vector*>(from); }
inline void store(float* to, Vector value) { *reinterpret_cast<Vector*>(to) = value; }

/** Around the caches: a large tensor is gone from them before it is read. */
#if defined(__AVX512F__)
inline void storeAround(float* to, Vector value) { _mm512_stream_ps(to, reinterpret_cast<__m512>(value)); }
#else
inline void storeAround(float* to, Vector value) { _mm256_stream_ps(to, reinterpret_cast<__m256>(value)); }
#endif

/** Vectors across a register tile. */
inline int widthOf(int outputs) { return outputs % (2 * LANES) == 0 ? 2 : 1; }

/** `run` for the sizes of the register tile that suits so many outputs. */
#define WITH_TILE(outputs, run) (widthOf(outputs) == 2 ? &run<ROWS, 2> : &run<NARROW_ROWS, 1>)

}  // namespace
}  // namespace lab
