// The second opinion: replay() and judge() take what the checker found, and refuse it once it was tampered with.
#include <doctest/doctest.h>

#include "checker/claims/check.h"
#include "checker/trace/plain_claims.h"
#include "tests/spec_support.h"

namespace lastack {

namespace {

using namespace testing;

struct Found {
    const Spec& spec;
    const Claim& claim;
    PlainSystem plain;
    Trace trace;
};

Found found(const std::string& id) {
    const Spec& spec = shipped_spec("rfc9293.spec");
    CheckOptions options;
    options.only_claims = {id};
    CheckReport report = check(spec, options);
    const Claim& claim = claim_named(spec, id);
    return {spec, claim, PlainSystem(spec, system_named(spec, claim.system)), report.claims.at(0).trace.value()};
}

std::size_t first_of(const Trace& trace, TraceStep::Kind kind) {
    for (std::size_t i = 0; i < trace.steps.size(); ++i) {
        if (trace.steps[i].kind == kind) return i;
    }
    throw std::out_of_range("no such step");
}

}  // namespace

TEST_CASE("The witness of the usual close replays, and is what it is meant to be") {
    const Found w01 = found("W01");
    CHECK(replay(w01.plain, w01.trace) == "");
    CHECK(judge(w01.plain, w01.claim, w01.trace) == "");
    CHECK(w01.trace.system == "polite");
}

TEST_CASE("Replay refuses a changed state, segment, rule, answer, order or start") {
    const Found w01 = found("W01");
    const std::size_t delivery = first_of(w01.trace, TraceStep::Kind::deliver);

    Trace state = w01.trace;
    state.steps.back().after.end[0].values[0] ^= 1;
    CHECK(replay(w01.plain, state).find("step " + std::to_string(state.steps.size()) + " (") == 0);

    Trace segment = w01.trace;
    segment.steps[delivery].segment.seq += 1;
    CHECK(replay(w01.plain, segment).find("step " + std::to_string(delivery + 1) + " (") == 0);

    Trace sent = w01.trace;
    sent.steps[0].sent.clear();
    CHECK(replay(w01.plain, sent).find("step 1 (") == 0);

    Trace rules = w01.trace;
    rules.steps[0].rules = {"abort"};
    CHECK(replay(w01.plain, rules) != "");

    Trace result = w01.trace;
    result.steps[0].result = "pipe";
    CHECK(replay(w01.plain, result) != "");

    Trace end = w01.trace;
    end.steps[0].end = 1;
    CHECK(replay(w01.plain, end) != "");

    Trace order = w01.trace;
    std::swap(order.steps[0], order.steps[1]);
    CHECK(replay(w01.plain, order) != "");

    Trace start = w01.trace;
    start.initial.end[1].state = 1;
    CHECK(replay(w01.plain, start) == "the initial states differ");
}

TEST_CASE("Replay refuses a trace from which any step but the last was taken out") {
    const Found w01 = found("W01");
    for (std::size_t i = 0; i + 1 < w01.trace.steps.size(); ++i) {
        CAPTURE(i);
        Trace gap = w01.trace;
        gap.steps.erase(gap.steps.begin() + static_cast<std::ptrdiff_t>(i));
        CHECK(replay(w01.plain, gap) != "");
    }
}

TEST_CASE("Judge refuses a trace that ends early") {
    for (const std::string id : {"W01", "W05-one", "W04-always", "W03-half-open", "W08-lost"}) {
        CAPTURE(id);
        const Found one = found(id);
        CHECK(judge(one.plain, one.claim, one.trace) == "");
        Trace early = one.trace;
        early.steps.pop_back();
        CHECK(replay(one.plain, early) == "");
        CHECK(judge(one.plain, one.claim, early) != "");
    }
}

TEST_CASE("Judge refuses a witness whose last stage occurs before its end") {
    const Found found_one = found("W14-gives-up");
    Trace longer = found_one.trace;
    const std::vector<TraceStep> further = found_one.plain.steps(longer.last());
    REQUIRE_FALSE(further.empty());
    longer.steps.push_back(further.front());
    CHECK(replay(found_one.plain, longer) == "");
    CHECK(judge(found_one.plain, found_one.claim, longer) != "");
}

TEST_CASE("Judge refuses an end that is none") {
    const Spec& spec = shipped_spec("rfc9293.spec");
    const Claim& claim = claim_named(spec, "W03-never");
    const PlainSystem plain(spec, system_named(spec, "never_closes"));
    CHECK(judge(plain, claim, Trace{"never_closes", plain.initial(), {}}) == "a step leads out of the last state");
}

}  // namespace lastack
