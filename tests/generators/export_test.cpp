// Two other model checkers, spin and rumur, count the states of our systems from the exported models. Nothing of how
// lastack explores is in them, so equal counts speak for both.
//
// States are the same notion everywhere; how each counts transitions is in other_checkers.h.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "generators/murphi.h"
#include "generators/promela.h"
#include "tests/checker/exploring.h"
#include "tests/cli/command.h"
#include "tests/generators/all_agree.h"
#include "tests/generators/export_samples.h"
#include "tests/generators/other_checkers.h"
#include "tests/spec_support.h"
#include "tests/support.h"

using namespace lastack;
using namespace lastack::testing;

TEST_CASE("spin and rumur count the states of RFC 9293's polite close" * doctest::test_suite("slow")) {
    all_agree("spin and rumur count the states of RFC 9293's polite close", shipped_spec("rfc9293.spec"), "polite");
}

// Of large profiles rumur takes up to a minute and more to read the model, and less than a second to count.
TEST_CASE("spin counts the states of an opening whose SYNs cross, of Linux with text and a half-close, and of lwIP" *
          doctest::test_suite("slow")) {
    const std::string name =
        "spin counts the states of an opening whose SYNs cross, of Linux with text and a half-close, "
        "and of lwIP";
    spin_agrees(name, shipped_spec("rfc9293.spec"), "crossing");
    spin_agrees(name, shipped_spec("linux.spec"), "half_closed");
    spin_agrees(name, shipped_spec("lwip.spec"), "polite");
}

TEST_CASE("spin and rumur count the states of the yardstick" * doctest::test_suite("slow")) {
    const Coverage ours =
        all_agree("spin and rumur count the states of the yardstick", shipped_spec("bench/tcpclose.spec"), "d0_r1_c2");
    CHECK(ours.states == 145'376);
    CHECK(ours.transitions == 894'726);
}

TEST_CASE("spin and rumur count the states of RFC 793" * doctest::test_suite("slow")) {
    all_agree("spin and rumur count the states of RFC 793", shipped_spec("rfc793.spec"), "polite");
}

TEST_CASE("spin and rumur agree on every kind of effect, in a bag" * doctest::test_suite("slow")) {
    all_agree("spin and rumur agree on every kind of effect, in a bag", spec_from(every_effect), "bag");
}

TEST_CASE("spin and rumur agree on a queue with budgets, where steps are cut" * doctest::test_suite("slow")) {
    const Coverage ours = all_agree("spin and rumur agree on a queue with budgets, where steps are cut",
                                    spec_from(every_effect), "queue");
    CHECK(ours.cuts > 0);
}

TEST_CASE("spin and rumur agree where nothing is lost and steps are cut" * doctest::test_suite("slow")) {
    const Coverage ours =
        all_agree("spin and rumur agree where nothing is lost and steps are cut", spec_from(every_effect), "lossless");
    CHECK(ours.cuts > 0);
}

TEST_CASE("spin and rumur agree that where nobody calls, nothing happens" * doctest::test_suite("slow")) {
    const Coverage ours =
        all_agree("spin and rumur agree that where nobody calls, nothing happens", spec_from(every_effect), "silent");
    CHECK(ours.states == 1);
    CHECK(ours.transitions == 0);
}

TEST_CASE("the command writes a model to standard output, or to a file") {
    const TemporaryDirectory here;
    const std::string file = (here.path() / "model").string();
    for (const std::string language : {"promela", "murphi", "aut"}) {
        const std::string arguments =
            "export " + command::shipped("rfc9293.spec") + " --system never_closes --as " + language;
        const command::Outcome shown = command::invoke(arguments);
        CHECK(shown.code == 0);
        CHECK(shown.err == "");
        CHECK(command::invoke(arguments + " -o " + quoted(file)).code == 0);
        CHECK(read_file(file) == shown.out);
    }
}

TEST_CASE("a system that is not there is refused, with the name that was meant") {
    const command::Outcome outcome =
        command::invoke("export " + command::shipped("rfc9293.spec") + " --system polit --as murphi");
    CHECK(outcome.code == 65);
    CHECK(outcome.out == "");
    CHECK(outcome.err.find("no system 'polit'") != std::string::npos);
    CHECK(outcome.err.find("there are: polite") != std::string::npos);
}

TEST_CASE("more choices in one segment than a Murphi ruleset should have are refused, at their place") {
    // Thirteen steps, each with a rule that may be used or not: 8192 ways through them.
    std::string steps;
    for (int i = 0; i < 13; ++i) {
        const std::string n = std::to_string(i);
        steps +=
            "step s" + n + "\n may rule r" + n + " \"or not\" cites \"RFC 9293 3.10\"\n ESTABLISHED { signal s }\n";
    }
    const Spec spec = spec_from("profile many \"many choices\" {\nstates ESTABLISHED initial final\non segment\n" +
                                steps + "}\nsystem s\n ends many A, many B\n network 1 loses\n calls A { } B { }\n");
    CHECK_THROWS_WITH_AS(to_murphi(spec, spec.systems[0]), doctest::Contains("more than 4096 choices"), SpecError);
    CHECK_THROWS_WITH_AS(to_murphi(spec, spec.systems[0]), doctest::Contains("test.spec:40:"), SpecError);
    CHECK(to_promela(spec, spec.systems[0]) != "");
}

TEST_CASE("spin and rumur count the states of ends that start elsewhere, remember, and shut their windows" *
          doctest::test_suite("slow")) {
    const std::string name =
        "spin and rumur count the states of ends that start elsewhere, remember, and shut their windows";
    const Spec spec = spec_from(second_life);
    CHECK(all_agree(name, spec, "both_closed").states > 100);
    CHECK(all_agree(name, spec, "one_open").states > 10);
}

TEST_CASE("fields that a system does not know are not in its exported models") {
    Spec plain = spec_from(every_effect);
    for (const std::string& text :
         {to_promela(plain, system_named(plain, "bag")), to_murphi(plain, system_named(plain, "bag"))}) {
        CHECK(text.find("zero_window") == std::string::npos);
        CHECK(text.find("era") == std::string::npos);
    }
}
