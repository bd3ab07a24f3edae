#ifndef GENKIT_SRC_SCHEMA_DRAFT7_URI_H_
#define GENKIT_SRC_SCHEMA_DRAFT7_URI_H_

#include <optional>
#include <string>
#include <string_view>

namespace genkit::internal {

/// Resolves `reference` against `base` (RFC 3986, section 5.2), dot segments removed; an empty base leaves it as it is.
std::string resolve_uri(std::string_view base, std::string_view reference);

/// Decodes %xx; nothing when an escape is malformed.
std::optional<std::string> decode_percent(std::string_view text);

// Syntax checks by RFC 3986, RFC 3987 (any character beyond ASCII is let through), and RFC 2673 and 4291 for addresses.
bool is_uri(std::string_view text);
bool is_uri_reference(std::string_view text);
bool is_iri(std::string_view text);
bool is_iri_reference(std::string_view text);
bool is_ipv4(std::string_view text);
bool is_ipv6(std::string_view text);

}  // namespace genkit::internal

#endif  // GENKIT_SRC_SCHEMA_DRAFT7_URI_H_
