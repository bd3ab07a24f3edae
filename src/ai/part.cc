#include <genkit/ai/part.h>

namespace genkit {

Part text(std::string text) {
  Part part;
  part.text = std::move(text);
  return part;
}

Part media(std::string url, std::string content_type) {
  Part part;
  part.media.emplace();
  part.media->url = std::move(url);
  if (!content_type.empty()) part.media->content_type = std::move(content_type);
  return part;
}

Part data(Json value) {
  Part part;
  part.data = std::move(value);
  return part;
}

std::string text_of(const std::vector<Part>& parts) {
  std::string text;
  for (const Part& part : parts) {
    if (part.text) text += *part.text;
  }
  return text;
}

}  // namespace genkit
