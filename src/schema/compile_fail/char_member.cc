// Must not compile: a char is neither text nor a number.
#include <genkit/schema/schema.h>

struct Note {
  char letter;
};

const genkit::Json& schema = genkit::schema_of<Note>();
