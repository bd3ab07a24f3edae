#ifndef GENKIT_CORE_FLOW_H_
#define GENKIT_CORE_FLOW_H_

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <genkit/core/action.h>
#include <genkit/core/typed_action.h>

namespace genkit {

struct FlowOptions {
  std::string name = {};
  std::string description = {};
  /// Shown by tools; an object or null.
  Json metadata = {};
  /// For flows that take or return `Json`: schemas that are only known at run time. They replace those of the C++ types.
  Json input_schema = {};
  Json output_schema = {};
};

/// What a running flow can do besides computing its output.
template <class Chunk = Json>
class FlowContext {
 public:
  using ChunkType = Chunk;

  explicit FlowContext(internal::ActionCall& call) noexcept : call_(call) {}

  /// Sends a chunk to whoever called the flow with `stream`; nobody listening is fine. Waits while the caller is behind and
  /// throws CANCELLED when it is gone.
  void send(const Chunk& chunk) { call_.send(internal::ValueRef::of(chunk)); }
  void send(Chunk&& chunk) { call_.send(internal::ValueRef::expiring_of(chunk)); }
  /// True when somebody listens.
  bool streaming() const noexcept { return call_.streaming(); }
  SpanContext trace() const noexcept { return call_.trace(); }
  Registry& registry() const { return call_.registry(); }

 private:
  internal::ActionCall& call_;
};

/// The context of a flow that takes its input as a stream.
///
///     auto chat = ai.define_bidi_flow("chat", [](genkit::BidiContext<Question, std::string>& chat) -> int {
///       int count = 0;
///       while (auto question = chat.receive()) { chat.send(answer(*question)); ++count; }
///       return count;
///     });
template <class Item, class Chunk = Json, class Init = void>
class BidiContext {
 public:
  using ItemType = Item;
  using ChunkType = Chunk;
  using InitType = Init;

  explicit BidiContext(internal::ActionCall& call) noexcept : call_(call) {}

  /// Waits for the next item; nothing when the caller has closed the stream. Throws INVALID_ARGUMENT for one that does not fit.
  std::optional<Item> receive() {
    auto json = call_.input_stream().next();
    if (!json) return std::nullopt;
    return from_json<Item>(*json);
  }
  void send(const Chunk& chunk) { call_.send(internal::ValueRef::of(chunk)); }
  void send(Chunk&& chunk) { call_.send(internal::ValueRef::expiring_of(chunk)); }
  /// What the caller gave before the first item.
  const std::conditional_t<std::is_void_v<Init>, internal::NoInput, Init>& init() const
    requires(!std::is_void_v<Init>)
  {
    return *static_cast<const Init*>(call_.init().object);
  }
  SpanContext trace() const noexcept { return call_.trace(); }
  Registry& registry() const { return call_.registry(); }

 private:
  internal::ActionCall& call_;
};

template <class In, class Out, class Chunk = void>
using Flow = TypedAction<In, Out, Chunk>;

namespace internal {

template <class T>
struct IsFlowContext : std::false_type {};
template <class Chunk>
struct IsFlowContext<FlowContext<Chunk>> : std::true_type {};

template <class F>
struct FlowShape : ActionSignature<F, IsFlowContext> {
  using Chunk = typename ChunkOf<typename FlowShape::ContextType>::type;
  using Handle = Flow<typename FlowShape::Input, typename FlowShape::Output, Chunk>;
};

ActionDefinition flow_definition(FlowOptions options);

}  // namespace internal

/// Makes a flow without registering it: for plugins, which return their actions.
template <class F>
auto flow(FlowOptions options, F function) {
  using Shape = internal::FlowShape<F>;
  internal::ActionDefinition definition = internal::flow_definition(std::move(options));
  definition.input_type = internal::type_info_or_null<typename Shape::Input>();
  definition.output_type = internal::type_info_or_null<typename Shape::Output>();
  definition.chunk_type = internal::type_info_or_null<typename Shape::Chunk>();
  definition.body = internal::make_body<Shape>(std::move(function));
  return typename Shape::Handle(Action(std::move(definition)));
}

template <std::convertible_to<std::string_view> Name, class F>
auto flow(const Name& name, F function) {
  return flow(FlowOptions{.name = std::string(std::string_view(name))}, std::move(function));
}

/// A running flow with streamed input: feed it, read what it sends, take its output.
template <class Item, class Out, class Chunk>
class BidiSession {
 public:
  BidiSession(Action action, CallOptions options)
      : input_(std::make_shared<InputStream>()), stream_([&] {
          options.input_stream = input_;
          return ActionStream<Out, Chunk>([action = std::move(action), options = std::move(options)](
                                              const internal::ChunkSink& sink) { return action.run({}, options, &sink); },
                                          [input = input_] { input->stop(); });
        }()) {}

