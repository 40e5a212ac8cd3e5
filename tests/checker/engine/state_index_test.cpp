#include "checker/engine/state_index.h"

#include <doctest/doctest.h>

#include "tests/checker/exploring.h"
#include "tests/checker/small_systems.h"

namespace lastack {

namespace {

using namespace testing;

void each_state_has_its_number(const Spec& spec, const SystemDecl& decl, const Bounds& bounds) {
    System system(spec, decl);
    Explorer explorer(system);
    explorer.run(bounds);
    const StateIndex index(explorer);
    std::uint64_t wrong = 0;
    for (std::uint64_t i = 0; i < explorer.size(); ++i) wrong += index.at(explorer.state(i)) != i;
    CHECK(wrong == 0);
    CHECK(explorer.size() > 20);
}

}  // namespace

TEST_CASE("The number of the state with a number is that number") {
    for (const Small& small : all_small_systems()) {
        CAPTURE(small.file);
        each_state_has_its_number(shipped_spec(small.file), decl_of(small), {});
    }
    const Spec& rfc = shipped_spec("rfc9293.spec");
    each_state_has_its_number(rfc, system_named(rfc, "polite"), {});
}

TEST_CASE("The same where two threads share the levels and strips are hashed") {
    const Spec& spec = shipped_spec("bench/tcpclose.spec");
    Bounds bounds;
    bounds.threads = 2;
    bounds.index = StripStore::Index::hash;
    each_state_has_its_number(spec, system_named(spec, "d0_r1_c2"), bounds);
}

TEST_CASE("A state that was not seen is in no place") {
    const Spec& spec = shipped_spec("rfc9293.spec");
    System system(spec, system_named(spec, "never_closes"));
    Explorer explorer(system);
    explorer.run({});
    REQUIRE(explorer.find(system.initial()));
    SystemState unseen = system.initial();
    unseen.end[0] = static_cast<LocalId>(system.machine(0).size());
    CHECK_FALSE(explorer.find(unseen));
    // Of all pairs of ends and of what may be in flight, only those that are states are found.
    std::uint64_t found = 0;
    for (LocalId a = 0; a < system.machine(0).size(); ++a) {
        for (LocalId b = 0; b < system.machine(1).size(); ++b) {
            for (BagId of_a = 0; of_a < system.bags(0).size(); ++of_a) {
                for (BagId of_b = 0; of_b < system.bags(1).size(); ++of_b) {
                    SystemState state;
                    state.end = {a, b};
                    state.bag = {of_a, of_b};
                    found += explorer.find(state).has_value();
                }
            }
        }
    }
    CHECK(found == explorer.size());
}

}  // namespace lastack
