// A job lies on its caller's stack, in a list that helpers look through; it leaves the list before its caller goes on.
#include "thread_pool.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace gradus::program {
namespace {

struct Job {
  const Blocks& blocks;
  unsigned wanted;  // helpers that may still come
  std::atomic<std::int64_t> next{0};
  std::atomic<bool> failed{false};
  // under the pool's mutex
  unsigned came = 0, working = 0;
  Job* after = nullptr;

  bool has_more() const { return next.load(std::memory_order_relaxed) < blocks.count; }
  void work(unsigned helper) {
    for (;;) {
      const std::int64_t block = next.fetch_add(1, std::memory_order_relaxed);
      if (block >= blocks.count || failed.load(std::memory_order_relaxed)) return;
      if (!blocks.run(blocks.what, helper, block)) failed.store(true, std::memory_order_relaxed);
    }
  }
};

class ThreadPool {
 public:
  ~ThreadPool() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wanted_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  void start(unsigned helpers) {
    const std::lock_guard lock(mutex_);
    try {
      while (threads_.size() < helpers && !stopping_) threads_.emplace_back([this] { help(); });
    } catch (const std::system_error&) {  // with fewer, then
    }
  }

  bool run(Job& job) {
    {
      const std::lock_guard lock(mutex_);
      job.after = first_;
      first_ = &job;
    }
    wanted_.notify_all();
    job.work(0);
    std::unique_lock lock(mutex_);
    Job** at = &first_;
    while (*at != &job) at = &(*at)->after;
    *at = job.after;
    done_.wait(lock, [&] { return job.working == 0; });
    return !job.failed.load(std::memory_order_relaxed);
  }

 private:
  Job* find() const {
    for (Job* job = first_; job; job = job->after)
      if (job->came < job->wanted && job->has_more()) return job;
    return nullptr;
  }

  void help() {
    for (std::unique_lock lock(mutex_);;) {
      Job* job = nullptr;
      wanted_.wait(lock, [&] { return stopping_ || (job = find()) != nullptr; });
      if (stopping_) return;
      const unsigned helper = ++job->came;
      ++job->working;
      lock.unlock();
      job->work(helper);
      lock.lock();
      if (--job->working == 0) done_.notify_all();
    }
  }

  std::mutex mutex_;
  std::condition_variable wanted_, done_;
  std::vector<std::thread> threads_;
  Job* first_ = nullptr;
  bool stopping_ = false;
};

ThreadPool& pool() {
  static ThreadPool p;
  return p;
}

}  // namespace

void start_threads(unsigned helpers) { pool().start(helpers); }

bool run_blocks(const Blocks& blocks, unsigned helpers) {
  Job job{blocks, helpers};
  if (helpers > 0 && blocks.count > 1) return pool().run(job);
  job.work(0);
  return !job.failed.load(std::memory_order_relaxed);
}

}  // namespace gradus::program
