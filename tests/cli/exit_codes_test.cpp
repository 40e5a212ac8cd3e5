// Each exit code of the command, reached by a run that deserves it. The codes are listed in docs/spec-language.md.
#include <doctest/doctest.h>

#include <string>

#include "tests/cli/command.h"
#include "tests/cli/other_user.h"
#include "tests/cli/vector_files.h"
#include "tests/harness/kernel.h"
#include "tests/harness/tiny_profile.h"

using command::has;
using command::invoke;
using command::one_way;
using command::SpecFile;
using lastack::testing::quoted;
using lastack::testing::TemporaryDirectory;

namespace {

int check_of(const std::string& claims) { return invoke("check " + SpecFile(one_way(claims)).word()).code; }

// After the FIN is lost three times A is CLOSED and B knows nothing: no step is left.
const std::string deadlock = R"(
claim over "when all is over, both sides know" on lossy
  ends A in FIN_WAIT_2 and B in CLOSE_WAIT
  expect )";
const std::string safety = R"(
claim never_waits "nobody reaches FIN-WAIT-2" on lossy
  invariant not A in FIN_WAIT_2
  expect )";
const std::string liveness = R"(
claim comes_back "from every state A can still get to FIN-WAIT-2" on lossy
  recoverable A in FIN_WAIT_2
  expect )";

// Runs the vector against the small profile of the harness tests, played in virtual time.
command::Outcome run_on_sim(const lastack::TestVector& vector, const std::string& options = "") {
    const TemporaryDirectory here;
    const std::string file = here.write("vector.json", command::vector_text(vector));
    const std::string spec = here.write("tiny.spec", hand::tiny_text);
    return invoke("run --target sim --spec " + quoted(spec) + " " + options + " " + quoted(file));
}

// The same vector, but the answer to the tester's FIN is one that no TCP gives.
lastack::TestVector with_a_wrong_demand() {
    lastack::TestVector vector = hand::active_close();
    vector.steps.back().expect.at(0).segment.ack = 2;
    return vector;
}

// The demand is another one, and what the endpoint really does is allowed but leaves the path.
lastack::TestVector with_another_way_out() {
    lastack::TestVector vector = hand::active_close();
    lastack::VectorStep& step = vector.steps.back();
    step.expect.at(0).segment = hand::rst(1);
    step.alternatives.push_back({hand::ack(1, 1), hand::soon, lastack::Alternative::Then::inconclusive, ""});
    return vector;
}

}  // namespace

TEST_CASE("exit 0: every claim is as expected, violations that are expected included") {
    CHECK(check_of(command::acknowledged + command::heard) == 0);
    CHECK(check_of(deadlock + "violated") == 0);
    CHECK(check_of(safety + "violated shortest 3") == 0);
    CHECK(check_of(liveness + "violated") == 0);
}

TEST_CASE("exit 0: a part of the claims about Linux, by their names") {
    const auto outcome = invoke("check --claim W05-one --claim W11 " + command::shipped("linux.spec"));
    CHECK(outcome.code == 0);
    CHECK(has(outcome.out, "2 claims: 2 as expected, 0 not"));
    CHECK(has(outcome.out, "false, as expected W05-one"));
    CHECK_FALSE(has(outcome.out, "W16"));
}

TEST_CASE("exit 11, 12 and 13: a claim about an end, about states, about what stays possible is violated") {
    CHECK(check_of(deadlock + "holds") == 11);
    CHECK(check_of(safety + "holds") == 12);
    CHECK(check_of(liveness + "holds") == 13);
    const std::string by_next =
        "claim left \"FIN-WAIT-1 is left\" on lossy\n  leads next A in FIN_WAIT_1 to A in CLOSED\n";
    CHECK(check_of(by_next) == 13);
    CHECK(check_of(deadlock + "holds" + liveness + "holds") == 11);
    CHECK(check_of(liveness + "holds" + safety + "holds" + deadlock + "holds") == 12);
}

