#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <istream>
#include <limits>
#include <map>
#include <streambuf>
#include <vector>

#include <genkit/base/error.h>

#include "prompt/front_matter.h"
#include "prompt/source.h"

// yaml-cpp reads the text; what its scalars mean is decided here, because yaml-cpp follows YAML 1.1, in which `no` is false.

namespace genkit::internal {
namespace {

// yaml-cpp's parser recurses, on stacks as small as those of fibers; it tells of each level before it goes down.
constexpr std::size_t kMaxDepth = 64;
// Values after aliases are expanded, and the text in them.
constexpr std::size_t kMaxValues = 100'000;
constexpr std::size_t kMaxAliasText = 10'000'000;
// yaml-cpp searches its list of anchors for each one.
constexpr std::size_t kMaxAnchors = 1000;

constexpr std::string_view kDigits = "0123456789";

bool all_of(std::string_view text, std::string_view characters) {
  return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}

std::string_view without_sign(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  return text;
}

Json integer(std::string_view text, int base) {
  if (text[0] == '+') text.remove_prefix(1);
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  if (std::from_chars(text.data(), end, number, base).ec == std::errc()) return number;
  std::uint64_t large = 0;
  if (std::from_chars(text.data(), end, large, base).ec == std::errc()) return large;
  double real = 0;
  // Beyond 64 bits it is a number like any other.
  if (base == 10) std::from_chars(text.data(), end, real);
  for (const char* digit = text.data(); base != 10 && digit < end; ++digit) {
    real = real * base + (*digit <= '9' ? *digit - '0' : (*digit | 0x20) - 'a' + 10);
  }
  return real;
}

/// Decimal digits, a point and more digits, an exponent: each part may be missing as the core schema has it.
bool is_float(std::string_view text) {
  text = without_sign(text);
  const std::size_t e = text.find_first_of("eE");
  if (e != std::string_view::npos && !all_of(without_sign(text.substr(e + 1)), kDigits)) return false;
  const std::string_view mantissa = text.substr(0, e);
  const std::size_t point = mantissa.find('.');
  const std::string_view whole = mantissa.substr(0, point);
  const std::string_view fraction = point == std::string_view::npos ? std::string_view() : mantissa.substr(point + 1);
  const auto digits = [](std::string_view part) { return part.empty() || all_of(part, kDigits); };
  return digits(whole) && digits(fraction) && !(whole.empty() && fraction.empty());
}

Json real(std::string_view text) {
  if (text[0] == '+') text.remove_prefix(1);
  double number = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc::result_out_of_range) {
    // Too large or too small, which the sign of the exponent tells.
    const bool tiny = text.find("e-") != std::string_view::npos || text.find("E-") != std::string_view::npos;
    number = tiny ? 0 : std::numeric_limits<double>::infinity();
    if (text[0] == '-') number = -number;
  }
  return number;
}

}  // namespace

Json plain_yaml_scalar(std::string_view text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return nullptr;
  // Most scalars are words: only these can begin anything else.
  if (std::string_view("0123456789+-.tTfF").find(text[0]) == std::string_view::npos) return Json(text);
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  if (all_of(without_sign(text), kDigits)) return integer(text, 10);
  if (text.starts_with("0o") && all_of(text.substr(2), "01234567")) return integer(text.substr(2), 8);
  if (text.starts_with("0x") && all_of(text.substr(2), "0123456789abcdefABCDEF")) return integer(text.substr(2), 16);
  if (is_float(text)) return real(text);
  const std::string_view word = without_sign(text);
  if (word == ".inf" || word == ".Inf" || word == ".INF") {
    return text[0] == '-' ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  }
  if (text == ".nan" || text == ".NaN" || text == ".NAN") return std::numeric_limits<double>::quiet_NaN();
  return Json(text);
}

