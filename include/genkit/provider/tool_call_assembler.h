#ifndef GENKIT_PROVIDER_TOOL_CALL_ASSEMBLER_H_
#define GENKIT_PROVIDER_TOOL_CALL_ASSEMBLER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <genkit/ai/part.h>
#include <genkit/base/ids.h>

namespace genkit {

/// A piece of a tool call as providers stream them: the `tool_calls` deltas of OpenAI, `content_block_start` and
/// `input_json_delta` of Anthropic, whole calls of others. What a provider does not say stays empty.
struct ToolCallFragment {
  /// Which call of the answer, where the provider counts them.
  std::optional<std::int64_t> index = {};
  std::string_view id = {};
  /// The whole name, once or again and again, or a piece of it.
  std::string_view name = {};
  /// The next piece of the JSON text of the input.
  std::string_view arguments = {};
};

struct ToolCallAssemblerOptions {
  /// The tools of the request. With them a repeated name and that of the next call are told from one that comes in pieces ("get",
  /// "Weather") in all cases; without, a piece that equals the name so far is taken for a repetition, and another name is a piece
  /// only of a call that has an index or an id.
  std::vector<std::string> tools = {};
  enum class BadArguments {
    kFail,      ///< `finish` throws: the answer of the model is useless
    kKeepText,  ///< the text becomes the input, for the tool to refuse or to read
  };
  BadArguments bad_arguments = BadArguments::kFail;
  /// Makes refs for calls without an id; null leaves them without one.
  IdSource* ids = nullptr;
  /// Bytes of arguments of one answer; more are refused.
  std::size_t max_bytes = std::size_t{16} << 20;
  /// Calls of one answer; more are refused.
  std::size_t max_calls = 10'000;
};

/// Puts the tool calls of a streamed answer together. It does not matter how the provider splits them: fragments of several calls
/// may be mixed, as long as index or id say which is meant; without both, a fragment belongs to the call before, unless it names
/// another tool, or the same one again with arguments when those of that call are complete.
///
///     genkit::ToolCallAssembler calls;
///     for (const auto& delta : deltas) calls.add({.index = delta.index, .id = delta.id, .name = …, .arguments = …});
///     for (genkit::Part& part : calls.finish()) message.content.push_back(std::move(part));
///
/// Cost: linear in the bytes and the fragments. Not thread-safe.
class ToolCallAssembler {
 public:
  explicit ToolCallAssembler(ToolCallAssemblerOptions options = {});

  /// Throws RESOURCE_EXHAUSTED when the arguments or a name become too long, or the calls too many.
  void add(const ToolCallFragment& fragment);
  /// The number of calls that have begun.
  std::size_t size() const noexcept { return calls_.size(); }
  bool empty() const noexcept { return calls_.empty(); }

  /// The tool requests in the order in which they began; then the assembler is empty again. A call without arguments has the
  /// input {}. Throws FAILED_PRECONDITION whose `details()` are {"reason", "tool", "ref"?, "text"} for a call without a name
  /// ("unnamed") and for arguments that are no JSON ("unparsable").
  std::vector<Part> finish();

 private:
  /// Tells when a JSON text that arrives in pieces has come to the end of its value.
  struct Extent {
    std::size_t depth = 0;
    bool in_string = false;
    bool escaped = false;
    bool is_complete = false;

    void add(std::string_view piece);
  };
  struct Call {
    std::optional<std::int64_t> index = {};
    std::string id = {};
    std::string name = {};
    std::string arguments = {};
    Extent extent = {};
  };

  std::size_t call_of(const ToolCallFragment& fragment);
  std::size_t begin();
  bool is_another(const Call& call, const ToolCallFragment& fragment) const;
  bool may_go_on(const Call& call, std::string_view name) const;
  void add_name(Call& call, std::string_view name) const;
  bool is_tool(std::string_view name) const;
  bool begins_tool(std::string_view text) const;
  Part part_of(Call& call) const;

  ToolCallAssemblerOptions options_;  // the tools are sorted
  std::vector<Call> calls_;
  std::unordered_map<std::string, std::size_t> by_id_;
  std::unordered_map<std::int64_t, std::size_t> by_index_;  // the latest: some providers begin every call with index 0
  std::size_t last_ = 0;                                    // the call that the last fragment belonged to
  std::size_t bytes_ = 0;
};

}  // namespace genkit

#endif  // GENKIT_PROVIDER_TOOL_CALL_ASSEMBLER_H_
