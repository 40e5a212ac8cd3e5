// Input that is not what it seems: the message names what is wrong, and what to do instead.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "tests/cli/command.h"
#include "tests/cli/other_user.h"
#include "tests/places.h"

using command::has;
using command::invoke;
using command::one_way;
using command::shipped;
using command::SpecFile;
using lastack::testing::quoted;
using lastack::testing::TemporaryDirectory;
namespace fs = std::filesystem;

namespace {

const std::string small = lastack::testing::source_dir() + "/tests/cli/specs/one_way.spec";

std::string refusal(const std::string& arguments, const std::string& before = "") {
    CAPTURE(arguments);
    const auto outcome = invoke(arguments, before);
    CHECK(outcome.code == 65);
    CHECK(outcome.out == "");
    return outcome.err;
}

}  // namespace

TEST_CASE("a spec that is missing, a directory and one that may not be read have messages of their own") {
    CHECK(has(refusal("check no-such.spec"), "no-such.spec: error: cannot read the file: No such file or directory"));
    CHECK(has(refusal("check ."), ".: error: cannot read the file: Is a directory"));
    const command::OtherUser other;
    if (!other.reason().empty()) {
        MESSAGE("SKIPPED: a spec that is missing, a directory and one that may not be read have messages of their own: "
                << other.reason());
        return;
    }
    const std::string secret = other.write("secret.spec", "");
    fs::permissions(other.path() / "secret.spec", fs::perms::none);
    CHECK(has(other.invoke("check " + secret).err, "cannot read the file: Permission denied"));
}

TEST_CASE("an unknown spec, profile or system is answered with those that there are") {
    CHECK(has(refusal("check linxu"), "linxu: error: cannot read the file: No such file or directory\n"
                                      "    shipped specs: did you mean 'linux'?\n"));
    CHECK(has(refusal("check no-such.spec"), "    shipped specs: there are "));
    CHECK_FALSE(has(refusal("check ./no-such.spec"), "shipped"));
    const SpecFile spec(one_way(command::heard));
    CHECK(has(refusal("check --profile freebsd " + spec.word()), "no profile 'freebsd'\n    there are one_way\n"));
    CHECK(has(refusal("check --system busy " + spec.word()), "no system 'busy'\n    there are lossy"));
}

TEST_CASE("a profile that leaves its ranges in a system is refused with that system, and what can be done") {
    const SpecFile spec(std::string(command::counts_too_far) +
                        "claim open \"both stay\" cites \"nobody\" on pair invariant A in ESTABLISHED");
    const std::string message = refusal("check " + spec.word());
    CHECK(has(message, "lastack: the profile breaks its own declarations: system pair:"));
    CHECK(has(message, "'x' becomes 2"));
    CHECK(has(message, "--system and --claim choose others"));
}

TEST_CASE("a file without claims says where claims come from, and of which profile they can be asked") {
    const SpecFile only_uses("use \"" + small + "\"\n");
    const auto outcome = invoke("check " + only_uses.word());
    CHECK(outcome.code == 10);
    CHECK(has(outcome.out, "none: this file claims nothing about a system."));
    CHECK(has(outcome.out, "--profile NAME"));
    CHECK(has(outcome.out, "one_way"));
    CHECK(command::too_wide(outcome.out) == "");
}

TEST_CASE("a file of claims without a profile says that it needs one, and how to name it") {
    const SpecFile claims("use \"" + lastack::testing::source_dir() + "/specs/four-way-close.spec\"\n");
    const std::string message = refusal("check " + claims.word());
    CHECK(has(message, "no profile: the spec neither declares nor uses one"));
    CHECK(has(message, "use \"rfc9293.spec\""));
    CHECK(has(message, "--profile NAME"));
}

TEST_CASE("the beginning of claims' names lists the claims that begin so" * doctest::test_suite("slow")) {
    CHECK(has(refusal("check --claim W08 " + shipped("linux.spec")), "there are: W08-lost, W08-bound"));
    CHECK(has(refusal("check --system pol " + shipped("linux.spec")), "there are: polite"));
}

TEST_CASE("a call that no tester can make: check works, generate makes no vector and says why") {
    const SpecFile spec(R"(
profile caller "a call of another name" cites "nobody" {
  states ESTABLISHED initial, CLOSED final
  segment BYE { fin }
  on call hang_up
    rule hang_up "it sends BYE" cites "nobody" ESTABLISHED -> CLOSED { send BYE }
  on segment
    step all "anything"
      rule gone "the peer has gone" cites "nobody" ESTABLISHED [seg.fin] -> CLOSED { signal eof }
}
system pair "both" ends subject A, subject B network 1 calls A { hang_up } B { }
claim over "A ends" cites "nobody" on pair reachable A in CLOSED expect holds
claim other "B ends" cites "nobody" on pair reachable B in CLOSED expect holds
)");
    CHECK(invoke("check " + spec.word()).code == 0);
    const TemporaryDirectory here;
    const auto outcome = invoke("generate --ip 4 -o " + quoted(here.path().string()) + " " + spec.word());
    CHECK(outcome.code == 0);
    CHECK(has(outcome.out, "none for over/A:"));
    CHECK(has(outcome.out, "a vector cannot carry it: /steps/0/call: 'hang_up' is none of: send, recv"));
    CHECK(fs::exists(here.path() / "other.B.ipv4.json"));
    CHECK_FALSE(fs::exists(here.path() / "over.A.ipv4.json"));
}

