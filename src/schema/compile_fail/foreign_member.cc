// Must not compile: the member is that of another struct.
#include <genkit/schema/schema.h>

struct Note {
  std::string text;
};
struct Draft {
  std::string text;
};
constexpr auto describe(genkit::Type<Draft>) {
  return genkit::fields(genkit::field<&Note::text>("What it says"));
}

const genkit::Json& schema = genkit::schema_of<Draft>();
