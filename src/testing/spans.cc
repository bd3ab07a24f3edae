#include <genkit/testing/spans.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <utility>

namespace genkit {
namespace {

std::string line(const SpanData& span) {
  std::string text = span.name;
  const std::string& kind = span.subtype.empty() ? span.type : span.subtype;
  if (!kind.empty()) text += " (" + kind + ")";
  if (span.failed) text += " failed: " + span.status_message;
  return text + "\n";
}

class Outline {
 public:
  explicit Outline(const Spans& spans) : spans_(spans) {
    std::set<std::uint64_t> known;
    for (const auto& span : spans) known.insert(span->context.span_id.value);
    for (std::size_t i = 0; i < spans.size(); ++i) {
      const std::uint64_t parent = spans[i]->parent_span_id.value;
      below_[known.contains(parent) ? parent : 0].emplace_back(spans[i]->start_time, i);
    }
    for (auto& [parent, children] : below_) std::sort(children.begin(), children.end());
  }

  std::string text() const {
    std::string out;
    append(out, 0, 0);
    return out;
  }

 private:
  void append(std::string& out, std::uint64_t parent, std::size_t depth) const {
    const auto children = below_.find(parent);
    if (children == below_.end()) return;
    for (const auto& [start, index] : children->second) {
      const SpanData& span = *spans_[index];
      out.append(2 * depth, ' ');
      out += line(span);
      append(out, span.context.span_id.value, depth + 1);
    }
  }

  using Child = std::pair<std::chrono::system_clock::time_point, std::size_t>;  // beginning, place in the order of ends

  const Spans& spans_;
  std::map<std::uint64_t, std::vector<Child>> below_;  // 0: those without a parent here
};

}  // namespace

std::string outline(const Spans& spans) {
  return Outline(spans).text();
}

const SpanData& find_span(const Spans& spans, std::string_view name) {
  const auto found = std::find_if(spans.begin(), spans.end(), [&](const auto& span) { return span->name == name; });
  if (found != spans.end()) return **found;
  throw Error(Status::kNotFound, "there is no span \"" + std::string(name) + "\"; there are:\n" + outline(spans));
}

}  // namespace genkit
