#include "grammar/schema_grammar.h"

#include <functional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/base/error.h>

namespace genkit::llama {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Grammar grammar_of(std::string_view schema, const SchemaGrammarOptions& options = {}) {
  return schema_grammar(parse_json(schema), options);
}

std::string gbnf_of(std::string_view schema) {
  return grammar_of(schema).gbnf;
}

Error error_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  }
  return Error(Status::kOk, "nothing was thrown");
}

constexpr const char* kChar = R"(char ::= [ !#-\[\]-\uD7FF\uE000-\U0010FFFF] | "\\" ["\\bfnrt]
)";

TEST(SchemaGrammar, WritesMembersInOrder) {
  EXPECT_EQ(gbnf_of(R"({"type": "object", "properties": {"name": {"type": "string", "maxLength": 9}, "ok": {"type": "boolean"}},
                        "required": ["ok", "name"]})"),
            std::string("root ::= value\n") + kChar + R"(text ::= "\"" char{0,9} "\""
boolean ::= "true" | "false"
value ::= "{\"name\":" " "? text "," " "? "\"ok\":" " "? boolean "}"
)");
}

TEST(SchemaGrammar, LeavesOutAnyOptionalMembers) {
  EXPECT_EQ(gbnf_of(R"({"properties": {"a": {"const": 1}, "b": {"const": 2}, "c": {"const": 3}}, "required": ["b"]})"),
            R"(root ::= value
rest ::= "," " "? "\"c\":" " "? "3" | ""
rest-2 ::= "\"a\":" " "? "1," " "? "\"b\":" " "? "2" rest | "\"b\":" " "? "2" rest
value ::= "{" rest-2 "}"
)");
}

TEST(SchemaGrammar, WritesWithoutSpaces) {
  EXPECT_EQ(
      grammar_of(R"({"properties": {"a": {"const": 1}, "b": {"const": [1, 2]}}, "required": ["a", "b"]})", {.spaces = false})
          .gbnf,
      R"(root ::= value
value ::= "{\"a\":1,\"b\":[1,2]}"
)");
}

TEST(SchemaGrammar, WritesEnumsAsTrees) {
  EXPECT_EQ(gbnf_of(R"({"enum": ["red", "rose", "blue", 7, null, "\"\\\u00e9\n"]})"), R"(root ::= value-3
value ::= "\\\"\\\\\xE9\\n\"" | "blue\"" | "r" value-2
value-2 ::= "ed\"" | "ose\""
value-3 ::= "\"" value | "7" | "null"
)");
}

TEST(SchemaGrammar, BoundsArrays) {
  EXPECT_EQ(gbnf_of(R"({"type": "array", "items": {"type": "boolean"}, "minItems": 2, "maxItems": 4})"), R"(root ::= value
boolean ::= "true" | "false"
more-items ::= "," " "? boolean
value ::= "[" boolean more-items{1,3} "]"
)");
}

TEST(SchemaGrammar, WritesTuples) {
  EXPECT_EQ(
      gbnf_of(
          R"({"type": "array", "items": [{"const": 1}, {"const": 2}], "additionalItems": {"const": 3}, "minItems": 1, "maxItems": 4})"),
      R"(root ::= tuple
more-items ::= "," " "? "3"
rest ::= "," " "? "2" more-items{0,2}
tuple ::= "[1" rest? "]"
)");
}

TEST(SchemaGrammar, WritesNumbers) {
  EXPECT_EQ(gbnf_of(R"({"type": ["integer", "null"]})"), R"(root ::= value
integer ::= "0" | "-"? [1-9] [0-9]{0,14}
value ::= integer | "null"
)");
  EXPECT_EQ(gbnf_of(R"({"type": "number"})"), R"(root ::= number
whole ::= "0" | [1-9] [0-9]{0,8}
fraction ::= "." [0-9]{1,6}
number ::= "-"? whole fraction?
)");
}

