// Must not compile: private members need GENKIT_DESCRIBE.
#include <genkit/schema/schema.h>

class Note {
 public:
  Note() = default;
  int count() const { return count_; }

 private:
  int count_ = 0;
};

const genkit::Json& schema = genkit::schema_of<Note>();
