#include <genkit/testing/spans.h>

#include <algorithm>
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
  explicit Outline(const Spans& spans) {
    std::set<std::uint64_t> known;
    for (const auto& span : spans) known.insert(span->context.span_id.value);
    for (const auto& span : spans) {
      const std::uint64_t parent = span->parent_span_id.value;
      below_[known.contains(parent) ? parent : 0].push_back(span.get());
    }
    for (auto& [parent, children] : below_) {
      std::stable_sort(children.begin(), children.end(), [](auto* a, auto* b) { return a->start_time < b->start_time; });
    }
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
    for (const SpanData* span : children->second) {
      out.append(2 * depth, ' ');
      out += line(*span);
      append(out, span->context.span_id.value, depth + 1);
    }
  }

  std::map<std::uint64_t, std::vector<const SpanData*>> below_;  // 0: those without a parent here
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