TEST(SchemaGrammar, KeepsNumbersBetweenTheirBounds) {
  EXPECT_EQ(gbnf_of(R"({"type": "integer", "minimum": 8, "maximum": 25})"), R"(root ::= value
value ::= "1" [0-9] | "2" [0-5] | [89]
)");
  EXPECT_EQ(gbnf_of(R"({"type": "number", "minimum": 0, "maximum": 1, "multipleOf": 0.5})"), R"(root ::= value-3
value ::= "." [05] | ""
value-2 ::= ".0" | ""
value-3 ::= "0" value | "1" value-2
)");
}

TEST(SchemaGrammar, TranslatesPatterns) {
  EXPECT_EQ(gbnf_of(R"({"type": "string", "pattern": "^[A-Z]{2}-\\d+$", "maxLength": 5})"),
            R"(root ::= "\"" [A-Z] [A-Z] "-" [0-9] value "\""
value ::= [0-9] | ""
)");
  EXPECT_EQ(gbnf_of(R"({"type": "string", "pattern": "^ab"})"),
            std::string("root ::= \"\\\"ab\" char{0,1000} \"\\\"\"\n") + kChar);
}

TEST(SchemaGrammar, WritesMaps) {
  EXPECT_EQ(gbnf_of(R"({"additionalProperties": {"type": "integer", "minimum": 0, "maximum": 9}, "maxProperties": 2})"),
            std::string("root ::= value\n") + kChar + R"(key ::= "\"" char{1,100} "\""
more ::= "," " "? key ":" " "? [0-9]
members ::= key ":" " "? [0-9] more?
value ::= "{" members? "}"
)");
}

TEST(SchemaGrammar, EndsRecursion) {
  EXPECT_EQ(grammar_of(R"({"type": "object", "properties": {"n": {"const": 1}, "next": {"$ref": "#"}}, "required": ["n"]})",
                       {.max_recursion = 2})
                .gbnf,
            R"(root ::= value
next ::= "{\"n\":" " "? "1}"
rest ::= "," " "? "\"next\":" " "? next | ""
next-2 ::= "{\"n\":" " "? "1" rest "}"
rest-2 ::= "," " "? "\"next\":" " "? next-2 | ""
value ::= "{\"n\":" " "? "1" rest-2 "}"
)");
}

TEST(SchemaGrammar, SaysWhatItDoesNotGuarantee) {
  EXPECT_THAT(
      grammar_of(R"({"type": "object", "properties": {"tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": true},
                                                              "n": {"type": "integer", "not": {"const": 0}}}})")
          .checked,
      ElementsAre("/properties/tags/uniqueItems", "/properties/n/not"));
  EXPECT_THAT(grammar_of(R"({"type": "array", "uniqueItems": false})").checked, IsEmpty());
}

struct Refused {
  const char* schema;
  const char* pointer;
  const char* reason;
};

