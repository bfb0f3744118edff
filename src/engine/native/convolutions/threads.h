#pragma once

#include <cstddef>
#include <functional>

namespace lab {

/** How many threads may work at a time, those that call {@link inParallel} included. To be told once, before the first call. */
void setThreads(int threads);

/**
 * Calls `work(unit)` once for each unit from 0, on this thread and on those that have nothing else to do, and returns when all are done. Which thread
 * does a unit is left to chance, so a unit's result must not depend on it. Numbers below the smallest normal one count as zero, on every thread.
 * @throws std::bad_alloc where a unit does
 */
void inParallel(int units, const std::function<void(int unit)>& work);

/** Memory of this thread for so many floats, at a multiple of 64 bytes; what it held is gone. Each `use` has its own. */
enum class Room { packed, work };
float* room(Room use, std::size_t floats);

}  // namespace lab
