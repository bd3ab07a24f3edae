#include "prompt/messages.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <type_traits>
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

void mark(std::string& out, char kind, std::string_view text = {}) {
  const char begin[] = {kMark, kind};
  out.append(begin, sizeof begin).append(text) += kMark;
}

std::string_view checked(const HelperCall& call, std::string_view text) {
  const bool is_used = text.find(kMark) != std::string_view::npos || text.find(kFieldEnd) != std::string_view::npos;
  if (is_used) call.fail("the text is not UTF-8");
  return text;
}

std::optional<Role> find_role(std::string_view name) {
  if (name == "system") return Role::kSystem;
  if (name == "user") return Role::kUser;
  if (name == "model") return Role::kModel;
  if (name == "tool") return Role::kTool;
  return std::nullopt;
}

/// A prompt reads `role` in many places, so a wrong one is found where it is written.
void role(const HelperCall& call, std::string& out) {
  check_helper_arity(call, 1, 1);
  const std::string_view name = call.text(0);
  if (!find_role(name)) call.fail("\"" + std::string(name) + "\" is no role; use system, user, model or tool");
  mark(out, kRole, name);
}

void history(const HelperCall&, std::string& out) {
  mark(out, kHistory);
}

void section(const HelperCall& call, std::string& out) {
  check_helper_arity(call, 1, 1);
  mark(out, kSection, checked(call, call.text(0)));
}

void media(const HelperCall& call, std::string& out) {
  const Json* url = call.hash("url");
  if (!url || !url->is_string() || url->get_string().empty()) {
    call.fail("url= has no value; put {{#if url}}…{{/if}} around media that may be missing");
  }
  const Json* type = call.hash("contentType");
  if (type == nullptr || !type->is_string() || type->get_string().empty()) {
    return mark(out, kMedia, checked(call, url->get_string()));
  }
  std::string text(checked(call, url->get_string()));
  text += kFieldEnd;
  mark(out, kMedia, text += checked(call, type->get_string()));
}

void json(const HelperCall& call, std::string& out) {
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
  append_text(out, call[0], indent);  // UTF-8, whatever the strings are
}

bool is_blank(std::string_view text) {
  return trim_space(text).empty();
}

// What messages consist of, as C++ objects and in wire form.

void add_text(std::vector<Part>& parts, std::string_view text) {
  parts.emplace_back().text = text;
}
void add_text(JsonArray& parts, std::string_view text) {
  parts.push_back(JsonObject{{"text", text}});
}

/// An empty `type` is left out.
void add_media(std::vector<Part>& parts, std::string_view url, std::string_view type) {
  Media& media = parts.emplace_back().media.emplace();
  media.url = url;
  if (!type.empty()) media.content_type = type;
}
void add_media(JsonArray& parts, std::string_view url, std::string_view type) {
  JsonObject media{{"url", url}};
  if (!type.empty()) media["contentType"] = type;
  parts.push_back(JsonObject{{"media", std::move(media)}});
}

void add_section(std::vector<Part>& parts, std::string_view name) {
  parts.emplace_back().metadata = JsonObject{{"purpose", name}, {"pending", true}};
}
void add_section(JsonArray& parts, std::string_view name) {
  parts.push_back(JsonObject{{"metadata", JsonObject{{"purpose", name}, {"pending", true}}}});
}

void add_message(std::vector<Message>& messages, std::string_view role, std::vector<Part> content) {
  Message& message = messages.emplace_back();
  message.role = *find_role(role);
  message.content = std::move(content);
}
void add_message(JsonArray& messages, std::string_view role, JsonArray content) {
  messages.push_back(JsonObject{{"role", role}, {"content", std::move(content)}});
}

void mark_as_history(Message& message) {
  if (!message.metadata || !message.metadata->is_object()) message.metadata = JsonObject();
  message.metadata->get_object().insert_or_assign("purpose", "history");
}
void mark_as_history(Json& message) {
  JsonObject* object = message.if_object();
  if (!object) throw Error(Status::kInvalidArgument, "the history has something in it that is no message: " + to_text(message));
  Json& metadata = (*object)["metadata"];
  if (!metadata.is_object()) metadata = JsonObject();
  metadata.get_object().insert_or_assign("purpose", "history");
}

