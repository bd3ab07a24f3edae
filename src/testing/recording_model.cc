#include <genkit/testing/recording_model.h>

#include <cstdlib>
#include <memory>
#include <string_view>

#include <genkit/core/registry.h>

#include "testing/recording.h"
#include "testing/redaction.h"

namespace genkit {
namespace {

using internal::Recording;
using internal::RecordingFile;
using internal::ValueRef;

RecordingMode mode_of_environment() {
  const char* text = std::getenv("GENKIT_RECORD");
  const std::string_view value = text != nullptr ? text : "";
  if (value.empty()) return RecordingMode::kReplay;
  if (value == "missing") return RecordingMode::kRecordMissing;
  if (value == "all") return RecordingMode::kRecordAll;
  throw Error(Status::kInvalidArgument,
              "GENKIT_RECORD is \"" + std::string(value) + "\"; it can be \"missing\", \"all\" or empty");
}

ModelSupports supports_of(const Action& model) {
  const Json* entry = find_member(model.info().metadata, "model");
  const Json* supports = entry != nullptr ? find_member(*entry, "supports") : nullptr;
  return supports != nullptr ? from_json<ModelSupports>(*supports) : ModelSupports();
}

void redact_member(const internal::Redaction& redaction, Json& object, std::string_view name) {
  if (Json* member = object.is_object() ? object.get_object().if_contains(name) : nullptr) redaction.redact_members(*member);
}

/// Everything that the action of a recording model needs.
class Recorder {
 public:
  Recorder(RecordingModelOptions options, RecordingMode mode)
      : options_(std::move(options)),
        mode_(mode),
        redaction_(options_.secret_members, options_.secrets),
        file_(options_.file, options_.model) {
    if (mode_ == RecordingMode::kRecordAll) return;
    auto data = RecordingFile::read(options_.file);
    if (data) {
      file_.take_over(std::move(*data));
    } else if (mode_ == RecordingMode::kReplay) {
      throw Error(Status::kNotFound, "there is no recording " + options_.file + "; make it with GENKIT_RECORD=missing");
    }
  }

  /// What the real model can do, asked of it only when the file does not say so.
  ModelSupports supports(Registry& registry) {
    if (const auto recorded = file_.supports()) return *recorded;
    if (mode_ == RecordingMode::kReplay) return {};
    ModelSupports supports = supports_of(registry.get(ActionKind::kModel, options_.model));
    file_.set_supports(supports);
    return supports;
  }

  ModelResponse answer(const ModelRequest& request, ModelContext& context) {
    Json key = key_of(request);
    if (mode_ != RecordingMode::kRecordAll) {
      if (const auto recording = file_.next(key)) return replay(*recording, context);
      if (mode_ == RecordingMode::kReplay) throw file_.not_recorded(key);
    }
    return record(request, std::move(key), context);
  }

 private:
  /// The request as it is written down and compared.
  Json key_of(const ModelRequest& request) const {
    Json key = to_json(request);
    redact_member(redaction_, key, "config");
    redaction_.redact_texts(key);
    if (options_.normalize) options_.normalize(key);
    return key;
  }

  static ModelResponse replay(const Recording& recording, ModelContext& context) {
    for (const Json& chunk : recording.chunks) context.send(from_json<Chunk>(chunk));
    if (recording.error) {
      throw Error(*status_from_name(recording.error->status), recording.error->message,
                  recording.error->details.value_or(nullptr));
    }
    return from_json<ModelResponse>(*recording.response);
  }

  ModelResponse record(const ModelRequest& request, Json key, ModelContext& context) {
    Recording recording;
    recording.request = std::move(key);
    const internal::ChunkSink sink = [&](const ValueRef& ref) {
      std::optional<Chunk> storage;
      const Chunk& chunk = internal::view_as<Chunk>(ref, storage);
      Json json = to_json(chunk);
      redact_member(redaction_, json, "custom");
      redaction_.redact_texts(json);
      recording.chunks.push_back(std::move(json));
      context.send(chunk);
    };
    try {
      const Action model = context.registry().get(ActionKind::kModel, options_.model);
      auto response = model.run(ValueRef::of(request), {}, &sink).take<ModelResponse>();
      recording.response = written(response);
      file_.add(std::move(recording));
      return response;
    } catch (const Error& error) {
      if (!recording.response) keep_error(error, std::move(recording));
      throw;
    }
  }

  Json written(const ModelResponse& response) const {
    Json json = to_json(response);
    // Different in every run, or there already.
    for (const char* member : {"latencyMs", "request"}) json.get_object().erase(member);
    for (const char* member : {"custom", "raw"}) redact_member(redaction_, json, member);
    redaction_.redact_texts(json);
    return json;
  }

  void keep_error(const Error& error, Recording recording) {
    const Status status = error.status();
    if (status == Status::kCancelled || status == Status::kDeadlineExceeded) return;
    Json json{{"status", status_name(status)}, {"message", error.message()}, {"details", error.details()}};
    redact_member(redaction_, json, "details");
    redaction_.redact_texts(json);
    recording.error = from_json<internal::RecordedError>(json);
    if (error.details().is_null()) recording.error->details.reset();
    file_.add(std::move(recording));
  }

  const RecordingModelOptions options_;
  const RecordingMode mode_;
  const internal::Redaction redaction_;
  RecordingFile file_;
};

}  // namespace

Action define_recording_model(Registry& registry, RecordingModelOptions options) {
  if (options.file.empty()) throw Error(Status::kInvalidArgument, "a recording model needs the name of its .file");
  const RecordingMode mode = options.mode ? *options.mode : mode_of_environment();
  if (options.model.empty() && mode != RecordingMode::kReplay) {
    throw Error(Status::kInvalidArgument, "to record, a recording model needs the name of the real .model");
  }
  std::string name = options.name;
  std::string label = options.model.empty() ? name : "Recording of " + options.model;
  const auto recorder = std::make_shared<Recorder>(std::move(options), mode);
  ModelSupports supports = recorder->supports(registry);
  return registry.add(
      model(std::move(name), {.label = std::move(label), .supports = std::move(supports)},
            [recorder](const ModelRequest& request, ModelContext& context) { return recorder->answer(request, context); }));
}

}  // namespace genkit
