#include "http/client_reply.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <genkit/base/error.h>

#include "http/http_message.h"

namespace genkit::internal {
namespace {

constexpr std::size_t kMaxHead = 64 * 1024;

[[noreturn]] void refuse(std::string_view what, std::string_view line) {
  throw Error(Status::kDataLoss, "the server's answer is no HTTP: " + std::string(what) + " \"" +
                                     std::string(line.substr(0, 80)) + "\"; check that the URL is that of an HTTP server");
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

std::uint64_t parse_number(std::string_view text, int base, std::string_view line) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) refuse("bad length", line);
  return value;
}

/// True when the comma-separated list has that token, in any case.
bool has_token(std::string_view list, std::string_view token) {
  while (true) {
    const std::size_t comma = list.find(',');
    if (equals_ignoring_case(trim(list.substr(0, comma)), token)) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
}

}  // namespace

void ClientReplyParser::feed(std::string_view bytes, std::vector<ClientReply>& replies) {
  while (!bytes.empty()) {
    if (state_ == State::kBody || state_ == State::kBodyUntilClose || state_ == State::kChunk) {
      bytes.remove_prefix(take_body(bytes));
      if (left_ > 0 || state_ == State::kBodyUntilClose) continue;
      if (state_ == State::kBody) {
        complete(replies);
      } else {
        state_ = State::kChunkEnd;
      }
      continue;
    }
    const std::size_t newline = bytes.find('\n');
    const std::string_view part = bytes.substr(0, newline);
    head_size_ += part.size() + 1;
    if (head_size_ > kMaxHead) refuse("header is too long:", line_.empty() ? part : line_);
    line_ += part;
    if (newline == std::string_view::npos) return;
    bytes.remove_prefix(newline + 1);
    if (line_.ends_with('\r')) line_.pop_back();
    on_line(std::exchange(line_, {}), replies);
  }
}

bool ClientReplyParser::finish(std::vector<ClientReply>& replies) {
  if (state_ == State::kBodyUntilClose) complete(replies);
  return state_ == State::kStatusLine && line_.empty();
}

void ClientReplyParser::on_line(std::string_view line, std::vector<ClientReply>& replies) {
  switch (state_) {
    case State::kStatusLine:
      if (!line.empty()) on_status_line(line);  // some servers send an extra line end after a reply
      break;
    case State::kFields:
      line.empty() ? begin_body(replies) : on_field(line);
      break;
    case State::kChunkSize:
      on_chunk_size(line);
      break;
    case State::kChunkEnd:
      if (!line.empty()) refuse("a chunk is longer than announced:", line);
      state_ = State::kChunkSize;
      break;
    case State::kTrailers:
      if (line.empty()) complete(replies);
      break;
    case State::kBody:
    case State::kBodyUntilClose:
    case State::kChunk:
      break;  // not made of lines
  }
}

void ClientReplyParser::on_status_line(std::string_view line) {
  // "HTTP/1.1 200 OK"
  const bool is_http = line.size() >= 12 && line.starts_with("HTTP/1.") && line[8] == ' ';
  if (!is_http || (line.size() > 12 && line[12] != ' ')) refuse("status line", line);
  reply_ = {};
  reply_.status = static_cast<int>(parse_number(line.substr(9, 3), 10, line));
  reply_.keep_alive = line[7] != '0';
  chunked_ = false;
  has_length_ = false;
  left_ = 0;
  state_ = State::kFields;
}

void ClientReplyParser::on_field(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) refuse("header field", line);
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trim(line.substr(colon + 1));
  if (equals_ignoring_case(name, "content-length")) {
    left_ = parse_number(value, 10, line);
    has_length_ = true;
  } else if (equals_ignoring_case(name, "transfer-encoding")) {
    chunked_ = has_token(value, "chunked");
  } else if (equals_ignoring_case(name, "connection")) {
    if (has_token(value, "close")) reply_.keep_alive = false;
    if (has_token(value, "keep-alive")) reply_.keep_alive = true;
  }
}

void ClientReplyParser::begin_body(std::vector<ClientReply>& replies) {
  head_size_ = 0;
  if (reply_.status >= 100 && reply_.status < 200) {
    state_ = State::kStatusLine;  // the real reply follows
  } else if (reply_.status == 204 || reply_.status == 304) {
    complete(replies);
  } else if (chunked_) {
    state_ = State::kChunkSize;
  } else if (!has_length_) {
    reply_.keep_alive = false;
    left_ = UINT64_MAX;
    state_ = State::kBodyUntilClose;
  } else if (left_ == 0) {
    complete(replies);
  } else {
    state_ = State::kBody;
  }
}

void ClientReplyParser::on_chunk_size(std::string_view line) {
  head_size_ = 0;
  left_ = parse_number(trim(line.substr(0, line.find(';'))), 16, line);
  state_ = left_ == 0 ? State::kTrailers : State::kChunk;
}

std::size_t ClientReplyParser::take_body(std::string_view bytes) {
  const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
  reply_.body += bytes.substr(0, std::min(taken, ClientReply::kMaxBody - reply_.body.size()));
  if (state_ != State::kBodyUntilClose) left_ -= taken;
  return taken;
}

void ClientReplyParser::complete(std::vector<ClientReply>& replies) {
  replies.push_back(std::move(reply_));
  reply_ = {};
  head_size_ = 0;
  state_ = State::kStatusLine;
}

}  // namespace genkit::internal
