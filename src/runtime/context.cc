#include <genkit/runtime/context.h>

#include <utility>

#include <genkit/runtime/future.h>

#include "runtime/cancel_state.h"
#include "runtime/context_node.h"

namespace genkit {

using internal::CancelEntry;
using internal::CancelState;
using internal::ContextNode;

namespace {

std::shared_ptr<ContextNode> copy_of(const std::shared_ptr<const ContextNode>& node) {
  return node != nullptr ? std::make_shared<ContextNode>(*node) : std::make_shared<ContextNode>();
}

CancelState* cancel_of(const std::shared_ptr<const ContextNode>& node) noexcept {
  return node != nullptr ? node->cancel.get() : nullptr;
}

}  // namespace

Context::Context() noexcept = default;
Context::Context(std::shared_ptr<const ContextNode> node) noexcept : node_(std::move(node)) {}

bool Context::cancelled() const noexcept {
  return cancel_status() != Status::kOk;
}

void Context::check() const {
  if (const CancelState* cancel = cancel_of(node_)) cancel->check();
}

Status Context::cancel_status() const noexcept {
  const CancelState* cancel = cancel_of(node_);
  return cancel != nullptr ? cancel->status() : Status::kOk;
}

std::optional<Context::TimePoint> Context::deadline() const noexcept {
  const CancelState* cancel = cancel_of(node_);
  if (cancel == nullptr || cancel->deadline() == CancelState::kNever) return std::nullopt;
  return cancel->deadline();
}

const Json& Context::user() const noexcept {
  static const Json* const nobody = new Json();
  return node_ != nullptr && node_->user != nullptr ? *node_->user : *nobody;
}

Context Context::with_user(Json user) const {
  auto node = copy_of(node_);
  node->user = std::make_shared<const Json>(std::move(user));
  return Context(std::move(node));
}

Context Context::with_deadline(TimePoint deadline) const {
  auto node = copy_of(node_);
  node->cancel = CancelState::make(node->cancel, deadline);
  return Context(std::move(node));
}

Context Context::with_timeout(std::chrono::nanoseconds timeout) const {
  auto node = copy_of(node_);
  node->cancel = CancelState::make(node->cancel, internal::time_after(timeout), timeout);
  return Context(std::move(node));
}

CancelRegistration Context::on_cancel(std::function<void()> callback) const {
  CancelState* cancel = cancel_of(node_);
  if (cancel == nullptr) return {};
  auto entry = std::make_shared<CancelEntry>();
  entry->cancel = node_->cancel;
  entry->callback = std::move(callback);
  if (cancel->add(*entry)) return CancelRegistration(std::move(entry));
  entry->callback();
  return {};
}

CancelRegistration::CancelRegistration(std::shared_ptr<CancelEntry> entry) noexcept : entry_(std::move(entry)) {}
CancelRegistration::CancelRegistration(CancelRegistration&&) noexcept = default;

CancelRegistration& CancelRegistration::operator=(CancelRegistration&& other) noexcept {
  if (this != &other) {
    if (entry_ != nullptr) entry_->cancel->remove(*entry_);
    entry_ = std::move(other.entry_);
  }
  return *this;
}

CancelRegistration::~CancelRegistration() {
  if (entry_ != nullptr) entry_->cancel->remove(*entry_);
}

CancelSource::CancelSource(const Context& parent) {
  auto node = copy_of(parent.node_);
  node->cancel = CancelState::make(node->cancel);
  context_ = Context(std::move(node));
}

void CancelSource::cancel(Status status, std::string reason) const noexcept {
  context_.node_->cancel->cancel(status != Status::kOk ? status : Status::kCancelled, std::move(reason));
}

ScopedContext::ScopedContext(Context context) noexcept
    : previous_(internal::exchange_current_context(std::move(context.node_))) {}

ScopedContext::~ScopedContext() {
  internal::exchange_current_context(std::move(previous_));
}

}  // namespace genkit
