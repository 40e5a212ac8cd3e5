// The fast explorer and the plain one count the same states, transitions and levels, on many small systems.
#include <doctest/doctest.h>

#include "checker/trace/plain_system.h"
#include "tests/checker/exploring.h"
#include "tests/checker/small_systems.h"

namespace lastack {

namespace {

using namespace testing;

void agree(const Small& small) {
    const Spec& spec = shipped_spec(small.file);
    const SystemDecl decl = decl_of(small);
    const Coverage fast = explore(spec, decl);
    const PlainCount plain = plain_explore(PlainSystem(spec, decl));
    CHECK(fast.complete);
    CHECK(fast.states == plain.states);
    CHECK(fast.transitions == plain.transitions);
    CHECK(fast.depth == plain.depth);
    CHECK(plain.states > 20);      // not trivial
    CHECK(plain.states < 40'000);  // and not a burden for whoever runs the tests
}

void agree_on(const std::vector<Small>& systems) {
    for (std::size_t i = 0; i < systems.size(); ++i) {
        CAPTURE(i);
        agree(systems[i]);
    }
}

}  // namespace

TEST_CASE("rfc9293: fast and plain exploration agree") { agree_on(small_rfc9293); }

TEST_CASE("linux: fast and plain exploration agree") { agree_on(small_linux); }

TEST_CASE("tcpclose: fast and plain exploration agree") { agree_on(small_tcpclose); }

TEST_CASE("Two different profiles at the ends: fast and plain exploration agree") { agree_on(small_mixed); }

}  // namespace lastack
