#include "stop_matcher.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace genkit::llama {
namespace {

/// The length of the longest end of `text` with which `stop` could begin.
std::size_t partial_match(std::string_view text, std::string_view stop) {
  for (std::size_t length = std::min(text.size(), stop.size() - 1); length > 0; --length) {
    if (text.ends_with(stop.substr(0, length))) return length;
  }
  return 0;
}

}  // namespace

StopMatcher::StopMatcher(std::vector<std::string> stops) : stops_(std::move(stops)) {
  std::erase_if(stops_, [](const std::string& stop) { return stop.empty(); });
}

bool StopMatcher::push(std::string_view text, std::string& out) {
  if (stops_.empty()) {
    out += text;
    return false;
  }

  held_ += text;
  // The one that is complete first wins, as it does when the text comes byte by byte.
  std::size_t first = std::string::npos;
  std::size_t first_end = std::string::npos;
  std::size_t keep = 0;
  for (const std::string& stop : stops_) {
    keep = std::max(keep, partial_match(held_, stop));
    const std::size_t at = held_.find(stop);
    if (at == std::string::npos || std::pair(at + stop.size(), at) >= std::pair(first_end, first)) continue;
    first = at;
    first_end = at + stop.size();
  }
  if (first != std::string::npos) {
    out.append(held_, 0, first);
    held_.clear();
    return true;
  }
  out.append(held_, 0, held_.size() - keep);
  held_.erase(0, held_.size() - keep);
  return false;
}

void StopMatcher::finish(std::string& out) {
  out += held_;
  held_.clear();
}

}  // namespace genkit::llama
