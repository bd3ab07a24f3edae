#ifndef GENKIT_SRC_CORE_CORE_TEST_SUPPORT_H_
#define GENKIT_SRC_CORE_CORE_TEST_SUPPORT_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <genkit/core/flow.h>
#include <genkit/core/registry.h>
#include <genkit/trace/tracer.h>

namespace genkit {

/// A registry whose spans can be looked at.
struct TracedRegistry {
  std::shared_ptr<InMemoryExporter> exporter = std::make_shared<InMemoryExporter>();
  std::shared_ptr<Registry> registry = [this] {
    auto tracer = std::make_shared<Tracer>();
    tracer->add_exporter(exporter);
    return Registry::create({.tracer = tracer, .context = nullptr});
  }();

  template <class F>
  auto define(FlowOptions options, F function) {
    auto defined = flow(std::move(options), std::move(function));
    return decltype(defined)(registry->add(defined.action()));
  }
  template <class F>
  auto define(const char* name, F function) {
    return define(FlowOptions{.name = name}, std::move(function));
  }
};

/// The error that `function` throws.
template <class F>
std::optional<Error> error_of(F&& function) {
  try {
    function();
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

inline auto HasStatus(Status status) {
  return testing::Optional(testing::Property(&Error::status, status));
}

inline auto HasMessage(testing::Matcher<const std::string&> matcher) {
  return testing::Optional(testing::Property(&Error::message, std::move(matcher)));
}

}  // namespace genkit

#endif  // GENKIT_SRC_CORE_CORE_TEST_SUPPORT_H_
