// Must not compile: nothing says which member of a union holds.
#include <genkit/schema/schema.h>

union Count {
  int whole;
  double real;
};
struct Note {
  Count count;
};

const genkit::Json& schema = genkit::schema_of<Note>();
