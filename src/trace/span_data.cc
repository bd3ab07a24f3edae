#include <utility>

#include <genkit/trace/span.h>

namespace genkit {

std::vector<Attribute> all_attributes(const SpanData& span) {
  std::vector<Attribute> all;
  all.reserve(span.attributes.size() + 11);
  const auto add_text = [&](const char* name, const std::string& text) {
    if (!text.empty()) all.push_back({name, text});
  };
  const auto add_json = [&](const char* name, const std::optional<std::string>& text) {
    if (text) all.push_back({name, *text});
  };

  add_text("genkit:type", span.type);
  add_text("genkit:metadata:subtype", span.subtype);
  add_text("genkit:key", span.key);
  add_text("genkit:name", span.name);
  if (span.is_root) all.push_back({"genkit:isRoot", true});
  add_text("genkit:path", span.path);
  all.insert(all.end(), span.attributes.begin(), span.attributes.end());
  add_json("genkit:input", span.input);
  add_json("genkit:init", span.init);
  add_json("genkit:output", span.output);
  if (span.ended()) all.push_back({"genkit:state", std::string(span.failed ? "error" : "success")});
  if (span.is_failure_source) all.push_back({"genkit:isFailureSource", true});
  return all;
}

}  // namespace genkit
