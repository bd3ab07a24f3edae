#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "prompt/front_matter.h"

// Front matter is nearly always a few plain keys, lists and texts, one to a line. This reads just that, some twenty times faster
// than yaml-cpp, and gives up at the first sign of anything else: what it does read means the same to both, which a fuzz target
// checks.

namespace genkit::internal {
namespace {

constexpr std::size_t kMaxDepth = 32;
constexpr std::size_t kMaxValues = 10'000;
constexpr std::size_t kMaxKeySize = 200;
// What no plain scalar starts with, or what could mean something else at its start.
constexpr std::string_view kIndicators = "-?:,[]{}#&*!|>'\"%@`";

/// Thrown to leave the text to yaml-cpp; never leaves this file.
struct NotSimple {};

struct Line {
  std::size_t indent;
  std::string_view text;
};

std::string_view trim_right(std::string_view text) {
  const std::size_t end = text.find_last_not_of(' ');
  return text.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

std::string_view trim_left(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(' '), text.size()));
}

/// Nothing, or a comment.
bool is_rest(std::string_view text) {
  const std::string_view rest = trim_left(text);
  return rest.empty() || (rest.size() < text.size() && rest[0] == '#');
}

bool is_item(std::string_view text) {
  return text[0] == '-' && (text.size() == 1 || text[1] == ' ');
}

/// Where the colon stands that ends a plain key, npos when the line has none.
std::size_t find_colon(std::string_view text) {
  for (std::size_t at = text.find(':'); at != std::string_view::npos; at = text.find(':', at + 1)) {
    if (at + 1 == text.size() || text[at + 1] == ' ') return at;
  }
  return std::string_view::npos;
}

class SimpleYaml {
 public:
  explicit SimpleYaml(std::string_view text) { split(text); }

  Json parse() {
    if (lines_.empty()) return nullptr;
    Json root = block(lines_[0].indent);
    if (next_ != lines_.size()) throw NotSimple();
    return root;
  }

 private:
  void split(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      std::string_view line = text.substr(0, end);
      if (end < text.size() && line.ends_with('\r')) line.remove_suffix(1);
      text.remove_prefix(std::min(end + 1, text.size()));
      // Control characters, tabs among them, and the line breaks of Unicode.
      const auto odd = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
      if (std::any_of(line.begin(), line.end(), odd)) throw NotSimple();
      if (line.find("\xc2\x85") != line.npos || line.find("\xe2\x80") != line.npos || line.find("\xef\xbb\xbf") != line.npos) {
        throw NotSimple();
      }
      const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
      if (indent == line.size() || line[indent] == '#') continue;
      if (indent == 0 && (line.starts_with("---") || line.starts_with("..."))) throw NotSimple();
      lines_.push_back({indent, trim_right(line.substr(indent))});
    }
  }

  /// A list or a mapping whose lines start at `indent`.
  Json block(std::size_t indent) {
    if (++depth_ > kMaxDepth) throw NotSimple();
    Json value = is_item(lines_[next_].text) ? list(indent) : mapping(indent);
    --depth_;
    return value;
  }

  Json mapping(std::size_t indent) {
    JsonObject object;
    while (next_ < lines_.size() && lines_[next_].indent >= indent) {
      const Line line = lines_[next_];
      if (line.indent > indent || is_item(line.text)) throw NotSimple();
      const std::size_t colon = find_colon(line.text);
      if (colon == std::string_view::npos) throw NotSimple();
      const std::string_view key = line.text.substr(0, colon);
      ++next_;
      add(object, key, after_indicator(line.text.substr(colon + 1), indent, true));
    }
    return object;
  }

  Json list(std::size_t indent) {
    JsonArray array;
    while (next_ < lines_.size() && lines_[next_].indent >= indent) {
      Line& line = lines_[next_];
      if (line.indent > indent) throw NotSimple();
      if (!is_item(line.text)) break;
      const std::string_view rest = trim_left(line.text.substr(1));
      const bool is_block =
          !rest.empty() && (is_item(rest) || (kIndicators.find(rest[0]) == rest.npos && find_colon(rest) != rest.npos));
      if (is_block && rest.find(" #") != rest.npos) throw NotSimple();
      if (is_block) {
        // `- key: value`: what follows the dash is the first line of a block.
        line.indent += line.text.size() - rest.size();
        line.text = rest;
        array.push_back(block(line.indent));
      } else {
        const std::string_view value = line.text.substr(1);
        ++next_;
        array.push_back(after_indicator(value, indent, false));
      }
      count();
    }
    return array;
  }

