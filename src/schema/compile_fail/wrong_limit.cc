// Must not compile: a string has no minimum.
#include <genkit/schema/schema.h>

struct Note {
  std::string text;
};
constexpr auto describe(genkit::Type<Note>) {
  return genkit::fields(genkit::field<&Note::text>().minimum(1));
}

const genkit::Json& schema = genkit::schema_of<Note>();
