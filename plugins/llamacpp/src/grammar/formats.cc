#include "grammar/formats.h"

#include <map>
#include <mutex>
#include <string>

#include "grammar/pattern.h"

namespace genkit::llama {
namespace {

// 29 February only in years that are divisible by 4 and not by 100.
const std::string kDate =
    "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-"
    "8]))"
    "|[0-9]{2}(?:0[48]|[2468][048]|[13579][26])-02-29)";
// Without leap seconds.
const std::string kTime = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,3})?(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])";
const std::string kLabel = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?";
const std::string kHost = kLabel + "(?:\\." + kLabel + "){1,3}";
const std::string kByte = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
const std::string kPath = "(?:/[A-Za-z0-9._~-]{1,40}){0,8}/?(?:\\?[A-Za-z0-9._~=&-]{1,60})?(?:#[A-Za-z0-9._~-]{1,40})?";
const std::string kUri = "https?://" + kHost + "(?::[1-9][0-9]{1,3})?" + kPath;
const std::string kEmail = "[A-Za-z0-9_+-]{1,20}(?:\\.[A-Za-z0-9_+-]{1,20}){0,2}@" + kHost;
const std::string kTimeOfDuration = "T(?:[0-9]{1,4}H(?:[0-9]{1,4}M)?(?:[0-9]{1,4}S)?|[0-9]{1,4}M(?:[0-9]{1,4}S)?|[0-9]{1,4}S)";
const std::string kDateOfDuration = "(?:[0-9]{1,4}Y(?:[0-9]{1,4}M)?(?:[0-9]{1,4}D)?|[0-9]{1,4}M(?:[0-9]{1,4}D)?|[0-9]{1,4}D)";
const std::string kPointer = "(?:/(?:[A-Za-z0-9_.-]|~[01]){0,40}){0,10}";

const std::map<std::string, std::string, std::less<>>& patterns() {
  static const std::map<std::string, std::string, std::less<>> table = {
      {"byte", "(?:[A-Za-z0-9+/]{4}){0,250}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"},
      {"date", kDate},
      {"date-time", kDate + "T" + kTime},
      {"duration", "P(?:[0-9]{1,4}W|" + kDateOfDuration + "(?:" + kTimeOfDuration + ")?|" + kTimeOfDuration + ")"},
      {"email", kEmail},
      {"hostname", kHost},
      {"idn-email", kEmail},
      {"ipv4", kByte + "(?:\\." + kByte + "){3}"},
      {"ipv6", "[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){7}|(?:[0-9a-f]{1,4}:){1,4}(?::[0-9a-f]{1,4}){1,3}"},
      {"iri", kUri},
      {"iri-reference", kUri},
      {"json-pointer", kPointer},
      {"relative-json-pointer", "(?:0|[1-9][0-9]{0,3})(?:#|" + kPointer + ")"},
      {"time", kTime},
      {"uri", kUri},
      {"uri-reference", kUri},
      {"uri-template", "https?://" + kHost + "(?:/(?:[A-Za-z0-9._~-]{1,40}|\\{[a-z_]{1,20}\\})){0,8}"},
      {"url", kUri},
      {"uuid", "[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"},
  };
  return table;
}

}  // namespace

const Automaton& format_automaton(std::string_view format) {
  static std::mutex mutex;
  static std::map<std::string, Automaton, std::less<>> automata;
  const auto pattern = patterns().find(format);
  if (pattern == patterns().end()) {
    throw Refusal("the format \"" + std::string(format) + "\" is not one that a grammar is known for; use a pattern");
  }
  const std::lock_guard lock(mutex);
  const auto made = automata.find(format);
  if (made != automata.end()) return made->second;
  return automata.emplace(format, pattern_automaton("^(?:" + pattern->second + ")$")).first->second;
}

}  // namespace genkit::llama
