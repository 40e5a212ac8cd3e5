// Testing by lot: what a profile does is never refuted by its own walks, what it does not do is found and shrunk.
#include "harness/walk_testing.h"

#include <doctest/doctest.h>

#include <string>

#include "generators/diff_vector.h"
#include "harness/targets.h"
#include "model/language/read_spec.h"
#include "tests/harness/tiny_profile.h"
#include "tests/places.h"

using namespace lastack;

namespace {

TesterGraph graph_of(const Profile& profile) {
    TesterOptions tester;
    tester.calls = calls_of_a_tester(profile);
    return {profile, limits_of(profile), tester};
}

WalkReport walk(const Profile& stack, const TesterGraph& graph, std::uint64_t walks,
                SimPlay::May may = SimPlay::May::never, bool alike = false) {
    const auto target = make_sim_target(stack, limits_of(stack), {may, {}, {}, SimPlay::Expiry::middle, false, 1});
    WalkTestOptions options;
    options.seconds = 60;
    options.most_walks = walks;
    options.most_findings = 1;
    options.walk.alike = alike;
    options.drive.longest_us = 1'000'000'000'000;
    return test_by_walks(*target, graph, options);
}

std::size_t count(const WalkReport& report, Verdict verdict) { return report.count[static_cast<std::size_t>(verdict)]; }

std::string first_of(const WalkReport& report) {
    if (report.findings.empty()) return "";
    const FailingWalk& one = report.findings.front().shortest;
    std::string text = one.run.reason;
    for (const VectorStep& step : one.vector.steps) text += "\n" + step.note;
    return text;
}

// The inputs of the shortest walk of the first finding, as a person reads them.
std::vector<std::string> inputs_of(const WalkReport& report) {
    std::vector<std::string> inputs;
    for (const VectorStep& step : report.findings.at(0).shortest.vector.steps) {
        if (step.kind == VectorStep::Kind::call) inputs.push_back(step.call);
        if (step.kind == VectorStep::Kind::send) inputs.push_back(to_string(step.segment));
        if (step.kind == VectorStep::Kind::wait) inputs.push_back("timer " + step.timer);
    }
    return inputs;
}

}  // namespace

TEST_CASE("a profile that is played is refuted by none of its walks, whichever way it chooses") {
    const Profile tiny = hand::tiny_profile();
    const TesterGraph graph = graph_of(tiny);
    for (const auto may : {SimPlay::May::never, SimPlay::May::always}) {
        const WalkReport report = walk(tiny, graph, 1'500, may, true);
        INFO(first_of(report));
        CHECK(report.findings.empty());
        CHECK(report.unsteady == 0);
        CHECK(report.walks + report.not_made == 1'500);
        CHECK(count(report, Verdict::pass) * 2 > report.walks);
        CHECK(report.walked > 500);
    }
}

TEST_CASE("the same seed gives the same walks, another one others") {
    const TesterGraph graph = graph_of(hand::tiny_profile());
    const auto inputs = [&](std::uint32_t seed) {
        RandomWalkOptions options;
        options.seed = seed;
        RandomWalks walks(graph, options);
        std::vector<std::uint32_t> all;
        for (int i = 0; i < 50; ++i)
            for (const WalkStep& step : walks.next().steps) all.push_back(step.input);
        return all;
    };
    CHECK(inputs(7) == inputs(7));
    CHECK(inputs(7) != inputs(8));
}

TEST_CASE("a mistake that only some history shows is found, and shrunk to what it takes") {
    const auto wrong = [](const std::string& right, const std::string& instead) {
        std::string text = hand::tiny_text;
        const std::size_t place = text.find(right);
        REQUIRE(place != std::string::npos);
        return parse_spec(text.replace(place, right.size(), instead), "wrong.spec").profiles.at(0);
    };
    const TesterGraph graph = graph_of(hand::tiny_profile());
    using Words = std::vector<std::string>;
    // A close behind the peer's FIN sends nothing.
    const WalkReport silent =
        walk(wrong("CLOSE_WAIT -> LAST_ACK { send FIN;", "CLOSE_WAIT -> LAST_ACK {"), graph, 2'000);
    REQUIRE(silent.findings.size() == 1);
    const Words passive = inputs_of(silent);
    INFO(first_of(silent));
    REQUIRE(passive.size() == 2);
    CHECK(passive[0].find("FIN") != std::string::npos);
    CHECK(passive[1] == "close");
    // The second retransmission is one too many: text or a FIN, two expiries, and the third one sends.
    const WalkReport many =
        walk(wrong("[tries < retries] { tries += 1; send FIN", "[tries < retries + 1] { send FIN"), graph, 4'000);
    REQUIRE(many.findings.size() == 1);
    INFO(first_of(many));
    CHECK(inputs_of(many).size() == 4);
    CHECK(inputs_of(many)[3] == "timer rto");
    CHECK(many.findings[0].first_steps >= 4);
}

TEST_CASE("walks find what implementers did wrong by accident, and refute RFC 9293 itself never") {
    const Spec right = read_spec(testing::source_dir() + "/specs/rfc9293.spec", "");
    const Profile& profile = *right.profile(right.subject);
    const TesterGraph graph = graph_of(profile);
    for (const auto may : {SimPlay::May::never, SimPlay::May::always}) {
        const WalkReport report = walk(profile, graph, 1'000, may);
        INFO(first_of(report));
        CHECK(report.findings.empty());
        CHECK(count(report, Verdict::pass) > 500);
    }
    const Spec mutants = read_spec(testing::source_dir() + "/specs/mutants/closing-call.spec", "");
    const auto shortest = [&](const std::string& mutant) {
        const WalkReport report = walk(*mutants.profile(mutant), graph, 3'000);
        CAPTURE(mutant);
        INFO(first_of(report));
        REQUIRE(report.findings.size() == 1);
        return inputs_of(report);
    };
    CHECK(shortest("close_says_nothing") == std::vector<std::string>{"close"});
    CHECK(shortest("shutdown_does_nothing").size() == 1);
    CHECK(shortest("close_wait_stays").size() == 2);           // the peer's FIN, then close
    CHECK(shortest("fin_held_back").size() == 2);              // text, then close or shutdown
    CHECK(shortest("fin_forgotten_behind_text").size() == 3);  // the window shuts, close, it opens
}
