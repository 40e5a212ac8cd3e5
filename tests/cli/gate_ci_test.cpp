// What a machine wants of a gate: one line, a time that is kept, known deviations, reports that say what they are of.
#include <doctest/doctest.h>

#include <chrono>
#include <regex>
#include <string>

#include "tests/cli/child.h"
#include "tests/cli/command.h"
#include "tests/cli/vector_files.h"
#include "tests/harness/tiny_profile.h"
#include "tests/places.h"

using command::has;
using command::invoke;
using command::one_way;
using command::SpecFile;
using lastack::testing::quoted;
using lastack::testing::read_file;
using lastack::testing::run;
using lastack::testing::TemporaryDirectory;
using namespace std::chrono_literals;

namespace {

// FIN-WAIT-2 is reached in three steps, which this says and a reader may be told not to expect.
std::string claims(const std::string& expected) {
    return one_way("claim heard \"the closer learns that it was heard\" on lossy reachable A in FIN_WAIT_2 expect " +
                   expected + "\nclaim other \"the closer gives up\" on lossy reachable A in CLOSED expect holds\n");
}

command::Outcome gate(const SpecFile& spec, const std::string& options) {
    return invoke("gate --target sim " + spec.word() + " " + options);
}

// The exit code with a file on standard input.
int piped(const std::string& file, const std::string& arguments) {
    int code = -1;
    run(quoted(lastack::testing::command_path()) + " " + arguments + " <" + file, &code);
    return code;
}

}  // namespace

TEST_CASE("gate --quiet prints one line, which names what surprises and ends before column 80") {
    const auto green = gate(SpecFile(claims("holds")), "--quiet");
    CHECK(green.code == 0);
    CHECK(green.out.starts_with("ok: one_way on sim: 2 claims, "));
    CHECK(command::lines_of(green.out).size() == 1);
    const auto red = gate(SpecFile(claims("violated")), "-q");
    CHECK(red.code == 12);
    CHECK(red.out.starts_with("exit 12: one_way on sim: 2 claims, "));
    CHECK(has(red.out, "surprises: heard"));
    CHECK(command::too_wide(red.out) == "");
    CHECK(gate(SpecFile(claims("holds")), "--quiet --json").code == 64);
}

TEST_CASE("a baseline lets known deviations pass; a new one and one that vanished fail the gate") {
    const TemporaryDirectory here;
    const std::string file = quoted((here.path() / "known").string());
    const SpecFile deviates(claims("violated")), healed(claims("holds"));
    CHECK(gate(deviates, "").code == 12);
    const auto written = gate(deviates, "--write-baseline " + file);
    CHECK(written.code == 0);
    CHECK(has(written.out, "Baseline: 1 deviations written to"));
    CHECK(has(read_file((here.path() / "known").string()), "\nsurprise | claims on lossy | heard | "));

    const auto known = gate(deviates, "--baseline " + file + " --report junit=-");
    CHECK(known.code == 0);
    CHECK(has(known.out, "1 known, 0 new, 0 vanished"));
    CHECK(has(known.out, "known deviation: true"));
    CHECK_FALSE(has(known.out, "<failure"));
    CHECK(piped(file, "gate --target sim --baseline - " + deviates.word()) == 0);

    const auto vanished = gate(healed, "--baseline " + file);
    CHECK(vanished.code == 20);
    CHECK(has(vanished.out, "vanished   claims on lossy: heard: true"));
    CHECK(has(gate(healed, "--json --baseline " + file).out, "\"vanished\": [\n"));
    CHECK(gate(healed, "--claim other --baseline " + file).code == 0);  // not asked is not vanished

    const auto fresh = gate(SpecFile(claims("violated") + "claim no \"nobody closes\" on lossy\n"
                                                          "  invariant A in ESTABLISHED expect holds\n"),
                            "--baseline " + file);
    CHECK(fresh.code == 12);
    CHECK(has(fresh.out, "new        claims on lossy: no: false"));
}