/// Text in which only media and sections are still marked, as parts. Blank text between them is dropped.
template <class Parts>
Parts to_parts(std::string_view source) {
  Parts parts;
  constexpr std::size_t kFew = 4;  // text, media, text
  if (source.find(kMark) != std::string_view::npos) parts.reserve(kFew);
  while (!source.empty()) {
    const std::size_t begin = std::min(source.find(kMark), source.size());
    if (const std::string_view text = source.substr(0, begin); !is_blank(text)) add_text(parts, text);
    source.remove_prefix(begin);
    if (source.empty()) break;
    const std::size_t end = std::min(source.find(kMark, 1), source.size());
    const std::string_view text = source.substr(std::min<std::size_t>(2, end), end - std::min<std::size_t>(2, end));
    if (source.size() > 1 && source[1] == kMedia) {
      const std::size_t url_end = std::min(text.find(kFieldEnd), text.size());
      add_media(parts, text.substr(0, url_end), text.substr(std::min(url_end + 1, text.size())));
    } else if (source.size() > 1 && source[1] == kSection) {
      add_section(parts, text);
    }
    source.remove_prefix(std::min(end + 1, source.size()));
  }
  return parts;
}

template <class Messages>
class MessageBuilder {
 public:
  RenderedMessages<Messages> build(std::string_view rendered) {
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
      add_source(rest.substr(0, at));
      kind == kRole ? start_role(rest.substr(at + 2, end - at - 2)) : add_history();
      rest.remove_prefix(end + 1);
      begin = 0;
    }
    add_source(rest);
    finish();
    place_history();
    return std::move(result_);
  }

 private:
  using Parts = std::conditional_t<std::is_same_v<Messages, JsonArray>, JsonArray, std::vector<Part>>;

  void add_source(std::string_view text) {
    if (!is_blank(text)) source_ += text;
  }

  void finish() {
    if (source_.empty()) return;
    add_message(result_.messages, role_, to_parts<Parts>(source_));
    last_role_ = role_;
    source_.clear();
  }

  void start_role(std::string_view role) {
    finish();
    role_ = role;
  }

  void add_history() {
    finish();
    role_ = "model";
    result_.history_places.push_back(result_.messages.size());
    result_.is_history_asked_for = true;
  }

  /// History that the template did not ask for goes before the user's last word.
  void place_history() {
    if (result_.is_history_asked_for) return;
    result_.history_places.push_back(result_.messages.size() - (last_role_ == "user" ? 1 : 0));
  }

  std::string_view role_ = "user";
  std::string_view last_role_;
  std::string source_;
  RenderedMessages<Messages> result_;
};

}  // namespace

void define_prompt_helpers(TemplateEnvironment& environment) {
  EnvironmentState& state = TemplateAccess::state(environment);
  state.set_helper("role", {.print = role});
  state.set_helper("history", {.print = history});
  state.set_helper("section", {.print = section});
  state.set_helper("media", {.print = media});
  state.set_helper("json", {.print = json});
  state.set_helper("ifEquals", {.builtin = Builtin::kIfEquals});
  state.set_helper("unlessEquals", {.builtin = Builtin::kUnlessEquals});
}

template <class Messages>
RenderedMessages<Messages> to_messages(std::string_view rendered) {
  return MessageBuilder<Messages>().build(rendered);
}

template <class Messages>
Messages with_history(RenderedMessages<Messages> rendered, Messages history) {
  if (rendered.is_history_asked_for) {
    for (auto& message : history) mark_as_history(message);
  }
  Messages all;
  all.reserve(rendered.messages.size() + rendered.history_places.size() * history.size());
  auto next = rendered.messages.begin();
  for (const std::size_t& place : rendered.history_places) {
    const auto end = rendered.messages.begin() + static_cast<std::ptrdiff_t>(place);
    for (; next != end; ++next) all.push_back(std::move(*next));
    const bool is_last = &place == &rendered.history_places.back();
    for (auto& message : history) is_last ? all.push_back(std::move(message)) : all.push_back(message);
  }
  for (; next != rendered.messages.end(); ++next) all.push_back(std::move(*next));
  return all;
}

template RenderedMessages<JsonArray> to_messages(std::string_view rendered);
template RenderedMessages<std::vector<Message>> to_messages(std::string_view rendered);
template JsonArray with_history(RenderedMessages<JsonArray> rendered, JsonArray history);
template std::vector<Message> with_history(RenderedMessages<std::vector<Message>> rendered, std::vector<Message> history);

}  // namespace genkit::internal
