// The draft-07 validator: the schema of the action-call workload, a larger nested one, and compiling.

#include <cstdint>
#include <string>

#include <benchmark/benchmark.h>

#include <genkit/schema/validator.h>

namespace genkit {
namespace {

constexpr std::string_view kInputSchema = R"({
  "type": "object",
  "properties": {
    "id": {"type": "integer"}, "name": {"type": "string"}, "score": {"type": "number"}, "active": {"type": "boolean"},
    "tags": {"type": "array", "items": {"type": "string"}}
  },
  "required": ["id", "name", "score", "active", "tags"],
  "additionalProperties": false
})";

Json make_input() {
  return parse_json(R"({"id": 7, "name": "widget", "score": 3.5, "active": true, "tags": ["alpha", "beta"]})");
}

void validate_small_object(benchmark::State& state) {
  auto validator = SchemaValidator::compile(parse_json(kInputSchema));
  Json input = make_input();
  for (auto _ : state) benchmark::DoNotOptimize(validator->validate(input));
}
BENCHMARK(validate_small_object);

void refuse_small_object(benchmark::State& state) {
  auto validator = SchemaValidator::compile(parse_json(kInputSchema));
  Json input = make_input();
  input.as_object()["score"] = "lots";
  std::vector<ValidationIssue> issues;
  for (auto _ : state) benchmark::DoNotOptimize(validator->validate(input, &issues));
}
BENCHMARK(refuse_small_object);

/// A list of `range` recipes, each with limits, patterns, enums and a nested list behind a $ref.
void validate_list(benchmark::State& state) {
  auto validator = SchemaValidator::compile(parse_json(R"({
    "type": "array",
    "items": {
      "type": "object",
      "properties": {
        "title": {"type": "string", "minLength": 1, "maxLength": 80},
        "course": {"enum": ["starter", "main", "dessert"]},
        "price": {"type": "number", "minimum": 0, "maximum": 1000},
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
        "ingredients": {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/ingredient"}}
      },
      "required": ["title", "ingredients"],
      "additionalProperties": false
    },
    "definitions": {"ingredient": {
      "type": "object",
      "properties": {"name": {"type": "string"}, "quantity": {"anyOf": [{"type": "number"}, {"type": "string"}]}},
      "required": ["name"]
    }}
  })"));
  Json recipe = parse_json(R"({"title": "Pancakes", "course": "dessert", "price": 8.5, "currency": "EUR",
                               "ingredients": [{"name": "flour", "quantity": "200 g"}, {"name": "eggs", "quantity": 3}]})");
  Json recipes = JsonArray(static_cast<std::size_t>(state.range(0)), recipe);
  for (auto _ : state) benchmark::DoNotOptimize(validator->validate(recipes));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * state.range(0));
}
BENCHMARK(validate_list)->Arg(1)->Arg(1000);

void compile_small_schema(benchmark::State& state) {
  auto schema = std::make_shared<const Json>(parse_json(kInputSchema));
  for (auto _ : state) benchmark::DoNotOptimize(SchemaValidator::compile(schema));
}
BENCHMARK(compile_small_schema);

void find_in_cache(benchmark::State& state) {
  SchemaCache cache;
  Json schema = parse_json(kInputSchema);
  cache.get(schema);
  for (auto _ : state) benchmark::DoNotOptimize(cache.get(schema));
}
BENCHMARK(find_in_cache);

}  // namespace
}  // namespace genkit
