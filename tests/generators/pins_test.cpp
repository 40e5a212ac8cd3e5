// The language module for LTSmin, loaded and explored: by a small loader of the same interface always, by LTSmin where
// it is installed. Neither knows how lastack explores, nor does the module.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "generators/pins.h"
#include "tests/checker/exploring.h"
#include "tests/cli/command.h"
#include "tests/generators/export_samples.h"
#include "tests/generators/pins_counts.h"
#include "tests/spec_support.h"

namespace lastack::testing {

namespace {

// Explored here, and counted from the module.
Coverage module_agrees(const std::string& name, const Spec& spec, const std::string& system) {
    const SystemDecl& decl = system_named(spec, system);
    const Coverage ours = explore(spec, decl);
    REQUIRE(ours.complete);
    CAPTURE(system);
    if (!checker_present("g++")) {
        MESSAGE("SKIPPED: " << name << ": g++ or gcc is missing");
        return ours;
    }
    const PinsCount theirs = pins_counts(to_pins(spec, decl));
    CHECK(theirs.states == ours.states);
    CHECK(theirs.transitions == ours.transitions);
    return ours;
}

// A protocol of its own: kinds and fields in a segment, and a choice in a call.
const std::string own_words = R"(profile asker "it asks" cites "none" {
protocol TRIAL
states OPEN initial, ASKED, OVER final forgets
limit data = 1 in 0..2
field cum : 0..data
field t   : flag
timer again = 1 s
var got, tries : 0..data
segment ASK    { cum got }
segment ANSWER { cum got; t tries == data }
on call ask
  rule ask "it" cites "none" OPEN [tries < data] -> ASKED { tries += 1; send ASK; start again }
  may rule tell "it" cites "none" OPEN { send ANSWER }
on timer again
  rule again "it" cites "none" ASKED { send ASK }
on segment
  step all "all"
    rule told "it" cites "none"
      OPEN [seg is ASK and seg.cum >= got] { got := data; send ANSWER }
      ASKED [seg is ANSWER and (seg.t or seg.cum == data)] -> OVER
}
system asking
  ends asker A, asker B
  network 2 loses reorders
  calls A { ask } B { ask }
)";

}  // namespace

TEST_CASE("a loaded module has the states of every kind of effect" * doctest::test_suite("slow")) {
    const std::string name = "a loaded module has the states of every kind of effect";
    const Spec spec = spec_from(every_effect);
    module_agrees(name, spec, "bag");
    CHECK(module_agrees(name, spec, "queue").cuts > 0);
    CHECK(module_agrees(name, spec, "lossless").cuts > 0);
    CHECK(module_agrees(name, spec, "silent").states == 1);
}

TEST_CASE("a loaded module has the states of ends that start elsewhere, and of a protocol of its own" *
          doctest::test_suite("slow")) {
    const std::string name =
        "a loaded module has the states of ends that start elsewhere, and of a protocol of its own";
    CHECK(module_agrees(name, spec_from(second_life), "both_closed").states > 100);
    CHECK(module_agrees(name, spec_from(own_words), "asking").states > 50);
}

TEST_CASE("a loaded module has the states of Linux with text and a half-close" * doctest::test_suite("slow")) {
    module_agrees("a loaded module has the states of Linux with text and a half-close", shipped_spec("linux.spec"),
                  "half_closed");
}

TEST_CASE("LTSmin counts the states of a module" * doctest::test_suite("slow")) {
    const Spec spec = spec_from(every_effect);
    const SystemDecl& decl = system_named(spec, "queue");
    const Coverage ours = explore(spec, decl);
    for (const std::string engine : {"pins2lts-mc", "pins2lts-dist"}) {
        if (!checker_present(engine)) {
            MESSAGE("SKIPPED: LTSmin counts the states of a module: " << engine << " is missing");
            continue;
        }
        const OtherCount theirs = ltsmin_counts(engine, to_pins(spec, decl));
        CHECK(theirs.states == ours.states);
        CHECK(theirs.transitions == ours.transitions);
    }
}

TEST_CASE("a module names the values of an end, so that LTSmin's invariants can read them") {
    if (!checker_present("g++")) {
        MESSAGE("SKIPPED: a module names the values of an end, so that LTSmin's invariants can read them: no g++");
        return;
    }
    const Spec spec = spec_from(second_life);
    const PinsCount count = pins_counts(to_pins(spec, system_named(spec, "one_open")));
    CHECK(count.labels.at("A_state") == 0);  // ESTABLISHED
    CHECK(count.labels.at("B_state") == 3);  // CLOSE_WAIT
    CHECK(count.labels.at("A_life") == 0);
    CHECK(count.labels.at("At_rto") == 0);
}

// A variable that leaves its range would be another state, or another variable's: it is an error.
TEST_CASE("a module ends with the rule's name where a variable leaves its range") {
    if (!checker_present("g++")) {
        MESSAGE("SKIPPED: a module ends with the rule's name where a variable leaves its range: no g++");
        return;
    }
    const Spec spec = spec_from(R"(profile p "counts too far" {
states ESTABLISHED initial final
var n : 0..1
on call more
  rule count "one more" cites "RFC 9293 3.10" ESTABLISHED { n += 1 }
}
system s
  ends p A, p B
  network 1 loses
  calls A { more } B { }
)");
    CHECK_THROWS_WITH(pins_counts(to_pins(spec, spec.systems[0])),
                      doctest::Contains("r1_count_1: a value leaves its range"));
}

TEST_CASE("the command writes a module into a directory, the same bytes each time") {
    const TemporaryDirectory here;
    const std::string arguments = "export " + command::shipped("rfc9293.spec") + " --system never_closes --as pins";
    const std::string place = (here.path() / "new" / "place").string();
    CHECK(command::invoke(arguments + " -o " + quoted(place)).code == 0);
    const std::string written = read_file(place + "/never_closes.cpp");
    CHECK(written.find("pins_model_init") != std::string::npos);
    CHECK(command::invoke(arguments + " -o " + quoted(place)).code == 0);
    CHECK(read_file(place + "/never_closes.cpp") == written);
    const command::Outcome outcome = command::invoke(arguments);
    CHECK(outcome.code == 64);
    CHECK(outcome.out == "");
    CHECK(outcome.err.find("name it with -o") != std::string::npos);
}

}  // namespace lastack::testing