TEST_CASE("a baseline that is none, or of another profile, is bad input") {
    const TemporaryDirectory here;
    const SpecFile spec(claims("holds"));
    const auto missing = gate(spec, "--baseline " + quoted((here.path() / "none").string()));
    CHECK(missing.code == 65);
    CHECK(has(missing.err, "--write-baseline makes one"));
    CHECK(gate(spec, "--baseline " + quoted(here.write("json", "{}\n"))).code == 65);
    const auto another = gate(spec, "--baseline " + quoted(here.write("other", "lastack-baseline 1\nprofile mine\n")));
    CHECK(another.code == 65);
    CHECK(has(another.err, "a baseline of profile mine, and this run is of one_way"));
}

TEST_CASE("gate --fail-fast drives nothing once the check has a surprise, unless that is known") {
    const TemporaryDirectory here;
    const std::string file = quoted((here.path() / "known").string());
    const SpecFile spec(claims("violated"));
    const auto stopped = gate(spec, "--fail-fast");
    CHECK(stopped.code == 12);
    CHECK(has(stopped.out, "vectors were not driven: --fail-fast"));
    REQUIRE(gate(spec, "--quiet --write-baseline " + file).code == 0);
    const auto known = gate(spec, "--fail-fast --baseline " + file);
    CHECK(known.code == 0);
    CHECK(has(known.out, " confirmed"));
    CHECK_FALSE(has(known.out, "were not driven"));
}

TEST_CASE("a gate whose target is not to be had keeps the results of its check, and is not green") {
    const TemporaryDirectory here;
    const std::string place = " --target unix:" + (here.path() / "nobody").string();
    const std::string report = (here.path() / "junit.xml").string();
    const auto outcome =
        invoke("gate " + SpecFile(claims("holds")).word() + place + " --report junit=" + quoted(report));
    CHECK(outcome.code == 77);
    CHECK(has(outcome.out, "Target: none: "));
    CHECK(has(outcome.out, "2 claims"));
    CHECK(has(outcome.out, "\n  4 vectors were not driven: nobody listens"));
    CHECK(has(outcome.err, "lastack: skipped: nobody listens"));
    CHECK(has(read_file(report), "name=\"heard: the closer learns that it was heard\""));
    CHECK(has(read_file(report), "<skipped type=\"skipped\""));
    CHECK(invoke("gate " + SpecFile(claims("violated")).word() + place).code == 12);
    const auto json = invoke("gate --json " + SpecFile(claims("holds")).word() + place);
    CHECK(json.code == 77);
    CHECK(has(json.out, "\"not_driven\": "));
    const auto nonsense = invoke("gate --target exec:true " + SpecFile(claims("holds")).word());
    CHECK(nonsense.code == 30);
    CHECK(has(nonsense.out, "2 claims: 2 as expected"));
}

TEST_CASE("JSON names the tool, the kernel, the spec files with their hash, the settings and the line of each claim") {
    const SpecFile spec(claims("holds"), "mine.spec");
    const auto outcome = gate(spec, "--json");
    const std::string release = run("uname -r"), sum = run("sha256sum <" + spec.word()).substr(0, 64);
    CHECK(has(outcome.out,
              "\"version\": \"" +
                  run(quoted(lastack::testing::command_path()) + " --version | cut -d' ' -f2 | tr -d '\\n'") + "\""));
    CHECK(has(outcome.out, "\"kernel\": \"Linux " + release.substr(0, release.size() - 1) + "\""));
    CHECK(has(outcome.out, "mine.spec\",\n      \"sha256\": \"" + sum + "\""));
    CHECK(has(outcome.out, "one_way.spec\",\n      \"sha256\": \""));
    CHECK(has(outcome.out, "mine.spec\",\n      \"line\": 2,"));
    CHECK(has(invoke("check --json " + spec.word()).out, "\"sha256\": \"" + sum + "\""));
    const auto set = invoke("gate --json --target sim --claim W01 --system polite --set tcp_orphan_retries=3 " +
                            command::shipped("linux.spec") + " --timeout 1m");
    CHECK(has(set.out, "\"tcp_orphan_retries\": \"3\""));
}

