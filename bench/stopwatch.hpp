// Two clocks. Brief subjects are timed by the wall clock, whose reading costs little: the least of many repetitions is
// one that nothing interrupted. Long ones take processor time of the thread, which other work on the machine does not
// lengthen.
#pragma once
#include <time.h>

namespace gradus_bench {

enum class Clock { wall, processor };

class Stopwatch {
 public:
  explicit Stopwatch(Clock clock)
      : clock_(clock == Clock::wall ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID), start_(now()) {}
  double seconds() const { return now() - start_; }

 private:
  double now() const {
    timespec t;
    clock_gettime(clock_, &t);
    return double(t.tv_sec) + 1e-9 * double(t.tv_nsec);
  }
  clockid_t clock_;
  double start_;
};

}  // namespace gradus_bench
