#include "threads.h"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <new>
#include <system_error>
#include <thread>
#include <vector>
#include <xmmintrin.h>

namespace lab {
namespace {

struct Job {
  const std::function<void(int)>* work;
  int units;
  std::atomic<int> next{0};
  /** One of its units found no memory; no further ones are taken. */
  std::atomic<bool> failed{false};
  int helpers = 0;
};

/** How often a thread looks for a job before it sleeps, about a tenth of a millisecond: a step's convolutions follow each other, and waking costs as much. */
constexpr int PAUSES = 2000;

/** std::condition_variable would ask for the C++ library of the compiler that built the addon. */
class Signal {
  pthread_cond_t condition = PTHREAD_COND_INITIALIZER;

 public:
  void wait(pthread_mutex_t& locked) { pthread_cond_wait(&condition, &locked); }
  void one() { pthread_cond_signal(&condition); }
  void all() { pthread_cond_broadcast(&condition); }
};

class Lock {
  pthread_mutex_t& mutex;

 public:
  explicit Lock(pthread_mutex_t& m) : mutex(m) { pthread_mutex_lock(&mutex); }
  ~Lock() { pthread_mutex_unlock(&mutex); }
};

/** Threads that help those of TensorFlow: it has a pool of its own, but its C interface doesn't lend it. */
struct Pool {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  Signal offered, left;
  std::vector<Job*> jobs;
  int limit = 1, working = 0, started = 0;
  /** How many jobs there are, to be read without the lock. */
  std::atomic<int> open{0};
};

/** Never destroyed: its threads wait on it until the process ends. */
Pool& pool() {
  static Pool* const only = new Pool;
  return *only;
}

/** Flush to zero and denormals are zero, as TensorFlow's own threads have them. */
class NoDenormals {
  const unsigned before = _mm_getcsr();

 public:
  NoDenormals() { _mm_setcsr(before | 0x8040); }
  ~NoDenormals() { _mm_setcsr(before); }
};

/** An exception must not end a helper, and with it the process; memory is all that a unit can lack. */
void workOn(Job& job) {
  const NoDenormals here;
  try {
    for (int unit; !job.failed && (unit = job.next.fetch_add(1)) < job.units;) (*job.work)(unit);
  } catch (...) {
    job.failed = true;
  }
}

Job* unfinished(const std::vector<Job*>& jobs) {
  for (Job* job : jobs)
    if (!job->failed && job->next.load() < job->units) return job;
  return nullptr;
}

/** Waits for a job that may be joined, and joins it. */
Job& join(Pool& p) {
  const Lock lock(p.mutex);
  for (;;) {
    Job* const job = p.working < p.limit ? unfinished(p.jobs) : nullptr;
    if (!job) {
      p.offered.wait(p.mutex);
      continue;
    }
    job->helpers++;
    p.working++;
    return *job;
  }
}

void leave(Pool& p, Job& job) {
  const Lock lock(p.mutex);
  p.working--;
  if (--job.helpers == 0) p.left.all();
}

void help() {
  Pool& p = pool();
  for (;;) {
    for (int i = 0; i < PAUSES && p.open.load(std::memory_order_relaxed) == 0; i++) _mm_pause();
    Job& job = join(p);
    workOn(job);
    leave(p, job);
  }
}

/** Offers a job; returns how many threads may help. */
int offer(Pool& p, Job& job) {
  const Lock lock(p.mutex);
  p.jobs.push_back(&job);
  p.open++;
  p.working++;
  return p.limit - p.working;
}

/** Waits until nobody works on a job whose last unit has been taken. */
void withdraw(Pool& p, Job& job) {
  const Lock lock(p.mutex);
  p.open--;
  p.jobs.erase(std::find(p.jobs.begin(), p.jobs.end(), &job));
  while (job.helpers > 0) p.left.wait(p.mutex);
  p.working--;
  if (!p.jobs.empty()) p.offered.one();
}

}  // namespace

void setThreads(int threads) {
  Pool& p = pool();
  const Lock lock(p.mutex);
  p.limit = threads;
  try {
    for (; p.started < threads - 1; p.started++) std::thread(help).detach();
  } catch (const std::system_error&) {
    // The system gives no more threads. Those that there are do the work, to the same bits.
  }
}

void inParallel(int units, const std::function<void(int)>& work) {
  Pool& p = pool();
  Job job;
  job.work = &work;
  job.units = units;
  const int idle = offer(p, job);
  for (int i = 0; i < idle && i < units - 1; i++) p.offered.one();
  workOn(job);
  withdraw(p, job);
  if (job.failed) throw std::bad_alloc();
}

float* room(Room use, std::size_t floats) {
  struct Free {
    void operator()(float* memory) const { std::free(memory); }
  };
  struct Kept {
    std::unique_ptr<float, Free> memory;
    std::size_t floats = 0;
  };
  thread_local Kept rooms[2];
  Kept& kept = rooms[static_cast<int>(use)];
  if (kept.floats < floats) {
    kept.memory.reset();
    kept.floats = 0;
    kept.memory.reset(static_cast<float*>(std::aligned_alloc(64, (floats * sizeof(float) + 63) / 64 * 64)));
    if (!kept.memory) throw std::bad_alloc();
    kept.floats = floats;
  }
  return kept.memory.get();
}

}  // namespace lab
