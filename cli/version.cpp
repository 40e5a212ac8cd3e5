#include "cli/verbs.h"

namespace lastack {

const char* const version = LASTACK_VERSION;  // of the project, said once in CMakeLists.txt

}  // namespace lastack