  /// What follows `key:` or `-`: a value on the same line, a block below, or nothing.
  Json after_indicator(std::string_view text, std::size_t indent, bool in_mapping) {
    const bool has_below = next_ < lines_.size() && lines_[next_].indent > indent;
    if (!is_rest(text)) {
      if (has_below) throw NotSimple();  // a scalar that goes on
      return line_value(trim_left(text));
    }
    if (has_below) return block(lines_[next_].indent);
    // A list may stand right below its key.
    if (in_mapping && next_ < lines_.size() && lines_[next_].indent == indent && is_item(lines_[next_].text))
      return block_list(indent);
    return nullptr;
  }

  Json block_list(std::size_t indent) {
    if (++depth_ > kMaxDepth) throw NotSimple();
    Json value = list(indent);
    --depth_;
    return value;
  }

  Json line_value(std::string_view text) {
    if (text[0] == '[' || text[0] == '{') {
      std::string_view rest = text;
      Json value = flow(rest);
      if (!is_rest(rest)) throw NotSimple();
      return value;
    }
    if (text[0] == '"' || text[0] == '\'') {
      std::string_view rest = text;
      Json value = quoted(rest);
      if (!is_rest(rest)) throw NotSimple();
      return value;
    }
    const std::string_view scalar = trim_right(text.substr(0, text.find(" #")));
    if (find_colon(scalar) != std::string_view::npos) throw NotSimple();
    check_start(scalar);
    return plain_yaml_scalar(scalar);
  }

  /// Negative numbers and other words with a dash in front are plain, too.
  static void check_start(std::string_view scalar) {
    if (scalar.empty()) throw NotSimple();
    const bool dashed = scalar.size() > 1 && scalar[0] == '-' && (scalar[1] == '.' || (scalar[1] >= '0' && scalar[1] <= '9'));
    if (!dashed && kIndicators.find(scalar[0]) != std::string_view::npos) throw NotSimple();
  }

  /// Text in quotes without any escapes; `rest` goes on behind it.
  Json quoted(std::string_view& rest) {
    const char quote = rest[0];
    const std::size_t end = rest.find(quote, 1);
    if (end == std::string_view::npos || rest.substr(end + 1, 1) == std::string_view(&quote, 1)) throw NotSimple();
    const std::string_view text = rest.substr(1, end - 1);
    if (text.find('\\') != std::string_view::npos) throw NotSimple();
    rest.remove_prefix(end + 1);
    return Json(text);
  }

  /// `[a, b]` or `{a: b}` on one line.
  Json flow(std::string_view& rest) {
    if (++depth_ > kMaxDepth) throw NotSimple();
    const bool is_list = rest[0] == '[';
    const char close = is_list ? ']' : '}';
    JsonArray array;
    JsonObject object;
    rest = trim_left(rest.substr(1));
    bool more = !rest.starts_with(close);
    while (more) {
      if (is_list) {
        array.push_back(flow_value(rest));
        count();
      } else {
        const std::string_view key = flow_word(rest);
        if (!rest.starts_with(": ")) throw NotSimple();
        rest = trim_left(rest.substr(1));
        add(object, key, flow_value(rest));
      }
      rest = trim_left(rest);
      more = rest.starts_with(',');
      if (more) rest = trim_left(rest.substr(1));
    }
    if (!rest.starts_with(close)) throw NotSimple();
    rest.remove_prefix(1);
    --depth_;
    if (is_list) return array;
    return object;
  }

  Json flow_value(std::string_view& rest) {
    if (rest.empty()) throw NotSimple();
    if (rest[0] == '[' || rest[0] == '{') return flow(rest);
    if (rest[0] == '"' || rest[0] == '\'') return quoted(rest);
    return plain_yaml_scalar(flow_word(rest));
  }

  std::string_view flow_word(std::string_view& rest) {
    const std::size_t end = std::min(rest.find_first_of(",[]{}:?#\"'"), rest.size());
    const std::string_view word = trim_right(rest.substr(0, end));
    check_start(word);
    // The colon of a key stands right behind it.
    rest.remove_prefix(end < rest.size() && rest[end] == ':' ? word.size() : end);
    return word;
  }

  void add(JsonObject& object, std::string_view key, Json value) {
    check_start(key);
    if (key.size() > kMaxKeySize || key.back() == ' ' || key.find(" #") != key.npos || key[0] == '-') throw NotSimple();
    const Json name = plain_yaml_scalar(key);
    const bool added =
        name.is_string() ? object.emplace(key, std::move(value)).second : object.emplace(to_text(name), std::move(value)).second;
    if (!added) throw NotSimple();
    count();
  }

  void count() {
    if (++values_ > kMaxValues) throw NotSimple();
  }

  std::vector<Line> lines_;
  std::size_t next_ = 0;
  std::size_t depth_ = 0;
  std::size_t values_ = 0;
};

}  // namespace

std::optional<Json> parse_simple_yaml(std::string_view text) {
  try {
    return SimpleYaml(text).parse();
  } catch (const NotSimple&) {
    return std::nullopt;
  }
}

}  // namespace genkit::internal
