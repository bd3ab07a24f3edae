#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <llama.h>

#include <genkit/base/error.h>
#include <genkit/base/json.h>
#include <genkit/schema/validator.h>

#include "grammar/grammar_test_support.h"
#include "grammar/schema_grammar.h"

namespace genkit::llama {
namespace {

/// One schema, and whether a grammar guarantees all of it.
struct Case {
  const char* schema;
  bool exact = true;
};

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.schema;
}

class EveryText : public testing::TestWithParam<Case> {};

TEST_P(EveryText, IsAValueOfTheSchema) {
  const Json schema = parse_json(GetParam().schema);
  const Grammar grammar = schema_grammar(schema);
  const auto validator = SchemaValidator::compile(schema);
  RandomTexts texts(grammar.gbnf);

  EXPECT_EQ(grammar.checked.empty(), GetParam().exact);
  for (int i = 0; i < 300; ++i) {
    const std::string text = texts.next();
    std::vector<ValidationIssue> issues;
    const bool valid = validator->validate(parse_json(text), &issues);
    if (GetParam().exact) {
      ASSERT_TRUE(valid) << text << " " << issues[0].path << " " << issues[0].message << "\n" << grammar.gbnf;
    }
  }
}

TEST_P(EveryText, ComesFromAGrammarThatLlamaTakes) {
  const Grammar grammar = schema_grammar(parse_json(GetParam().schema));

  llama_sampler* sampler = llama_sampler_init_grammar(nullptr, grammar.gbnf.c_str(), "root");

  ASSERT_NE(sampler, nullptr) << grammar.gbnf;
  llama_sampler_free(sampler);
}

constexpr Case kScalars[] = {
    {R"({})"},
    {R"(true)"},
    {R"({"type": "null"})"},
    {R"({"type": "boolean"})"},
    {R"({"type": "string"})"},
    {R"({"type": "string", "minLength": 3, "maxLength": 5})"},
    {R"({"type": "integer"})"},
    {R"({"type": "number"})"},
    {R"({"type": "integer", "minimum": 1, "maximum": 5})"},
    {R"({"type": "integer", "minimum": -17, "maximum": 1234})"},
    {R"({"type": "integer", "exclusiveMinimum": 0})"},
    {R"({"type": "integer", "exclusiveMaximum": -99})"},
    {R"({"type": "integer", "minimum": 0.5, "maximum": 3.7})"},
    {R"({"type": "integer", "minimum": 9007199254740990, "maximum": 9007199254740999})"},
    {R"({"type": "integer", "minimum": -9223372036854775808, "maximum": 9223372036854775807})"},
    {R"({"type": "integer", "format": "int32"})"},
    {R"({"type": "integer", "format": "int64"})"},
    {R"({"type": "integer", "multipleOf": 7, "minimum": -40, "maximum": 500})"},
    {R"({"type": "integer", "multipleOf": 5})"},
    {R"({"type": "integer", "multipleOf": 250000, "minimum": 0, "maximum": 3000000})"},
    {R"({"type": "number", "minimum": 0, "maximum": 1})"},
    {R"({"type": "number", "minimum": -12.75, "maximum": 3.5})"},
    {R"({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1})"},
    {R"({"type": "number", "exclusiveMinimum": 0.1, "maximum": 0.3})"},
    {R"({"type": "number", "minimum": 1e-9, "maximum": 2e-9})"},
    {R"({"type": "number", "minimum": 1e12})"},
    {R"({"type": "number", "multipleOf": 0.25, "minimum": -2, "maximum": 9})"},
    {R"({"type": "number", "multipleOf": 0.01, "minimum": 0, "maximum": 100})"},
    {R"({"minimum": 3, "maximum": 4})"},
    {R"({"type": ["string", "null"], "maxLength": 3})"},
    {R"({"type": ["integer", "number", "boolean"], "maximum": 10})"},
    {R"({"enum": ["red", "rose", "r\"\\\n\u00e9\ud83d\ude00", 7, 7.5, null, true, {"a": [1, {}]}]})"},
    {R"({"type": "string", "enum": ["a", 1, "b"]})"},
    {R"({"const": {"deep": [1, 2]}})"},
    {R"({"enum": [1, 5, 9, 12], "minimum": 2, "maximum": 10})"},
};
INSTANTIATE_TEST_SUITE_P(Scalars, EveryText, testing::ValuesIn(kScalars));

