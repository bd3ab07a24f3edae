// Must not compile: no enumerator of this enum is found.
#include <genkit/schema/schema.h>

enum class Port { kHttp = 8080, kHttps = 8443 };

const genkit::Json& schema = genkit::schema_of<Port>();
