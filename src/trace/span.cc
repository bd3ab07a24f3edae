#include <algorithm>
#include <cstddef>
#include <utility>

#include <genkit/trace/span.h>
#include <genkit/trace/tracer.h>

#include "runtime/context_node.h"
#include "trace/failure.h"
#include "trace/span_start.h"

namespace genkit {
namespace {

// What a span remembers of failures below it; of more, the oldest are forgotten.
constexpr std::size_t kMaxKnownFailures = 16;

constexpr std::string_view kGenkitPrefix = "genkit:";
constexpr std::chrono::system_clock::time_point kAfterEpoch{std::chrono::system_clock::duration(1)};

std::string_view path_type(const SpanOptions& options) {
  return options.subtype == "flow" ? "flow" : options.type;
}

/// True when `name` stands for a field, which then has the value, or is not for others to set.
bool set_field(SpanData& data, std::string_view name, AttributeValue& value) {
  if (!name.starts_with(kGenkitPrefix)) return false;
  name.remove_prefix(kGenkitPrefix.size());
  if (name == "name" || name == "path" || name == "state" || name == "isRoot" || name == "isFailureSource") return true;

  std::string* field = nullptr;
  if (name == "input") field = &data.input.emplace();
  if (name == "init") field = &data.init.emplace();
  if (name == "output") field = &data.output.emplace();
  if (name == "key") field = &data.key;
  if (name == "type") field = &data.type;
  if (name == "metadata:subtype") field = &data.subtype;
  if (field == nullptr) return false;
  auto* text = std::get_if<std::string>(&value);
  *field = text != nullptr ? std::move(*text) : std::string();
  return true;
}

void set_attribute_of(SpanData& data, std::string&& name, AttributeValue&& value) {
  if (set_field(data, name, value)) return;
  const auto same_name = [&](const Attribute& attribute) { return attribute.name == name; };
  const auto found = std::find_if(data.attributes.begin(), data.attributes.end(), same_name);
  if (found != data.attributes.end()) {
    found->value = std::move(value);
  } else {
    data.attributes.push_back({std::move(name), std::move(value)});
  }
}

}  // namespace

// Path grammar: one segment "{name,t:type}" per span, where the type of a flow is "flow". Only the segment of the span itself,
// and not that of a root, ends in ",s:subtype".
std::string Span::segment(const internal::SpanStart& start) {
  const SpanOptions& options = start.options;
  std::string_view above;
  std::size_t above_decoration = 0;
  if (start.parent) {
    above = start.parent->path_;
    above_decoration = start.parent->decoration_size_;
  }
  const bool decorated = start.parent && !options.subtype.empty();
  const std::string_view type = options.type.empty() ? std::string_view() : path_type(options);

  std::string path;
  path.reserve(above.size() + options.name.size() + type.size() + options.subtype.size() + 10);
  if (above_decoration == 0) {
    path = above;
  } else {
    path = above.substr(0, above.size() - above_decoration - 1);
    path += '}';
  }
  path += "/{";
  path += options.name;
  if (!type.empty()) path.append(",t:").append(type);
  if (decorated) path.append(",s:").append(options.subtype);
  path += '}';
  return path;
}

Span::Span(internal::SpanStart&& start)
    : tracer_(std::move(start.tracer)),
      context_(start.context),
      path_(segment(start)),
      decoration_size_(start.parent && !start.options.subtype.empty() ? start.options.subtype.size() + 3 : 0),
      parent_(std::move(start.parent)) {
  const SpanOptions& options = start.options;
  data_.context = context_;
  data_.parent_span_id = start.parent_span_id;
  data_.name = options.name;
  data_.start_time = start.time;
  data_.type = options.type;
  data_.subtype = options.subtype;
  data_.key = options.key;
  data_.is_root = parent_ == nullptr;
  if (options.labels != nullptr) {
    for (Attribute label : *options.labels) set_attribute_of(data_, std::move(label.name), std::move(label.value));
  }
}

Span::~Span() {
  end();
}

std::shared_ptr<Span> Span::current() {
  const internal::ContextNode* node = internal::current_context_node();
  return node != nullptr ? std::static_pointer_cast<Span>(node->span) : nullptr;
}

void Span::set_input(std::string json_text) {
  const std::lock_guard lock(mutex_);
  if (!ended_) data_.input = std::move(json_text);
}

void Span::set_init(std::string json_text) {
  const std::lock_guard lock(mutex_);
  if (!ended_) data_.init = std::move(json_text);
}

void Span::set_output(std::string json_text) {
  const std::lock_guard lock(mutex_);
  if (!ended_) data_.output = std::move(json_text);
}

void Span::set_attribute(std::string name, AttributeValue value) {
  const std::lock_guard lock(mutex_);
  if (!ended_) set_attribute_of(data_, std::move(name), std::move(value));
}

void Span::add_event(std::string name, std::vector<Attribute> attributes) {
  const auto time = tracer_->clock().now();
  const std::lock_guard lock(mutex_);
  if (!ended_) data_.events.push_back({time, std::move(name), std::move(attributes)});
}

void Span::add_link(SpanLink link) {
  const std::lock_guard lock(mutex_);
  if (!ended_) data_.links.push_back(std::move(link));
}

void Span::record_error(std::exception_ptr error) {
  const auto failure = std::make_shared<const internal::Failure>(internal::describe_failure(error));
  const internal::Failure::Link& first = failure->chain.front();
  const auto time = tracer_->clock().now();
  std::shared_ptr<Span> above;
  {
    const std::lock_guard lock(mutex_);
    if (ended_ || (failure_ && internal::same_failure(*failure, *failure_))) return;
    if (!knows(*failure)) data_.is_failure_source = true;
    failure_ = failure;
    data_.failed = true;
    data_.status_message = first.text;
    data_.events.push_back(
        {time,
         "exception",
         {{"exception.type", first.type}, {"exception.message", first.text}, {"exception.stacktrace", failure->trace_text()}}});
    above = parent_;
  }
  // Up to the root, not only to the parent: a span between may let the exception pass without recording it.
  while (above) above = above->learn(failure);
}

bool Span::knows(const internal::Failure& failure) const {
  return std::any_of(failures_below_.begin(), failures_below_.end(),
                     [&](const auto& known) { return same_failure(failure, *known); });
}

std::shared_ptr<Span> Span::learn(const std::shared_ptr<const internal::Failure>& failure) {
  const std::lock_guard lock(mutex_);
  if (ended_) return nullptr;
  if (!knows(*failure)) {
    if (failures_below_.size() == kMaxKnownFailures) failures_below_.erase(failures_below_.begin());
    failures_below_.push_back(failure);
  }
  return parent_;
}

void Span::announce() {
  if (!context_.sampled || !tracer_->wants_start()) return;
  const std::lock_guard lock(mutex_);
  if (ended_ || announced_) return;
  announced_ = true;
  data_.path = path_;
  tracer_->deliver_start(data_);
}

bool Span::is_exported() const noexcept {
  return context_.sampled && tracer_->has_exporters();
}

void Span::end() {
  const bool exported = is_exported();
  std::shared_ptr<SpanData> finished;
  // Released after the lock: the last owner of a parent ends it, and exceptions may run code of their own when they go.
  std::shared_ptr<Span> parent;
  std::shared_ptr<const internal::Failure> failure;
  std::vector<std::shared_ptr<const internal::Failure>> failures_below;
  {
    const std::lock_guard lock(mutex_);
    if (ended_) return;
    ended_ = true;
    // A clock that was set back in between must not make the duration negative, and the epoch means "running".
    data_.end_time = std::max({tracer_->clock().now(), data_.start_time, kAfterEpoch});
    parent = std::move(parent_);
    failure = std::move(failure_);
    failures_below.swap(failures_below_);
    if (exported) finished = std::make_shared<SpanData>(std::move(data_));
  }
  if (!finished) return;
  finished->path = path_;
  tracer_->deliver_end(std::move(finished));
}

}  // namespace genkit