constexpr Case kTexts[] = {
    {R"({"type": "string", "pattern": "^[0-9]{5}$"})"},
    {R"({"type": "string", "pattern": "^[A-Z]{2}-\\d+(\\.\\d{1,2})?$", "maxLength": 12})"},
    {R"({"type": "string", "pattern": "ab"})"},
    {R"({"type": "string", "pattern": "^ab"})"},
    {R"({"type": "string", "pattern": "ab$"})"},
    {R"({"type": "string", "pattern": "^ab", "minLength": 4, "maxLength": 6})"},
    {R"({"type": "string", "pattern": "^(a|b)*c?$"})"},
    {R"({"type": "string", "pattern": "^a$|^bc$|^.d"})"},
    {R"({"type": "string", "pattern": "^[^a-z\\s]{1,3}$"})"},
    {R"({"type": "string", "pattern": "^[\\w.-]+@[\\w-]+\\.[a-z]{2,}$"})"},
    {R"({"type": "string", "pattern": "^\\S+$"})"},
    {R"({"type": "string", "pattern": "^(?:\\u00e9|\\x41|\\u{1F600}|\\\\|\\/|\"|\\t)+$"})"},
    {R"({"type": "string", "pattern": "^.{2,4}$"})"},
    {R"({"type": "string", "pattern": ""})"},
    {R"({"allOf": [{"type": "string", "pattern": "^a"}, {"pattern": "z$"}, {"minLength": 3}]})"},
    {R"({"type": "string", "format": "date"})"},
    {R"({"type": "string", "format": "time"})"},
    {R"({"type": "string", "format": "date-time"})"},
    {R"({"type": "string", "format": "duration"})"},
    {R"({"type": "string", "format": "email"})"},
    {R"({"type": "string", "format": "hostname"})"},
    {R"({"type": "string", "format": "uri"})"},
    {R"({"type": "string", "format": "uri-reference"})"},
    {R"({"type": "string", "format": "uri-template"})"},
    {R"({"type": "string", "format": "url"})"},
    {R"({"type": "string", "format": "iri"})"},
    {R"({"type": "string", "format": "idn-email"})"},
    {R"({"type": "string", "format": "ipv4"})"},
    {R"({"type": "string", "format": "ipv6"})"},
    {R"({"type": "string", "format": "uuid"})"},
    {R"({"type": "string", "format": "byte"})"},
    {R"({"type": "string", "format": "json-pointer"})"},
    {R"({"type": "string", "format": "relative-json-pointer"})"},
    {R"({"type": "string", "format": "date", "pattern": "^20"})"},
    {R"({"type":"string","pattern":"^-?P([0-9]+W)?([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+([.][0-9]+)?S)?)?$"})"},
};
INSTANTIATE_TEST_SUITE_P(Texts, EveryText, testing::ValuesIn(kTexts));

