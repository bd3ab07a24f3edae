#ifndef GENKIT_SRC_HTTP_HTTP_MESSAGE_H_
#define GENKIT_SRC_HTTP_HTTP_MESSAGE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace genkit::internal {

struct HttpField {
  std::string name;
  std::string value;
};

/// A request as the server hands it to a handler: complete, body included.
struct HttpRequest {
  std::string method;
  std::string path;   ///< percent-decoded, "/api/actions"
  std::string query;  ///< as it came, without '?'
  std::vector<HttpField> fields;
  std::string body;
  bool keep_alive = true;
  bool http_1_0 = false;

  bool is_head() const noexcept { return method == "HEAD"; }
  /// The first field of that name, in any case; nullptr when there is none.
  const std::string* field(std::string_view name) const noexcept;
  /// The decoded value of a query parameter; empty text for one without '='.
  std::optional<std::string> query_value(std::string_view name) const;
};

/// Takes a request target apart ("/a?b", "http://host/a?b", "*") into path and query.
void set_target(HttpRequest& request, std::string_view target);

/// Decodes %XX; `plus_is_space` as in queries. Broken escapes stay as they are.
std::string percent_decode(std::string_view text, bool plus_is_space = false);

bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept;

/// "Not Found" for 404.
std::string_view reason_phrase(int status) noexcept;

}  // namespace genkit::internal

#endif  // GENKIT_SRC_HTTP_HTTP_MESSAGE_H_
