#ifndef GENKIT_TESTING_RECORDING_MODEL_H_
#define GENKIT_TESTING_RECORDING_MODEL_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <genkit/ai/model.h>

namespace genkit {

class Registry;

enum class RecordingMode {
  kReplay,         ///< answers from the file; the real model need not even be there
  kRecordMissing,  ///< asks the real model what the file does not answer, and adds it
  kRecordAll,      ///< asks the real model everything, and replaces the file
};

struct RecordingModelOptions {
  /// The real model: "googleai/gemini-2.5-flash".
  std::string model = {};
  /// Where the recordings are. The folder must exist.
  std::string file = {};
  /// Nothing: the environment variable GENKIT_RECORD says, "missing" or "all"; without it `kReplay`.
  std::optional<RecordingMode> mode = {};
  /// What the recording model itself is called.
  std::string name = "recorded";
  /// Members whose texts are written as "[redacted]", at any depth of the request's config, the response's `custom` and `raw`,
  /// and the details of errors. Upper and lower case, '-' and '_' make no difference.
  std::vector<std::string> secret_members = {"apiKey",       "accessToken",  "authorization",  "password",
                                             "refreshToken", "clientSecret", "x-goog-api-key", "x-api-key"};
  /// Texts that are replaced by "[redacted]" wherever they are: the API key itself, for example.
  std::vector<std::string> secrets = {};
  /// Takes out of a request, given as JSON, what differs from run to run, such as today's date. The real model gets the request
  /// as it was.
  std::function<void(Json& request)> normalize = {};
};

/// Defines a model that records the answers of a real one in a file once, chunks included, and from then on replays them without
/// it: fast, free and the same every time.
///
///     genkit::define_recording_model(ai.registry(), {.model = "googleai/gemini-2.5-flash", .file = "testdata/weather.json"});
///     auto answer = ai.generate({.model = "recorded", .prompt = "Weather in Rome?"});
///
/// Requests are recognised by their content, whatever the order of members. The same request again gets the next recording of
/// it, the last one any number of times. Errors of the model are recorded like answers, but not that a call was cancelled or took
/// too long.
///
/// A request that was not recorded fails with NOT_FOUND; the message names the file and where the most similar recording differs,
/// `details()` are {"reason": "not_recorded", "file", "pointer", "recorded", "asked", "differences"}, of which the last four are
/// left out when the file is empty. Throws here: NOT_FOUND without a file to replay, INVALID_ARGUMENT for one that is no
/// recording or for another value of GENKIT_RECORD.
Action define_recording_model(Registry& registry, RecordingModelOptions options);

}  // namespace genkit

#endif  // GENKIT_TESTING_RECORDING_MODEL_H_
