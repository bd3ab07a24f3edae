// Must not compile: members of base classes would be lost.
#include <genkit/schema/schema.h>

struct Base {
  int id;
};
struct Note : Base {
  int count;
};

const genkit::Json& schema = genkit::schema_of<Note>();
