#ifndef GENKIT_SRC_HTTP_CLIENT_REPLY_H_
#define GENKIT_SRC_HTTP_CLIENT_REPLY_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace genkit::internal {

/// What a server answered to one request.
struct ClientReply {
  int status = 0;
  bool keep_alive = true;  ///< false: the server closes the connection after this reply
  std::string body;        ///< the first kMaxBody bytes of it

  static constexpr std::size_t kMaxBody = 4096;
};

/// Takes the replies of an HTTP/1.1 server apart (RFC 9112), however the bytes are split. For requests other than HEAD.
class ClientReplyParser {
 public:
  /// Appends the replies that `bytes` completes. Throws `Error` DATA_LOSS when they are no HTTP; the parser is of no use then.
  void feed(std::string_view bytes, std::vector<ClientReply>& replies);
  /// The connection has ended: so has a reply whose length was not announced. True when no other was cut off.
  bool finish(std::vector<ClientReply>& replies);

 private:
  enum class State { kStatusLine, kFields, kBody, kBodyUntilClose, kChunkSize, kChunk, kChunkEnd, kTrailers };

  void on_line(std::string_view line, std::vector<ClientReply>& replies);
  void on_status_line(std::string_view line);
  void on_field(std::string_view line);
  void begin_body(std::vector<ClientReply>& replies);
  void on_chunk_size(std::string_view line);
  std::size_t take_body(std::string_view bytes);
  void complete(std::vector<ClientReply>& replies);

  State state_ = State::kStatusLine;
  ClientReply reply_;
  std::string line_;
  std::size_t head_size_ = 0;
  bool chunked_ = false;
  bool has_length_ = false;
  std::uint64_t left_ = 0;  // of the body or the chunk
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_HTTP_CLIENT_REPLY_H_
