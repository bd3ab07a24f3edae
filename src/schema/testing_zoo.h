#ifndef GENKIT_SRC_SCHEMA_TESTING_ZOO_H_
#define GENKIT_SRC_SCHEMA_TESTING_ZOO_H_

#include <array>
#include <chrono>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include <genkit/schema/schema.h>

/// Types of all kinds for the tests of reflection.
namespace zoo {

struct JokeRequest {
  std::string subject;
  int max_words = 50;
};
constexpr auto describe(genkit::Type<JokeRequest>) {
  return genkit::fields(genkit::field<&JokeRequest::subject>("What the joke is about"),
                        genkit::field<&JokeRequest::max_words>("Upper bound on length").minimum(1));
}

enum class Color { kRed, kGreen, kBlue = 7 };
enum class Level : signed char { kLow = -3, kHigh = 5 };
constexpr auto describe(genkit::Type<Level>) {
  return genkit::enum_values(genkit::value<Level::kLow>("low"), genkit::value<Level::kHigh>("high")).description("How much");
}

struct Ingredient {
  std::string name;
  double quantity = 0;
};
struct Recipe {
  std::string title;
  std::vector<Ingredient> ingredients;
};

struct Numbers {
  std::int8_t i8;
  std::uint8_t u8;
  std::int16_t i16;
  std::uint16_t u16;
  std::int32_t i32;
  std::uint32_t u32;
  std::int64_t i64;
  std::uint64_t u64;
  float f;
  double d;
};

struct Tree {
  std::string name;
  std::vector<Tree> children;
  std::unique_ptr<Tree> twin;
};

struct Circle {
  std::string kind = "circle";
  double radius = 0;
};
constexpr auto describe(genkit::Type<Circle>) {
  return genkit::fields(genkit::field<&Circle::kind>().constant("circle"), genkit::field<&Circle::radius>().exclusive_minimum(0));
}
struct Square {
  std::string kind = "square";
  double side = 0;
};
constexpr auto describe(genkit::Type<Square>) {
  return genkit::fields(genkit::field<&Square::kind>().constant("square"));
}
using Figure = std::variant<Circle, Square>;

/// A tagged union that contains itself.
struct All;
struct Any;
struct Term {
  std::string word;
};
struct Query {
  std::variant<Term, std::unique_ptr<All>, std::unique_ptr<Any>> is;
};
struct All {
  std::string op = "all";
  std::vector<Query> of;
};
constexpr auto describe(genkit::Type<All>) {
  return genkit::fields(genkit::field<&All::op>().constant("all"));
}
struct Any {
  std::string op = "any";
  std::vector<Query> of;
};
constexpr auto describe(genkit::Type<Any>) {
  return genkit::fields(genkit::field<&Any::op>().constant("any"));
}

/// Alternatives that only what is missing tells apart.
struct Left;
struct Right;
struct Side {
  std::variant<std::unique_ptr<Left>, std::unique_ptr<Right>> is;
};
struct Left {
  std::vector<Side> of;
  int left;
};
struct Right {
  std::vector<Side> of;
  int right;
};

struct Containers {
  std::vector<int> vector;
  std::vector<bool> bits;
  std::array<int, 2> array;
  int c_array[2];
  std::list<std::string> list;
  std::set<int> set;
  std::map<std::string, double> map;
  std::unordered_map<std::string, Ingredient> unordered_map;
  std::pair<int, std::string> pair;
  std::tuple<bool, double, Color> tuple;
  std::variant<int, std::string, Ingredient> variant;
};

struct Absent {
  std::optional<int> number;
  std::unique_ptr<std::string> unique;
  std::shared_ptr<Ingredient> shared;
  std::optional<genkit::Json> json;
};

/// A wire struct: camelCase keys, unknown members carried along.
struct ToolCall {
  std::string tool_name;
  std::optional<std::string> call_ref;
  genkit::ExtraMembers extra;
};
constexpr auto describe(genkit::Type<ToolCall>) {
  return genkit::fields().camel_case_keys();
}

class Account {
 public:
  Account() = default;
  Account(std::string owner, int balance) : owner_(std::move(owner)), balance_(balance) {}

  const std::string& owner() const { return owner_; }
  int balance() const { return balance_; }
  int reads() const { return reads_; }

 private:
  std::string owner_;
  int balance_ = 10;
  int reads_ = 0;  // not part of the JSON

  GENKIT_DESCRIBE(Account, owner_, balance_);
  friend constexpr auto describe(genkit::Type<Account>) {
    return genkit::fields(genkit::field<&Account::owner_>("Who has it").min_length(1)).description("Money");
  }
};

struct Times {
  std::chrono::seconds seconds;
  std::chrono::duration<double> real;
  std::chrono::system_clock::time_point at;
  std::chrono::sys_days day;
  std::chrono::year_month_day date;
};

/// Every kind of limit, and everything else that a description can say.
struct Limits {
  int whole = 5;
  std::optional<double> real;
  std::string text;
  std::vector<int> items;
  std::string mail;
  bool flag = false;
  Color color = Color::kGreen;
  int step = 10;
  std::vector<std::string> tags;
  std::optional<int> null_or_number;
};
constexpr auto describe(genkit::Type<Limits>) {
  using genkit::field;
  return genkit::fields(field<&Limits::whole>().minimum(1).maximum(9),
                        field<&Limits::real>("A share").exclusive_minimum(0).exclusive_maximum(1.5),
                        field<&Limits::text>().min_length(2).max_length(4).pattern("^[a-zé]+$"),
                        field<&Limits::items>().min_items(1).max_items(3).unique_items(),
                        field<&Limits::mail>().key("e-mail").format("email").examples("a@b.c", "d@e.f").optional(),
                        field<&Limits::flag>().default_value(true), field<&Limits::color>().required(),
                        field<&Limits::step>().multiple_of(5), field<&Limits::tags>().omit_empty(),
                        field<&Limits::null_or_number>().required())
      .title("All limits")
      .description("For tests")
      .allow_unknown();
}

}  // namespace zoo

#endif  // GENKIT_SRC_SCHEMA_TESTING_ZOO_H_
