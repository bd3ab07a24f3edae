#include <genkit/ai/generate.h>

#include "ai/tool_test_support.h"

namespace genkit {
namespace {

using testing::HasSubstr;

struct Payment {
  int amount = 0;
};
struct Receipt {
  std::string text;
};
constexpr auto describe(Type<Receipt>) {
  return fields(field<&Receipt::text>().max_length(20));
}

/// A tool that asks before it spends much.
auto make_pay() {
  return tool({.name = "pay", .description = "Pays a bill"}, [](const Payment& payment, ToolContext& tool) -> Receipt {
    if (payment.amount > 100 && !tool.resumed()) tool.interrupt({{"reason", "large amount"}});
    return {"paid " + std::to_string(payment.amount)};
  });
}

ScriptedTurn pay_request(int amount) {
  return ScriptedTurn().tool_request("pay", {{"amount", amount}}, "p1");
}

std::string outputs_of(const Response& response) {
  std::string outputs;
  for (const Message& message : response.messages()) {
    for (const Part& part : message.content) {
      if (part.tool_response) outputs += to_text(*part.tool_response->output);
    }
  }
  return outputs;
}

TEST(InterruptTest, EndsTheCallWithWhatTheUserShallDecide) {
  ScriptedRegistry fixture({pay_request(500)});

  const Response response = fixture.generate({.prompt = "Pay the rent", .tools = {make_pay()}});

  EXPECT_EQ(response.finish_reason(), FinishReason::kInterrupted);
  EXPECT_EQ(response.finish_message(), "One or more tool calls resulted in interrupts.");
  ASSERT_EQ(response.interrupts().size(), 1u);
  EXPECT_EQ(to_text(*response.interrupts()[0].metadata), R"({"interrupt":{"reason":"large amount"}})");
}

TEST(InterruptTest, HasNoOutputYetAndSaysForWhatItWaits) {
  ScriptedRegistry fixture({pay_request(500), pay_request(500)});
  GenerateOptions options{.prompt = "Pay the rent", .tools = {make_pay()}, .output = {.schema = schema_of<Receipt>()}};
  const Response interrupted = fixture.generate(options);
  options.return_tool_requests = true;
  const Response returned = fixture.generate(options);

  EXPECT_THAT(error_of([&] { interrupted.output(); }), HasStatus(Status::kFailedPrecondition));
  EXPECT_THAT(error_of([&] { interrupted.output(); }), HasMessage(HasSubstr("waits for \"pay\"; answer response.interrupts()")));
  EXPECT_THAT(error_of([&] { returned.output(); }), HasMessage(HasSubstr("waits for \"pay\"; run response.tool_requests()")));
}

TEST(InterruptTest, RestartRunsTheToolAgainWithTheUsersWord) {
  ScriptedRegistry fixture({pay_request(500), "Paid."});
  const auto pay = make_pay();
  const Response asked = fixture.generate({.prompt = "Pay the rent", .tools = {pay}});

  const Response response =
      fixture.generate({.messages = asked.messages(),
                        .tools = {pay},
                        .resume = {.restart = {pay.restart(asked.interrupts()[0], {.metadata = {{"approved", true}}})}}});

  EXPECT_EQ(response.text(), "Paid.");
  EXPECT_EQ(outputs_of(response), R"({"text":"paid 500"})");
}

TEST(InterruptTest, RestartMayReplaceTheInput) {
  ScriptedRegistry fixture({pay_request(500), "Paid."});
  const auto pay = make_pay();
  const Response asked = fixture.generate({.prompt = "Pay the rent", .tools = {pay}});

  const Response response =
      fixture.generate({.messages = asked.messages(),
                        .tools = {pay},
                        .resume = {.restart = {pay.restart(asked.interrupts()[0], {.input = Payment{.amount = 400}})}}});

  EXPECT_EQ(outputs_of(response), R"({"text":"paid 400"})");
}

TEST(InterruptTest, RespondAnswersInTheToolsPlace) {
  ScriptedRegistry fixture({pay_request(500), "Paid."});
  const auto pay = make_pay();
  const Response asked = fixture.generate({.prompt = "Pay the rent", .tools = {pay}});

  const Response response = fixture.generate({.messages = asked.messages(),
                                              .tools = {pay},
                                              .resume = {.respond = {pay.respond(asked.interrupts()[0], {.text = "by hand"})}}});

  EXPECT_EQ(outputs_of(response), R"({"text":"by hand"})");
}

TEST(InterruptTest, RespondRefusesWhatTheToolCouldNotReturn) {
  ScriptedRegistry fixture({pay_request(500)});
  const auto pay = make_pay();
  const auto other = tool({.name = "other", .description = "d"}, [] { return 1; });
  const Part interrupt = fixture.generate({.prompt = "x", .tools = {pay}}).interrupts()[0];

  EXPECT_THAT(error_of([&] { pay.respond(interrupt, {.text = std::string(50, 'x')}); }), HasStatus(Status::kInvalidArgument));
  EXPECT_THAT(error_of([&] { other.respond(interrupt, 1); }),
              HasMessage("tool \"other\": respond was given a request of the tool \"pay\""));
  EXPECT_THAT(error_of([&] { pay.respond(text("hi"), {}); }), HasMessage(HasSubstr("needs a tool request")));
}

TEST(InterruptTest, AToolOfTheUserAlwaysInterruptsAndCannotBeRestarted) {
  ScriptedRegistry fixture({pay_request(7)});
  const auto confirm = interrupt<Payment, bool>({.name = "pay", .description = "Asks"},
                                                [](const Payment& payment) { return Json({{"amount", payment.amount}}); });

  const Response response = fixture.generate({.prompt = "x", .tools = {confirm}});

  ASSERT_EQ(response.interrupts().size(), 1u);
  EXPECT_EQ(to_text(*response.interrupts()[0].metadata), R"({"interrupt":{"amount":7}})");
  EXPECT_EQ(to_text(confirm.action().info().metadata), R"({"type":"tool","tool":{"restartable":false}})");
  EXPECT_THAT(error_of([&] { confirm.restart(response.interrupts()[0]); }), HasStatus(Status::kFailedPrecondition));
}

TEST(InterruptTest, AnErrorThatOnlyLooksLikeAnInterruptIsAnError) {
  ScriptedRegistry fixture({ScriptedTurn().tool_request("bad")});
  const auto bad =
      tool({.name = "bad", .description = "d"}, []() -> int { throw Error(Status::kAborted, "stop", {{"interrupt", true}}); });

  EXPECT_THAT(error_of([&] { fixture.generate({.prompt = "x", .tools = {bad}}); }), HasStatus(Status::kAborted));
}

TEST(InterruptTest, AToolThatCallsAnInterruptingToolInterrupts) {
  ScriptedRegistry fixture({ScriptedTurn().tool_request("outer")});
  const auto pay = Tool<Payment, Receipt>(fixture.registry->add(make_pay().action()));
  const auto outer = tool({.name = "outer", .description = "d"}, [&] { return pay({.amount = 500}); });

  const Response response = fixture.generate({.prompt = "x", .tools = {outer}});

  ASSERT_EQ(response.interrupts().size(), 1u);
  EXPECT_EQ(response.interrupts()[0].tool_request->name, "outer");
}

TEST(InterruptTest, IsSeenInTheTrace) {
  ScriptedRegistry fixture({pay_request(500), "Paid."});
  const auto pay = make_pay();
  const Response asked = fixture.generate({.prompt = "x", .tools = {pay}});
  fixture.generate({.messages = asked.messages(), .tools = {pay}, .resume = {.restart = {pay.restart(asked.interrupts()[0])}}});

  std::vector<Attribute> attributes;
  for (const auto& span : fixture.exporter->take()) {
    if (span->subtype == "tool") attributes.insert(attributes.end(), span->attributes.begin(), span->attributes.end());
  }

  const auto has = [&](std::string_view name, const std::string& value) {
    return std::any_of(attributes.begin(), attributes.end(), [&](const Attribute& attribute) {
      return attribute.name == name && attribute.value == AttributeValue(value);
    });
  };
  EXPECT_TRUE(has("genkit:metadata:interrupt", R"({"reason":"large amount"})"));
  EXPECT_TRUE(has("genkit:metadata:resumed", "true"));
}

TEST(InterruptTest, TheCallersMessagesStayAsTheyAre) {
  ScriptedRegistry fixture({pay_request(500), "Paid."});
  const auto pay = make_pay();
  const Response asked = fixture.generate({.prompt = "x", .tools = {pay}});
  const std::vector<Message> messages = asked.messages();
  const std::string before = to_text(to_json(messages));

  fixture.generate({.messages = messages, .tools = {pay}, .resume = {.restart = {pay.restart(asked.interrupts()[0])}}});

  EXPECT_EQ(to_text(to_json(messages)), before);
}

TEST(InterruptTest, ResumingDoesNotCountAsATurn) {
  ScriptedRegistry fixture({pay_request(500), pay_request(1), "Paid."});
  const auto pay = make_pay();
  const Response asked = fixture.generate({.prompt = "x", .tools = {pay}});

  const Response response = fixture.generate({.messages = asked.messages(),
                                              .tools = {pay},
                                              .max_turns = 1,
                                              .resume = {.restart = {pay.restart(asked.interrupts()[0])}}});

  EXPECT_EQ(response.text(), "Paid.");
}

}  // namespace
}  // namespace genkit
