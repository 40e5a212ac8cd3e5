// `lastack diff`: exit codes, and what is printed and written.
#include <doctest/doctest.h>

#include <filesystem>

#include "generators/vector_json.h"
#include "tests/checker/small_profiles.h"
#include "tests/cli/command.h"

using namespace command;

namespace {

namespace small = lastack::testing;

Outcome diff(const std::string& text, const std::string& a, const std::string& b, const std::string& more = "") {
    const SpecFile spec(text);
    return invoke("diff " + spec.word() + " " + spec.word() + " --profile-a " + a + " --profile-b " + b + " " + more);
}

}  // namespace

TEST_CASE("two files with the same endpoint are bisimilar: exit 0") {
    const SpecFile a(small::by_states, "a.spec"), b(small::by_flags, "b.spec");
    const Outcome outcome = invoke("diff " + a.word() + " " + b.word());
    CAPTURE(outcome.err);
    CHECK(outcome.code == 0);
    CHECK(has(outcome.out, "bisimilar: no observable difference within this alphabet"));
    CHECK(has(outcome.out, "A: by_states          4 local states"));
    CHECK(has(outcome.out, "B: by_flags           8 local states"));
}

TEST_CASE("a difference is an exchange with rules and citations: exit 20") {
    const Outcome outcome = diff(small::by_states + small::deaf, "by_states", "deaf");
    CHECK(outcome.code == 20);
    CHECK(has(outcome.out, "differ: 2 inputs tell them apart"));
    CHECK(has(outcome.out, "  1. FIN,ACK seq=0 ack=0 -> ACK seq=0 ack=1, signal eof\n       by fin\n"));
    CHECK(has(outcome.out, "  2. FIN,ACK seq=0 ack=0\n     A: ACK seq=0 ack=1\n"
                           "          fin_again: it comes again (RFC 9293 3.10.7.4 eighth)\n"
                           "     B: nothing (no rule matches)\n"));
    CHECK(too_wide(outcome.out) == "");
}

TEST_CASE("a difference in choices only is called that") {
    const Outcome outcome = diff(small::open_choice + small::early_choice, "open_choice", "early_choice");
    CHECK(outcome.code == 20);
    CHECK(has(outcome.out, "differ, in choices only"));
    CHECK(has(outcome.out, "B chooses"));
    CHECK(too_wide(outcome.out) == "");
}

TEST_CASE("what leaves its ranges is undecided: exit 30") {
    const Outcome outcome = diff(small::counters, "guarded", "unguarded");
    CHECK(outcome.code == 30);
    CHECK(has(outcome.out, "undecided"));
    CHECK(has(outcome.out, "only one side leaves its declared ranges"));
    CHECK(too_wide(outcome.out) == "");
    CHECK(diff(small::by_states, "by_states", "by_states", "--max-states 3").code == 30);
}

TEST_CASE("the exchange is written as vectors") {
    const small::TemporaryDirectory here;
    const std::string where = (here.path() / "vectors").string();
    const Outcome outcome =
        diff(small::by_states + small::deaf, "by_states", "deaf", "--ip 4 -o " + small::quoted(where));
    CHECK(outcome.code == 20);
    for (const char* name : {"by_states", "deaf"}) {
        const std::string file = where + "/diff.by_states-or-deaf." + name + ".ipv4.json";
        CAPTURE(file);
        REQUIRE(std::filesystem::exists(file));
        CHECK(lastack::vector_from_json(small::read_file(file)).profile == name);
    }
}

TEST_CASE("for programs there is one document") {
    const Outcome outcome = diff(small::by_states + small::deaf, "by_states", "deaf", "--json");
    CHECK(outcome.code == 20);
    CHECK(outcome.out.front() == '{');
    CHECK(has(outcome.out, "\"verdict\": \"different\""));
    CHECK(has(outcome.out, "\"rules_a\": ["));
    CHECK(has(outcome.out, "\"format\""));  // of a vector, as a document and not as a text
}

TEST_CASE("what cannot be compared is a mistake of the command line: exit 64") {
    const std::string specs = small::by_states + small::deaf;
    const auto complains = [&](const std::string& more, const std::string& message) {
        const Outcome outcome = diff(specs, "by_states", "deaf", more);
        CAPTURE(outcome.err);
        CHECK(outcome.code == 64);
        CHECK(has(outcome.err, message));
    };
    complains("--limit data", "--limit wants NAME=NUMBER, not 'data'");
    complains("--limit data=1", "neither profile has a limit 'data'");
    complains("--call sned", "neither profile handles a call 'sned'");
    complains("--start LISTEN", "profile by_states has no state 'LISTEN'");
    const Outcome unknown = diff(specs, "by_state", "deaf");
    CHECK(unknown.code == 64);
    CHECK(has(unknown.err, "no profile 'by_state' in the spec; did you mean 'by_states'?"));
    CHECK(invoke("diff only-one.spec").code == 64);
    CHECK(invoke("diff missing-a.spec missing-b.spec").code == 65);
}

TEST_CASE("a difference in time has a vector that waits") {
    const std::string specs = R"(
profile restarts { states ESTABLISHED initial, TIME_WAIT, CLOSED timer wait = 3 s
  on call close rule close "x" cites "1" ESTABLISHED -> TIME_WAIT { start wait }
  on timer wait rule over "x" cites "1" TIME_WAIT -> CLOSED { signal timeout }
  on segment step one rule fin "x" cites "1" TIME_WAIT [seg.fin] { start wait }
}
profile runs_on extends restarts { replace rule fin "x" cites "1" TIME_WAIT [seg.fin] -> TIME_WAIT }
)";
    const small::TemporaryDirectory here;
    const std::string where = (here.path() / "vectors").string();
    const Outcome outcome = diff(specs, "restarts", "runs_on", "--ip 4 -o " + small::quoted(where));
    CAPTURE(outcome.out);
    CHECK(outcome.code == 20);
    CHECK(has(outcome.out, "differ in time: 3 inputs tell them apart"));
    CHECK(has(outcome.out, "A: signal timeout, counted from step 2"));
    CHECK(has(outcome.out, "B: signal timeout, counted from step 1"));
    const std::string file = where + "/diff.restarts-or-runs_on.restarts.ipv4.json";
    REQUIRE(std::filesystem::exists(file));
    bool waits = false;
    for (const auto& step : lastack::vector_from_json(small::read_file(file)).steps)
        waits = waits || (step.kind == lastack::VectorStep::Kind::wait && step.timer == "pause");
    CHECK(waits);
}

TEST_CASE("where the shortest exchange cannot be played, the next one that can is shown and written") {
    // `open` is no call of a vector's, and after it everything differs; so does the second FIN without it.
    const std::string more =
        "profile caller extends by_states { on call open rule open \"x\" cites \"1\" ESTABLISHED -> ESTABLISHED }\n"
        "profile deaf_caller extends deaf { on call open rule open \"x\" cites \"1\" ESTABLISHED { returns pipe } }\n";
    const Outcome outcome = diff(small::by_states + small::deaf + more, "caller", "deaf_caller", "--json --ip 4");
    CAPTURE(outcome.out);
    CHECK(outcome.code == 20);
    CHECK(has(outcome.out, "\"tells_apart\": true"));
    CHECK(has(outcome.out, "\"is_shortest\": false"));
    CHECK(has(outcome.out, "'open' is none of"));
}
