#include "testing/recording.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "testing/json_difference.h"

namespace genkit::internal {
namespace {

constexpr std::string_view kFormat = "genkit-recording/1";

Error bad_file(const std::string& path, const std::string& why, std::exception_ptr cause = nullptr) {
  return Error(Status::kInvalidArgument, "recording " + path + ": " + why, nullptr, std::move(cause));
}

/// First of all: of another format nothing else can be said.
void check_format(const Json& json) {
  const Json* format = find_member(json, "format");
  if (format == nullptr || *format != Json(kFormat)) {
    throw Error(Status::kInvalidArgument,
                "format is " + (format != nullptr ? to_text(*format) : "missing") + ", not \"" + std::string(kFormat) + "\"");
  }
}

void check_recording(const std::string& path, const Recording& recording, std::size_t number) {
  const std::string place = "recordings[" + std::to_string(number) + "]";
  if (recording.response.has_value() == recording.error.has_value()) {
    throw bad_file(path, place + " needs a response or an error, and not both");
  }
  if (recording.error && !status_from_name(recording.error->status)) {
    throw bad_file(path, place + ".error.status: \"" + recording.error->status + "\" is no status");
  }
}

}  // namespace

std::optional<RecordingFileData> RecordingFile::read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());

  RecordingFileData data;
  try {
    const Json json = parse_json(text);
    check_format(json);
    data = from_json<RecordingFileData>(json);
  } catch (const Error& error) {
    throw bad_file(path, error.message(), std::current_exception());
  }
  for (std::size_t i = 0; i < data.recordings.size(); ++i) check_recording(path, data.recordings[i], i);
  return data;
}

void RecordingFile::take_over(RecordingFileData data) {
  const std::lock_guard lock(mutex_);
  data_ = std::move(data);
  by_request_.clear();
  for (std::size_t i = 0; i < data_.recordings.size(); ++i) index(i);
}

std::optional<ModelSupports> RecordingFile::supports() const {
  const std::lock_guard lock(mutex_);
  return data_.supports;
}

void RecordingFile::set_supports(ModelSupports supports) {
  const std::lock_guard lock(mutex_);
  data_.supports = std::move(supports);
}

void RecordingFile::index(std::size_t number) {
  by_request_[canonical_text(data_.recordings[number].request)].numbers.push_back(number);
}

std::optional<Recording> RecordingFile::next(const Json& request) {
  const std::lock_guard lock(mutex_);
  const auto found = by_request_.find(canonical_text(request));
  if (found == by_request_.end()) return std::nullopt;
  Matches& matches = found->second;
  const std::size_t number = matches.numbers[matches.next];
  if (matches.next + 1 < matches.numbers.size()) ++matches.next;
  return data_.recordings[number];
}

Error RecordingFile::not_recorded(const Json& request) const {
  const std::lock_guard lock(mutex_);
  const std::string start = "this request was not recorded in " + path_;
  const std::string advice = "; record it with GENKIT_RECORD=missing";
  JsonObject details{{"reason", "not_recorded"}, {"file", path_}};
  if (data_.recordings.empty()) {
    return Error(Status::kNotFound, start + ", which has no recordings" + advice, std::move(details));
  }

  std::optional<JsonDifference> nearest;
  for (const Recording& recording : data_.recordings) {
    JsonDifference difference = json_difference(recording.request, request);
    const bool nearer = !nearest || difference.places < nearest->places ||
                        (difference.places == nearest->places && difference.common > nearest->common);
    if (nearer) nearest = std::move(difference);
  }
  std::string message = start + ": the nearest of its " + std::to_string(data_.recordings.size()) + " differs at " +
                        (nearest->pointer.empty() ? "the top" : nearest->pointer) + ": " +
                        describe_sides(*nearest, "recorded", "asked");
  if (nearest->places > 1) message += ", and in " + std::to_string(nearest->places - 1) + " more places";
  details["pointer"] = nearest->pointer;
  if (nearest->left) details["recorded"] = *nearest->left;
  if (nearest->right) details["asked"] = *nearest->right;
  details["differences"] = nearest->places;
  return Error(Status::kNotFound, message + advice, std::move(details));
}

void RecordingFile::add(Recording recording) {
  const std::lock_guard lock(mutex_);
  data_.recordings.push_back(std::move(recording));
  index(data_.recordings.size() - 1);
  write();
}

void RecordingFile::write() const {
  RecordingFileData copy = data_;
  copy.format = kFormat;
  // Under another name first: whoever reads the file meanwhile, or kills the program, finds a whole one.
  const std::string unfinished = path_ + ".new";
  {
    std::ofstream out(unfinished, std::ios::binary | std::ios::trunc);
    out << to_text(to_json(copy), 2) << '\n';
    out.close();
    if (!out) throw Error(Status::kFailedPrecondition, "recording " + path_ + ": cannot be written; does its folder exist?");
  }
  std::error_code code;
  std::filesystem::rename(unfinished, path_, code);
  if (code) throw Error(Status::kFailedPrecondition, "recording " + path_ + ": cannot be written: " + code.message());
}

}  // namespace genkit::internal
