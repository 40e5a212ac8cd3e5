// Says why the tests of the running kernel are skipped, where they are.
#include "tests/harness/kernel.h"

TEST_CASE("whether the running kernel may be driven by these tests is said") {
    if (!hand::no_kernel().empty()) MESSAGE("skipped, the tests of the target linux: " << hand::no_kernel());
    CHECK(hand::no_kernel().find('\n') == std::string::npos);
}
