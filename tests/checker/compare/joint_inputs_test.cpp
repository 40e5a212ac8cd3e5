#include "checker/compare/joint_inputs.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "tests/spec_support.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

using Reaction = std::set<std::pair<std::uint32_t, std::uint32_t>>;  // observation, target

Reaction reaction(const EndpointLts& lts, std::uint32_t vertex, std::uint32_t input) {
    Reaction all;
    for (const LtsEdge& edge : lts.edges(vertex, input)) all.emplace(edge.observation, edge.to);
    return all;
}

}  // namespace

TEST_CASE("two local states answer all inputs of a joint class as its first one, and each input is in one class") {
    const Profile& a = *shipped_spec("rfc9293.spec").profile("rfc9293");
    const Profile& b = *shipped_spec("rfc5961.spec").profile("rfc5961");
    OpenAlphabet alphabet = open_alphabet(a, limits_of(a), b, limits_of(b));
    Observations observations;
    LtsOptions options;
    options.start = "FIN_WAIT_2";
    EndpointLts of_a(a, limits_of(a), alphabet, observations, options);
    EndpointLts of_b(b, limits_of(b), alphabet, observations, options);
    unite_inputs(of_a, of_b, alphabet);
    JointInputs joint(of_a, of_b);
    std::size_t wrong = 0, classes = 0, pairs = 0;
    for (std::uint32_t x = 0; x < of_a.size(); x += 7) {
        const std::uint32_t y = x % static_cast<std::uint32_t>(of_b.size());
        std::set<std::uint32_t> met;
        ++pairs;
        for (const JointInputs::Class& one : joint.of({&x, 1}, {&y, 1})) {
            ++classes;
            for (const std::uint32_t input : one) {
                wrong += !met.insert(input).second;
                wrong += reaction(of_a, x, input) != reaction(of_a, x, one.front());
                wrong += reaction(of_b, y, input) != reaction(of_b, y, one.front());
            }
        }
        wrong += met.size() != alphabet.inputs.size();
    }
    CHECK(wrong == 0);
    CHECK(classes < pairs * alphabet.inputs.size());
}