TEST_CASE("reports of text and JSON are what is printed without and with --json, both in one run, beside others") {
    const TemporaryDirectory here;
    const SpecFile spec(claims("violated"));
    const std::string text = (here.path() / "text").string(), json = (here.path() / "json").string(),
                      tap = (here.path() / "tap").string();
    const std::string both = "--report text=" + quoted(text) + " --report json=" + quoted(json);
    // Times that were taken are not the same twice.
    const auto timeless = [](const std::string& printed) {
        return std::regex_replace(printed, std::regex("[0-9.]+ s +([0-9.]+ M|-)|\"cpu_seconds\": [-+0-9.e]+"), "");
    };
    for (const std::string verb : {"gate --target sim ", "check "}) {
        const std::string command = verb + spec.word() + " ";
        const auto shown = invoke(command + both + " --report tap=" + quoted(tap));
        CHECK(shown.code == 12);
        CHECK(read_file(text) == shown.out);
        CHECK(has(read_file(tap), "not ok "));
        CHECK(timeless(read_file(json)) == timeless(invoke(command + "--json").out));
        CHECK(timeless(read_file(text)) == timeless(invoke(command).out));
        const auto documented = invoke(command + "--json " + both);
        CHECK(timeless(read_file(text)) == timeless(shown.out));
        CHECK(read_file(json) == documented.out);
    }
    const std::string drive = "run --target sim --spec " + quoted(here.write("tiny.spec", hand::tiny_text)) + " " +
                              quoted(here.write("v.json", command::vector_text(hand::active_close()))) + " ";
    const auto run = invoke(drive + both);
    CHECK(read_file(text) == run.out);
    CHECK(read_file(json) == invoke(drive + "--json").out);
    CHECK(has(invoke("check --report text " + spec.word()).err, "'text' names no file: text=FILE"));
}

TEST_CASE("--timeout ends a gate in time with exit 30 and what there is; what is no time is misuse") {
    const TemporaryDirectory here;
    const std::string report = (here.path() / "tap").string();
    const auto began = command::Clock::now();
    const auto outcome = invoke("gate --target sim --timeout 1500ms --report tap=" + quoted(report) + " " +
                                command::shipped("linux.spec") + " --set tcp_retries2=7");
    CHECK(command::Clock::now() - began < 6s);  // on a busy machine it gets as much processor time as it would take
    CHECK(outcome.code == 30);
    CHECK(has(outcome.err, "the time of --timeout is over"));
    for (const std::string word : {"soon", "0", "-1s", "5 m", "1d", "inf", "nan", "1e99h"}) {
        CAPTURE(word);
        CHECK(invoke("gate --timeout " + quoted(word) + " " + command::shipped("linux.spec")).code == 64);
    }
    CHECK(gate(SpecFile(claims("holds")), "--timeout 1h").code == 0);
    CHECK(gate(SpecFile(claims("holds")), "--timeout 0.5m").code == 0);
}

TEST_CASE("what an interrupt left open is called unknown, not a claim that is not as expected") {
    const auto outcome = invoke("check --timeout 700ms --threads 1 " + command::shipped("linux.spec"));
    CHECK(outcome.code == 30);
    if (!has(outcome.out, "Claims")) return;  // a busy machine ended it before it had begun to explore
    CHECK(has(outcome.out, " unknown\n"));
    CHECK(has(outcome.out, " as expected, 0 not, "));
}

TEST_CASE("run takes vectors from standard input: one, or a suite") {
    const TemporaryDirectory here;
    const std::string spec = " --spec " + quoted(here.write("tiny.spec", hand::tiny_text));
    const std::string vector = quoted(here.write("v.json", command::vector_text(hand::active_close())));
    CHECK(piped(vector, "run --target sim -" + spec) == 0);
    REQUIRE(invoke("generate -o " + quoted(here.path().string()) + " --suite states " +
                   quoted(here.write("t.spec", hand::tiny_text)))
                .code == 0);
    const std::string suite = quoted((here.path() / "states.jsonl").string());
    CHECK(piped(suite, "run --target sim -" + spec) == invoke("run --target sim " + suite + spec).code);
    CHECK(piped(quoted(here.write("none", "{}\n")), "run --target sim -" + spec) == 65);
}
