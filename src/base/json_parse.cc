#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>

#include <genkit/base/error.h>
#include <genkit/base/json.h>

#include "base/utf8.h"

namespace genkit {
namespace {

namespace bj = boost::json;

/// Builds the tree from the events of Boost's parser. It differs from boost::json::parse in numbers: Boost 1.81 rounds decimal
/// fractions to within a unit in the last place, and it turns -0 into 0; here every number is the nearest double.
class TreeBuilder {
 public:
  static constexpr std::size_t max_object_size = bj::object::max_size();
  static constexpr std::size_t max_array_size = bj::array::max_size();
  static constexpr std::size_t max_key_size = bj::string::max_size();
  static constexpr std::size_t max_string_size = bj::string::max_size();

  TreeBuilder() : stack_({}, buffer_, sizeof buffer_) { stack_.reset(); }

  Json release() { return stack_.release(); }
  /// The first character of a number that no double can hold, or nullptr.
  const char* overflowed_number() const { return overflowed_number_; }

  bool on_document_begin(bj::error_code&) { return true; }
  bool on_document_end(bj::error_code&) { return true; }
  bool on_object_begin(bj::error_code&) { return true; }
  bool on_array_begin(bj::error_code&) { return true; }
  bool on_object_end(std::size_t size, bj::error_code&) {
    stack_.push_object(size);
    return true;
  }
  bool on_array_end(std::size_t size, bj::error_code&) {
    stack_.push_array(size);
    return true;
  }
  bool on_key_part(bj::string_view part, std::size_t, bj::error_code&) {
    stack_.push_chars(part);
    return true;
  }
  bool on_key(bj::string_view part, std::size_t, bj::error_code&) {
    stack_.push_key(part);
    return true;
  }
  bool on_string_part(bj::string_view part, std::size_t, bj::error_code&) {
    stack_.push_chars(part);
    return true;
  }
  bool on_string(bj::string_view part, std::size_t, bj::error_code&) {
    stack_.push_string(part);
    return true;
  }
  bool on_number_part(bj::string_view, bj::error_code&) { return true; }
  bool on_int64(std::int64_t value, bj::string_view text, bj::error_code&) {
    if (value == 0 && text.front() == '-') {
      stack_.push_double(-0.0);
    } else {
      stack_.push_int64(value);
    }
    return true;
  }
  bool on_uint64(std::uint64_t value, bj::string_view, bj::error_code&) {
    stack_.push_uint64(value);
    return true;
  }
  bool on_double(double approximation, bj::string_view text, bj::error_code& error) {
    double value = 0;
    auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code == std::errc::result_out_of_range) {
      // from_chars does not say which way it went; the approximation is far from both limits.
      if (approximation > 1 || approximation < -1) {
        overflowed_number_ = text.data();
        error = bj::make_error_code(bj::error::exponent_overflow);
        return false;
      }
      value = text.front() == '-' ? -0.0 : 0.0;
    }
    stack_.push_double(value);
    return true;
  }
  bool on_bool(bool value, bj::error_code&) {
    stack_.push_bool(value);
    return true;
  }
  bool on_null(bj::error_code&) {
    stack_.push_null();
    return true;
  }
  bool on_comment_part(bj::string_view, bj::error_code&) { return true; }
  bool on_comment(bj::string_view, bj::error_code&) { return true; }

 private:
  // Scratch space of small documents; larger ones move to the heap.
  unsigned char buffer_[2048];
  bj::value_stack stack_;
  const char* overflowed_number_ = nullptr;
};

std::string quote_found(std::string_view rest) {
  if (rest.empty()) return "the end of the text";
  constexpr std::size_t kLongest = 12;
  std::size_t end = 1;
  while (end < rest.size() && end < kLongest && static_cast<unsigned char>(rest[end]) > ' ') ++end;
  // Whole characters only: the snippet would otherwise end in a replacement character.
  while (end < rest.size() && internal::is_utf8_continuation(rest[end])) ++end;
  std::string quoted;
  append_json_string(quoted, rest.substr(0, end));
  return quoted;
}

std::string position_of(std::string_view text, std::size_t offset) {
  std::size_t line = 1;
  std::size_t line_start = 0;
  for (std::size_t i = 0; i < offset; ++i) {
    if (text[i] == '\n') {
      ++line;
      line_start = i + 1;
    }
  }
  return "at line " + std::to_string(line) + ", column " + std::to_string(offset - line_start + 1);
}

[[noreturn]] void fail(std::string_view text, std::size_t offset, const std::string& what) {
  throw Error(Status::kInvalidArgument,
              "invalid JSON: " + what + ", found " + quote_found(text.substr(offset)) + " " + position_of(text, offset));
}

std::string describe(const bj::error_code& code, const JsonParseOptions& options) {
  switch (static_cast<bj::error>(code.value())) {
    case bj::error::incomplete:
      return "the document is not complete";
    case bj::error::too_deep:
      return "nested deeper than " + std::to_string(options.max_depth) + " levels";
    case bj::error::extra_data:
      return "text after the end of the document";
    case bj::error::illegal_leading_surrogate:
    case bj::error::illegal_trailing_surrogate:
    case bj::error::expected_utf16_escape:
      return "half of a surrogate pair";
    default:
      return code.message();
  }
}

}  // namespace

Json parse_json(std::string_view text, const JsonParseOptions& options) {
  if (text.starts_with("\xEF\xBB\xBF")) fail(text, 0, "a byte order mark, which JSON does not allow");
  bj::parse_options parse_options;
  parse_options.max_depth = options.max_depth;
  bj::basic_parser<TreeBuilder> parser(parse_options);

  bj::error_code code;
  std::size_t consumed = parser.write_some(false, text.data(), text.size(), code);
  if (const char* number = parser.handler().overflowed_number()) {
    fail(text, static_cast<std::size_t>(number - text.data()), "number too large for a double");
  }
  if (code) fail(text, consumed, describe(code, options));
  if (consumed < text.size()) fail(text, consumed, "text after the end of the document");
  return parser.handler().release();
}

}  // namespace genkit
