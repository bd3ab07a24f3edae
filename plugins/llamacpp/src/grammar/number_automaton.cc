#include "grammar/number_automaton.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace genkit::llama {
namespace {

__extension__ using Int128 = __int128;

/// Larger than all that is written here, and small enough to calculate with.
const Int128 kHuge = static_cast<Int128>(1'000'000'000'000'000'000) * 1'000'000'000'000'000;
constexpr int kMostIntegerDigits = 20;
/// Decimal numbers of at most this many digits are different doubles.
constexpr int kExactDigits = 15;
constexpr int kLargestStep = 1000;
constexpr std::size_t kMostMultiples = 2000;

Int128 power_of_ten(int exponent) {
  Int128 value = 1;
  for (int i = 0; i < exponent; ++i) value *= 10;
  return value;
}

/// digits × 10^exponent
struct Decimal {
  Int128 digits = 0;
  int exponent = 0;
};

Decimal parse_decimal(std::string_view text) {
  Decimal decimal;
  const bool negative = text.starts_with('-');
  bool in_fraction = false;
  for (std::size_t i = negative ? 1 : 0; i < text.size(); ++i) {
    if (text[i] == '.') {
      in_fraction = true;
    } else if (text[i] == 'e' || text[i] == 'E') {
      int exponent = 0;
      const char* begin = text.data() + i + 1 + (text[i + 1] == '+' ? 1 : 0);
      std::from_chars(begin, text.data() + text.size(), exponent);
      decimal.exponent += exponent;
      break;
    } else {
      decimal.digits = decimal.digits * 10 + (text[i] - '0');
      if (in_fraction) --decimal.exponent;
    }
  }
  while (decimal.digits != 0 && decimal.digits % 10 == 0) {
    decimal.digits /= 10;
    ++decimal.exponent;
  }
  if (negative) decimal.digits = -decimal.digits;
  return decimal;
}

/// In units of 10^-fraction: the least whole number of them that is not below the bound (strictly above an exclusive one).
Int128 lowest(const NumberBound& bound, int fraction) {
  const Decimal decimal = parse_decimal(bound.value);
  const int shift = decimal.exponent + fraction;
  if (decimal.digits == 0) return bound.exclusive ? 1 : 0;
  if (shift > 18) return decimal.digits > 0 ? kHuge : -kHuge;
  if (shift >= 0) return std::clamp(decimal.digits * power_of_ten(shift), -kHuge, kHuge) + (bound.exclusive ? 1 : 0);
  const Int128 unit = shift < -30 ? kHuge : power_of_ten(-shift);
  const Int128 quotient = decimal.digits / unit;
  const Int128 rest = decimal.digits % unit;
  // Division rounds towards zero.
  if (rest == 0) return quotient + (bound.exclusive ? 1 : 0);
  return rest > 0 ? quotient + 1 : quotient;
}

Int128 highest(const NumberBound& bound, int fraction) {
  const bool negative = bound.value.starts_with('-');
  return -lowest({.value = negative ? bound.value.substr(1) : "-" + bound.value, .exclusive = bound.exclusive}, fraction);
}

/// The texts of the units from `low` to `high` (0 <= low <= high) that have exactly `digits` digits before the point and are
/// multiples of `step`.
class FixedPointBuilder {
 public:
  FixedPointBuilder(int digits, int fraction, Int128 low, Int128 high, int step)
      : digits_(digits), fraction_(fraction), low_(text_of(low)), high_(text_of(high)), step_(step) {}

  Automaton build() {
    static_cast<void>(visit({0, false, true, true, 0}));
    return Automaton(std::move(states_));
  }

 private:
  /// How many digits were written, whether the point was, whether they are those of the low and of the high bound, and the rest
  /// of their division by the step.
  using Key = std::tuple<int, bool, bool, bool, int>;

  std::string text_of(Int128 value) const {
    std::string text(static_cast<std::size_t>(digits_ + fraction_), '0');
    for (auto at = text.rbegin(); at != text.rend(); ++at, value /= 10)
      *at = static_cast<char>('0' + static_cast<int>(value % 10));
    return text;
  }

  int visit(Key key) {
    auto& [done, point, follows_low, follows_high, remainder] = key;
    // A bound whose other digits are all alike excludes nothing more.
    follows_low = follows_low && low_.find_first_not_of('0', static_cast<std::size_t>(done)) != std::string::npos;
    follows_high = follows_high && high_.find_first_not_of('9', static_cast<std::size_t>(done)) != std::string::npos;
    static_cast<void>(point);
    static_cast<void>(remainder);

    const auto [entry, is_new] = numbers_.try_emplace(key, static_cast<int>(states_.size()));
    if (!is_new) return entry->second;
    const int number = entry->second;
    states_.emplace_back();
    if (states_.size() > Automaton::kMostStates) throw Refusal("needs too many states");

    Automaton::State state{.accepts = may_end(key)};
    const auto [written, has_point, at_low, at_high, rest] = key;
    if (written == digits_ && !has_point && fraction_ > 0) {
      state.edges.push_back({'.', '.', visit({written, true, at_low, at_high, rest})});
    } else if (written < digits_ + fraction_) {
      add_digits(state, key);
    }
    states_[static_cast<std::size_t>(number)] = std::move(state);
    return number;
  }

