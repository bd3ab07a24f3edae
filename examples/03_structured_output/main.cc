// Answers that are structs: while they arrive, and when they are there.
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include <genkit/genkit.h>
#include <genkit/plugins/llamacpp.h>

struct Ingredient {
  std::string name;
  int grams = 0;
};
constexpr auto describe(genkit::Type<Ingredient>) {
  return genkit::fields(genkit::field<&Ingredient::grams>("For four people").minimum(1).maximum(2000));
}

struct Recipe {
  std::string title;
  std::vector<Ingredient> ingredients;
  std::vector<std::string> steps;
};
constexpr auto describe(genkit::Type<Recipe>) {
  return genkit::fields(genkit::field<&Recipe::ingredients>("What goes into it").min_items(2).max_items(5),
                        genkit::field<&Recipe::steps>("What to do, one short sentence each").min_items(1).max_items(4));
}

enum class Course { starter, main_dish, dessert };

std::string outline(const Recipe& recipe) {
  return recipe.title + ": " + std::to_string(recipe.ingredients.size()) + " ingredients, " +
         std::to_string(recipe.steps.size()) + " steps";
}

int main(int argc, char** argv) {
  const char* file = argc > 1 ? argv[1] : std::getenv("GENKIT_MODEL_FILE");
  if (file == nullptr) {
    std::cerr << "usage: structured_output MODEL.gguf (or set GENKIT_MODEL_FILE)\n";
    return 2;
  }
  genkit::Genkit ai({.plugins = {genkit::llamacpp({.models = {{.name = "smollm2", .file = file}}})},
                     .model = genkit::ModelReference("llamacpp/smollm2", {{"temperature", 0.3}, {"maxOutputTokens", 400}}),
                     .name = "structured_output"});

  auto course_of = ai.define_flow("courseOf", [&ai](const std::string& dish) {
    return ai.generate<Course>("Is " + dish + " a starter, a main dish or a dessert?").output();
  });

  auto recipe = ai.define_flow("recipe", [&ai](const std::string& dish, genkit::FlowContext<std::string>& flow) {
    auto stream = ai.generate_stream<Recipe>({.prompt = "A simple recipe for " + dish + ".", .output = {.instructions = true}});
    std::string shown;
    for (const auto& chunk : stream) {
      const std::string now = outline(chunk.output());
      if (now != shown) flow.send(shown = now);
    }
    return stream.output();
  });

  if (ai.dev_mode()) {
    ai.wait();  // The developer UI and the genkit command line run the flows.
    return 0;
  }
  std::cout << "Which dish? (an empty line ends)\n> " << std::flush;
  for (std::string dish; std::getline(std::cin, dish) && !dish.empty(); std::cout << "\n> " << std::flush) {
    std::cout << "Course: " << genkit::to_text(genkit::to_json(course_of(dish))) << '\n';
    auto stream = recipe.stream(dish);
    for (const std::string& line : stream) std::cout << line << '\n';
    std::cout << genkit::to_text(genkit::to_json(stream.output()), 2) << '\n';
  }
}