namespace {

[[noreturn]] void fail_at(std::string_view name, std::size_t line, std::size_t column, std::string_view message) {
  std::string text = "front matter";
  if (!name.empty()) text += " of \"" + std::string(name) + "\"";
  text += ", line " + std::to_string(line) + ", column " + std::to_string(column) + ": ";
  text += message;
  throw Error(Status::kInvalidArgument, std::move(text), {{"template", name}, {"line", line}, {"column", column}});
}

/// Builds JSON from what yaml-cpp reads.
class Builder final : public YAML::EventHandler {
 public:
  Builder(std::string_view name, std::size_t first_line, std::string_view watched)
      : name_(name), first_line_(first_line), watched_(watched) {}

  Json take() { return std::move(root_); }
  std::size_t watched_line() const { return watched_line_; }
  /// The lines of the keys of the outermost mapping go to `lines`, which may be nullptr.
  void collect_lines(std::map<std::string, std::size_t>* lines) { key_lines_ = lines; }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnAnchor(const YAML::Mark& mark, const std::string&) override {
    if (++anchors_ > kMaxAnchors) fail(mark, "too many anchors");
  }
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { add(mark, nullptr, anchor); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchored_.find(anchor);
    if (found == anchored_.end()) fail(mark, "an alias inside of its own anchor");
    values_ += found->second.values;
    alias_text_ += found->second.text;
    if (values_ > kMaxValues || alias_text_ > kMaxAliasText) fail(mark, "aliases expand to too much");
    add(mark, found->second.value, 0);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& value) override {
    add(mark, scalar(mark, tag, value), anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    open(mark, JsonArray(), anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    open(mark, JsonObject(), anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Level {
    Json value;
    YAML::anchor_t anchor;
    std::size_t values_before;
    std::size_t text_before;
    bool has_key = false;
    std::string key;
    YAML::Mark mark;
  };
  struct Anchored {
    Json value;
    std::size_t values;
    std::size_t text;
  };

  [[noreturn]] void fail(const YAML::Mark& mark, std::string_view message) const {
    fail_at(name_, line_of(mark), static_cast<std::size_t>(std::max(mark.column, 0)) + 1, message);
  }

  Json scalar(const YAML::Mark& mark, const std::string& tag, const std::string& value) {
    // "?" is a plain scalar, "!" a quoted one.
    if (tag == "?" || tag.empty()) return plain_yaml_scalar(value);
    if (tag == "!" || tag == "tag:yaml.org,2002:str") return Json(std::string_view(value));
    Json typed = plain_yaml_scalar(value);
    const bool fits = (tag == "tag:yaml.org,2002:int" && (typed.is_int64() || typed.is_uint64())) ||
                      (tag == "tag:yaml.org,2002:float" && typed.is_number()) ||
                      (tag == "tag:yaml.org,2002:bool" && typed.is_bool()) ||
                      (tag == "tag:yaml.org,2002:null" && typed.is_null());
    if (!fits) fail(mark, "\"" + value + "\" does not fit its tag !<" + tag + ">");
    return typed;
  }

  void open(const YAML::Mark& mark, Json value, YAML::anchor_t anchor) {
    if (levels_.size() == kMaxDepth) fail(mark, "more than " + std::to_string(kMaxDepth) + " levels");
    if (!levels_.empty() && levels_.back().value.is_object() && !levels_.back().has_key) {
      fail(mark, "a key must be text, not a list or a mapping");
    }
    levels_.push_back({std::move(value), anchor, values_, text_ + alias_text_, false, {}, mark});
  }

  void close() {
    Level level = std::move(levels_.back());
    levels_.pop_back();
    if (level.anchor != 0) {
      anchored_[level.anchor] = {level.value, values_ - level.values_before + 1, text_ + alias_text_ - level.text_before};
    }
    attach(level.mark, std::move(level.value));
  }

  void add(const YAML::Mark& mark, Json value, YAML::anchor_t anchor) {
    const std::size_t size = value.is_string() ? value.get_string().size() : 0;
    text_ += size;
    if (anchor != 0) anchored_[anchor] = {value, 1, size};
    attach(mark, std::move(value));
  }

  void attach(const YAML::Mark& mark, Json value) {
    if (++values_ > kMaxValues) fail(mark, "more than " + std::to_string(kMaxValues) + " values");
    if (levels_.empty()) {
      root_ = std::move(value);
      return;
    }
    Level& level = levels_.back();
    if (JsonArray* array = level.value.if_array()) {
      array->push_back(std::move(value));
      return;
    }
    JsonObject& object = level.value.get_object();
    if (!level.has_key) {
      take_key(mark, level, value);
      return;
    }
    object.emplace(level.key, std::move(value));
    level.has_key = false;
  }

  void take_key(const YAML::Mark& mark, Level& level, const Json& value) {
    level.key = value.is_string() ? std::string(value.get_string()) : to_text(value);
    if (level.value.get_object().contains(level.key)) fail(mark, "the key \"" + level.key + "\" is there twice");
    level.has_key = true;
    if (key_lines_ && levels_.size() == 1) key_lines_->emplace(level.key, line_of(mark));
    if (!watched_.empty()) watch(mark);
  }

  /// Remembers the line of the deepest key on the way to the watched value.
  void watch(const YAML::Mark& mark) {
    std::string path;
    for (const Level& level : levels_) {
      if (level.has_key) path.append("/").append(level.key);
    }
    const bool on_the_way = watched_.starts_with(path) && (watched_.size() == path.size() || watched_[path.size()] == '/');
    if (!on_the_way || path.size() <= watched_size_) return;
    watched_size_ = path.size();
    watched_line_ = line_of(mark);
  }

  std::size_t line_of(const YAML::Mark& mark) const { return first_line_ + static_cast<std::size_t>(std::max(mark.line, 0)); }

  std::string_view name_;
  std::size_t first_line_;
  std::string_view watched_;
  std::size_t watched_size_ = 0;
  std::size_t watched_line_ = 0;
  std::map<std::string, std::size_t>* key_lines_ = nullptr;
  Json root_;
  std::vector<Level> levels_;
  std::map<YAML::anchor_t, Anchored> anchored_;
  std::size_t anchors_ = 0;
  std::size_t values_ = 0;
  std::size_t text_ = 0;
  std::size_t alias_text_ = 0;
};

/// A stream over text that is not copied.
class ViewBuffer final : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());
    setg(begin, begin, begin + text.size());
  }
};

void read_yaml(std::string_view text, std::string_view name, std::size_t first_line, Builder& builder) {
  ViewBuffer buffer(text);
  std::istream stream(&buffer);
  try {
    YAML::Parser parser(stream);
    if (parser.HandleNextDocument(builder) && parser) fail_at(name, first_line, 1, "there is more than one document");
  } catch (const YAML::Exception& error) {
    const auto line = static_cast<std::size_t>(std::max(error.mark.line, 0));
    fail_at(name, first_line + line, static_cast<std::size_t>(std::max(error.mark.column, 0)) + 1, error.msg);
  }
}

}  // namespace

Json parse_yaml_document(std::string_view text, std::string_view name, std::size_t first_line) {
  if (find_invalid_utf8(text) != std::string_view::npos) {
    fail_at(name, first_line, 1, "this is not UTF-8; save the file as UTF-8");
  }
  Builder builder(name, first_line, {});
  read_yaml(text, name, first_line, builder);
  return builder.take();
}

Json parse_front_matter(std::string_view text, std::string_view name, std::size_t first_line) {
  if (std::optional<Json> simple = parse_simple_yaml(text); simple && find_invalid_utf8(text) == std::string_view::npos) {
    if (simple->is_object() || simple->is_null()) return std::move(*simple);
  }
  Json root = parse_yaml_document(text, name, first_line);
  if (!root.is_object() && !root.is_null()) fail_at(name, first_line, 1, "front matter must be a mapping of keys to values");
  return root;
}

std::size_t find_yaml_line(std::string_view text, std::string_view pointer, std::size_t first_line) {
  Builder builder({}, first_line, pointer);
  read_yaml(text, {}, first_line, builder);
  return std::max(builder.watched_line(), first_line);
}

std::map<std::string, std::size_t> yaml_key_lines(std::string_view text, std::size_t first_line) {
  std::map<std::string, std::size_t> lines;
  Builder builder({}, first_line, {});
  builder.collect_lines(&lines);
  read_yaml(text, {}, first_line, builder);
  return lines;
}

}  // namespace genkit::internal
