// A tool that stops to ask before it spends anything: the flow returns what it wants to know, and a second one goes on from
// there.
#include <cstdlib>
#include <iostream>
#include <string>

#include <genkit/genkit.h>
#include <genkit/plugins/llamacpp.h>

struct Payment {
  std::string to;
  int amount = 0;
};
constexpr auto describe(genkit::Type<Payment>) {
  return genkit::fields(genkit::field<&Payment::to>("Who gets the money").max_length(40),
                        genkit::field<&Payment::amount>("How much, in euros").minimum(1).maximum(10000));
}

int main(int argc, char** argv) {
  const char* file = argc > 1 ? argv[1] : std::getenv("GENKIT_MODEL_FILE");
  if (file == nullptr) {
    std::cerr << "usage: interrupts MODEL.gguf (or set GENKIT_MODEL_FILE)\n";
    return 2;
  }
  genkit::Genkit ai({.plugins = {genkit::llamacpp({.models = {{.name = "smollm2", .file = file}}})},
                     .model = "llamacpp/smollm2",
                     .name = "interrupts"});

  auto pay = ai.define_tool({.name = "pay", .description = "Pays an amount of money to somebody"},
                            [](const Payment& payment, genkit::ToolContext& tool) -> std::string {
                              if (!tool.resumed()) tool.interrupt({{"to", payment.to}, {"amount", payment.amount}});
                              return "paid " + std::to_string(payment.amount) + " euros to " + payment.to;
                            });
  const auto ask = [&](genkit::GenerateOptions options) {
    options.tools = {pay};
    options.config = {{"temperature", 0}, {"maxOutputTokens", 100}};
    return ai.generate(std::move(options));
  };

  // What is asked, and what the user says, travels between the two flows as messages.
  auto start = ai.define_flow("pay", [&](const std::string& request) {
    return ask({.system = "You pay bills with the tool.", .prompt = request, .tool_choice = genkit::ToolChoice::kRequired})
        .messages();
  });
  auto resume = ai.define_flow("approve", [&](const std::vector<genkit::Message>& messages) -> std::string {
    std::vector<genkit::Part> restarts;
    for (const genkit::Part& part : messages.back().content) {
      const bool waits = part.metadata && genkit::find_member(*part.metadata, "interrupt") != nullptr;
      if (waits) restarts.push_back(pay.restart(part, {.metadata = {{"approved", true}}}));
    }
    return restarts.empty() ? messages.back().text() : ask({.messages = messages, .resume = {.restart = restarts}}).text();
  });

  if (ai.dev_mode()) {
    ai.wait();  // The developer UI and the genkit command line run the flows.
    return 0;
  }
  std::cout << "What shall be paid? (an empty line ends)\n> " << std::flush;
  for (std::string line; std::getline(std::cin, line) && !line.empty(); std::cout << "\n> " << std::flush) {
    const auto messages = start(line);
    for (const genkit::Part& part : messages.back().content) {
      if (part.tool_request) std::cout << "May I? " << genkit::to_text(*part.tool_request->input) << " [y/n] " << std::flush;
    }
    const bool asks = messages.back().text().empty();
    if (asks && (!std::getline(std::cin, line) || line != "y")) continue;
    std::cout << resume(messages) << '\n';
  }
}