constexpr Case kArrays[] = {
    {R"({"type": "array"})"},
    {R"({"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 4})"},
    {R"({"type": "array", "items": {"type": "integer"}, "minItems": 1})"},
    {R"({"type": "array", "items": {"type": "integer"}, "maxItems": 1})"},
    {R"({"type": "array", "items": {"type": "integer"}, "maxItems": 0})"},
    {R"({"type": "array", "items": false})"},
    {R"({"type": "array", "items": {"type": "boolean"}, "minItems": 100})"},
    {R"({"type": "array", "items": [{"type": "integer"}, {"type": "string"}], "minItems": 2, "maxItems": 2})"},
    {R"({"type": "array", "items": [{"type": "integer"}, {"type": "string"}]})"},
    {R"({"type": "array", "items": [{"type": "integer"}, {"type": "boolean"}], "additionalItems": {"const": 9}, "minItems": 1})"},
    {R"({"type": "array", "items": [{"type": "integer"}, {"type": "boolean"}], "additionalItems": false, "minItems": 1})"},
    {R"({"type": "array", "items": [{"type": "integer"}, false, {"type": "boolean"}]})"},
    {R"({"type": "array", "items": [{"type": "integer"}], "minItems": 3})"},
    {R"({"type": "array", "items": {"type": "integer"}, "uniqueItems": true})", false},
    {R"({"type": "array", "contains": {"const": 1}})", false},
};
INSTANTIATE_TEST_SUITE_P(Arrays, EveryText, testing::ValuesIn(kArrays));

constexpr Case kObjects[] = {
    {R"({"type": "object"})"},
    {R"({"type": "object", "additionalProperties": false})"},
    {R"({"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "boolean"}, "c": {"const": 3}}, "required": ["b"]})"},
    {R"({"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "boolean"}}})"},
    {R"({"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a", "undeclared"]})"},
    {R"({"type": "object", "properties": {"a": false, "b": {"type": "boolean"}}})"},
    {R"({"type": "object", "additionalProperties": {"type": "integer"}})"},
    {R"({"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"], "additionalProperties": {"type": "string"}})"},
    {R"({"type": "object", "properties": {"id": {"type": "integer"}, "if": {"const": 1}}, "additionalProperties": {"type": "null"}})"},
    {R"({"type": "object", "properties": {"a": {"const": 1}, "b": {"const": 2}, "c": {"const": 3}}, "minProperties": 2})"},
    {R"({"type": "object", "properties": {"a": {"const": 1}, "b": {"const": 2}, "c": {"const": 3}}, "maxProperties": 1})"},
    {R"({"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 1, "maxProperties": 3})"},
    {R"({"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 3})", false},
    {R"({"type": "object", "patternProperties": {"^x-": {"type": "integer"}}, "additionalProperties": false})"},
    {R"({"type": "object", "patternProperties": {"^x": {"type": "integer"}, "y$": {"type": "string"}}, "additionalProperties": {"type": "null"}})"},
    {R"({"type": "object", "properties": {"x-a": {"minimum": 5}}, "patternProperties": {"^x-": {"type": "integer"}}})"},
    {R"({"type": "object", "propertyNames": {"enum": ["red", "blue"]}, "additionalProperties": {"type": "integer"}})"},
    {R"({"type": "object", "propertyNames": {"pattern": "^[a-z]{1,3}$"}})"},
    {R"({"type": "object", "propertyNames": {"minLength": 2, "maxLength": 4}, "additionalProperties": {"const": 1}})"},
    {R"({"properties": {"n\"\\ \u00e9": {"type": "integer"}}, "required": ["n\"\\ \u00e9"]})"},
    {R"({"type": "object", "properties": {"a": {"type": "object", "properties": {"b": {"type": "array", "items": {"type": "object",
        "properties": {"c": {"type": "string", "maxLength": 2}}, "required": ["c"]}, "maxItems": 2}}, "required": ["b"]}}, "required": ["a"]})"},
    {R"({"type": "object", "dependencies": {"a": ["b"]}, "properties": {"a": {"const": 1}, "b": {"const": 1}}})", false},
};
INSTANTIATE_TEST_SUITE_P(Objects, EveryText, testing::ValuesIn(kObjects));

