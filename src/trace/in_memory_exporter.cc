#include <iterator>
#include <utility>

#include <genkit/trace/tracer.h>

namespace genkit {

InMemoryExporter::InMemoryExporter(std::size_t capacity) : capacity_(capacity) {}

void InMemoryExporter::on_end(std::shared_ptr<const SpanData> span) {
  std::shared_ptr<const SpanData> oldest;  // freed after the lock
  const std::lock_guard lock(mutex_);
  if (capacity_ == 0) return;
  if (spans_.size() == capacity_) {
    oldest = std::move(spans_.front());
    spans_.pop_front();
  }
  spans_.push_back(std::move(span));
}

std::vector<std::shared_ptr<const SpanData>> InMemoryExporter::spans() const {
  const std::lock_guard lock(mutex_);
  return {spans_.begin(), spans_.end()};
}

std::vector<std::shared_ptr<const SpanData>> InMemoryExporter::take() {
  std::deque<std::shared_ptr<const SpanData>> taken;
  {
    const std::lock_guard lock(mutex_);
    taken.swap(spans_);
  }
  return {std::make_move_iterator(taken.begin()), std::make_move_iterator(taken.end())};
}

}  // namespace genkit
