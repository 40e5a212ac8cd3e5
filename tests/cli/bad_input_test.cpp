// Bad input of each kind: exit 65, nothing on standard output, and a message that says where and what.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "tests/cli/command.h"
#include "tests/cli/vector_files.h"

using command::has;
using command::invoke;
using command::one_way;
using command::SpecFile;
using lastack::testing::quoted;
using lastack::testing::TemporaryDirectory;

namespace {

// The message of a run that must refuse its input.
std::string refusal(const std::string& arguments) {
    CAPTURE(arguments);
    const auto outcome = invoke(arguments);
    CHECK(outcome.code == 65);
    CHECK(outcome.out == "");
    return outcome.err;
}

// The message about a vector file with this content.
std::string refusal_of_vector(const std::string& content) {
    const TemporaryDirectory here;
    return refusal("run --target linux " + quoted(here.write("odd.json", content)));
}

}  // namespace

TEST_CASE("a spec that is missing, a directory, or without a profile") {
    CHECK(has(refusal("check no-such-file.spec"), "no-such-file.spec: error: cannot read the file"));
    CHECK(has(refusal("check ."), ".: error: cannot read the file"));
    CHECK(has(refusal("graph no-such-file.spec"), "no-such-file.spec"));
    CHECK(has(refusal("check /dev/null"), "no profile"));
}

TEST_CASE("a syntax error is shown with its line and a caret below the place") {
    const SpecFile spec("profile p \"x\" cites \"y\" {\n  states ESTABLISHED initial,, CLOSED\n}\n");
    const auto lines = command::lines_of(refusal("check " + spec.word()));
    REQUIRE(lines.size() >= 3);
    CHECK(has(lines[0], "small.spec:2:30: error: "));
    CHECK(has(lines[1], "  states ESTABLISHED initial,, CLOSED"));
    REQUIRE(has(lines[2], "^"));
    CHECK(lines[1].find(",,") + 1 == lines[2].find('^'));
}

TEST_CASE("an unknown name is shown at its place, with the name that may be meant") {
    const SpecFile spec(one_way("claim c \"x\" on losy invariant A in CLOSED expect holds"));
    const std::string message = refusal("check " + spec.word());
    CHECK(has(message, "small.spec:2:16: error: "));
    CHECK(has(message, "did you mean 'lossy'?"));
}