constexpr Case kCombinations[] = {
    {R"({"anyOf": [{"type": "integer"}, {"type": "null"}]})"},
    {R"({"oneOf": [{"type": "integer"}, {"type": "string"}]})"},
    {R"({"oneOf": [{"type": "integer"}, {"minimum": 3}]})", false},
    {R"({"oneOf": [{"type": "object", "properties": {"kind": {"const": "a"}}, "required": ["kind"]},
                   {"type": "object", "properties": {"kind": {"const": "b"}, "n": {"type": "integer"}}, "required": ["kind"]}]})"},
    {R"({"oneOf": [{"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"], "additionalProperties": false},
                   {"type": "object", "properties": {"b": {"type": "integer"}}, "required": ["b"], "additionalProperties": false}]})"},
    {R"({"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "anyOf": [{"required": ["a"]}, {"required": ["b"]}]})"},
    {R"({"type": "object", "properties": {"a": {"type": "integer"}}, "allOf": [{"properties": {"b": {"type": "boolean"}}, "required": ["b"]},
        {"required": ["a"]}]})"},
    {R"({"allOf": [{"properties": {"a": {"minimum": 3}}}, {"type": "object", "properties": {"a": {"type": "integer", "maximum": 5}}, "required": ["a"]}]})"},
    {R"({"allOf": [{"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": false},
        {"properties": {"b": {"type": "integer"}}}]})"},
    {R"({"allOf": [{"enum": [1, 2, 3, "x"]}, {"enum": [3, 4, "x"]}, {"type": "integer"}]})"},
    {R"({"anyOf": [{"const": 1}, {"const": 2}], "allOf": [{"anyOf": [{"const": 2}, {"const": 3}]}]})"},
    {R"({"type": "integer", "not": {"const": 3}})", false},
    {R"({"if": {"type": "string"}, "then": {"maxLength": 2}, "type": ["string", "integer"]})", false},
    {R"({"anyOf": [false, {"type": "boolean"}]})"},
    {R"({"type": "array", "items": {"anyOf": [{"type": "number", "multipleOf": 0.5, "minimum": 0, "maximum": 3}, {"type": "string", "format": "uuid"}]}, "maxItems": 3})"},
};
INSTANTIATE_TEST_SUITE_P(Combinations, EveryText, testing::ValuesIn(kCombinations));

constexpr Case kReferences[] = {
    {R"({"$ref": "#/definitions/A", "definitions": {"A": {"type": "integer", "minimum": 4, "maximum": 6}}})"},
    {R"({"type": "object", "properties": {"name": {"type": "string", "maxLength": 3}, "children": {"type": "array", "items": {"$ref": "#"}, "maxItems": 2}},
        "required": ["name"]})"},
    {R"({"definitions": {"List": {"type": "object", "properties": {"value": {"type": "integer"}, "next": {"anyOf": [{"$ref": "#/definitions/List"}, {"type": "null"}]}},
        "required": ["value", "next"]}}, "$ref": "#/definitions/List"})"},
    {R"({"definitions": {"a": {"type": "object", "properties": {"b": {"$ref": "#/definitions/b"}}}, "b": {"type": "array", "items": {"$ref": "#/definitions/a"}, "maxItems": 2}},
        "$ref": "#/definitions/a"})"},
    {R"({"$defs": {"x/y~z é": {"type": "boolean"}}, "type": "array", "items": {"$ref": "#/$defs/x~1y~0z%20é"}, "maxItems": 2})"},
    {R"({"definitions": {"base": {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}},
        "allOf": [{"$ref": "#/definitions/base"}, {"properties": {"more": {"$ref": "#"}}}]})"},
    {R"({"definitions": {"e": {"anyOf": [{"type": "integer"}, {"type": "object", "properties": {"op": {"enum": ["+", "*"]},
        "args": {"type": "array", "items": {"$ref": "#/definitions/e"}, "minItems": 2, "maxItems": 2}}, "required": ["op", "args"], "additionalProperties": false}]}},
        "$ref": "#/definitions/e"})"},
};
INSTANTIATE_TEST_SUITE_P(References, EveryText, testing::ValuesIn(kReferences));

}  // namespace
}  // namespace genkit::llama
