#ifndef GENKIT_SRC_AI_AI_TEST_SUPPORT_H_
#define GENKIT_SRC_AI_AI_TEST_SUPPORT_H_

#include <genkit/ai/generate.h>
#include <genkit/testing/scripted_model.h>

#include "core/core_test_support.h"

namespace genkit {

/// A registry with a model "echo" that answers with the last message, word by word when it is streamed.
struct EchoRegistry : TracedRegistry {
  ScriptedModel echo = echo_model({.model = {.label = "Echo", .supports = {.multiturn = true}}});

  EchoRegistry() { registry->add(echo); }
  Response generate(const GenerateOptions& options) { return Response(internal::generate(*registry, options, nullptr)); }
};

}  // namespace genkit

#endif  // GENKIT_SRC_AI_AI_TEST_SUPPORT_H_
