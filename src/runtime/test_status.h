#ifndef GENKIT_SRC_RUNTIME_TEST_STATUS_H_
#define GENKIT_SRC_RUNTIME_TEST_STATUS_H_

#include <utility>

#include <genkit/base/error.h>

namespace genkit {

/// The status of the error that `call` throws; kOk when it returns.
template <class F>
Status status_of(F&& call) {
  auto result = attempt([&] { static_cast<void>(std::forward<F>(call)()); });
  return result ? Status::kOk : result.error().status();
}

}  // namespace genkit

#endif  // GENKIT_SRC_RUNTIME_TEST_STATUS_H_
