// Must not compile: a reference cannot be decoded into.
#include <genkit/schema/schema.h>

struct Note {
  int& count;
};

const genkit::Json& schema = genkit::schema_of<Note>();
