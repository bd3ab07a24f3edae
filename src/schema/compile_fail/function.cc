// Must not compile: JSON has no functions.
#include <genkit/schema/schema.h>

struct Note {
  void (*callback)() = nullptr;
};

const genkit::Json& schema = genkit::schema_of<Note>();
