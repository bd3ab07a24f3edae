// Must not compile: decoding starts from a default-constructed object.
#include <genkit/schema/schema.h>

class Note {
 public:
  explicit Note(int count) : count_(count) {}

 private:
  int count_;
  GENKIT_DESCRIBE(Note, count_);
};

const genkit::Json& schema = genkit::schema_of<Note>();
