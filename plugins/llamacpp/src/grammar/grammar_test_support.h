#ifndef GENKIT_LLAMACPP_GRAMMAR_GRAMMAR_TEST_SUPPORT_H_
#define GENKIT_LLAMACPP_GRAMMAR_GRAMMAR_TEST_SUPPORT_H_

#include <cstddef>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "grammar/char_set.h"

namespace genkit::llama {

/// Reads grammars in the notation of llama.cpp, independently of what writes them, and makes up texts that they allow.
class RandomTexts {
 public:
  explicit RandomTexts(std::string_view grammar, unsigned seed = 1) : random_(seed) {
    while (!grammar.empty()) {
      const std::size_t end = std::min(grammar.find('\n'), grammar.size());
      line_ = grammar.substr(0, end);
      at_ = 0;
      grammar.remove_prefix(std::min(grammar.size(), end + 1));
      if (!line_.empty()) read_rule();
    }
  }

  std::string next() {
    std::string out;
    write(rules_.at("root"), out);
    return out;
  }

 private:
  struct Item {
    std::string text = {};  ///< a text or the name of a rule
    std::vector<CharRange> chars = {};
    bool is_rule = false;
    int min = 1;
    int max = 1;
  };
  using Alternatives = std::vector<std::vector<Item>>;

  void read_rule() {
    const std::string name = read_name();
    take(" ::= ");
    Alternatives alternatives(1);
    while (at_ < line_.size()) {
      if (line_.substr(at_).starts_with(" | ")) {
        at_ += 3;
        alternatives.emplace_back();
      } else if (line_[at_] == ' ') {
        ++at_;
      } else {
        alternatives.back().push_back(read_item());
      }
    }
    if (!rules_.emplace(name, alternatives).second) throw std::runtime_error("two rules are named " + name);
  }

  void take(std::string_view text) {
    if (!line_.substr(at_).starts_with(text)) throw std::runtime_error("bad rule: " + std::string(line_));
    at_ += text.size();
  }

  std::string read_name() {
    const std::size_t begin = at_;
    while (at_ < line_.size() && (std::isalnum(static_cast<unsigned char>(line_[at_])) || line_[at_] == '-')) ++at_;
    return std::string(line_.substr(begin, at_ - begin));
  }

  CodePoint read_char() {
    if (line_[at_] != '\\') return static_cast<unsigned char>(line_[at_++]);
    const char kind = line_[at_ + 1];
    at_ += 2;
    const std::size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
    if (digits == 0) return kind == 'n' ? '\n' : kind == 't' ? '\t' : kind == 'r' ? '\r' : static_cast<unsigned char>(kind);
    const auto value = static_cast<CodePoint>(std::stoul(std::string(line_.substr(at_, digits)), nullptr, 16));
    at_ += digits;
    return value;
  }

  Item read_item() {
    Item item;
    if (line_[at_] == '"') {
      for (++at_; line_[at_] != '"';) append_utf8(item.text, read_char());
      ++at_;
    } else if (line_[at_] == '[') {
      for (++at_; line_[at_] != ']';) {
        const CodePoint low = read_char();
        const bool is_range = line_[at_] == '-';
        if (is_range) ++at_;
        item.chars.push_back({low, is_range ? read_char() : low});
      }
      ++at_;
    } else {
      item.is_rule = true;
      item.text = read_name();
      if (item.text.empty()) throw std::runtime_error("bad rule: " + std::string(line_));
    }
    read_repetition(item);
    return item;
  }

  void read_repetition(Item& item) {
    if (at_ == line_.size()) return;
    if (line_[at_] == '?') {
      ++at_;
      item.min = 0;
    } else if (line_[at_] == '{') {
      ++at_;
      item.min = read_number();
      take(",");
      item.max = read_number();
      take("}");
    }
  }

  int read_number() {
    std::size_t length = 0;
    const int value = std::stoi(std::string(line_.substr(at_)), &length);
    at_ += length;
    return value;
  }

  void write(const Alternatives& alternatives, std::string& out) {
    for (const Item& item : alternatives[random_() % alternatives.size()]) {
      // The ends of a range are where mistakes are.
      const auto span = static_cast<unsigned>(item.max - item.min + 1);
      const unsigned many = random_() % 8 == 0 ? span - 1 : random_() % std::min(span, 4U);
      for (unsigned i = 0; i < static_cast<unsigned>(item.min) + many; ++i) {
        if (item.is_rule) {
          write(rules_.at(item.text), out);
        } else if (!item.chars.empty()) {
          const CharRange range = item.chars[random_() % item.chars.size()];
          const CodePoint ends[] = {range.low, range.high,
                                    range.low + static_cast<CodePoint>(random_() % (range.high - range.low + 1))};
          append_utf8(out, ends[random_() % 3]);
        } else {
          out += item.text;
        }
      }
    }
  }

  std::mt19937 random_;
  std::map<std::string, Alternatives> rules_;
  std::string_view line_;
  std::size_t at_ = 0;
};

}  // namespace genkit::llama

#endif  // GENKIT_LLAMACPP_GRAMMAR_GRAMMAR_TEST_SUPPORT_H_
