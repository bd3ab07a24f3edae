#ifndef GENKIT_SRC_SCHEMA_PRINTED_NAMES_H_
#define GENKIT_SRC_SCHEMA_PRINTED_NAMES_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace genkit::internal {

/// "Tree" from what print_type<app::Tree>() prints; arguments of templates stay, as "Page_int".
std::string printed_type_name(std::string_view printed);

/// The names of the members from what print_pointers<...>() prints for `count` of them.
std::vector<std::string> printed_member_names(std::string_view printed, std::size_t count);

/// The names of the enumerators from what print_values<...>() prints; "" for values that have none.
std::vector<std::string> printed_value_names(std::string_view printed);

/// "first_, second_" as "first", "second".
std::vector<std::string> listed_member_names(std::string_view listed);

/// "max_words" as "maxWords".
std::string camel_case(std::string_view name);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_SCHEMA_PRINTED_NAMES_H_
