#include "ai/tool_names.h"

#include <algorithm>
#include <numeric>

namespace genkit::internal {
namespace {

constexpr std::size_t kMostNames = 10;

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

/// Insertions, deletions, replacements and exchanges of neighbours that make `b` of `a`.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(above.begin(), above.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      const bool exchanged = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (exchanged) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

}  // namespace

std::string_view short_tool_name(std::string_view name) noexcept {
  const auto slash = name.rfind('/');
  return slash == std::string_view::npos ? name : name.substr(slash + 1);
}

std::optional<std::string> nearest_name(std::string_view wanted, const std::vector<std::string>& candidates) {
  // Longer texts are no names, and the work is quadratic in their length.
  if (wanted.size() > 256) return std::nullopt;
  const std::string text = lower(short_tool_name(wanted));
  const std::string* best = nullptr;
  std::size_t best_distance = std::max<std::size_t>(1, text.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::string other = lower(short_tool_name(candidate));
    const std::size_t longer = std::max(text.size(), other.size());
    if (longer - std::min(text.size(), other.size()) >= best_distance) continue;
    const std::size_t distance = edit_distance(text, other);
    if (distance >= best_distance) continue;
    best = &candidate;
    best_distance = distance;
  }
  if (best == nullptr) return std::nullopt;
  return *best;
}

std::string name_advice(std::string_view wanted, const std::vector<std::string>& candidates) {
  if (const auto near = nearest_name(wanted, candidates)) return "; did you mean \"" + *near + "\"?";
  if (candidates.empty()) return "; there are none";
  std::string text = "; there are: ";
  for (std::size_t i = 0; i < std::min(candidates.size(), kMostNames); ++i) text += (i == 0 ? "" : ", ") + candidates[i];
  return candidates.size() > kMostNames ? text + ", …" : text;
}

void require_restartable(const Action& tool) {
  const Json* marks = find_member(tool.info().metadata, "tool");
  const Json* restartable = marks != nullptr ? find_member(*marks, "restartable") : nullptr;
  if (restartable == nullptr || *restartable != Json(false)) return;
  throw Error(Status::kFailedPrecondition,
              "tool \"" + tool.name() + "\" cannot be restarted, it only interrupts: respond to the request instead");
}

}  // namespace genkit::internal
