// What nothing can reach, and that a comparison of both endpoints agrees.
#include "checker/mutation/used_cases.h"

#include <doctest/doctest.h>

#include "checker/compare/distinguish.h"
#include "tests/checker/small_machine.h"
#include "tests/spec_support.h"

using namespace lastack;
using namespace lastack::testing;

TEST_CASE("a mutant that is out of reach is bisimilar to its original; the others are not taken for that") {
    const Spec spec = spec_from(small_machine);
    const Profile& original = *spec.profile("small");
    const Limits limits = limits_of(original);
    AlphabetOptions alphabet;
    alphabet.calls = {"ask"};  // nobody closes: FIN-WAIT-1 and what follows are never reached
    const UsedCases used(original, limits, alphabet, 1'000);
    std::size_t out_of_reach = 0, within = 0;
    for (const Mutant& mutant : mutants_of(original, all_operators)) {
        CAPTURE(mutant.id);
        const Profile changed = mutated(original, mutant);
        if (!used.out_of_reach(mutant, changed)) {
            ++within;
            continue;
        }
        ++out_of_reach;
        CompareOptions options;
        options.alphabet = alphabet;
        options.states_observable = true;
        const Comparison both = compare(original, limits, changed, limits, options);
        CHECK(both.verdict == Comparison::Verdict::bisimilar);
    }
    CHECK(out_of_reach > 20);
    CHECK(within > 20);
}

TEST_CASE("where the endpoint is too large to explore, nothing is known to be out of reach") {
    const Spec spec = spec_from(small_machine);
    const Profile& original = *spec.profile("small");
    AlphabetOptions alphabet;
    alphabet.calls = {"ask"};
    const UsedCases used(original, limits_of(original), alphabet, 1);
    for (const Mutant& mutant : mutants_of(original)) CHECK_FALSE(used.out_of_reach(mutant, mutated(original, mutant)));
}
