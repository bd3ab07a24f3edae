#include "reflection/http_api.h"

#include <algorithm>
#include <array>

namespace genkit::internal {

namespace {

constexpr std::string_view kText = "text/plain; charset=utf-8";
constexpr std::string_view kJson = "application/json";

constexpr std::array<std::string_view, 3> kLocalNames = {"localhost", "127.0.0.1", "[::1]"};

std::string error_text(const WireError& error) {
  std::string text = "{\"error\":";
  error.append_text(text);
  return text + '}';
}

}  // namespace

bool is_local_host(std::string_view host, std::uint16_t port) {
  const std::string suffix = ":" + std::to_string(port);
  if (!host.ends_with(suffix)) return false;
  host.remove_suffix(suffix.size());
  return std::ranges::any_of(kLocalNames, [&](std::string_view name) { return equals_ignoring_case(host, name); });
}

bool is_local_origin(std::string_view origin) {
  for (std::string_view scheme : {"http://", "https://"}) {
    if (!origin.starts_with(scheme)) continue;
    const std::string_view rest = origin.substr(scheme.size());
    for (std::string_view name : kLocalNames) {
      if (!equals_ignoring_case(rest.substr(0, name.size()), name)) continue;
      const std::string_view port = rest.substr(name.size());
      if (port.empty()) return true;
      if (port.size() > 1 && port[0] == ':' && port.find_first_not_of("0123456789", 1) == port.npos) return true;
    }
  }
  return false;
}

void HttpApi::handle(HttpExchange& exchange) {
  const HttpRequest& request = exchange.request();
  const std::string* host = request.field("Host");
  if (host == nullptr || !is_local_host(*host, options_.port)) {
    return exchange.respond(403, kText, "This server answers only to localhost, 127.0.0.1 and [::1], with its port.");
  }
  const std::string* origin = request.field("Origin");
  if (origin != nullptr && !is_local_origin(*origin)) {
    return exchange.respond(403, kText, "Pages from other machines may not use this server.");
  }
  // Browsers send no origin with what a page embeds, a picture for example, but say that the page is of another site.
  const std::string* site = request.field("Sec-Fetch-Site");
  if (origin == nullptr && site != nullptr && *site == "cross-site") {
    return exchange.respond(403, kText, "Pages from other machines may not embed what is on this server.");
  }
  if (request.method == "GET" || request.is_head()) return get(exchange);
  if (request.method == "POST") return post(exchange);
  exchange.respond(404, kText, "Cannot " + request.method + " " + request.path);
}

void HttpApi::get(HttpExchange& exchange) {
  const std::string& path = exchange.request().path;
  if (path == "/api/__health") return health(exchange);
  if (path == "/api/actions") return exchange.respond(200, kJson, core_.catalog.text());
  if (path == "/api/values") return values(exchange);
  if (path == "/api/envs") return exchange.respond(200, kJson, R"(["dev"])");
  if (path == "/api/__quitquitquit") {
    exchange.respond(200, kText, "OK");
    return options_.on_quit();
  }
  exchange.respond(404, kText, "Cannot GET " + path);
}

void HttpApi::health(HttpExchange& exchange) {
  const auto id = exchange.request().query_value("id");
  if (id && std::ranges::find(options_.ids, *id) == options_.ids.end()) {
    return exchange.respond(503, kText, "Invalid runtime ID");
  }
  exchange.respond(200, kText, "OK");
}

void HttpApi::values(HttpExchange& exchange) {
  const auto type = exchange.request().query_value("type");
  if (!type) return exchange.respond(400, kText, "Query parameter \"type\" is required.");
  try {
    exchange.respond(200, kJson, to_text(core_.values(*type)));
  } catch (const Error& error) {
    exchange.respond(400, kText, error.message());
  }
}

void HttpApi::post(HttpExchange& exchange) {
  const std::string& path = exchange.request().path;
  if (path != "/api/runAction" && path != "/api/cancelAction" && path != "/api/notify") {
    return exchange.respond(404, kText, "Cannot POST " + path);
  }
  Json body;
  try {
    body = parse_json(exchange.request().body);
  } catch (const Error& error) {
    return exchange.respond(200, kJson, error_text(to_wire_error(error)));
  }
  if (path == "/api/runAction") return run_action(exchange, body);
  if (path == "/api/cancelAction") return cancel_action(exchange, body);
  core_.configure(body);
  exchange.respond(200, kText, "OK");
}

void HttpApi::run_action(HttpExchange& exchange, const Json& body) {
  const bool stream = exchange.request().query_value("stream") == "true";
  const std::string_view content_type = stream ? std::string_view("text/plain") : kJson;
  RunRequest request;
  try {
    request = RunRequest::parse(body);
  } catch (const Error& error) {
    return exchange.respond(200, kJson, error_text(to_wire_error(error)));
  }

  RunObserver observer;
  observer.on_trace = [&](const SpanContext& trace) {
    if (exchange.begun()) return;
    exchange.begin(200, content_type, {{"X-Genkit-Trace-Id", trace.trace_id.hex()}, {"X-Genkit-Span-Id", trace.span_id.hex()}});
  };
  std::string line;
  if (stream) {
    observer.on_chunk = [&](ValueRef chunk) {
      line.clear();
      chunk.append_text(line);
      line += '\n';
      if (!exchange.write(line)) throw Error(Status::kCancelled, "the client has gone away");
    };
  }

  const RunOutcome outcome = core_.runner.run(request, observer);
  if (!outcome.found) return exchange.respond(404, kText, "action " + request.key + " not found");
  // No newline behind the last object: the tools would take it for a chunk and wait for another one.
  std::string text = outcome.error ? error_text(*outcome.error) : outcome.success;
  if (exchange.begun()) return exchange.finish(text);
  exchange.respond(200, content_type, std::move(text));
}

void HttpApi::cancel_action(HttpExchange& exchange, const Json& body) {
  const Json* trace_id = find_member(body, "traceId");
  if (trace_id == nullptr || !trace_id->is_string() || trace_id->get_string().empty()) {
    return exchange.respond(400, kJson, R"({"error":"traceId is required"})");
  }
  if (core_.runner.cancel(trace_id->get_string())) return exchange.respond(200, kJson, R"({"message":"Action cancelled"})");
  exchange.respond(404, kJson, R"({"message":"Action not found or already completed"})");
}

}  // namespace genkit::internal
