// Must not compile: a raw pointer has no owner.
#include <genkit/schema/schema.h>

struct Note {
  int* count = nullptr;
};

const genkit::Json& schema = genkit::schema_of<Note>();
