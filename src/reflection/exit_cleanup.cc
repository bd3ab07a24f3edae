#include "reflection/exit_cleanup.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <mutex>

#include <sys/types.h>
#include <unistd.h>

namespace genkit::internal {

/// Linked once and never freed, because a signal may walk the list at any time; used again after `in_use`.
struct ExitCleanup::Entry {
  std::atomic<const char*> path{nullptr};
  std::string storage;
  pid_t owner = 0;
  bool in_use = false;
  Entry* next = nullptr;

  static std::mutex mutex;
  static std::atomic<Entry*> first;
  static std::atomic<bool> exiting;

  // These run inside of signal handlers.
  void remove() const noexcept {
    const char* file = path.load(std::memory_order_acquire);
    if (file != nullptr && owner == ::getpid()) ::unlink(file);
  }
  static void remove_all() noexcept {
    exiting = true;
    for (const Entry* entry = first.load(std::memory_order_acquire); entry != nullptr; entry = entry->next) entry->remove();
  }
  static void on_signal(int signal) noexcept {
    const int saved = errno;
    remove_all();
    // SA_RESETHAND has put the default action back; the signal is blocked until this returns and then ends the process.
    ::raise(signal);
    errno = saved;
  }

  static void install();
};

std::mutex ExitCleanup::Entry::mutex;
std::atomic<ExitCleanup::Entry*> ExitCleanup::Entry::first{nullptr};
std::atomic<bool> ExitCleanup::Entry::exiting{false};

void ExitCleanup::Entry::install() {
  static const bool once = [] {
    std::atexit([] { remove_all(); });
    std::at_quick_exit([] { remove_all(); });
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL}) {
      struct sigaction current{};
      if (::sigaction(signal, nullptr, &current) != 0 || (current.sa_flags & SA_SIGINFO) != 0 || current.sa_handler != SIG_DFL)
        continue;
      struct sigaction ours{};
      ours.sa_handler = &on_signal;
      // The alternate stack, where the program has one, for a fault of the stack itself.
      ours.sa_flags = SA_RESETHAND | SA_ONSTACK;
      ::sigaction(signal, &ours, nullptr);
    }
    return true;
  }();
  (void)once;
}

ExitCleanup::ExitCleanup(const std::string& path) {
  Entry::install();
  const std::lock_guard lock(Entry::mutex);
  entry_ = Entry::first.load();
  while (entry_ != nullptr && entry_->in_use) entry_ = entry_->next;
  const bool is_new = entry_ == nullptr;
  if (is_new) entry_ = new Entry();
  entry_->in_use = true;
  entry_->storage = path;
  entry_->owner = ::getpid();
  entry_->path.store(entry_->storage.c_str(), std::memory_order_release);
  if (is_new) {
    entry_->next = Entry::first.load();
    Entry::first.store(entry_, std::memory_order_release);
  }
}

ExitCleanup::~ExitCleanup() {
  remove();
  const std::lock_guard lock(Entry::mutex);
  entry_->path = nullptr;
  entry_->in_use = false;
}

bool ExitCleanup::exiting() noexcept {
  return Entry::exiting;
}

void ExitCleanup::remove() noexcept {
  entry_->remove();
}

}  // namespace genkit::internal
