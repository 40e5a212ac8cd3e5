// Claims about runs that go on: leads, eventually, always eventually, acyclic, what they call fair, and what is
// expected.
#include <doctest/doctest.h>

#include "model/language/read_spec.h"
#include "tests/model/language/language_text.h"

using namespace lastack;
using namespace lastack::test;

namespace {

std::string claim(const std::string& body) {
    return tiny() + tiny_system() + "claim c1 \"a sentence\" on pair " + body;
}
Claim parsed(const std::string& body) { return parse_spec(claim(body), "t").claims.at(0); }

constexpr const char* only_states =
    "what happens in a step belongs to 'step', 'reachable', 'leads' and 'acyclic' claims";
constexpr const char* only_step_next = "'next' belongs to 'step' and 'acyclic' claims and to the first part of 'leads'";

}  // namespace

TEST_CASE("the kinds of claims about runs, with their stages") {
    const Claim leads = parsed("leads A calls close and B in CLOSED to A in FIN_WAIT_2 or quiet");
    CHECK(leads.kind == Claim::Kind::leads);
    REQUIRE(leads.stages.size() == 2);
    CHECK(leads.stages[0].op == Op::and_);
    CHECK(leads.stages[1].op == Op::or_);
    const Claim eventually = parsed("eventually each e: e in CLOSED");
    CHECK(eventually.kind == Claim::Kind::eventually);
    REQUIRE(eventually.stages.size() == 1);
    CHECK(eventually.stages[0].op == Op::each);
    CHECK(parsed("always eventually quiet").kind == Claim::Kind::always_eventually);
    CHECK(parsed("always eventually quiet").stages.size() == 1);
    CHECK(parsed("eventually always quiet").kind == Claim::Kind::eventually_always);
    CHECK(parsed("eventually always quiet").stages.size() == 1);
    const Claim acyclic = parsed("acyclic some e: e sends and next e in CLOSED");
    CHECK(acyclic.kind == Claim::Kind::acyclic);
    CHECK(acyclic.fairness.empty());
    CHECK(mistake(claim("leads quiet expect holds")).find("'to'") != std::string::npos);
    CHECK(mistake(claim("always evntually quiet")) ==
          "expected 'eventually', found 'evntually' | did you mean 'eventually'?");
    CHECK(mistake(claim("leads quiet to A in CLOSD")) == "unknown state 'CLOSD' | did you mean 'CLOSED'?");
    CHECK(marked(claim("leads quiet to A in CLOSD")) == "CLOSD");
}

TEST_CASE("only the first part of 'leads' and the body of 'acyclic' read the step") {
    CHECK(mistake(claim("leads next A in CLOSED to quiet")) == "none");
    CHECK(mistake(claim("leads quiet to B gets [seg.fin]")) ==
          "what is led to is a state: what happens in a step may stand before 'to' only");
    CHECK(marked(claim("leads quiet to B gets [seg.fin]")) == "B gets [seg.fin]");
    CHECK(mistake(claim("leads quiet to next A in CLOSED")) == only_step_next);
    CHECK(mistake(claim("eventually A calls close")) == only_states);
    CHECK(mistake(claim("always eventually A signals acked")) == only_states);
    CHECK(mistake(claim("eventually next A in CLOSED")) == only_step_next);
    CHECK(mistake(claim("eventually always A signals acked")) == only_states);
    CHECK(mistake(claim("eventually always next A in CLOSED")) == only_step_next);
    CHECK(mistake(claim("always eventually next A in CLOSED")) == only_step_next);
}

TEST_CASE("an acyclic claim names at least one thing that happens in a step") {
    const std::string none = "an acyclic claim says of which steps: this reads none";
    CHECK(mistake(claim("acyclic A in CLOSED")).find(none) == 0);
    CHECK(mistake(claim("acyclic each e: e.closed and quiet")).find(none) == 0);
    CHECK(marked(claim("acyclic A in CLOSED")) == "A in CLOSED");
    for (const char* step : {"A sends", "A gets [seg.fin]", "A calls close", "A expires rto", "A signals acked",
                             "A fires acked", "A returns ok", "A sends at least 1", "lost from A", "doubled from B",
                             "next A in CLOSED", "some e: e sends"}) {
        CAPTURE(step);
        CHECK(mistake(claim("acyclic A in CLOSED and " + std::string(step))) == "none");
    }
}

