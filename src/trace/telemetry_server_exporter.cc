#include <pthread.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <genkit/trace/tracer.h>

#include "http/client_connection.h"
#include "trace/trace_sender.h"

namespace genkit {
namespace {

using internal::HttpEndpoint;
using internal::TraceSender;

constexpr std::chrono::seconds kDrainTime{1};

// Counts the forks between the first process and this one.
std::atomic<std::uint64_t> fork_generation{0};

void count_forks() {
  static const int registered =
      ::pthread_atfork(nullptr, nullptr, [] { fork_generation.fetch_add(1, std::memory_order_relaxed); });
  (void)registered;
}

std::shared_ptr<TraceSender> make_sender(const TelemetryServerOptions& options) {
  return std::make_shared<TraceSender>(
      internal::TraceSenderOptions{.queue_capacity = options.queue_capacity, .logger = options.logger});
}

}  // namespace

struct TelemetryServerExporter::Process {
  const std::uint64_t generation;
  const std::shared_ptr<TraceSender> sender;
  // A pointer of its own, which is whole at any moment: a forked child reads it without the locks, which may be held for ever.
  std::atomic<const HttpEndpoint*> endpoint{nullptr};

  explicit Process(const TelemetryServerOptions& options)
      : generation(fork_generation.load(std::memory_order_relaxed)), sender(make_sender(options)) {}
  ~Process() { delete endpoint.load(); }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void set_endpoint(std::optional<HttpEndpoint> next) {
    const std::unique_ptr<const HttpEndpoint> previous(endpoint.exchange(next ? new HttpEndpoint(*next) : nullptr));
    sender->set_endpoint(std::move(next));
  }
};

TelemetryServerExporter::TelemetryServerExporter(TelemetryServerOptions options)
    : options_((count_forks(), std::move(options))), process_(new Process(options_)) {
  set_url(options_.url);
}

TelemetryServerExporter::~TelemetryServerExporter() {
  Process* process = process_.load();
  // In a forked child that never sent anything: locks, thread and connection are the parent's.
  if (process->generation != fork_generation.load(std::memory_order_relaxed)) return;
  process->sender->shut_down(kDrainTime);
  delete process;
}

internal::TraceSender& TelemetryServerExporter::sender() const {
  Process* process = process_.load(std::memory_order_acquire);
  if (process->generation == fork_generation.load(std::memory_order_relaxed)) [[likely]]
    return *process->sender;

  auto own = std::make_unique<Process>(options_);
  if (const HttpEndpoint* endpoint = process->endpoint.load()) own->set_endpoint(*endpoint);
  // The parent's stays allocated for ever: destroying it would wait for a thread that this process does not have.
  if (process_.compare_exchange_strong(process, own.get())) return *own.release()->sender;
  return *process->sender;
}

void TelemetryServerExporter::set_url(std::string url) {
  std::optional<HttpEndpoint> endpoint = HttpEndpoint::parse(url);
  if (!endpoint && !url.empty()) {
    options_.logger.error("traces are not sent: the URL of the telemetry server is \"" + url +
                          "\", expected \"http://host:port\"");
  }
  sender();
  process_.load()->set_endpoint(std::move(endpoint));
}

bool TelemetryServerExporter::wants_start() const {
  return options_.realtime && sender().is_on();
}

void TelemetryServerExporter::on_start(const SpanData& span) {
  internal::TraceSender& to = sender();
  if (to.is_on() && !to.drops()) to.push(std::make_shared<const SpanData>(span));
}

void TelemetryServerExporter::on_end(std::shared_ptr<const SpanData> span) {
  internal::TraceSender& to = sender();
  if (to.is_on() && !to.drops()) to.push(std::move(span));
}

bool TelemetryServerExporter::flush(std::chrono::steady_clock::time_point deadline) {
  return sender().flush(deadline);
}

std::size_t TelemetryServerExporter::dropped() const noexcept {
  return sender().dropped();
}

}  // namespace genkit
