// Must not compile: a const member cannot be decoded into.
#include <genkit/schema/schema.h>

struct Note {
  const int count = 1;
};

const genkit::Json& schema = genkit::schema_of<Note>();
