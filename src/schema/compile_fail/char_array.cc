// Must not compile: a char array is not a string.
#include <genkit/schema/schema.h>

struct Note {
  char text[16];
};

const genkit::Json& schema = genkit::schema_of<Note>();