TEST_CASE("rules that contradict each other are refused before anything is explored") {
    const SpecFile spec(one_way(R"(
profile twice extends one_way {
  on segment
    step eighth
      rule fin_too "a second opinion about the peer's FIN" cites "nobody" ESTABLISHED [seg.fin] -> CLOSE_WAIT
}
)"));
    const std::string message = refusal("check " + spec.word());
    CHECK(has(message, "fin_too"));
    CHECK(has(message, "'fin'"));
    // Two threads explore while the rules are looked through, and meet the contradiction themselves: the message is the
    // same.
    CHECK(refusal("check --threads 2 " + spec.word()) == message);
    CHECK(refusal("check --threads 2 --claim nothing " + spec.word()) == message);
    CHECK(refusal("gate --target sim --threads 2 " + spec.word()) == message);
}

TEST_CASE("a check of some claims looks through the rules of the profiles that their systems have") {
    const SpecFile spec(one_way(std::string(command::acknowledged) + R"(
profile twice extends one_way {
  on segment
    step eighth
      rule fin_too "a second opinion about the peer's FIN" cites "nobody" ESTABLISHED [seg.fin] -> CLOSE_WAIT
}
system other extends lossy "the same with contradictions"
  ends twice
)"));
    CHECK(has(refusal("check --profile one_way " + spec.word()), "fin_too"));
    CHECK(invoke("check --profile one_way --claim acknowledged " + spec.word()).code == 0);
}

TEST_CASE("a claim that the spec does not have, with the one that may be meant") {
    const SpecFile spec(one_way(command::acknowledged));
    CHECK(has(refusal("check --claim acknowleged " + spec.word()), "no claim 'acknowleged'"));
    CHECK(has(refusal("check --claim acknowleged " + spec.word()), "did you mean 'acknowledged'?"));
    CHECK(has(refusal("gate --target sim --claim nothing " + spec.word()), "no claim 'nothing'"));
}

TEST_CASE("a system that the spec does not have, with the one that may be meant") {
    const SpecFile spec(one_way(command::acknowledged));
    CHECK(has(refusal("check --system losy " + spec.word()), "no system 'losy'"));
    CHECK(has(refusal("check --system losy " + spec.word()), "did you mean 'lossy'?"));
    CHECK(has(refusal("check --system lossy --system other " + spec.word()), "no system 'other'"));
}

TEST_CASE("a vector file that is not JSON, or cut off") {
    CHECK(has(refusal_of_vector("close, then wait\n"), "odd.json"));
    CHECK(has(refusal_of_vector("close, then wait\n"), "not JSON"));
    CHECK(has(refusal_of_vector(""), "not JSON"));  // empty is not the same as unreadable
    const std::string whole = command::vector_text(hand::active_close());
    CHECK(has(refusal_of_vector(whole.substr(0, whole.size() / 2)), "not JSON"));
}

TEST_CASE("a vector file that breaks the schema is refused with a pointer to the place") {
    std::string text = command::vector_text(hand::active_close());
    const auto replaced = [&](const std::string& from, const std::string& to) {
        std::string changed = text;
        REQUIRE(has(changed, from));
        return changed.replace(changed.find(from), from.size(), to);
    };
    CHECK(has(refusal_of_vector("{}"), "odd.json: "));
    CHECK(has(refusal_of_vector(replaced("lastack-vector/2", "lastack-vector/9")), "/format"));
    CHECK(has(refusal_of_vector(replaced("\"call\": \"close\"", "\"call\": \"hang_up\"")), "/steps/0/call"));
    CHECK(has(refusal_of_vector(replaced("\"ip\": 4", "\"ip\": 5")), "/ip"));
    CHECK(has(refusal_of_vector(replaced("\"ip\": 4", "\"ip\": 4, \"colour\": \"red\"")), "colour"));
}

TEST_CASE("nothing is driven where one of several vector files is bad") {
    const TemporaryDirectory here;
    here.write("a.json", command::vector_text(hand::active_close()));
    here.write("b.json", "{");
    CHECK(has(refusal("run " + quoted(here.path().string())), "b.json"));
}

TEST_CASE("a directory without vectors is named") {
    const TemporaryDirectory here;
    here.write("notes.txt", "no vector");
    CHECK(has(refusal("run " + quoted(here.path().string())), here.path().string()));
}

TEST_CASE("a vector file that is missing is bad input, as a spec is") {
    CHECK(has(refusal("run no-such-vector.json"), "no-such-vector.json"));
}

TEST_CASE("a place that cannot be written to is named, with the reason") {
    const SpecFile spec(one_way(command::heard));
    const TemporaryDirectory here;
    const std::string file = here.write("taken", "a file, not a directory");
    CHECK(has(refusal("generate -o " + quoted(file) + " " + spec.word()), file + ": Not a directory"));
    CHECK(has(refusal("generate -o " + quoted(file + "/below") + " " + spec.word()), file));
    CHECK(has(refusal("graph -o " + quoted(here.path().string() + "/no/such/place.dot") + " " + spec.word()),
              "no/such/place.dot: No such file or directory"));
    CHECK(lastack::testing::read_file(file) == "a file, not a directory");
}

TEST_CASE("a directory of the vectors that cannot be written to ends a gate before it drives anything") {
    const SpecFile spec(one_way(command::heard));
    const TemporaryDirectory here;
    const std::string file = here.write("taken", "");
    const auto outcome = invoke("gate --target sim -o " + quoted(file) + " " + spec.word());
    CHECK(outcome.code == 65);
    CHECK(has(outcome.err, file + ": Not a directory"));
    CHECK_FALSE(has(outcome.out, "does it"));
}

TEST_CASE("messages speak of the input, not of the library that reads it") {
    CHECK_FALSE(has(refusal_of_vector("{"), "json.exception"));
}
