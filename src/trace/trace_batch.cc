#include "trace/trace_batch.h"

#include <algorithm>
#include <cstddef>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <genkit/trace/tracer.h>

#include "trace/trace_data.h"

namespace genkit::internal {
namespace {

// The server takes 100 MB; the JSON of a span may have twice the size of its texts and more.
constexpr std::size_t kMaxPostText = std::size_t{16} << 20;

// Ids are random: any part of them is a hash.
struct TraceIdHash {
  std::size_t operator()(const TraceId& id) const noexcept { return static_cast<std::size_t>(id.low); }
};
struct SpanKey {
  TraceId trace_id;
  SpanId span_id;
  friend bool operator==(const SpanKey&, const SpanKey&) = default;
};
struct SpanKeyHash {
  std::size_t operator()(const SpanKey& key) const noexcept {
    return static_cast<std::size_t>(key.trace_id.low ^ key.span_id.value);
  }
};

SpanKey key_of(const SpanRecord& record) {
  return {record->context.trace_id, record->context.span_id};
}

void drop_superseded(std::vector<SpanRecord>& records) {
  const auto is_running = [](const SpanRecord& record) { return !record->ended(); };
  if (std::none_of(records.begin(), records.end(), is_running)) return;
  std::unordered_set<SpanKey, SpanKeyHash> ended;
  for (const SpanRecord& record : records) {
    if (record->ended()) ended.insert(key_of(record));
  }
  std::erase_if(records, [&](const SpanRecord& record) { return is_running(record) && ended.contains(key_of(record)); });
}

}  // namespace

std::vector<TracePost> group_by_trace(std::vector<SpanRecord> records) {
  drop_superseded(records);

  struct OpenPost {
    std::size_t index;
    std::size_t text;
  };
  std::vector<TracePost> posts;
  std::unordered_map<TraceId, OpenPost, TraceIdHash> open;
  for (SpanRecord& record : records) {
    const auto [found, is_new] = open.try_emplace(record->context.trace_id, OpenPost{posts.size(), 0});
    OpenPost& post = found->second;
    const std::size_t text = text_size(*record);
    const bool full = post.text > 0 && post.text + text > kMaxPostText;
    if (full) post = {posts.size(), 0};
    if (is_new || full) posts.push_back({.spans = {}, .continued = full});
    post.text += text;
    posts[post.index].spans.push_back(std::move(record));
  }
  return posts;
}

void append_request(std::string& out, const TracePost& post, const HttpEndpoint& endpoint) {
  std::vector<const SpanData*> spans;
  spans.reserve(post.spans.size());
  for (const SpanRecord& record : post.spans) spans.push_back(record.get());
  std::string body;
  append_trace_data(body, spans);

  out.append("POST ").append(endpoint.base_path).append("/api/traces HTTP/1.1\r\nHost: ").append(endpoint.authority);
  out.append("\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: ");
  out.append(std::to_string(body.size())).append("\r\n\r\n").append(body);
}

}  // namespace genkit::internal