  void add_digits(Automaton::State& state, const Key& key) {
    const auto [written, has_point, at_low, at_high, rest] = key;
    const auto at = static_cast<std::size_t>(written);
    const char first = at_low ? low_[at] : '0';
    const char last = at_high ? high_[at] : '9';
    for (char digit = first; digit <= last; ++digit) {
      const int target = visit(
          {written + 1, has_point, at_low && digit == first, at_high && digit == last, (rest * 10 + (digit - '0')) % step_});
      const auto c = static_cast<CodePoint>(digit);
      state.edges.push_back({c, c, target});
    }
  }

  /// The digits that are not written count as zeros.
  bool may_end(const Key& key) const {
    const auto [written, has_point, at_low, at_high, rest] = key;
    if (written < digits_ || (has_point && written == digits_)) return false;
    if (at_low) return false;  // its other digits are not all zeros
    int remainder = rest;
    for (int i = written; i < digits_ + fraction_; ++i) remainder = remainder * 10 % step_;
    return remainder == 0;
  }

  const int digits_;
  const int fraction_;
  const std::string low_;
  const std::string high_;
  const int step_;
  std::map<Key, int> numbers_;
  std::vector<Automaton::State> states_;
};

struct Step {
  Int128 units = 1;
  int fraction = 0;
};

Step parse_step(const NumberRange& range) {
  if (!range.multiple_of) return {.units = 1, .fraction = range.integer ? 0 : range.max_fraction_digits};
  const Decimal decimal = parse_decimal(*range.multiple_of);
  if (decimal.exponent > 18 || decimal.exponent < -kExactDigits) throw Refusal("has a multipleOf that is too large or too small");
  if (decimal.exponent >= 0) return {.units = decimal.digits * power_of_ten(decimal.exponent), .fraction = 0};
  if (!range.integer) return {.units = decimal.digits, .fraction = -decimal.exponent};
  // Of n/10^k, the integers are the multiples of n divided by what it has in common with 10^k.
  Int128 a = decimal.digits;
  Int128 b = power_of_ten(-decimal.exponent);
  while (b != 0) std::tie(a, b) = std::pair(b, a % b);
  return {.units = decimal.digits / a, .fraction = 0};
}

class RangeBuilder {
 public:
  RangeBuilder(const NumberRange& range, const Step& step) : range_(range), step_(step) {}

  Automaton build() {
    const int begin = graph_.add_state();
    const int end = graph_.add_state();
    const int minus = graph_.add_state();
    graph_.add_edge(begin, CharSet::of('-', '-'), minus);
    for (int digits = 1; digits <= most_digits(); ++digits) {
      // Longer numbers get fewer digits behind the point. A step needs all of its own.
      int fraction = step_.fraction;
      if (!range_.integer && digits + fraction > kExactDigits) {
        if (range_.multiple_of) break;
        fraction = kExactDigits - digits;
      }
      Int128 low = range_.min ? lowest(*range_.min, fraction) : -kHuge;
      Int128 high = range_.max ? highest(*range_.max, fraction) : kHuge;
      add(digits, fraction, low, high, begin, end);
      // Minus zero is left out.
      add(digits, fraction, std::max<Int128>(-high, 1), -low, minus, end);
    }
    return graph_.determinize(begin, end);
  }

 private:
  int most_digits() const {
    if (!range_.integer) return kExactDigits;
    int digits = std::min(range_.max_digits, kMostIntegerDigits);
    // A bound of many digits asks for numbers of as many.
    for (const auto& bound : {range_.min, range_.max}) {
      if (!bound) continue;
      Int128 value = lowest(*bound, 0);
      int length = 1;
      for (value = value < 0 ? -value : value; value >= 10; value /= 10) ++length;
      if (length <= kMostIntegerDigits) digits = std::max(digits, length);
    }
    return digits;
  }

  void add(int digits, int fraction, Int128 low, Int128 high, int from, int to) {
    const Int128 one = power_of_ten(fraction);
    low = std::max(low, digits == 1 ? 0 : power_of_ten(digits - 1) * one);
    high = std::min(high, power_of_ten(digits) * one - 1);
    if (low > high) return;
    if (step_.units <= kLargestStep) {
      const auto step = static_cast<int>(range_.multiple_of ? step_.units : 1);
      graph_.add(FixedPointBuilder(digits, fraction, low, high, step).build(), from, to);
    } else {
      graph_.add(Automaton::of_texts(multiples(fraction, low, high)), from, to);
    }
  }

  std::vector<std::string> multiples(int fraction, Int128 low, Int128 high) {
    std::vector<std::string> texts;
    for (Int128 value = (low + step_.units - 1) / step_.units * step_.units; value <= high; value += step_.units) {
      if (++multiples_ > kMostMultiples) throw Refusal("has a multipleOf with too many multiples between its bounds");
      std::string text;
      int length = 0;
      for (Int128 rest = value; rest > 0 || length <= fraction; rest /= 10) {
        if (length == fraction && fraction > 0) text += '.';
        text += static_cast<char>('0' + static_cast<int>(rest % 10));
        ++length;
      }
      std::reverse(text.begin(), text.end());
      texts.push_back(std::move(text));
    }
    return texts;
  }

  const NumberRange& range_;
  const Step step_;
  StateGraph graph_;
  std::size_t multiples_ = 0;
};

}  // namespace

Automaton number_automaton(const NumberRange& range) {
  Step step = parse_step(range);
  Automaton automaton = RangeBuilder(range, step).build();
  // Between narrow bounds there may be nothing unless more digits are written.
  while (automaton.empty() && !range.integer && !range.multiple_of && step.fraction < kExactDigits - 1) {
    step.fraction += 4;
    step.fraction = std::min(step.fraction, kExactDigits - 1);
    automaton = RangeBuilder(range, step).build();
  }
  return automaton;
}

}  // namespace genkit::llama
