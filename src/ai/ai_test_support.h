#ifndef GENKIT_SRC_AI_AI_TEST_SUPPORT_H_
#define GENKIT_SRC_AI_AI_TEST_SUPPORT_H_

#include "core/core_test_support.h"

#include <genkit/ai/generate.h>

namespace genkit {

/// A registry with a model "echo" that answers with the last message, word by word when it is streamed.
struct EchoRegistry : TracedRegistry {
  ModelRequest last_request = {};
  Action echo = registry->add(model("echo", {.label = "Echo", .supports = {.multiturn = true}},
                                    [this](const ModelRequest& request, ModelContext& context) {
                                      last_request = request;
                                      const std::string text = request.last_text();
                                      for (std::size_t begin = 0; begin < text.size();) {
                                        const std::size_t end = std::min(text.find(' ', begin), text.size() - 1) + 1;
                                        context.send(Chunk::of_text(text.substr(begin, end - begin)));
                                        begin = end;
                                      }
                                      return ModelResponse::of_text(text);
                                    }));

  Response generate(const GenerateOptions& options) { return Response(internal::generate(*registry, options, nullptr)); }
};

}  // namespace genkit

#endif  // GENKIT_SRC_AI_AI_TEST_SUPPORT_H_
