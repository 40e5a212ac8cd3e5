// The model as a page calls it, compiled for this machine: what it tells is what the plain interpreter says.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "checker/trace/plain_system.h"
#include "model/plain.h"
#include "page/exports.h"
#include "page/script_text.h"
#include "page/state_count.h"
#include "tests/cli/command.h"
#include "tests/random/random_spec.h"
#include "tests/spec_support.h"

using namespace lastack;
using nlohmann::json;

namespace {

// Opens a spec as a page does that has nothing but its files; the systems.
json open_in_page(const Spec& spec, const std::string& settings = "") {
    for (const auto& file : spec.sources) lastack_add_file(file->name.c_str(), file->text.c_str());
    return json::parse(lastack_read(spec.sources.front()->name.c_str(), spec.subject.c_str(), settings.c_str()));
}

std::string joined(const std::vector<std::string>& words, const std::string& by) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : by) + word;
    return text;
}

std::vector<std::string> texts_of(const PlainSystem& system, const Snapshot& state) {
    std::vector<std::string> texts;
    for (int end = 0; end < 2; ++end)
        texts.push_back(describe(system.profile(end), system.limits(end), state.end[end]));
    for (const std::vector<Segment>& flight : state.flight) {
        std::vector<std::string> segments;
        for (const Segment& segment : flight) segments.push_back(to_string(segment, system.vocabulary()));
        texts.push_back(joined(segments, "; "));
    }
    return texts;
}

// Follows the page's numbers from the initial state through at most so many states, beside the interpreter; how many
// there were.
std::size_t compare(const PlainSystem& system, int place, std::size_t most) {
    std::map<Snapshot, int> numbers = {{system.initial(), 0}};
    std::vector<Snapshot> open = {system.initial()};
    for (std::size_t i = 0; i < open.size() && i < most; ++i) {
        const Snapshot state = open[i];
        const json told = json::parse(lastack_state(place, numbers.at(state)));
        REQUIRE_MESSAGE(!told.contains("error"), told.dump());
        CHECK(told["texts"].get<std::vector<std::string>>() == texts_of(system, state));
        const std::vector<TraceStep> steps = system.steps(state);
        REQUIRE(told["next"].size() == steps.size());
        for (std::size_t step = 0; step < steps.size(); ++step) {
            const json& next = told["next"][step];
            CHECK(next[0] == to_string(steps[step], system.vocabulary()));
            CHECK(next[1] == joined(steps[step].rules, ", "));
            const auto [known, is_new] = numbers.emplace(steps[step].after, next[2].get<int>());
            CHECK(known->second == next[2]);
            if (is_new) open.push_back(steps[step].after);
        }
    }
    std::set<int> all;
    for (const auto& [state, number] : numbers) all.insert(number);
    CHECK(all.size() == numbers.size());  // no number is of two states
    return open.size();
}

}  // namespace

