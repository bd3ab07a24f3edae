#include <genkit/base/shared_json.h>

#include <mutex>
#include <string>

namespace genkit {

struct SharedJson::Holder {
  explicit Holder(Json given) : value(std::move(given)) {}

  const Json value;
  mutable std::once_flag is_written;
  mutable std::string text;
};

std::shared_ptr<const SharedJson::Holder> SharedJson::make(Json value) {
  return std::make_shared<const Holder>(std::move(value));
}

const Json& SharedJson::get() const noexcept {
  static const Json null;
  return holder_ != nullptr ? holder_->value : null;
}

std::string_view SharedJson::text() const {
  if (holder_ == nullptr) return "null";
  std::call_once(holder_->is_written, [&] { append_text(holder_->text, holder_->value); });
  return holder_->text;
}

}  // namespace genkit
