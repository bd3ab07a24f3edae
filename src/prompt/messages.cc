#include "prompt/messages.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include <genkit/base/error.h>

#include "prompt/source.h"
#include "prompt/template_access.h"

namespace genkit::internal {
namespace {

// A mark is kMark, a letter for its kind, its text, and kMark again.
constexpr char kFieldEnd = '\xfe';
constexpr char kRole = 'R';
constexpr char kHistory = 'H';
constexpr char kMedia = 'M';
constexpr char kSection = 'S';

SafeText mark(char kind, std::string_view text = {}) {
  std::string out = {kMark, kind};
  out.append(text) += kMark;
  return {std::move(out)};
}

std::string_view checked(const HelperCall& call, std::string_view text) {
  constexpr char kUsed[] = {kMark, kFieldEnd};
  if (text.find_first_of(kUsed, 0, sizeof kUsed) != std::string_view::npos) call.fail("the text is not UTF-8");
  return text;
}

/// A prompt reads `role` in many places, so a wrong one is found where it is written.
SafeText role(const HelperCall& call, std::string_view name) {
  constexpr std::string_view kRoles[] = {"system", "user", "model", "tool"};
  if (std::find(std::begin(kRoles), std::end(kRoles), name) == std::end(kRoles)) {
    call.fail("\"" + std::string(name) + "\" is no role; use system, user, model or tool");
  }
  return mark(kRole, name);
}

SafeText media(const HelperCall& call) {
  const Json* url = call.hash("url");
  if (!url || !url->is_string() || url->get_string().empty()) {
    call.fail("url= has no value; put {{#if url}}…{{/if}} around media that may be missing");
  }
  std::string text(checked(call, url->get_string()));
  const Json* type = call.hash("contentType");
  if (type && type->is_string() && !type->get_string().empty()) {
    text += kFieldEnd;
    text += checked(call, type->get_string());
  }
  return mark(kMedia, text);
}

SafeText json(const HelperCall& call) {
  if (call.size() != 1) call.fail("takes 1 argument, not " + std::to_string(call.size()));
  constexpr std::int64_t kMaxIndent = 10;
  int indent = 0;
  if (const Json* given = call.hash("indent"); given && !given->is_null()) {
    std::string_view text;
    if (given->is_string()) text = given->get_string();
    const bool spaces = given->is_string() && text.find_first_not_of(' ') == std::string_view::npos;
    if (!given->is_number() && !spaces) call.fail("indent must be a number");
    const double number = spaces ? static_cast<double>(text.size()) : given->to_number<double>();
    indent = static_cast<int>(std::clamp<double>(number, 0, kMaxIndent));
  }
  std::string text = to_text(call[0], indent);
  checked(call, text);
  return {std::move(text)};
}

bool is_blank(std::string_view text) {
  return trim_space(text).empty();
}

/// A message while its text is being collected.
struct Draft {
  std::string_view role;
  std::string source;
};

JsonObject media_part(std::string_view text) {
  const std::size_t end = text.find(kFieldEnd);
  JsonObject media;
  media["url"] = text.substr(0, end);
  if (end != std::string_view::npos) media["contentType"] = text.substr(end + 1);
  return {{"media", std::move(media)}};
}

/// Text in which only media and sections are still marked, as parts. Blank text between them is dropped.
JsonArray to_parts(std::string_view source) {
  JsonArray parts;
  while (!source.empty()) {
    const std::size_t begin = std::min(source.find(kMark), source.size());
    if (const std::string_view text = source.substr(0, begin); !is_blank(text)) parts.push_back(JsonObject{{"text", text}});
    source.remove_prefix(begin);
    if (source.empty()) break;
    const std::size_t end = std::min(source.find(kMark, 1), source.size());
    const std::string_view text = source.substr(std::min<std::size_t>(2, end), end - std::min<std::size_t>(2, end));
    if (source.size() > 1 && source[1] == kMedia) {
      parts.push_back(media_part(text));
    } else if (source.size() > 1 && source[1] == kSection) {
      parts.push_back(JsonObject{{"metadata", JsonObject{{"purpose", text}, {"pending", true}}}});
    }
    source.remove_prefix(std::min(end + 1, source.size()));
  }
  return parts;
}

class MessageBuilder {
 public:
  explicit MessageBuilder(const Json& history) : history_(history.if_array()) {}

  JsonArray build(std::string_view rendered) {
    std::string_view rest = rendered;
    for (std::size_t begin = 0;;) {
      const std::size_t at = rest.find(kMark, begin);
      if (at == std::string_view::npos || at + 1 >= rest.size()) break;
      const std::size_t end = rest.find(kMark, at + 1);
      if (end == std::string_view::npos) break;
      const char kind = rest[at + 1];
      if (kind != kRole && kind != kHistory) {
        begin = end + 1;
        continue;
      }
      add_text(rest.substr(0, at));
      kind == kRole ? start_role(rest.substr(at + 2, end - at - 2)) : add_history();
      rest.remove_prefix(end + 1);
      begin = 0;
    }
    add_text(rest);
    finish();
    insert_history();
    return std::move(messages_);
  }

 private:
  void add_text(std::string_view text) {
    if (!is_blank(text)) draft_.source += text;
  }

  void finish() {
    if (draft_.source.empty()) return;
    messages_.push_back(JsonObject{{"role", draft_.role}, {"content", to_parts(draft_.source)}});
    draft_.source.clear();
  }

  void start_role(std::string_view role) {
    finish();
    draft_.role = role;
  }

  void add_history() {
    finish();
    draft_.role = "model";
    if (!history_) return;
    for (const Json& message : *history_) {
      const JsonObject* object = message.if_object();
      if (!object)
        throw Error(Status::kInvalidArgument, "the history has something in it that is no message: " + to_text(message));
      JsonObject copy = *object;
      if (!copy["metadata"].is_object()) copy["metadata"] = JsonObject();
      copy["metadata"].get_object()["purpose"] = "history";
      messages_.push_back(std::move(copy));
      has_history_ = true;
    }
  }

  /// History that the template did not ask for goes before the user's last word.
  void insert_history() {
    if (!history_ || has_history_) return;
    const bool user_last = !messages_.empty() && messages_.back().at("role") == "user";
    messages_.insert(messages_.end() - (user_last ? 1 : 0), history_->begin(), history_->end());
  }

  const JsonArray* history_;
  Draft draft_{"user", {}};
  JsonArray messages_;
  bool has_history_ = false;
};

}  // namespace

void define_prompt_helpers(TemplateEnvironment& environment) {
  EnvironmentState& state = TemplateAccess::state(environment);
  const auto define = [&state](const char* name, HelperFunction function) {
    state.set_helper(name, {.function = std::move(function), .makes_marks = true});
  };
  define("role", make_helper([](std::string_view name, const HelperCall& call) { return role(call, name); }));
  define("history", make_helper([](const HelperCall&) { return mark(kHistory); }));
  define("section",
         make_helper([](std::string_view name, const HelperCall& call) { return mark(kSection, checked(call, name)); }));
  define("media", make_helper([](const HelperCall& call) { return media(call); }));
  define("json", make_helper([](const HelperCall& call) { return json(call); }));
  state.set_helper("ifEquals", {.function = nullptr, .builtin = Builtin::kIfEquals});
  state.set_helper("unlessEquals", {.function = nullptr, .builtin = Builtin::kUnlessEquals});
}

JsonArray to_messages(std::string_view rendered, const Json& history) {
  return MessageBuilder(history).build(rendered);
}

}  // namespace genkit::internal
