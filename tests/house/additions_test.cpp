// Where something is added: CONTRIBUTING.md names the places for a leaf, an effect and a target, and each place knows
// all of them.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>
#include <string>

#include "harness/targets.h"
#include "tests/house/source_rules.h"
#include "tests/places.h"
#include "tests/support.h"

namespace fs = std::filesystem;
using lastack::testing::read_file;
using Names = std::set<std::string>;

namespace {

const std::string root = lastack::testing::source_dir() + "/";

// What follows `head` in a page, up to `end`.
std::string part_of(const std::string& text, const std::string& head, const std::string& end) {
    const std::size_t begin = text.find(head);
    REQUIRE_MESSAGE(begin != std::string::npos, head);
    return text.substr(begin, text.find(end, begin + head.size()) - begin);
}

Names found_in(const std::string& text, const std::string& form) {
    const std::regex pattern(form);
    Names names;
    for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) names.insert((*at)[1]);
    return names;
}

// The files that an entry of CONTRIBUTING.md names.
Names places_of(const std::string& what) {
    return found_in(part_of(read_file(root + "CONTRIBUTING.md"), "- **" + what + "**", "\n- **"),
                    "`([a-z_/-]+\\.(?:h|cpp|md))`");
}

// The enumerators behind `head`, comments left out.
Names enumerators(const std::string& file, const std::string& head) {
    const std::string text =
        std::regex_replace(part_of(read_file(root + file), head, "};"), std::regex("//[^\n]*"), "");
    return found_in(text.substr(text.find('{')), "\\b([a-z][a-z_]*)\\s*,");
}

// Of the leaves that stand by themselves in a claim.
Names leaves() {
    const std::string text = read_file(root + "model/expr.h");
    Names names = enumerators("model/expr.h", "enum class Op {");
    for (const std::string sort : {"connective", "fixed", "local"}) {
        const std::regex line("((?:\\s*case Op::[a-z_]+:)+) return Sort::" + sort);
        std::smatch match;
        REQUIRE(std::regex_search(text, match, line));
        for (const std::string& name : found_in(match[1], "Op::([a-z_]+):")) names.erase(name);
    }
    return names;
}

// Files of the program, and the random specs' judges, in which a switch knows the enumerator.
Names files_with_case(const std::string& form) {
    Names files;
    for (const auto& file : house::source_files(lastack::testing::source_dir())) {
        const bool ours = !file.path.starts_with("tests/") || file.path.starts_with("tests/random/");
        if (ours && file.path.ends_with(".cpp") && std::regex_search(file.text, std::regex(form)))
            files.insert(file.path);
    }
    return files;
}

std::string missing(const Names& wanted, const Names& found) {
    std::string text;
    for (const std::string& name : wanted) text += found.contains(name) ? "" : " " + name;
    return text;
}

void places_exist(const Names& places) {
    CHECK(places.size() > 2);
    for (const std::string& place : places) CHECK_MESSAGE(fs::exists(root + place), place);
}

}  // namespace

TEST_CASE("enumerators and places are read where they stand") {
    const Names known = leaves();
    CHECK(known.contains("at_end"));
    CHECK(known.contains("returns"));
    CHECK_FALSE(known.contains("each"));
    CHECK_FALSE(known.contains("limit"));
    CHECK(enumerators("model/spec.h", "enum class Kind {\n        assign").contains("branch"));
    CHECK(places_of("a leaf of a claim").contains("checker/trace/plain_claims.cpp"));
    CHECK(missing({"a", "b"}, {"b"}) == " a");
}

TEST_CASE("each place for a leaf of a claim is named, and knows each leaf") {
    const Names places = places_of("a leaf of a claim");
    places_exist(places);
    // A switch over all leaves has the sends of an end and the doubling of the network.
    Names switches = files_with_case("case Op::sends:");
    for (const std::string& file : files_with_case("case Op::doubled:")) {
        if (!switches.contains(file)) continue;
        CHECK_MESSAGE(places.contains(file), "CONTRIBUTING.md does not name " << file);
        CHECK(missing(leaves(), found_in(read_file(root + file), "case Op::([a-z_]+)")) == "");
    }
    CHECK(switches.contains("tests/random/brute_judge.cpp"));
}

TEST_CASE("each place for an effect is named, and knows each effect") {
    const Names places = places_of("an effect of a rule"),
                kinds = enumerators("model/spec.h", "enum class Kind {\n        assign");
    places_exist(places);
    const Names switches = files_with_case("case (?:Effect::)?Kind::signal:");
    CHECK(switches.size() >= 5);
    for (const std::string& file : switches) {
        CHECK_MESSAGE(places.contains(file), "CONTRIBUTING.md does not name " << file);
        CHECK(missing(kinds, found_in(read_file(root + file), "case (?:Effect::)?Kind::([a-z_]+)")) == "");
    }
}

TEST_CASE("each target is made, named, chosen and described") {
    places_exist(places_of("a target"));
    const Names made = found_in(read_file(root + "harness/targets.h"), "make_([a-z]+)_target\\(");
    Names named(lastack::target_names.begin(), lastack::target_names.end());
    named.insert("adapter");  // exec:CMD, unix:PATH
    named.insert("vm");       // linux-vm:KERNEL
    CHECK(made == named);
    const std::string pages = read_file(root + "docs/verdicts.md"), choice = read_file(root + "cli/suites.cpp");
    for (const std::string& name : named) {
        CHECK_MESSAGE(pages.find("**" + name + "**") != std::string::npos, name);
        CHECK_MESSAGE(choice.find("make_" + name + "_target(") != std::string::npos, name);
    }
}