TEST_CASE("exit 12: an expected violation that is gone is as red as a new one") {
    const SpecFile spec(one_way(R"(
claim acknowledged "a closer in FIN-WAIT-2 has been heard" on lossy
  invariant each e, p: e in FIN_WAIT_2 implies p in CLOSE_WAIT
  expect violated
)"));
    const auto outcome = invoke("check " + spec.word());
    CHECK(outcome.code == 12);
    CHECK(has(outcome.out, "SURPRISE: true     acknowledged"));
    CHECK(has(outcome.out, "expected: false"));
}

TEST_CASE("exit 12: a witness or a counterexample of another length than the one expected is red") {
    CHECK(check_of(safety + "violated shortest 4") == 12);
    CHECK(check_of(safety + "violated shortest 2") == 12);
    const SpecFile spec(
        one_way("claim heard \"it is heard\" on lossy reachable A in FIN_WAIT_2 expect holds shortest 4"));
    const auto outcome = invoke("check " + spec.word());
    CHECK(outcome.code == 12);
    CHECK(has(outcome.out, "SURPRISE: true     heard          it is heard [3 steps]"));
    CHECK(has(outcome.out, "expected: true, shown by a run of 4 steps"));
}

TEST_CASE("exit 12: something that should be possible and is not") {
    const SpecFile spec(one_way("claim both \"both close\" on lossy reachable B in FIN_WAIT_1 expect holds"));
    CHECK(invoke("check " + spec.word()).code == 12);
}

TEST_CASE("exit 0 and 20: a vector that the target fulfils, and one that demands something wrong of it") {
    CHECK(run_on_sim(hand::active_close()).code == 0);
    const auto outcome = run_on_sim(with_a_wrong_demand());
    CHECK(outcome.code == 20);
    CHECK(has(outcome.out, "SURPRISE: differs active close"));
    CHECK(has(outcome.out, "> ACK seq=2 ack=3"));     // planned
    CHECK(has(outcome.out, "ms > ACK seq=2 ack=2"));  // observed
    CHECK(has(outcome.out, "1 refuted (0 as expected)"));
}

TEST_CASE("exit 20: gate, where an implementation does as the model although the spec expects otherwise") {
    const SpecFile spec(one_way(command::heard + "  expect refuted at A\n"));
    const auto outcome = invoke("gate --target sim " + spec.word());
    CHECK(outcome.code == 20);
    CHECK(has(outcome.out, "SURPRISE: does it heard/A"));
    CHECK(invoke("gate --target sim " + SpecFile(one_way(command::heard)).word()).code == 0);
}

TEST_CASE("exit 21: a run that leaves the planned path in an allowed way and nothing worse") {
    const auto outcome = run_on_sim(with_another_way_out());
    CHECK(outcome.code == 21);
    CHECK(has(outcome.out, "left open"));
    CHECK(has(outcome.out, "0 refuted (0 as expected), 1 inconclusive"));
}

TEST_CASE("exit 30: the bound on states is hit; what was decided before is told, and that it is a part") {
    const auto outcome = invoke("check --max-states 10000 --claim W03-can --claim W01-moves --claim W05-one " +
                                command::shipped("linux.spec"));
    CHECK(outcome.code == 30);
    CHECK(has(outcome.out, "PARTIAL"));
    CHECK(has(outcome.out, "false, as expected W05-one"));  // found among the first states
    CHECK(has(outcome.out, "not decided        W03-can"));
    CHECK(has(outcome.out, "not decided        W01-moves"));
    CHECK(has(outcome.out, "3 claims: 1 as expected, 0 not, 2 unknown"));
}

TEST_CASE("exit 30: the bound on states is what the user asked for, not many times of it") {
    const auto outcome = invoke("check --json --max-states 1000 --claim W03-can " + command::shipped("linux.spec"));
    CHECK(outcome.code == 30);
    const std::size_t at = outcome.out.find("\"states\": ");
    REQUIRE(at != std::string::npos);
    CHECK(std::stoull(outcome.out.substr(at + 10)) <= 2000);
}

TEST_CASE("exit 30: what is required was not driven, because another target was, or no vector could be") {
    const auto another = run_on_sim(hand::active_close(), "--require linux");
    CHECK(another.code == 30);
    CHECK(another.out == "");
    CHECK(has(another.err, "lastack: linux is required, and the target is sim"));
    CHECK(run_on_sim(hand::active_close(), "--require sim").code == 0);
    CHECK(run_on_sim(with_a_wrong_demand(), "--require sim").code == 20);
    std::string of_another = command::vector_text(hand::active_close());  // not the end of the profile under check
    const std::string subject = "\"subject\": \"tiny\"";
    REQUIRE(has(of_another, subject));
    of_another.replace(of_another.find(subject), subject.size(), "\"subject\": \"another\"");
    const TemporaryDirectory here;
    const std::string files =
        quoted(here.write("v.json", of_another)) + " --spec " + quoted(here.write("tiny.spec", hand::tiny_text));
    CHECK(invoke("run --target sim " + files).code == 77);
    const auto nothing = invoke("run --target sim --require sim " + files);
    CHECK(nothing.code == 30);
    CHECK(has(nothing.err, "sim is required, and none of 1 vectors was driven"));
    const SpecFile spec(one_way(command::heard));
    const auto gate = invoke("gate --target sim --require linux " + spec.word());
    CHECK(gate.code == 30);
    CHECK(gate.out == "");
    CHECK(invoke("gate --target sim --require SIM " + spec.word()).code == 0);
}

TEST_CASE("exit 64: the command line is not understood") {
    const SpecFile spec(one_way(command::acknowledged));
    const auto misuse = [](const std::string& arguments, const std::string& named) {
        CAPTURE(arguments);
        const auto outcome = invoke(arguments);
        CHECK(outcome.code == 64);
        CHECK(outcome.out == "");
        CHECK(has(outcome.err, named));
    };
    misuse("", "--help");
    misuse("frobnicate", "--help");
    misuse("check", "spec");
    misuse("check --frobnicate " + spec.word(), "--frobnicate");
    misuse("check --max-states many " + spec.word(), "many");
    misuse("check --max-states 0 " + spec.word(), "0");
    misuse("check " + spec.word() + " another", "another");
    misuse("gate --target windows " + spec.word(), "windows");
    misuse("gate --ip 5 " + spec.word(), "5");
    misuse("gate --longest -1 " + spec.word(), "-1");
    misuse("gate --target sim --longest nan " + spec.word(), "nan");
    misuse("generate " + spec.word(), "--output");
    misuse("run", "vectors");
}

TEST_CASE("exit 64: messages of usage name the verb that is unknown and fit on a terminal") {
    CHECK(has(invoke("frobnicate").err, "lastack: no verb 'frobnicate': there are check, "));
    CHECK(has(invoke("chekc x.spec").err, "lastack: no verb 'chekc': did you mean 'check'?\n"));
    CHECK(has(invoke("").err, "lastack: which verb? there are check, "));
    CHECK(has(invoke("--frobnicate").err, "lastack: no option '--frobnicate' without a verb\n"));
    const std::string far = "gate --target windows-of-another-company --baseline none x.spec";
    for (const std::string arguments : {"", "frobnicate", "mutate --operators all x.spec", far.c_str()})
        CHECK(command::too_wide(invoke(arguments).err) == "");
    CHECK(command::too_wide(invoke("check --max-states 0 x.spec").err) == "");
    CHECK(command::too_wide(invoke("gate --longest -1 x.spec").err) == "");
}

TEST_CASE("exit 64: the target sim without a spec to play is misuse, not a test that was skipped") {
    const TemporaryDirectory here;
    const auto outcome =
        invoke("run --target sim " + quoted(here.write("v.json", command::vector_text(hand::active_close()))));
    CHECK(outcome.code == 64);
    CHECK(has(outcome.err, "--spec"));
}

TEST_CASE("exit 77 where the running kernel is asked for and may not be driven") {
    const command::OtherUser other(command::OtherUser::Namespaces::denied);
    if (!other.reason().empty()) {
        MESSAGE("SKIPPED: exit 77 where the running kernel is asked for and may not be driven: " << other.reason());
        return;
    }
    const auto run =
        other.invoke("run --target linux " + other.write("v.json", command::vector_text(hand::active_close())));
    CHECK(run.code == 77);
    CHECK(run.out == "");
    CHECK(has(run.err, "no network namespace"));
    const std::string spec = other.write("s.spec", "use \"one_way.spec\"\n" + command::heard);
    CHECK(other.invoke("gate --target linux " + spec).code == 77);

    const auto automatic = other.invoke("gate " + spec);  // auto plays the profile and says why
    CHECK(automatic.code == 0);
    CHECK(has(command::lines_of(automatic.out).front(), "NOT the running kernel"));
    CHECK(has(automatic.out, "(not the running kernel: no network namespace"));
    CHECK(has(other.invoke("gate --json " + spec).out, "\"fallback\": \"no network namespace"));

    for (const std::string target : {"", "--target linux "}) {  // neither is green, and neither looks left out
        const auto required = other.invoke("gate --require linux " + target + spec);
        CHECK(required.code == 30);
        CHECK(required.out == "");
        CHECK(has(required.err, "linux is required"));
        CHECK(has(required.err, "no network namespace"));
    }
}

TEST_CASE("exit 77: nothing ran, because every vector may take longer than allowed" * hand::needs_kernel()) {
    const TemporaryDirectory here;
    const std::string vector = quoted(here.write("v.json", command::vector_text(hand::active_close())));
    const auto outcome = invoke("run --target linux --longest 0.01 " + vector);
    CHECK(outcome.code == 77);
    CHECK(has(outcome.out, "not driven"));
    CHECK(has(outcome.out, "0 confirmed, 0 refuted (0 as expected), 0 inconclusive,\n  1 skipped"));
}

TEST_CASE("a very long time for a vector is refused, or lets it run; it does not skip it" * hand::needs_kernel()) {
    const TemporaryDirectory here;
    const std::string vector = quoted(here.write("v.json", command::vector_text(hand::active_close())));
    CHECK(invoke("run --target linux --longest 1e300 " + vector).code != 77);
}

TEST_CASE("exit 0 and 20 on the running kernel" * hand::needs_kernel()) {
    const TemporaryDirectory here;
    const std::string right = quoted(here.write("right.json", command::vector_text(hand::active_close())));
    const std::string wrong = quoted(here.write("wrong.json", command::vector_text(with_a_wrong_demand())));
    CHECK(invoke("run --target linux " + right).code == 0);
    const auto outcome = invoke("run --target linux " + wrong);
    CHECK(outcome.code == 20);
    CHECK(has(outcome.out, "ms > ACK seq=2 ack=2"));
    CHECK(invoke("run --target linux " + right + " " + wrong).code == 20);
}
