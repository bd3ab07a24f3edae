#ifndef GENKIT_SRC_REFLECTION_EXIT_CLEANUP_H_
#define GENKIT_SRC_REFLECTION_EXIT_CLEANUP_H_

#include <string>

namespace genkit::internal {

/// A file that must not outlive the process. It is removed by the destructor, by exit(), quick_exit(), and by the signals that
/// end a process, as far as the program leaves their default action alone: handlers are only put where there are none, and hand
/// the signal on, so that the exit status stays right. A child of fork() leaves the file alone.
class ExitCleanup {
 public:
  explicit ExitCleanup(const std::string& path);
  /// Removes the file.
  ~ExitCleanup();
  ExitCleanup(const ExitCleanup&) = delete;
  ExitCleanup& operator=(const ExitCleanup&) = delete;

  /// True once the process is ending: files must not be made any more.
  static bool exiting() noexcept;
  /// Removes the file now.
  void remove() noexcept;

 private:
  struct Entry;
  Entry* entry_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_REFLECTION_EXIT_CLEANUP_H_
