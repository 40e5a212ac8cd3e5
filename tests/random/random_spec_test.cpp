// The generator of random specs itself: what it makes reads, is the same for the same seed, and shrinks.
#include "tests/random/random_spec.h"

#include <doctest/doctest.h>

#include <set>

#include "model/language/read_spec.h"
#include "tests/checker/exploring.h"

namespace lastack {

namespace {

using namespace testing;

RandomKnobs drivable() {
    RandomKnobs knobs;
    knobs.drivable = true;
    return knobs;
}

// Rules that may be used, timers that no rule takes, and so on: what was in at least one of the specs.
std::set<std::string> words_in(const std::string& text) {
    std::set<std::string> found;
    for (const char* word : {"may rule",
                             " while ",
                             "doubling",
                             "forgets",
                             "kept ",
                             "history ",
                             "zero_window",
                             "len ",
                             "rst",
                             "syn",
                             "limit ",
                             "profile q",
                             "next ",
                             "acyclic ",
                             "recoverable ",
                             "eventually ",
                             "always eventually ",
                             "eventually always ",
                             " returns ok",
                             " sends exactly one ",
                             " at most 2 [",
                             "leads ",
                             "ends A",
                             "assuming ",
                             "strong ",
                             "weak ",
                             " with seq",
                             "running ",
                             "returns ",
                             "stop all",
                             "drop",
                             "else",
                             "doubled from",
                             "lost from"}) {
        if (text.find(word) != std::string::npos) found.insert(word);
    }
    return found;
}

}  // namespace

TEST_CASE("Random specs read, are the same for the same seed, and have all that the language can say") {
    std::string all;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        CAPTURE(seed);
        const std::string text = random_spec(seed).text();
        CAPTURE(text);
        CHECK_NOTHROW(parse_spec(text, "random.spec"));
        CHECK(random_spec(seed).text() == text);
        all += text;
    }
    CHECK(words_in(all).size() >= 33);  // "ends A" may be spelled otherwise
    CHECK(random_spec(1).text() != random_spec(2).text());
}

TEST_CASE(
    "Drivable random specs have no problem that a command line would refuse, and no run of theirs breaks a range") {
    for (std::uint64_t seed = 0; seed < 25; ++seed) {
        const RandomSpec random = random_spec(seed, drivable());
        CAPTURE(random.text());
        CHECK(problem_of(random) == "");
        const Spec spec = parse_spec(random.text(), "random.spec");
        Bounds bounds;
        bounds.max_states = 20'000;
        CHECK_NOTHROW(explore(spec, spec.systems[0], bounds));
    }
}

TEST_CASE("One change makes another spec of the same names, which reads") {
    int changed = 0;
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        const RandomSpec random = random_spec(seed, drivable());
        const auto variant = with_one_change(random, seed);
        if (!variant) continue;
        ++changed;
        CAPTURE(random.text());
        CHECK(problem_of(*variant) == "");
        CHECK(variant->text() != random.text());
        CHECK(variant->changed != "");
        CHECK(variant->profiles.at(0).name == random.profiles.at(0).name);
    }
    CHECK(changed >= 8);
}

TEST_CASE("A spec that fails is shrunk to what makes it fail") {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        const RandomSpec random = random_spec(seed);
        if (random.text().find("start rto") == std::string::npos) continue;
        const auto fails = [](const RandomSpec& spec) { return spec.text().find("start rto") != std::string::npos; };
        const RandomSpec small = shrunk(random, fails);
        CAPTURE(small.text());
        std::size_t rules = 0;
        for (const RandomHandler& handler : small.profiles.at(0).handlers) {
            for (const RandomStep& step : handler.steps) rules += step.rules.size();
        }
        CHECK(rules <= 3);  // one that starts the timer, and one for each call that the system names
        CHECK(small.claims.empty());
        CHECK(failure_text(random, fails).find("start rto") != std::string::npos);
        return;
    }
    FAIL("no seed starts the timer");
}

}  // namespace lastack
