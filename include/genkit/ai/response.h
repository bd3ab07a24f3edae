#ifndef GENKIT_AI_RESPONSE_H_
#define GENKIT_AI_RESPONSE_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <genkit/ai/model_types.h>

namespace genkit {

class Registry;

/// What `generate` answers: the model's response and the request that led to it.
class Response {
 public:
  /// `registry` is where the format of the output is found; null for the formats of the library. `value` is what `output` gives,
  /// when that is known already.
  explicit Response(ModelResponse response, std::shared_ptr<Registry> registry = nullptr,
                    std::shared_ptr<const Json> value = nullptr);

  /// All text of the answer.
  std::string text() const { return response_.text(); }
  /// The model's reasoning, joined; empty when it gave none.
  std::string reasoning() const;
  /// The first media part of the answer.
  std::optional<Media> media() const;
  /// The value of the answer in the form that was asked for; the text when no form was. Throws what `generate` throws for an
  /// answer that is not in that form. The text is parsed at the first call; the value lives as long as any copy of the response.
  const Json& output() const&;
  Json output() const&& { return Json(static_cast<const Response&>(*this).output(), boost::json::storage_ptr()); }
  /// The answer as a message. Throws FAILED_PRECONDITION when there is none.
  const Message& message() const;
  /// The whole conversation, the answer included: `.messages` of the next turn.
  std::vector<Message> messages() const;
  /// The parts in which the model asks for tools: those that a call with `return_tool_requests` leaves to its caller, or that
  /// were interrupted.
  std::vector<Part> tool_requests() const;
  /// The tool requests that were interrupted: answer each by `respond` or `restart` of its tool. Empty when the answer is whole.
  std::vector<Part> interrupts() const;
  FinishReason finish_reason() const noexcept { return response_.finish_reason.value_or(FinishReason::kUnknown); }
  /// Why the model stopped, in its own words; empty when it does not say.
  std::string finish_message() const { return response_.finish_message.value_or(""); }
  GenerationUsage usage() const { return response_.usage.value_or(GenerationUsage()); }
  /// What the model was asked last, the results of tools included. Throws FAILED_PRECONDITION for a response that was made by
  /// hand without one.
  const ModelRequest& request() const;
  /// As it went over the wire.
  const ModelResponse& raw() const noexcept { return response_; }

 private:
  ModelResponse response_;
  std::shared_ptr<Registry> registry_;
  class Output;
  std::shared_ptr<Output> output_;  // shared by the copies
};

/// The response of a call that asks for a T.
template <class T>
class TypedResponse : public Response {
 public:
  explicit TypedResponse(Response response) : Response(std::move(response)) {}

  /// The answer as a T. Throws as `Response::output`, and INVALID_ARGUMENT for JSON that T does not take.
  T output() const { return from_json<T>(static_cast<const Response&>(*this).output()); }
};

namespace internal {

template <>
inline constexpr bool kIsAnswer<Response> = true;
template <class T>
inline constexpr bool kIsAnswer<TypedResponse<T>> = true;

}  // namespace internal

}  // namespace genkit

#endif  // GENKIT_AI_RESPONSE_H_
