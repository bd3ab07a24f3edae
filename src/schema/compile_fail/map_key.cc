// Must not compile: keys of JSON objects are strings.
#include <genkit/schema/schema.h>

#include <map>
struct Note {
  std::map<int, std::string> lines;
};

const genkit::Json& schema = genkit::schema_of<Note>();
