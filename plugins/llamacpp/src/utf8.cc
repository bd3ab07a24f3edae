#include "utf8.h"

#include <cstddef>
#include <cstdint>

namespace genkit::llama {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// What the bytes at the beginning of a text are.
struct Scan {
  enum Kind { kCharacter, kIncomplete, kInvalid } kind;
  std::size_t length;  ///< bytes of the character, or of the ill-formed part
};

/// The bytes that may follow `lead`: how many, and the bounds of the first, which exclude overlong forms and surrogates.
struct Continuation {
  std::size_t count;
  std::uint8_t first_low;
  std::uint8_t first_high;
};

Continuation continuation_of(std::uint8_t lead) {
  if (lead < 0x80) return {0, 0, 0};
  if (lead >= 0xC2 && lead <= 0xDF) return {1, 0x80, 0xBF};
  if (lead == 0xE0) return {2, 0xA0, 0xBF};
  if (lead == 0xED) return {2, 0x80, 0x9F};
  if (lead >= 0xE1 && lead <= 0xEF) return {2, 0x80, 0xBF};
  if (lead == 0xF0) return {3, 0x90, 0xBF};
  if (lead >= 0xF1 && lead <= 0xF3) return {3, 0x80, 0xBF};
  if (lead == 0xF4) return {3, 0x80, 0x8F};
  return {4, 0, 0};
}

Scan scan(std::string_view bytes) {
  const Continuation expected = continuation_of(static_cast<std::uint8_t>(bytes[0]));
  if (expected.count > 3) return {Scan::kInvalid, 1};
  for (std::size_t i = 1; i <= expected.count; ++i) {
    if (i == bytes.size()) return {Scan::kIncomplete, i};
    const auto byte = static_cast<std::uint8_t>(bytes[i]);
    const std::uint8_t low = i == 1 ? expected.first_low : 0x80;
    const std::uint8_t high = i == 1 ? expected.first_high : 0xBF;
    if (byte < low || byte > high) return {Scan::kInvalid, i};
  }
  return {Scan::kCharacter, expected.count + 1};
}

}  // namespace

void Utf8Joiner::push(std::string_view bytes, std::string& out) {
  pending_ += bytes;
  std::string_view rest = pending_;
  while (!rest.empty()) {
    const Scan found = scan(rest);
    if (found.kind == Scan::kIncomplete) break;
    out += found.kind == Scan::kCharacter ? rest.substr(0, found.length) : kReplacement;
    rest.remove_prefix(found.length);
  }
  pending_.erase(0, pending_.size() - rest.size());
}

bool may_begin_utf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const Scan found = scan(bytes);
    if (found.kind == Scan::kInvalid) return false;
    if (found.kind == Scan::kIncomplete) return true;
    bytes.remove_prefix(found.length);
  }
  return true;
}

std::string_view unfinished_utf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const Scan found = scan(bytes);
    if (found.kind == Scan::kIncomplete) return bytes;
    bytes.remove_prefix(found.length);
  }
  return {};
}

void Utf8Joiner::finish(std::string& out) {
  if (!pending_.empty()) out += kReplacement;
  pending_.clear();
}

}  // namespace genkit::llama
