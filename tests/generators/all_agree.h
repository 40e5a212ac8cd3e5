// What the explorer finds, the other tools find as well.
#pragma once

#include <doctest/doctest.h>

#include <string>

#include "generators/murphi.h"
#include "generators/promela.h"
#include "tests/checker/exploring.h"
#include "tests/generators/other_checkers.h"
#include "tests/spec_support.h"

namespace lastack::testing {

// Explored here, and counted by spin. `name`: that of the test case, for what has to be skipped.
inline Coverage spin_agrees(const std::string& name, const Spec& spec, const std::string& system) {
    const SystemDecl& decl = system_named(spec, system);
    const Coverage ours = explore(spec, decl);
    REQUIRE(ours.complete);
    CAPTURE(system);
    if (checker_present("spin")) {
        const OtherCount theirs = spin_counts(to_promela(spec, decl));
        CHECK(theirs.states == ours.states);
        CHECK(theirs.transitions == ours.transitions + ours.cuts + 1);
    } else {
        MESSAGE("SKIPPED: " << name << ": spin or gcc is missing");
    }
    return ours;
}

// And by rumur.
inline Coverage all_agree(const std::string& name, const Spec& spec, const std::string& system) {
    const Coverage ours = spin_agrees(name, spec, system);
    CAPTURE(system);
    if (checker_present("rumur")) {
        const OtherCount theirs = rumur_counts(to_murphi(spec, system_named(spec, system)));
        CHECK(theirs.states == ours.states);
        CHECK(theirs.transitions == ours.transitions);
    } else {
        MESSAGE("SKIPPED: " << name << ": rumur or gcc is missing");
    }
    return ours;
}

}  // namespace lastack::testing