TEST_CASE("a result and a setting that no vector can carry are reasons too") {
    const auto reason = [](const std::string& setting, const std::string& timer, const std::string& effects) {
        const SpecFile spec("profile odd \"odd words\" cites \"nobody\" {\n"
                            "  states ESTABLISHED initial, FIN_WAIT_1, CLOSED final\n" +
                            setting + "\n  timer late = " + timer + " cites \"nobody\"\n" + R"(
  on call close
    rule close "it closes" cites "nobody" ESTABLISHED -> FIN_WAIT_1 { start late; )" +
                            effects + R"( }
  on timer late
    rule over "it is over" cites "nobody" FIN_WAIT_1 -> CLOSED { }
}
system pair "both" ends subject A, subject B network 1 calls A { close } B { }
claim over "it ends" cites "nobody" on pair reachable A in CLOSED expect holds
)");
        const TemporaryDirectory here;
        const auto outcome = invoke("generate --ip 4 -o " + quoted(here.path().string()) + " " + spec.word());
        CHECK(outcome.code == 0);
        return outcome.out;
    };
    CHECK(has(reason("", "1 s", ""), "1 from 1 traces"));
    CHECK(has(reason("", "1 s", "returns maybe"), "/steps/0/result: 'maybe' is none of"));
    CHECK(
        has(reason("setting how = \"a;b\" \"how\" cites \"nobody\"", "1 s", ""), "/settings/0/value: must be letters"));
}

TEST_CASE("a network that loses only so much and is too small: what would decide a claim about runs is said") {
    const auto note = [](const std::string& network) {
        const SpecFile spec(
            one_way("system tight \"tight\" ends subject A, subject B network 1 " + network +
                    "\n  calls A { close } B { }\n"
                    "claim over \"it ends\" on tight leads A in FIN_WAIT_1 to A in {FIN_WAIT_2, CLOSED}\n"
                    "  fair timers, delivery\n"));
        return invoke("check " + spec.word()).out;
    };
    const std::string bounded = note("loses at most 1");
    CHECK(has(bounded, "not decided        over"));
    CHECK(has(bounded, "make the network larger"));
    CHECK(has(bounded, "without 'at most'"));
    CHECK(command::too_wide(bounded) == "");
}

TEST_CASE("step, export and graph take a profile of the file, as the other verbs do") {
    const SpecFile spec(one_way("profile patient extends one_way { replace limit retries = 3 in 0..5 }\n"));
    CHECK(has(invoke("step " + spec.word()).out, "System lossy of profiles patient and patient"));
    CHECK(has(invoke("step --profile one_way " + spec.word()).out, "System lossy of profiles one_way and one_way"));
    const std::string graph = "graph --local " + spec.word();
    CHECK(invoke(graph + " --profile one_way").out == invoke("graph --local " + quoted(small)).out);
    CHECK(invoke(graph).out != invoke("graph --local " + quoted(small)).out);
    const std::string states = "export --as aut --system lossy ";
    CHECK(invoke(states + spec.word() + " --profile one_way").out == invoke(states + quoted(small)).out);
    CHECK(invoke(states + spec.word()).out != invoke(states + quoted(small)).out);
    for (const std::string verb : {"step ", "graph ", "export --as dot --system lossy "})
        CHECK(has(refusal(verb + "--profile patent " + spec.word()), "no profile 'patent'"));
}

TEST_CASE("--cover --system covers that system, and says where that is none with the profile at its end A") {
    const TemporaryDirectory here;
    const SpecFile spec(one_way(R"(
profile other extends one_way { }
profile mine extends one_way { }
system asked "the other side closes" ends subject A, subject B network 1 calls A { } B { close }
system others "of another" ends other A, subject B network 1 calls A { close } B { }
)"));
    const std::string words = "generate --cover --ip 4 -o " + quoted(here.path().string()) + " " + spec.word();
    const auto everything = invoke(words), asked = invoke(words + " --system asked");
    CHECK(has(everything.out, "rules that never fire: fin fin_again\n"));
    CHECK(has(asked.out, "rules that never fire: close again give_up fin_acked\n"));
    const auto none = invoke(words + " --system others");
    CHECK(none.code == 65);
    CHECK(has(none.err, "none of the systems others has the profile 'mine' at end A"));
}
