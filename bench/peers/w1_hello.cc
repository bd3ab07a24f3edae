// W1: start, define one flow, call it once, print, exit.
#include <iostream>
#include <string>

#include <genkit/genkit.h>

struct Greeting {
  std::string name;
};

int main() {
  genkit::Genkit ai;
  auto hello = ai.define_flow("hello", [](const Greeting& greeting) { return "Hello, " + greeting.name + "!"; });
  std::cout << "RESULT " << hello({.name = "world"}) << std::endl;
}