TEST(SchemaGrammar, RefusesWhatItCannotExpress) {
  constexpr Refused kRefused[] = {
      {R"({"items": {"properties": {"a": {"type": "string", "format": "color"}}}})", "/items/properties/a", "format \"color\""},
      {R"({"items": {"type": "string", "pattern": "\\bword"}})", "/items", "\\b"},
      {R"({"items": {"type": "string", "pattern": "a^b"}})", "/items", "anchor"},
      {R"({"items": {"type": "string", "pattern": "\\p{L}"}})", "/items", "\\p"},
      {R"({"type": "object", "properties": {"self": {"$ref": "#"}}, "required": ["self"]})", "", "no value"},
      {R"({"allOf": [{"type": "string"}, {"type": "integer"}]})", "", "no value"},
      {R"({"type": "integer", "minimum": 5, "maximum": 4})", "", "no value"},
      {"false", "", "no value"},
      {R"({"items": {"prefixItems": [{}]}})", "/items/prefixItems", "later draft"},
      {R"({"dependentRequired": {"a": ["b"]}})", "/dependentRequired", "later draft"},
      {R"({"type": "string", "minLength": 5000})", "", "5000"},
      {R"({"type": "array", "minItems": 5000})", "", "5000"},
      {R"({"type": "number", "multipleOf": 1234.5678})", "", "multipleOf"},
      {R"({"$id": "http://a/b", "items": {"$ref": "http://a/b#/definitions/c"}, "definitions": {"c": {}}})", "/items",
       "http://a/b#"},
  };
  for (const Refused& refused : kRefused) {
    const Error error = error_of([&] { grammar_of(refused.schema); });

    ASSERT_EQ(error.status(), Status::kInvalidArgument) << refused.schema;
    EXPECT_THAT(error.message(), HasSubstr(refused.reason)) << refused.schema;
    EXPECT_EQ(error.details(), Json({{"pointer", refused.pointer}})) << refused.schema << error.message();
  }
}

TEST(SchemaGrammar, RefusesWhatIsNoSchema) {
  EXPECT_THAT(error_of([] { grammar_of(R"({"properties": {"a": {"type": "text"}}})"); }).message(),
              HasSubstr("/properties/a/type"));
}

// Schemas from strangers. Each is a way to exponential time or memory, here or in llama.cpp.

Json deep_arrays(int depth) {
  Json schema = {{"type", "string"}};
  for (int i = 0; i < depth; ++i) schema = Json{{"type", "array"}, {"items", schema}};
  return schema;
}

/// Definitions d0 to d<count>, of which each refers to the one before, made by `make` of its number and the reference.
template <class Make>
Json ladder(int count, const Make& make) {
  JsonObject definitions{{"d0", Json{{"type", "boolean"}}}};
  for (int i = 1; i <= count; ++i) {
    const Json reference = {{"$ref", "#/definitions/d" + std::to_string(i - 1)}};
    definitions["d" + std::to_string(i)] = make(i, reference);
  }
  return {{"definitions", definitions}, {"$ref", "#/definitions/d" + std::to_string(count)}};
}

Json many_values(int count) {
  JsonArray values;
  for (int i = 0; i < count; ++i) values.push_back(Json("value-" + std::to_string(i * 7919)));
  return {{"enum", values}};
}

Json pair_of(const Json& reference) {
  return {{"type", "object"}, {"properties", Json{{"a", reference}, {"b", reference}}}, {"required", JsonArray{"a", "b"}}};
}

TEST(SchemaGrammar, RefusesHostileSchemasSoon) {
  const Json choices = [] {
    JsonArray all;
    for (int i = 0; i < 8; ++i) {
      JsonArray branches;
      for (int k = 0; k < 10; ++k) {
        branches.push_back(Json{{"required", JsonArray{Json("m" + std::to_string(i) + "-" + std::to_string(k))}}});
      }
      all.push_back(Json{{"anyOf", branches}});
    }
    return Json{{"type", "object"}, {"allOf", all}};
  }();
  const Json schemas[] = {
      many_values(100'000),
      deep_arrays(200),
      choices,
      ladder(40, [](int, const Json& reference) { return pair_of(reference); }),
      ladder(40, [](int, const Json& reference) { return Json{{"allOf", JsonArray{reference, reference}}}; }),
      parse_json(R"({"type": "string", "pattern": "(a|b)*a(a|b){20}$"})"),
      parse_json(R"({"type": "string", "pattern": "^((a{30}){30}){30}$"})"),
  };
  for (const Json& schema : schemas) {
    EXPECT_EQ(error_of([&] { schema_grammar(schema); }).status(), Status::kInvalidArgument) << to_text(schema).substr(0, 200);
  }
}

TEST(SchemaGrammar, IsSmallForSchemasThatRepeatThemselves) {
  const Json squares = ladder(15, [](int, const Json& reference) { return pair_of(reference); });
  const Json unions = ladder(15, [](int i, const Json& reference) {
    return Json{
        {"anyOf", JsonArray{reference, Json{{"type", "object"}, {"properties", Json{{"k" + std::to_string(i), reference}}}}}}};
  });

  EXPECT_LT(schema_grammar(squares).gbnf.size(), 4000U);
  EXPECT_LT(schema_grammar(unions).gbnf.size(), 8000U);
  EXPECT_LT(schema_grammar(many_values(1000)).gbnf.size(), 40'000U);
}

}  // namespace
}  // namespace genkit::llama
