#ifndef GENKIT_SRC_TESTING_RECORDING_H_
#define GENKIT_SRC_TESTING_RECORDING_H_

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <genkit/ai/model_types.h>
#include <genkit/base/error.h>
#include <genkit/schema/schema.h>

namespace genkit::internal {

struct RecordedError {
  std::string status = {};
  std::string message = {};
  std::optional<Json> details = {};
};
constexpr auto describe(Type<RecordedError>) {
  return fields();
}

/// One call of a model: what it was asked, and the response or the error that it gave.
struct Recording {
  Json request = {};
  std::vector<Json> chunks = {};
  std::optional<Json> response = {};
  std::optional<RecordedError> error = {};
};
constexpr auto describe(Type<Recording>) {
  return fields(field<&Recording::chunks>().omit_empty());
}

/// The file as it is written.
struct RecordingFileData {
  std::string format = {};
  std::string model = {};
  std::optional<ModelSupports> supports = {};
  std::vector<Recording> recordings = {};
};
constexpr auto describe(Type<RecordingFileData>) {
  return fields(field<&RecordingFileData::model>().optional());
}

/// The recordings of one model and the file that holds them. Thread-safe.
class RecordingFile {
 public:
  /// With nothing in it and nothing on disk.
  RecordingFile(std::string path, std::string model) : path_(std::move(path)) { data_.model = std::move(model); }
  /// Reads the file; nothing when there is none. Throws INVALID_ARGUMENT for one that is no recording.
  static std::optional<RecordingFileData> read(const std::string& path);

  void take_over(RecordingFileData data);
  std::optional<ModelSupports> supports() const;
  void set_supports(ModelSupports supports);

  /// The next recording of that request; nothing when there is none at all.
  std::optional<Recording> next(const Json& request);
  /// NOT_FOUND, naming the recording that comes nearest.
  Error not_recorded(const Json& request) const;
  /// Appends and writes the file.
  void add(Recording recording);

 private:
  void index(std::size_t number);
  void write() const;

  struct Matches {
    std::vector<std::size_t> numbers;
    std::size_t next = 0;
  };

  const std::string path_;
  mutable std::mutex mutex_;
  RecordingFileData data_;
  std::map<std::string, Matches> by_request_;  // by canonical text
};

}  // namespace genkit::internal

#endif  // GENKIT_SRC_TESTING_RECORDING_H_
