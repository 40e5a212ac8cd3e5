// The TLA+ module: read by TLC where LASTACK_TLA2TOOLS names its jar. Without it what can be said of the text alone:
// brackets close, and each operator is defined once, before it is called, and called with as many arguments as it has.
#include <doctest/doctest.h>

#include <cstdlib>
#include <map>
#include <regex>
#include <string>

#include "generators/tla.h"
#include "tests/checker/exploring.h"
#include "tests/cli/command.h"
#include "tests/generators/export_samples.h"
#include "tests/generators/other_checkers.h"
#include "tests/spec_support.h"

namespace lastack::testing {

namespace {

// TLC generates the first state, and one for each transition.
void tlc_agrees(const char* jar, const Spec& spec, const std::string& system) {
    CAPTURE(system);
    const SystemDecl& decl = system_named(spec, system);
    const Coverage ours = explore(spec, decl);
    const TlaModule module = to_tla(spec, decl);
    const TemporaryDirectory here;
    here.write(module.name + ".tla", module.text);
    here.write(module.name + ".cfg", module.config);
    const std::string output =
        must_run("cd " + quoted(here.path().string()) + " && java -cp " + quoted(jar) + " tlc2.TLC " + module.name);
    const OtherCount theirs =
        counts_in(output, R"((?:^|\n)(\d+) states generated, (\d+) distinct states found, 0 states left)");
    CHECK(theirs.states == ours.transitions + 1);
    CHECK(theirs.transitions == ours.states);
}

// Without strings and comments.
std::string bare(const std::string& text) {
    return std::regex_replace(std::regex_replace(text, std::regex(R"("[^"\n]*")"), "\"\""), std::regex(R"(\\\*[^\n]*)"),
                              "");
}

bool brackets_close(const std::string& text) {
    std::string open;
    for (const char c : text) {
        if (c == '(' || c == '[' || c == '{') open += c == '(' ? ')' : c == '[' ? ']' : '}';
        if (c != ')' && c != ']' && c != '}') continue;
        if (open.empty() || open.back() != c) return false;
        open.pop_back();
    }
    return open.empty();
}

// How many arguments the list has that begins behind an opening bracket.
int arguments_at(const std::string& text, std::size_t at) {
    int depth = 0, count = 1;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '(' || c == '[' || c == '{') ++depth;
        if (c == '<' && text[at + 1] == '<') ++depth;
        if (c == '>' && text[at - 1] == '>') --depth;
        if (c == ')' && depth == 0) return count;
        if (c == ')' || c == ']' || c == '}') --depth;
        if (c == ',' && depth == 0) ++count;
    }
    return -1;
}

// The first operator with arguments that is called wrongly; "" where there is none. Definitions begin a line.
std::string wrong_call(const std::string& text) {
    std::map<std::string, std::pair<int, std::size_t>> defined{
        {"Append", {2, 0}}, {"Head", {1, 0}},     {"Tail", {1, 0}},           {"Len", {1, 0}},
        {"Assert", {2, 0}}, {"SetToBag", {1, 0}}, {"BagCardinality", {1, 0}}, {"BagToSet", {1, 0}}};
    const std::regex head(R"(\n(\w+)(\(.*\))? ==)"), recursive(R"(RECURSIVE [^\n]*)"), call(R"(\b([A-Za-z]\w*)\()");
    const std::string calls = std::regex_replace(text, recursive, "");
    for (std::sregex_iterator it(calls.begin(), calls.end(), head), none; it != none; ++it) {
        const auto at = static_cast<std::size_t>(it->position(1));
        const int parameters =
            (*it)[2].matched ? arguments_at(calls, static_cast<std::size_t>(it->position(2)) + 1) : 0;
        if (!defined.emplace(it->str(1), std::pair{parameters, at}).second) return it->str(1) + " is defined twice";
    }
    for (std::sregex_iterator it(calls.begin(), calls.end(), call), none; it != none; ++it) {
        const auto at = static_cast<std::size_t>(it->position(1));
        const auto own = defined.find(it->str(1));
        if (own == defined.end()) return it->str(1) + " is defined nowhere";
        if (own->second.second > at) return it->str(1) + " is called before it is defined";
        const int given = arguments_at(calls, at + it->str(1).size() + 1);
        if (given != own->second.first) return it->str(1) + " has other arguments";
    }
    return "";
}

}  // namespace

TEST_CASE("TLC counts the states of what could be written wrongly, and of RFC 9293's ends" *
          doctest::test_suite("slow")) {
    const char* const jar = std::getenv("LASTACK_TLA2TOOLS");
    if (jar == nullptr) {
        MESSAGE("SKIPPED: TLC counts the states of what could be written wrongly, and of RFC 9293's ends: "
                "LASTACK_TLA2TOOLS names no tla2tools.jar");
        return;
    }
    for (const std::string system : {"bag", "queue", "lossless", "silent"})
        tlc_agrees(jar, spec_from(every_effect), system);
    tlc_agrees(jar, spec_from(second_life), "both_closed");
    tlc_agrees(jar, shipped_spec("rfc9293.spec"), "never_closes");
}

TEST_CASE("the check of TLA+ texts sees a bracket that stays open, and a wrong call") {
    CHECK(!brackets_close(bare("\nf(a) == (a")));
    CHECK(brackets_close(bare("\nf(a) == a \\* (\ng == \"(\"")));
    CHECK(wrong_call("\nf(a) == a\ng == f(<<1, 2>>)") == "");
    CHECK(wrong_call("\nf(a) == a\ng == f(1, 2)") == "f has other arguments");
    CHECK(wrong_call("\ng == f(1)\nf(a) == a") == "f is called before it is defined");
    CHECK(wrong_call("\nf(a) == a\nf(b) == b") == "f is defined twice");
}

TEST_CASE("a TLA+ module closes its brackets, and defines its operators once, before they are called") {
    for (const auto& [spec, system] : {std::pair{spec_from(every_effect), "queue"},
                                       {spec_from(every_effect), "bag"},
                                       {spec_from(second_life), "one_open"},
                                       {shipped_spec("rfc9293.spec"), "never_closes"}}) {
        const TlaModule module = to_tla(spec, system_named(spec, system));
        CAPTURE(module.name);
        const std::string text = bare(module.text);
        CHECK(brackets_close(text));
        CHECK(wrong_call(text) == "");
        CHECK(module.text.find("---- MODULE " + module.name + " ----\n") == 0);
        CHECK(module.text.substr(module.text.size() - 5) == "====\n");
    }
}

TEST_CASE("the command writes a TLA+ module and its configuration under the module's name") {
    const TemporaryDirectory here;
    const std::string arguments = "export " + command::shipped("rfc9293.spec") + " --system never_closes --as tla";
    CHECK(command::invoke(arguments + " -o " + quoted(here.path().string())).code == 0);
    const std::string written = read_file(here.path() / "system_never_closes.tla");
    CHECK(written.find("---- MODULE system_never_closes ----") == 0);
    CHECK(read_file(here.path() / "system_never_closes.cfg").find("SPECIFICATION Spec") == 0);
    CHECK(command::invoke(arguments + " -o " + quoted(here.path().string())).code == 0);
    CHECK(read_file(here.path() / "system_never_closes.tla") == written);
    CHECK(command::invoke(arguments + " -o -").code == 64);
}

}  // namespace lastack::testing
