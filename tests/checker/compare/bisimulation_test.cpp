// What counts as the same endpoint.
#include "checker/compare/bisimulation.h"

#include <doctest/doctest.h>

#include "checker/compare/distinguish.h"
#include "checker/compare/timing.h"
#include "model/language/read_spec.h"
#include "tests/checker/small_profiles.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

struct Two {
    OpenAlphabet alphabet;
    Observations observations;
    EndpointLts a, b;
    Two(const Profile& of_a, const Profile& of_b)
        : alphabet(open_alphabet(of_a, limits_of(of_a), of_b, limits_of(of_b))),
          a(of_a, limits_of(of_a), alphabet, observations, {}), b(of_b, limits_of(of_b), alphabet, observations, {}) {
        unite_inputs(a, b, alphabet);
    }
};

std::optional<bool> same(const std::string& name_a, const std::string& name_b, std::size_t max_states = 10'000) {
    const Spec spec = parse_spec(all_small_profiles, "small.spec");
    const Profile &a = *spec.profile(name_a), &b = *spec.profile(name_b);
    return bisimilar(a, b, limits_of(a), limits_of(b), max_states);
}

}  // namespace

TEST_CASE("two encodings of the same behaviour are bisimilar") {
    CHECK(same("by_states", "by_flags") == true);
    CHECK(same("by_flags", "by_states") == true);
}

TEST_CASE("what nobody sees adds local states and no blocks") {
    const Spec spec = parse_spec(by_states + by_flags, "small.spec");
    const Two two(*spec.profile("by_states"), *spec.profile("by_flags"));
    CHECK(two.a.size() == 4);
    CHECK(two.b.size() == 8);  // closed, FIN got, and the counter
    const Partition partition = refine(two.a, two.b);
    CHECK(partition.blocks_a == 4);
    CHECK(partition.blocks_b == 4);
    CHECK(partition.bisimilar());
    CHECK(partition.separated(0, 0) == -1);
}

TEST_CASE("history is not followed: no rule can tell it") {
    const Spec spec = parse_spec(R"(
profile remembers {
  states ESTABLISHED initial
  history last : { none, sent, received }
  on call send rule send "x" cites "1" ESTABLISHED { last := sent }
  on call recv rule recv "x" cites "1" ESTABLISHED { last := received }
}
)",
                                 "small.spec");
    const Two two(spec.profiles.front(), spec.profiles.front());
    CHECK(two.a.size() == 1);
}

TEST_CASE("a rule that is missing makes another endpoint") {
    CHECK(same("by_states", "deaf") == false);
    CHECK(same("by_flags", "deaf") == false);
}

TEST_CASE("a choice is not the same as no choice") {
    CHECK(same("by_states", "lazy") == false);
    CHECK(same("lazy", "lazy") == true);
}

TEST_CASE("to choose early is not to choose late, although the exchanges are the same") {
    CHECK(same("open_choice", "early_choice") == false);
    const Spec spec = parse_spec(open_choice + early_choice, "small.spec");
    const Two two(*spec.profile("open_choice"), *spec.profile("early_choice"));
    // One input apart they agree: both can only send. Behind it they do not.
    CHECK(refine(two.a, two.b).separated(0, 0) == 2);
}

TEST_CASE("a difference after three inputs takes three rounds") {
    const Spec spec = parse_spec(three_calls("ends_ok", "ok") + three_calls("ends_pipe", "pipe"), "small.spec");
    const Two two(*spec.profile("ends_ok"), *spec.profile("ends_pipe"));
    CHECK(refine(two.a, two.b).separated(0, 0) == 3);
}

TEST_CASE("what leaves its ranges is neither the same nor different") {
    CHECK(same("guarded", "unguarded") == std::nullopt);
    CHECK(same("unguarded", "unguarded") == true);
}

TEST_CASE("an endpoint that is too large is not decided") {
    CHECK(same("by_states", "by_states", 3) == std::nullopt);
    CHECK(same("by_states", "by_states", 4) == true);
}

TEST_CASE("where an endpoint begins decides what can be seen of it") {
    const Spec spec = parse_spec(open_choice + R"(
profile sends_twice extends open_choice "also after its end" {
  on call send rule late "too late" cites "RFC 9293 3.10.2" CLOSED { returns pipe }
}
profile unreached extends open_choice "a rule where nobody gets" {
  states LISTEN
  on call send rule early "too early" cites "RFC 9293 3.10.2" LISTEN { returns pipe }
}
profile with_listen extends open_choice "a state where nobody gets" { states LISTEN }
)",
                                 "small.spec");
    const auto compare_from = [&](const char* a, const char* b, const std::vector<std::string>& starts) {
        const Profile &of_a = *spec.profile(a), &of_b = *spec.profile(b);
        return bisimilar(of_a, of_b, limits_of(of_a), limits_of(of_b), 100, starts);
    };
    CHECK(compare_from("open_choice", "sends_twice", {""}) == false);
    CHECK(compare_from("with_listen", "unreached", {""}) == true);
    CHECK(compare_from("with_listen", "unreached", {"", "LISTEN"}) == false);
}

