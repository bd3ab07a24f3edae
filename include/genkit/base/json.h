#ifndef GENKIT_BASE_JSON_H_
#define GENKIT_BASE_JSON_H_

#include <cstddef>
#include <string>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace genkit {

/// A JSON value: null, bool, int64, uint64, double, string, array or object. Objects keep the order of their members.
using Json = boost::json::value;
using JsonObject = boost::json::object;
using JsonArray = boost::json::array;

struct JsonParseOptions {
  /// Deepest nesting of arrays and objects that is accepted.
  std::size_t max_depth = 256;
};

/// Parses one RFC 8259 document. Throws `Error` INVALID_ARGUMENT whose message ends in "at line L, column C" (both from 1,
/// columns count bytes): for syntax, text after the document, a byte order mark, invalid UTF-8, halves of surrogate pairs, and
/// numbers too large for a double. Numbers are the nearest double; integers outside of 64 bits become doubles; -0 is a double. Of
/// repeated members the last one stays, in the place of the first.
Json parse_json(std::string_view text, const JsonParseOptions& options = {});

/// Writes JSON as `JSON.stringify` does: member order kept, numbers in JavaScript's shortest form (`21.5`, `1e+21`), NaN and
/// infinities as `null`, invalid UTF-8 replaced by U+FFFD (one for each maximal subpart). 64-bit integers are written exactly.
/// `indent` > 0 gives the multi-line form with that many spaces. Needs no stack for deep values.
std::string to_text(const Json& value, int indent = 0);

/// The same, appended to `out`.
void append_text(std::string& out, const Json& value, int indent = 0);

/// The pieces of the writer, for code that writes JSON without building a tree first.
void append_json_string(std::string& out, std::string_view text);  ///< quoted and escaped
void append_json_number(std::string& out, double value);           ///< JavaScript's form; `null` unless finite

/// The member `name` of an object, or nullptr when `value` is no object or has no such member.
const Json* find_member(const Json& value, std::string_view name) noexcept;

}  // namespace genkit

#endif  // GENKIT_BASE_JSON_H_
