#ifndef GENKIT_SRC_HTTP_REQUEST_PARSER_H_
#define GENKIT_SRC_HTTP_REQUEST_PARSER_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "http/http_message.h"

namespace genkit::internal {

/// Takes the bytes of one request, split in any way.
class RequestParser {
 public:
  RequestParser(std::size_t max_header_bytes, std::size_t max_body_bytes);
  ~RequestParser();

  /// Parses the beginning of `bytes` and returns how much of it was used; the rest is to be given again, with what follows it.
  std::size_t feed(std::string_view bytes);

  bool has_head() const noexcept;
  bool done() const noexcept;
  /// The client waits for "100 Continue" before it sends the body.
  bool expects_continue() const;
  /// The HTTP status that says what is wrong with the request; 0 while nothing is.
  int error_status() const noexcept { return error_status_; }
  const std::string& error_text() const noexcept { return error_text_; }

  /// The request, once `done`.
  HttpRequest take();

 private:
  void fail(int status, std::string text);
  void check_head();

  struct Impl;
  std::unique_ptr<Impl> impl_;
  int error_status_ = 0;
  std::string error_text_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_HTTP_REQUEST_PARSER_H_
