#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

#include <genkit/base/error.h>
#include <genkit/runtime/future.h>
#include <genkit/trace/tracer.h>

#include "runtime/context_node.h"
#include "trace/span_start.h"

namespace genkit {
namespace {

void log_failed_exporter(const Logger& logger, const char* consequence) noexcept {
  logger.error(std::string("a span exporter threw, ") + consequence + ": " + to_error(std::current_exception()).what());
}

}  // namespace

struct Tracer::ExporterNode {
  std::shared_ptr<SpanExporter> exporter;
  std::atomic<ExporterNode*> next{nullptr};
};

Tracer::Tracer(TracerOptions options)
    : clock_(options.clock != nullptr ? *options.clock : system_clock()),
      ids_(options.ids != nullptr ? *options.ids : random_ids()),
      logger_(std::move(options.logger)) {}

Tracer::~Tracer() {
  for (ExporterNode* node = first_.load(); node != nullptr;) {
    ExporterNode* next = node->next.load();
    delete node;
    node = next;
  }
}

std::shared_ptr<Span> Tracer::start_span(const SpanOptions& options, const Context& parent) {
  std::shared_ptr<Span> above;
  if (const auto& node = internal::ContextNode::of(parent)) above = std::static_pointer_cast<Span>(node->span);

  SpanContext context;
  SpanId parent_span_id;
  if (const SpanContext* from = above ? &above->context() : options.remote_parent ? &*options.remote_parent : nullptr) {
    context = *from;
    parent_span_id = from->span_id;
  } else {
    context.trace_id = {ids_.next(), ids_.next()};
  }
  context.span_id = {ids_.next()};
  return std::make_shared<Span>(internal::SpanStart{.tracer = shared_from_this(),
                                                    .parent = std::move(above),
                                                    .context = context,
                                                    .parent_span_id = parent_span_id,
                                                    .time = clock_.now(),
                                                    .options = options});
}

Context Tracer::with_span(const Context& parent, std::shared_ptr<Span> span) {
  if (span) span->announce();
  const auto& node = internal::ContextNode::of(parent);
  auto changed = node ? std::make_shared<internal::ContextNode>(*node) : std::make_shared<internal::ContextNode>();
  changed->span = std::move(span);
  return internal::ContextNode::make(std::move(changed));
}

void Tracer::add_exporter(std::shared_ptr<SpanExporter> exporter) {
  if (!exporter) throw Error(Status::kInvalidArgument, "a span exporter is null: pass a shared_ptr to one");
  auto* added = new ExporterNode{.exporter = std::move(exporter)};
  const std::lock_guard lock(add_mutex_);
  std::atomic<ExporterNode*>* end = &first_;
  while (ExporterNode* node = end->load(std::memory_order_relaxed)) end = &node->next;
  end->store(added, std::memory_order_release);
}

bool Tracer::flush(std::chrono::nanoseconds timeout) {
  const auto deadline = internal::time_after(timeout);
  bool all = true;
  for (ExporterNode* node = first_.load(std::memory_order_acquire); node != nullptr; node = node->next.load()) {
    try {
      all = node->exporter->flush(deadline) && all;
    } catch (...) {
      Context::current().check();
      log_failed_exporter(logger_, "what it holds is not flushed");
      all = false;
    }
  }
  return all;
}

bool Tracer::wants_start() const {
  for (ExporterNode* node = first_.load(std::memory_order_acquire); node != nullptr; node = node->next.load()) {
    if (node->exporter->wants_start()) return true;
  }
  return false;
}

void Tracer::deliver_start(const SpanData& span) const noexcept {
  for (ExporterNode* node = first_.load(std::memory_order_acquire); node != nullptr; node = node->next.load()) {
    try {
      if (node->exporter->wants_start()) node->exporter->on_start(span);
    } catch (...) {
      log_failed_exporter(logger_, "the span is lost");
    }
  }
}

void Tracer::deliver_end(std::shared_ptr<const SpanData> span) const noexcept {
  for (ExporterNode* node = first_.load(std::memory_order_acquire); node != nullptr; node = node->next.load()) {
    try {
      node->exporter->on_end(span);
    } catch (...) {
      log_failed_exporter(logger_, "the span is lost");
    }
  }
}

}  // namespace genkit
