#include "trace/failure.h"

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <typeinfo>
#include <utility>

#if __has_include(<cxxabi.h>)
#include <cxxabi.h>
#define GENKIT_HAS_CXXABI 1
#else
#define GENKIT_HAS_CXXABI 0
#endif

#include <genkit/base/error.h>

namespace genkit::internal {
namespace {

// A chain of causes that is longer than this is a mistake, or a cycle.
constexpr std::size_t kMaxChain = 16;

std::string readable_name(const std::type_info& type) {
#if GENKIT_HAS_CXXABI
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), std::free);
  if (status == 0) return name.get();
#endif
  return type.name();
}

/// The type of an exception that is no std::exception; only while it is handled.
std::string current_type_name() {
#if GENKIT_HAS_CXXABI
  if (const std::type_info* type = abi::__cxa_current_exception_type()) return readable_name(*type);
#endif
  return "unknown";
}

std::exception_ptr cause_of(const std::exception& exception) {
  if (const auto* nested = dynamic_cast<const std::nested_exception*>(&exception)) return nested->nested_ptr();
  return nullptr;
}

/// Appends one link and returns the cause that follows it.
std::exception_ptr append_link(std::vector<Failure::Link>& chain, const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const Error& exception) {
    chain.push_back({error, readable_name(typeid(exception)), exception.what(), true});
    return exception.cause();
  } catch (const std::exception& exception) {
    chain.push_back({error, readable_name(typeid(exception)), exception.what(), false});
    return cause_of(exception);
  } catch (...) {
    std::string type = current_type_name();
    std::string text = "exception of type " + type;
    chain.push_back({error, std::move(type), std::move(text), false});
    return nullptr;
  }
}

bool same_link(const Failure::Link& a, const Failure::Link& b) {
  if (a.object == b.object) return true;
  return a.is_error == b.is_error && a.text == b.text && (a.is_error || a.type == b.type);
}

}  // namespace

Failure describe_failure(const std::exception_ptr& error) {
  Failure failure;
  std::exception_ptr next = error;
  while (next && failure.chain.size() < kMaxChain) next = append_link(failure.chain, next);
  if (failure.chain.empty()) failure.chain.push_back({nullptr, "unknown", "unknown failure", false});
  return failure;
}

bool same_failure(const Failure& outer, const Failure& inner) {
  for (const Failure::Link& link : outer.chain) {
    if (same_link(link, inner.chain.front())) return true;
  }
  // A handler may also have unwrapped: thrown on what was the cause below.
  for (const Failure::Link& link : inner.chain) {
    if (same_link(link, outer.chain.front())) return true;
  }
  return false;
}

std::string Failure::trace_text() const {
  std::string text;
  for (const Link& link : chain) {
    if (!text.empty()) text += "\nCaused by: ";
    text += link.type;
    text += ": ";
    text += link.text;
  }
  return text;
}

}  // namespace genkit::internal
