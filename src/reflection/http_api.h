#ifndef GENKIT_SRC_REFLECTION_HTTP_API_H_
#define GENKIT_SRC_REFLECTION_HTTP_API_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "http/http_server.h"
#include "reflection/reflection_core.h"

namespace genkit::internal {

/// True for a Host field that a client on this machine sends to a server on `port`. A web page that points a name of its own at
/// 127.0.0.1 (DNS rebinding) sends that name.
bool is_local_host(std::string_view host, std::uint16_t port);
/// True for the origin of a page that was loaded from this machine.
bool is_local_origin(std::string_view origin);

/// Version 1 of the reflection API: HTTP, asked by the tools.
class HttpApi {
 public:
  struct Options {
    std::uint16_t port = 0;
    std::vector<std::string> ids;  ///< of this runtime: what a health check may ask for
    std::function<void()> on_quit;
  };

  HttpApi(ReflectionCore& core, Options options) : core_(core), options_(std::move(options)) {}

  void handle(HttpExchange& exchange);

 private:
  void health(HttpExchange& exchange);
  void values(HttpExchange& exchange);
  void get(HttpExchange& exchange);
  void post(HttpExchange& exchange);
  void run_action(HttpExchange& exchange, const Json& body);
  void cancel_action(HttpExchange& exchange, const Json& body);

  ReflectionCore& core_;
  const Options options_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_REFLECTION_HTTP_API_H_