TEST_CASE("fairness: the family, its strength, its one member and its end") {
    using Family = Fairness::Family;
    const std::vector<Fairness> all = parsed("eventually quiet fair timers, delivery, call close at A\n"
                                             "fair strong timer rto at B, weak delivery at B expect holds")
                                          .fairness;
    REQUIRE(all.size() == 5);
    CHECK(all[0].family == Family::timers);
    CHECK_FALSE(all[0].strong);  // without a word: timers and calls weak, delivery strong
    CHECK(all[0].name.empty());
    CHECK(all[0].end == -1);
    CHECK(all[1].family == Family::delivery);
    CHECK(all[1].strong);
    CHECK(all[1].end == -1);
    CHECK(all[2].family == Family::calls);
    CHECK_FALSE(all[2].strong);
    CHECK(all[2].name == "close");
    CHECK(all[2].end == 0);
    CHECK(all[3].family == Family::timers);
    CHECK(all[3].strong);
    CHECK(all[3].name == "rto");
    CHECK(all[3].end == 1);
    CHECK(all[3].where.line == all[0].where.line + 1);
    CHECK_FALSE(all[4].strong);
    CHECK(all[4].end == 1);
}

TEST_CASE("fairness belongs to claims about runs") {
    const std::string wrong = "'fair' belongs to claims about runs: leads, eventually, always eventually, "
                              "eventually always, acyclic";
    for (const char* kind :
         {"invariant quiet", "step quiet", "reachable quiet then quiet", "recoverable quiet", "ends quiet"}) {
        CAPTURE(kind);
        CHECK(mistake(claim(std::string(kind) + " fair timers")) == wrong);
        CHECK(marked(claim(std::string(kind) + " fair weak timers, delivery")) == "weak timers");
    }
    for (const char* kind : {"leads quiet to quiet", "eventually quiet", "always eventually quiet",
                             "eventually always quiet", "acyclic A sends"}) {
        CAPTURE(kind);
        CHECK(mistake(claim(std::string(kind) + " fair timers")) == "none");
    }
}

TEST_CASE("mistakes in fairness") {
    const auto fair = [](const std::string& items) { return claim("eventually quiet fair " + items); };
    CHECK(mistake(fair("timer rt0")) == "the claim names nothing: unknown timer 'rt0' | did you mean 'rto'?");
    CHECK(marked(fair("timers, timer rt0")) == "rt0");
    CHECK(mistake(fair("call clos at A")) == "the claim names nothing: unknown call 'clos' | did you mean 'close'?");
    CHECK(mistake(fair("timers at C")) == "fairness is at end A or B, not at 'C'");
    CHECK(mistake(fair("timers, strong timers")) == "the same fairness is given twice");
    CHECK(mistake(fair("timers at A, timers at B, timer rto")) == "none");
    CHECK(mistake(fair("timrs")).find("found 'timrs' | did you mean 'timers'?") != std::string::npos);
    CHECK(mistake(fair("stong timers")).find("expected") == 0);
    CHECK(mistake(fair("call")).find("expected a call, found the end of the file") == 0);
}

TEST_CASE("fairness may name what only an ancestor of the subject has, or the other end") {
    const std::string two = tiny() +
                            "profile other extends tiny { timer late = 1 s on timer late rule late \"a\" cites \"b\" "
                            "CLOSED { } }\nprofile mute extends other { drop timer late }\nsystem s ends mute A, tiny "
                            "B network 1\nclaim c \"s\" on s eventually quiet fair ";
    CHECK(mistake(two + "timer late") == "none");
    CHECK(mistake(two + "timer late at A") == "none");
    CHECK(mistake(two + "timer late at B").find("unknown timer 'late'") != std::string::npos);
    CHECK(mistake(two + "timer rto") == "none");
}

TEST_CASE("an expectation may be vacuous, and may be for several profiles") {
    const std::string text = "profile other-one extends tiny { }\nprofile third extends tiny { }\n" + tiny() +
                             tiny_system() +
                             "claim c \"s\" on pair invariant quiet expect violated shortest 3 for "
                             "other-one, third expect vacuous for tiny expect holds";
    const Claim claim = parse_spec(text, "t").claims[0];
    REQUIRE(claim.expectations.size() == 4);
    for (const char* name : {"other-one", "third"}) {
        CHECK_FALSE(claim.expected_for(name).holds);
        CHECK(claim.expected_for(name).shortest == 3);
        CHECK(claim.expected_for(name).for_profile == name);
    }
    CHECK(claim.expected_for("tiny").holds);
    CHECK(claim.expected_for("tiny").vacuous);
    CHECK_FALSE(claim.expected_for("unheard-of").vacuous);
}

TEST_CASE("mistakes in expectations") {
    CHECK(mistake(claim("invariant quiet expect holds for tiny, tinny")) ==
          "unknown profile 'tinny' | did you mean 'tiny'?");
    CHECK(marked(claim("invariant quiet expect holds for tiny, tinny")) == "tinny");
    CHECK(mistake(claim("invariant quiet expect holds for tiny, tiny")) == "a second expectation for 'tiny'");
    CHECK(mistake(claim("invariant quiet expect holds expect vacuous")) == "a second expectation");
    // It could be a claim of that name, of which something is expected.
    CHECK(mistake(claim("invariant quiet expect vacuos")).find("expected ',', 'holds', 'violated' or 'vacuous'") == 0);
    CHECK(mistake(claim("invariant quiet expect vacuous shortest 3")).find("expected") == 0);
}