TEST_CASE("a page is told the states and steps of a system as the plain interpreter has them, all of them") {
    const Spec& spec = testing::shipped_spec("../tests/cli/specs/one_way.spec");
    const json opened = open_in_page(spec);
    REQUIRE(opened["systems"].size() == spec.systems.size());
    CHECK(opened["systems"][0]["name"] == spec.systems[0].name);
    CHECK(opened["systems"][0]["title"] == spec.systems[0].title);
    for (std::size_t i = 0; i < spec.systems.size(); ++i) {
        const PlainSystem system(spec, spec.systems[i]);
        CHECK(compare(system, static_cast<int>(i), 10'000) == plain_explore(system).states);
    }
}

TEST_CASE("a page reads a shipped spec from its files alone, and random ones, and tells the same of them") {
    const Spec& linux = testing::shipped_spec("linux.spec");
    CHECK(open_in_page(linux)["systems"].size() == linux.systems.size());
    const SystemDecl& polite = testing::system_named(linux, "polite");
    CHECK(compare(PlainSystem(linux, polite), static_cast<int>(&polite - linux.systems.data()), 300) > 300);
    for (std::uint32_t seed = 1; seed <= 20; ++seed) {
        const Spec spec = parse_spec(testing::random_spec(seed, {}).text(), "random.spec");
        open_in_page(spec);
        CHECK_MESSAGE(compare(PlainSystem(spec, spec.systems[0]), 0, 100) > 0, seed);
    }
}

TEST_CASE("the states that a page counts, in parts, are those that the plain interpreter finds") {
    std::uint64_t most = 0;
    for (std::uint32_t seed = 1; seed <= 30; ++seed) {
        const Spec spec = parse_spec(testing::random_spec(seed, {}).text(), "random.spec");
        StateCount count(spec, spec.systems[0]);
        for (int parts = 0; !count.complete() && count.states() <= 3'000; ++parts) count.go_on(7);
        if (!count.complete()) continue;
        const PlainCount plain = plain_explore(PlainSystem(spec, spec.systems[0]));
        CHECK_MESSAGE(count.states() == plain.states, seed);
        CHECK_MESSAGE(count.transitions() == plain.transitions, seed);
        CHECK_MESSAGE(count.depth() == plain.depth, seed);
        most = std::max(most, plain.states);
    }
    CHECK(most > 500);
    open_in_page(testing::shipped_spec("linux.spec"));
    const json polite = json::parse(lastack_count(1, 1'000'000));
    CHECK(polite == json::parse(R"({"states": 57264, "transitions": 460614, "depth": 17, "complete": true})"));
}

TEST_CASE("a setting from the command line holds in the page, too") {
    Spec spec = read_spec(testing::source_dir() + "/specs/linux.spec", "", {"tcp_orphan_retries=3"});
    const json opened = open_in_page(spec, "tcp_orphan_retries=3");
    REQUIRE_FALSE(opened.contains("error"));
    const SystemDecl& system = testing::system_named(spec, "never_closes");
    CHECK(compare(PlainSystem(spec, system), static_cast<int>(&system - spec.systems.data()), 200) > 200);
    CHECK(open_in_page(spec, "no_such=3")["error"].get<std::string>().find("no profile has a setting 'no_such'") !=
          std::string::npos);
}

TEST_CASE("what is wrong is told as the command tells it, and the page goes on with what it had") {
    const Spec& spec = testing::shipped_spec("../tests/cli/specs/one_way.spec");
    open_in_page(spec);
    lastack_add_file("bad.spec", "profile p \"x\" cites");
    const std::string bad = json::parse(lastack_read("bad.spec", "", ""))["error"];
    CHECK(bad.starts_with("bad.spec:1:20: error: expected a text in quotes"));
    CHECK(json::parse(lastack_state(0, 0)).contains("texts"));
    CHECK(json::parse(lastack_state(0, 1'000'000)).contains("error"));
    CHECK(json::parse(lastack_state(0, -1)).contains("error"));
    CHECK(json::parse(lastack_state(99, 0)).contains("error"));
    CHECK(json::parse(lastack_count(-1, 1)).contains("error"));
    lastack_add_file("bad.spec", command::counts_too_far);  // in the place of the one before
    CHECK_FALSE(json::parse(lastack_read("bad.spec", "", "")).contains("error"));
    const json first = json::parse(lastack_state(0, 0));
    REQUIRE(first.contains("next"));
    CHECK(json::parse(lastack_state(0, first["next"][0][2]))["error"].get<std::string>().find("bad.spec:") !=
          std::string::npos);
    CHECK(json::parse(lastack_count(0, 10)).contains("error"));
}

TEST_CASE("each function for pages is kept by the linker and has its wrapper") {
    const std::string root = testing::source_dir() + "/page/";
    const std::string header = testing::read_file(root + "exports.h"), build = testing::read_file(root + "page.cmake"),
                      script = testing::read_file(root + "model.js");
    const std::regex function("\\blastack_([a-z_]+)\\(");
    std::size_t functions = 0;
    for (std::sregex_iterator at(header.begin(), header.end(), function), end; at != end; ++at, ++functions) {
        const std::string name = (*at)[1];
        CHECK_MESSAGE(std::regex_search(build, std::regex("[=,]_lastack_" + name + "\\b")), name);
        CHECK_MESSAGE(std::regex_search(script, std::regex("\"(lastack_)?" + name + "\"")), name);
    }
    CHECK(functions == 4);
}

TEST_CASE("JSON in a script neither ends the element nor is markup") {
    CHECK(json_string("a</script>&\"\\\n\x01") == "\"a\\u003c/script\\u003e\\u0026\\\"\\\\\\n\\u0001\"");
    CHECK(json::parse(json_string("a</script>&\"\\\n\x01\xc3\xa4")) == "a</script>&\"\\\n\x01\xc3\xa4");
    CHECK(json_list({"1", json_string("b")}) == "[1,\"b\"]");
}
