#ifndef GENKIT_SRC_AI_OUTPUT_JSON_EXTRACTOR_H_
#define GENKIT_SRC_AI_OUTPUT_JSON_EXTRACTOR_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <genkit/schema/validator.h>

#include "base/json_memory.h"
#include "base/json_stream.h"

namespace genkit::internal {

/// The types that a schema admits at its root: bits of RootType. All of them when the schema does not say.
using RootTypes = unsigned;
enum RootType : RootTypes {
  kRootObject = 1,
  kRootArray = 2,
  kRootString = 4,
  kRootNumber = 8,
  kRootBoolean = 16,
  kRootNull = 32,
  kRootAny = 63,
};
RootTypes root_types(const Json& schema);

/// Finds the value in what a model wrote: prose and code fences may be around it. Each place where a value could begin is tried
/// in order, and the first value that parses and fits the schema is the one. A value that does not fit is passed over as a whole,
/// and so is one that breaks off in its middle: parts of a wrong answer are no answer.
///
/// The text may arrive in pieces; the work is linear in its length.
class JsonExtractor {
 public:
  /// `validator` may be null: every value fits. `listener` may be null; it hears of values whose type could fit. The value lives
  /// in `memory` unless that is null, and what was read in vain is released there: `memory` is for this object alone.
  explicit JsonExtractor(std::shared_ptr<const SchemaValidator> validator = nullptr, JsonListener* listener = nullptr,
                         JsonMemory* memory = nullptr);

  /// `text` is everything up to now: what was given before, and more.
  void advance(std::string_view text);
  /// The same with the whole text.
  void finish(std::string_view text);

  bool found() const noexcept { return mode_ == Mode::kFound; }
  /// The value, or what is there of it; nullptr when none has begun.
  const Json* value() const noexcept;
  /// The same, for callers that take complete items away and put them back before the next piece comes.
  Json* value() noexcept { return const_cast<Json*>(std::as_const(*this).value()); }
  /// After `found`.
  Json release() { return stream_.release(); }
  /// How many items of an array are complete.
  std::size_t completed_items() const noexcept;

  /// Why nothing was found, after `finish`.
  enum class Problem { kMissing, kUnparsable, kTruncated, kMisfit };
  Problem problem() const noexcept;
  /// Where the first value breaks that is no JSON.
  const std::optional<JsonStream::Failure>& failure() const noexcept { return failure_; }
  /// The first value that did not fit, and why not.
  const Json& misfit() const noexcept { return misfit_; }
  const std::vector<ValidationIssue>& issues() const noexcept { return issues_; }
  /// Where the value begins that did not end.
  std::size_t begin_offset() const noexcept { return begin_; }

 private:
  enum class Mode { kSearching, kReading, kSkipping, kFound };

  void run(std::string_view text);
  void search(std::string_view text);
  bool begins_value(std::string_view text, std::size_t at) const;
  void read(std::string_view text);
  void accept_or_pass();
  void abandon();
  void skip(std::string_view text);
  void read_bare_value(std::string_view text);
  void forget();
  void restart(std::size_t offset);

  std::shared_ptr<const SchemaValidator> validator_;
  JsonListener* listener_;
  JsonMemory* memory_;
  RootTypes types_ = kRootAny;
  bool types_are_known_ = false;
  JsonStream stream_;
  Mode mode_ = Mode::kSearching;
  bool is_visible_ = false;  // the value that is read could be the one
  std::size_t begin_ = 0;    // of the value that is read
  std::size_t at_ = 0;       // how much of the text is done
  std::size_t read_again_ = 0;
  std::size_t skip_depth_ = 0;
  bool skip_string_ = false;
  bool skip_escape_ = false;

  std::optional<JsonStream::Failure> failure_;
  bool failure_is_broken_value_ = false;
  bool has_misfit_ = false;
  Json misfit_;
  std::vector<ValidationIssue> issues_;
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_AI_OUTPUT_JSON_EXTRACTOR_H_