  /// Waits while the flow is behind; false when it has stopped listening.
  bool send(const Item& item) { return input_->send(to_json(item)); }
  void close() { input_->close(); }

  /// The chunks as a range, see `ActionStream`.
  auto begin() { return stream_.begin(); }
  auto end() { return stream_.end(); }
  /// Closes the input, waits for the flow to end and returns its output.
  Out output() {
    close();
    return stream_.output();
  }
  void cancel() noexcept { stream_.cancel(); }

 private:
  std::shared_ptr<InputStream> input_;
  ActionStream<Out, Chunk> stream_;
};

/// A flow with streamed input.
template <class Item, class Out, class Chunk, class Init>
class BidiFlow {
 public:
  using InitArgument = std::conditional_t<std::is_void_v<Init>, internal::NoInput, Init>;
  using Session = BidiSession<Item, Out, Chunk>;

  explicit BidiFlow(genkit::Action action) : action_(std::move(action)) {}

  /// Starts it beside the caller.
  Session connect(CallOptions options = {}) const
    requires std::is_void_v<Init>
  {
    return Session(action_, std::move(options));
  }
  Session connect(const InitArgument& init, CallOptions options = {}) const
    requires(!std::is_void_v<Init>)
  {
    options.init = to_json(init);
    return Session(action_, std::move(options));
  }
  const genkit::Action& action() const noexcept { return action_; }

 private:
  genkit::Action action_;
};

namespace internal {

template <class T>
struct IsBidiContext : std::false_type {};
template <class Item, class Chunk, class Init>
struct IsBidiContext<BidiContext<Item, Chunk, Init>> : std::true_type {};

}  // namespace internal

/// Makes a flow with streamed input without registering it.
template <class F>
auto bidi_flow(FlowOptions options, F function) {
  using Shape = internal::ActionSignature<F, internal::IsBidiContext>;
  static_assert(Shape::kContextFirst,
                "genkit: the function of a bidi flow takes one parameter: a BidiContext<Item, Chunk, Init>&");
  using Context = typename Shape::ContextType;
  internal::ActionDefinition definition = internal::flow_definition(std::move(options));
  definition.input_type = &internal::type_info<typename Context::ItemType>();
  definition.output_type = internal::type_info_or_null<typename Shape::Output>();
  definition.chunk_type = &internal::type_info<typename Context::ChunkType>();
  definition.init_type = internal::type_info_or_null<typename Context::InitType>();
  definition.streamed_input = true;
  definition.body = internal::make_body<Shape>(std::move(function));
  return BidiFlow<typename Context::ItemType, typename Shape::Output, typename Context::ChunkType, typename Context::InitType>(
      Action(std::move(definition)));
}

template <std::convertible_to<std::string_view> Name, class F>
auto bidi_flow(const Name& name, F function) {
  return bidi_flow(FlowOptions{.name = std::string(std::string_view(name))}, std::move(function));
}

}  // namespace genkit

#endif  // GENKIT_CORE_FLOW_H_