TEST_CASE("partitions and pairs of states give the same answers") {
    const Spec spec = parse_spec(all_small_profiles, "small.spec");
    for (const Profile& one : spec.profiles) {
        for (const Profile& other : spec.profiles) {
            CAPTURE(one.name);
            CAPTURE(other.name);
            const Two two(one, other);
            const bool blocks = refine(two.a, two.b).bisimilar();
            const std::optional<bool> pairs = bisimilar_inside(two.a, two.b, 10'000);
            const bool leaves = (one.name == "unguarded") != (other.name == "unguarded");
            if (!leaves) CHECK(pairs == blocks);
            CHECK(shortest_play(two.a, two.b, 10'000).has_value() == (pairs == false));
        }
    }
}

TEST_CASE("segments that no rule tells apart share one place in the alphabet") {
    const Spec spec = parse_spec(by_states, "small.spec");
    const Profile& profile = spec.profiles.front();
    const OpenAlphabet alphabet = open_alphabet(profile, {}, profile, {});
    CHECK(alphabet.highest_unit == 2);  // the profile sends ACK 1
    CHECK(alphabet.longest == 1);
    CHECK(alphabet.calls == 1);
    CHECK(alphabet.timers == 0);
    // Eight sets of flags with ACK, eight without; SEQ and ACK 0 to 2, LEN 0 to 1. The rules read the FIN alone.
    CHECK(alphabet.all_segments == 8 * 3 * 3 * 2 + 8 * 3 * 2);
    CHECK(alphabet.inputs.size() == 1 + 2);
    AlphabetOptions options;
    options.highest_unit = 0;
    options.calls = std::vector<std::string>{};
    CHECK(open_alphabet(profile, {}, profile, {}, options).all_segments == 16 * 2);
}

TEST_CASE("the alphabet goes one beyond every number and window edge that a rule compares with") {
    const Spec spec = parse_spec(R"(
profile edges { states ESTABLISHED initial
  limit window = 2 in 1..3
  var rcv_nxt : 0..2
  segment ACK { seq 0; ack rcv_nxt }
  on segment step one
    rule right "x" cites "1" ESTABLISHED [seg.rst and seg.seq >= rcv_nxt + window] { send ACK }
    rule long "x" cites "1" ESTABLISHED [not seg.rst and seg.len > 2] { send ACK }
}
)",
                                 "small.spec");
    const Profile& profile = spec.profiles.front();
    const Limits limits = limits_of(profile);
    const OpenAlphabet alphabet = open_alphabet(profile, limits, profile, limits);
    CHECK(alphabet.highest_unit == 5);  // rcv_nxt is 2 at most, the window 2: from 4 on nothing changes
    CHECK(alphabet.longest == 3);
    std::vector<int> of_resets, lengths;
    for (const Input& input : alphabet.inputs) {
        if (input.trigger != Trigger::segment) continue;
        (input.segment.rst ? of_resets : lengths).push_back(input.segment.rst ? input.segment.seq : input.segment.len);
    }
    CHECK(of_resets == std::vector<int>{0, 2, 3, 4});  // below 2 all are left of each edge
    CHECK(lengths == std::vector<int>{0, 3});
}

TEST_CASE("each profile has its own limits, and a value that is given goes to both") {
    const Spec spec = parse_spec("profile a { states CLOSED initial limit data = 2 in 0..3 limit own = 1 in 0..1 }\n"
                                 "profile b { states CLOSED initial limit data = 1 in 0..2 }",
                                 "limits.spec");
    const Profile &a = *spec.profile("a"), &b = *spec.profile("b");
    CHECK(shared_limits(a, b, {}).second == Limits{{"data", 1}});
    const auto [of_a, of_b] = shared_limits(a, b, {{"data", 0}, {"own", 0}});
    CHECK(of_a == Limits{{"data", 0}, {"own", 0}});
    CHECK(of_b == Limits{{"data", 0}});
    CHECK_THROWS_WITH(shared_limits(a, b, {{"date", 1}}), "neither profile has a limit 'date'");
    CHECK_THROWS_WITH(shared_limits(a, b, {{"data", 3}}), "limit 'data' lies in 0..2, not at 3");
}
