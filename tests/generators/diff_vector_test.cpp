// What tells two profiles apart, driven: the one that a vector is made from passes it, the other one does not.
#include "generators/diff_vector.h"

#include <doctest/doctest.h>

#include "generators/vector_json.h"
#include "harness/driver.h"
#include "harness/targets.h"
#include "model/language/read_spec.h"
#include "tests/checker/small_profiles.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

struct Compared {
    Spec spec;
    const Profile *a, *b;
    Comparison result;
    Compared(const std::string& text, const std::string& name_a, const std::string& name_b)
        : spec(parse_spec(text, "small.spec")), a(spec.profile(name_a)), b(spec.profile(name_b)),
          result(compare(*a, limits_of(*a), *b, limits_of(*b), {})) {
        REQUIRE(result.distinction.has_value());
    }
    Projection as(int side) const { return diff_vector(result, side, {4, 100}); }
};

lastack::Verdict driven(const TestVector& vector, const Profile& profile) {
    const auto target = make_sim_target(profile, limits_of(profile));
    const TestRun run = drive(*target, {vector}, {}).at(0);
    INFO(run.reason);
    return run.verdict;
}

}  // namespace

TEST_CASE("each profile passes the vector made from it and fails the other one's") {
    const Compared compared(by_states + deaf, "by_states", "deaf");
    const Projection as_a = compared.as(0), as_b = compared.as(1);
    CAPTURE(as_a.reason);
    CAPTURE(as_b.reason);
    REQUIRE(as_a.vector.has_value());
    REQUIRE(as_b.vector.has_value());
    CHECK(as_a.vector->id == "diff/by_states-or-deaf/by_states/ipv4");
    CHECK(as_a.vector->steps.size() == 2);  // a FIN, and the same again
    CHECK(driven(*as_a.vector, *compared.a) == lastack::Verdict::pass);
    CHECK(driven(*as_a.vector, *compared.b) == lastack::Verdict::fail);
    CHECK(driven(*as_b.vector, *compared.b) == lastack::Verdict::pass);
    CHECK(driven(*as_b.vector, *compared.a) == lastack::Verdict::fail);
    CHECK(vector_from_json(to_json(*as_a.vector)) == *as_a.vector);
}

TEST_CASE("a run replays with the plain interpreter, environment and all") {
    const Compared compared(by_states + deaf, "by_states", "deaf");
    const Distinction& found = *compared.result.distinction;
    const Trace trace = trace_of(*compared.result.lts[0], found.run[0], found);
    REQUIRE(trace.steps.size() == 4);
    CHECK(trace.steps[0].end == 1);
    CHECK(trace.steps[1].rules == std::vector<std::string>{"fin"});
    CHECK(trace.steps[3].rules == std::vector<std::string>{"fin_again"});
}

TEST_CASE("a call that a profile does not offer is nothing to expect") {
    const Compared compared(open_choice + "profile mute extends open_choice \"\" { drop call recv }", "open_choice",
                            "mute");
    CHECK_FALSE(compared.as(1).vector.has_value());
    CHECK(compared.as(1).reason == "no rule says what recv does here: there is nothing to expect");
}

TEST_CASE("a peer that ends its stream at two places has no bytes") {
    // Only a FIN at unit 0 and then one at unit 1 shows the difference.
    const std::string specs = R"(
profile first { states ESTABLISHED initial, CLOSE_WAIT, CLOSED
  on segment step eighth
    rule fin "x" cites "1" ESTABLISHED [seg.fin and seg.seq == 0 and seg.len == 0] -> CLOSE_WAIT
    rule other "x" cites "1" CLOSE_WAIT [seg.fin and seg.seq == 1 and seg.len == 0] -> CLOSED { signal eof }
}
profile second extends first { drop rule other }
)";
    const Compared compared(specs, "first", "second");
    CHECK(compared.as(0).reason == "the peer's units do not fit bytes: its FIN has two places, or text behind it");
}
