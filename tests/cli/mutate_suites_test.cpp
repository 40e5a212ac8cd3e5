// `mutate --suite` as a user runs it.
#include <doctest/doctest.h>

#include "tests/cli/command.h"
#include "tests/harness/tiny_profile.h"

using command::has;
using command::invoke;
using lastack::testing::quoted;
using lastack::testing::TemporaryDirectory;

namespace {

const std::string small_limits = " --limit data=1 --limit retries=1 ";

const std::string two_mistakes = R"(
use "tiny.spec"
profile mute extends tiny "the peer's FIN gets no answer in TIME-WAIT" {
replace rule fin_again "no answer" cites "RFC 9293 3.10.7.4 eighth" TIME_WAIT [seg.fin] { start time_wait }
}
profile careful extends tiny "never acknowledges twice" {
drop rule text_twice
}
profile grandchild extends mute "not a mutant of tiny" {
}
)";

}  // namespace

TEST_CASE("mutate --suite tells who survives, with the exchange, and ends with the scores of the suites") {
    const TemporaryDirectory here;
    const std::string spec = quoted(here.write("tiny.spec", hand::tiny_text));
    const auto outcome =
        invoke("mutate " + spec + " --suite states --suite transitions --operators rule,target" + small_limits);
    CHECK(outcome.code == 0);
    CHECK(outcome.err == "");
    CHECK(has(outcome.out, "Mutants of profile tiny, played by sim"));
    CHECK(has(outcome.out, "judged by suite states: "));
    CHECK(has(outcome.out, "drop rule text_twice") == false);  // conforming: not counted, so not listed
    CHECK(has(outcome.out, "suite transitions "));
    for (const std::string& line : command::lines_of(outcome.out))
        if (!has(line, "tiny.spec:") && !has(line, "/ipv4")) CHECK(line.size() <= 80);  // names may be long
    const auto all = invoke("mutate " + spec + " --all --suite transitions --operators rule" + small_limits);
    CHECK(has(all.out, "drop rule fin_again\n"));
    CHECK(has(all.out, "killed by transitions/"));
    CHECK(has(all.out, "conforming: all that it does the profile allows"));
}

TEST_CASE("mutants that were written in specs take the operators' place, those that extend the subject") {
    const TemporaryDirectory here;
    const std::string spec = quoted(here.write("tiny.spec", hand::tiny_text));
    const std::string mutants = quoted(here.write("mistakes.spec", two_mistakes));
    const auto outcome = invoke("mutate " + spec + " --all --suite transitions --mutants " + mutants + small_limits);
    CHECK(outcome.code == 0);
    CHECK(has(outcome.out, "  mute\n    \"the peer's FIN gets no answer in TIME-WAIT\""));
    CHECK(has(outcome.out, "transitions: killed by"));
    CHECK(has(outcome.out, "  careful\n"));
    CHECK_FALSE(has(outcome.out, "grandchild"));
    CHECK(has(outcome.out, "suite transitions  kills 1 of 1, score 100.0 %"));
    const auto none = invoke("mutate " + spec + " --suite transitions --mutants " + spec);
    CHECK(none.code == 64);
    CHECK(has(none.err, "no profile there extends 'tiny'"));
}

TEST_CASE("a saved suite judges as the one that is made on the spot") {
    const TemporaryDirectory here;
    const std::string spec = quoted(here.write("tiny.spec", hand::tiny_text));
    const std::string out = quoted((here.path() / "out").string());
    REQUIRE(invoke("generate " + spec + " --suite states --ip 4 -o " + out + small_limits).code == 0);
    const std::string file = quoted((here.path() / "out" / "states.jsonl").string());
    const auto saved = invoke("mutate " + spec + " --all --operators target --suite " + file);
    CHECK(saved.code == 0);
    CHECK(saved.out == invoke("mutate " + spec + " --all --operators target --suite states" + small_limits).out);
}

TEST_CASE("a sample of the mutants is said to be one, and is the same again") {
    const TemporaryDirectory here;
    const std::string spec = quoted(here.write("tiny.spec", hand::tiny_text));
    const std::string some = "mutate " + spec + " --all --sample 7 --suite states --operators effect" + small_limits;
    const auto outcome = invoke(some);
    CHECK(outcome.code == 0);
    CHECK(has(outcome.out, "  a sample: 7 mutants, drawn by lot from "));
    CHECK(has(outcome.out, " of 7 could be killed"));
    CHECK(outcome.out == invoke(some).out);
    CHECK(has(invoke(some + " --json").out, "\"sample_of\": "));
    CHECK(invoke("mutate " + spec + " --sample 7").code == 64);
}

TEST_CASE("mutate --suite as JSON") {
    const TemporaryDirectory here;
    const std::string spec = quoted(here.write("tiny.spec", hand::tiny_text));
    const auto outcome = invoke("mutate " + spec + " --json --suite states --operators rule" + small_limits);
    CHECK(outcome.code == 0);
    CHECK(outcome.out.starts_with("{\n  \"format\": \"lastack-suite-mutation/1\""));
    CHECK(has(outcome.out, "\"survivals\""));
    CHECK(has(outcome.out, "\"id\": \"drop rule fin\""));
    CHECK(has(outcome.out, "\"kills\""));
}

TEST_CASE("mutate --suite refuses what it does not know") {
    const TemporaryDirectory here;
    const std::string spec = quoted(here.write("tiny.spec", hand::tiny_text));
    CHECK(invoke("mutate " + spec + " --suite everything").code == 64);
    CHECK(invoke("mutate " + spec + " --suite states --limit depth=1").code == 64);
    CHECK(invoke("mutate " + spec + " --suite states --operators luck").code == 64);
    const auto alone = invoke("mutate " + spec + " --mutants " + spec);
    CHECK(alone.code == 64);
    CHECK(has(alone.err, "--suite"));
    CHECK(invoke("mutate " + spec + " --suite " + quoted((here.path() / "none.jsonl").string())).code == 65);
}
