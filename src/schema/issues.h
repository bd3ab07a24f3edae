#ifndef GENKIT_SRC_SCHEMA_ISSUES_H_
#define GENKIT_SRC_SCHEMA_ISSUES_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <genkit/schema/type_info.h>

namespace genkit::internal {

class StepBudget;

/// Where a value is inside the value that is being read: a chain of steps on the stack, made into text only for an issue.
class Place {
 public:
  constexpr Place() = default;
  Place(const Place& up, std::string_view key) : up_(&up), key_(key), depth_(up.depth_ + 1) {}
  Place(const Place& up, std::size_t index) : up_(&up), index_(index), is_index_(true), depth_(up.depth_ + 1) {}

  /// The JSON pointer.
  std::string pointer() const;
  int depth() const noexcept { return depth_; }

 private:
  const Place* up_ = nullptr;
  std::string_view key_;
  std::size_t index_ = 0;
  bool is_index_ = false;
  int depth_ = 0;
};

/// Collects issues up to TypeInfo::kMaxIssues.
class Issues {
 public:
  explicit Issues(std::vector<TypeIssue>& issues) : issues_(issues) {}
  /// What trying one alternative counts: 16 of them for each value are enough for all but alternatives that multiply because they
  /// contain each other.
  static constexpr std::size_t kStepsPerAttempt = 16;

  /// For reading a value, which may take work within `budget`.
  Issues(std::vector<TypeIssue>& issues, StepBudget& budget) : issues_(issues), budget_(&budget) {}
  /// For trying an alternative of what `outer` is about. Throws RESOURCE_EXHAUSTED when too many were tried.
  Issues(std::vector<TypeIssue>& issues, const Issues& outer);

  /// True when there are other alternatives, so that a reason to rule this one out is worth looking for first.
  bool is_trial() const noexcept { return is_trial_; }

  /// Always false, so that a step can `return issues.add(...)`.
  bool add(const Place& place, std::string message);
  /// One that was collected apart and has its full path.
  bool add_made(TypeIssue issue);
  bool add_unexpected(const Place& place, std::string_view expected, const Json& got);
  /// True when more reading would add nothing.
  bool full() const noexcept { return issues_.size() >= TypeInfo::kMaxIssues; }
  /// False, with an issue, when values are nested too deeply to go on.
  bool admit(const Place& place);

 private:
  std::vector<TypeIssue>& issues_;
  StepBudget* budget_ = nullptr;
  bool is_trial_ = false;
};

/// A short text of a JSON value for messages: `"lots"`, `3.5`, `an object`.
std::string brief_text(const Json& value);

/// Throws INVALID_ARGUMENT when a value that is being written is nested too deeply.
void check_depth(int depth);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_SCHEMA_ISSUES_H_
