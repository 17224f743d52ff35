// A queue and a thread that starts with its first job and is joined at the end of the process, so that no job outlives
// what it uses.
#include "background.hpp"

#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>

namespace gradus::program {
namespace {

struct Job {
  std::function<void()> work, dropped;
};

class Background {
 public:
  ~Background() { stop(); }

  bool add(Job job) {
    const std::lock_guard lock(mutex_);
    if (stopping_) return false;
    try {
      if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
    } catch (const std::system_error&) {
      return false;
    }
    queue_.push_back(std::move(job));
    changed_.notify_one();
    return true;
  }

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_one();
    if (thread_.joinable()) thread_.join();
    for (const Job& job : queue_) job.dropped();
    queue_.clear();
  }

 private:
  void run() {
    for (std::unique_lock lock(mutex_);;) {
      changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (stopping_) return;
      Job job = std::move(queue_.front());
      queue_.pop_front();
      lock.unlock();
      job.work();
      job = {};  // what it held is released outside the lock
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> queue_;
  std::thread thread_;
  bool stopping_ = false;
};

Background& background() {
  static Background b;
  return b;
}

}  // namespace

bool in_background(std::function<void()> job, std::function<void()> dropped) {
  return background().add({std::move(job), std::move(dropped)});
}

void end_background_before_what_is_open() {
  static std::once_flag once;
  std::call_once(once, [] { std::atexit([] { background().stop(); }); });
}

}  // namespace gradus::program
