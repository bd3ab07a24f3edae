#include <genkit/genkit.h>
#include <genkit/testing/fake_clock.h>
#include <genkit/testing/fake_ids.h>
#include <genkit/testing/recording_model.h>
#include <genkit/testing/scripted_model.h>
#include <genkit/testing/spans.h>

#include <cstdio>
#include <memory>
#include <string>

/// What the model answers: with a script at first, then as it was recorded.
std::string ask(genkit::RecordingMode mode, const std::string& file) {
  genkit::FakeClock clock;
  genkit::FakeIds ids;
  auto memory = std::make_shared<genkit::InMemoryExporter>();
  genkit::Genkit ai({.model = "recorded", .exporters = {memory}, .clock = &clock, .ids = &ids});
  if (mode == genkit::RecordingMode::kRecordAll) ai.registry().add(genkit::ScriptedModel({.script = {"Hello!"}}));
  genkit::define_recording_model(ai.registry(), {.model = "scripted", .file = file, .mode = mode});
  const std::string answer = ai.generate("Hi").text();
  return answer + " " + genkit::find_span(memory->spans(), "generate").context.trace_id.hex();
}

int main() {
  const std::string file = "recording.json";
  const std::string recorded = ask(genkit::RecordingMode::kRecordAll, file);
  const std::string replayed = ask(genkit::RecordingMode::kReplay, file);
  std::remove(file.c_str());
  return recorded == replayed && replayed == "Hello! 00000000000000010000000000000002" ? 0 : 1;
}
