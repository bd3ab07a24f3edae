#include "schema/printed_names.h"

#include <cassert>
#include <cctype>
#include <cstdint>

// g++:   const char* print_type() [with T = app::Tree]
//        … [with auto ...P = {(& External<app::S>::value.External<app::S>::object.app::S::first), (& …::second)}]
//        … [with E = app::Color; auto ...V = {(app::Color)-1, app::Color::kRed}]
// clang: const char *print_type() [T = app::Tree]
//        … [P = <&value.object.first, &value.object.second>]
//        … [E = app::Color, V = <(app::Color)-1, app::Color::kRed>]
namespace genkit::internal {
namespace {

bool is_name_char(unsigned char c) {
  return std::isalnum(c) != 0 || c == '_' || c == '$' || c >= 0x80;
}

/// The identifier at the end of `text`.
std::string_view last_identifier(std::string_view text) {
  std::size_t begin = text.size();
  while (begin > 0 && is_name_char(static_cast<unsigned char>(text[begin - 1]))) --begin;
  return text.substr(begin);
}

/// Splits at the commas that are outside of all brackets.
std::vector<std::string_view> split_list(std::string_view list) {
  std::vector<std::string_view> items;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    char c = list[i];
    if (c == '(' || c == '<' || c == '{' || c == '[') ++depth;
    if (c == ')' || c == '>' || c == '}' || c == ']') --depth;
    if (c == ',' && depth == 0) {
      items.push_back(list.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  if (begin < list.size()) items.push_back(list.substr(begin));
  for (std::string_view& item : items) {
    while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
    while (!item.empty() && item.back() == ' ') item.remove_suffix(1);
  }
  return items;
}

/// What stands between the outer brackets of the last argument: "{…}]" of g++, "<…>]" of clang.
std::string_view pack_of(std::string_view printed, std::string_view name) {
  for (const char* opening : {" = {", " = <"}) {
    const std::size_t at = printed.find(std::string(name) + opening);
    if (at == std::string_view::npos) continue;
    const std::size_t begin = at + name.size() + 4;
    const std::size_t end = printed.rfind(opening[3] == '{' ? '}' : '>');
    return printed.substr(begin, end - begin);
  }
  assert(false && "this compiler prints parameter packs in a form that is not known");
  return {};
}

}  // namespace

std::string printed_type_name(std::string_view printed) {
  const std::size_t begin = printed.find("T = ");
  if (begin == std::string_view::npos) return "Type";
  std::string_view type = printed.substr(begin + 4);
  type.remove_suffix(1);

  // The last component outside of brackets; g++ may add "; std::string = …".
  int depth = 0;
  std::size_t start = 0;
  for (std::size_t i = 0; i < type.size(); ++i) {
    char c = type[i];
    if (c == ';' && depth == 0) {
      type = type.substr(0, i);
      break;
    }
    if (c == '(' || c == '<' || c == '{') ++depth;
    if (c == ')' || c == '>' || c == '}') --depth;
    if (c == ':' && depth == 0) start = i + 1;
  }
  std::string name;
  for (char c : type.substr(start)) {
    if (is_name_char(static_cast<unsigned char>(c))) {
      name += c;
    } else if (!name.empty() && name.back() != '_') {
      name += '_';
    }
  }
  while (!name.empty() && name.back() == '_') name.pop_back();
  return name.empty() ? "Type" : name;
}

std::vector<std::string> printed_member_names(std::string_view printed, std::size_t count) {
  std::vector<std::string> names;
  if (count == 0) return names;
  for (std::string_view item : split_list(pack_of(printed, "P"))) {
    if (!item.empty() && item.back() == ')') item.remove_suffix(1);
    names.emplace_back(last_identifier(item));
  }
  assert(names.size() == count);
  return names;
}

std::vector<std::string> printed_value_names(std::string_view printed) {
  std::vector<std::string> names;
  for (std::string_view item : split_list(pack_of(printed, "V"))) {
    const std::string_view name = last_identifier(item);
    const std::string_view before = item.substr(0, item.size() - name.size());
    const bool is_name =
        !name.empty() && std::isdigit(static_cast<unsigned char>(name[0])) == 0 && (before.empty() || before.back() == ':');
    names.emplace_back(is_name ? name : std::string_view());
  }
  return names;
}

std::vector<std::string> listed_member_names(std::string_view listed) {
  std::vector<std::string> names;
  for (std::string_view item : split_list(listed)) {
    std::string_view name = last_identifier(item);
    while (name.size() > 1 && name.back() == '_') name.remove_suffix(1);
    names.emplace_back(name);
  }
  return names;
}

std::string camel_case(std::string_view name) {
  std::string result;
  bool upper = false;
  for (char c : name) {
    if (c == '_' && !result.empty()) {
      upper = true;
      continue;
    }
    result += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    upper = false;
  }
  return result;
}

}  // namespace genkit::internal
