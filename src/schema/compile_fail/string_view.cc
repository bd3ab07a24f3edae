// Must not compile: a string_view does not own what it shows.
#include <genkit/schema/schema.h>

struct Note {
  std::string_view text;
};

const genkit::Json& schema = genkit::schema_of<Note>();
