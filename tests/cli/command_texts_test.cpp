// Completions and the manual page know every verb and option, since they are made from the same table, and the programs
// that read them find nothing wrong.
#include <doctest/doctest.h>

#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/cli/command.h"
#include "tests/support.h"

using command::has;
using command::invoke;
using lastack::testing::installed;
using lastack::testing::quoted;
using lastack::testing::run;
using lastack::testing::TemporaryDirectory;

namespace {

std::set<std::string> matches(const std::string& text, const std::string& pattern) {
    const std::regex form(pattern);
    std::set<std::string> found;
    for (const std::string& line : command::lines_of(text)) {
        std::smatch match;
        if (std::regex_search(line, match, form)) found.insert(match[1]);
    }
    return found;
}

// What bash would offer behind these words, of which the last one is being written.
std::string offered_by_bash(const std::string& script, const std::string& words) {
    return run("bash -c 'source " + script + "; COMP_WORDS=(" + words +
               "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _lastack; echo \"${COMPREPLY[@]}\"'");
}

}  // namespace

TEST_CASE("every verb and every option of its help is in the manual page and in each completion") {
    const std::string help = invoke("--help").out;
    const std::set<std::string> verbs = matches(help.substr(help.find("Subcommands:")), R"(^  ([a-z][a-z-]*)\b)");
    REQUIRE(verbs.size() >= 14);
    std::string manual = invoke("completion man").out;
    manual = std::regex_replace(manual, std::regex(R"(\\-)"), "-");
    const std::string bash = invoke("completion bash").out, zsh = invoke("completion zsh").out,
                      fish = invoke("completion fish").out;
    for (const std::string& verb : verbs) {
        CAPTURE(verb);
        CHECK(has(manual, ".SS \"lastack " + verb));
        CHECK(has(bash, "    " + verb + ")\n"));
        CHECK(has(zsh, "    " + verb + ") _arguments"));
        CHECK(has(fish, "-a " + verb + " -d "));
        for (const std::string& option : matches(invoke(verb + " --help").out, R"(^  (?:-\w,)?--([a-z][a-z-]*))")) {
            CAPTURE(option);
            CHECK(has(manual, "--" + option + "\\fR"));
            CHECK(has(bash, "--" + option));
            CHECK(has(zsh, "--" + option + "["));
            CHECK(has(fish, " -l " + option + " "));
        }
    }
}

TEST_CASE("man reads the manual page without a warning") {
    if (!installed("groff")) {
        MESSAGE("SKIPPED: man reads the manual page without a warning: no groff");
        return;
    }
    const TemporaryDirectory here;
    const std::string page = quoted(here.write("lastack.1", invoke("completion man").out));
    CHECK(run("groff -man -Tutf8 -ww -z " + page) == "");
    CHECK(has(run("groff -man -Tascii " + page + " | sed 's/.\x08//g; s/\x1b\\[[0-9;]*m//g'"), "lastack gate spec"));
}

TEST_CASE("bash completes verbs, options and the values of an option") {
    const TemporaryDirectory here;
    const std::string script = here.write("completion", invoke("completion bash").out);
    CHECK(offered_by_bash(script, "lastack ga") == "gate\n");
    CHECK(offered_by_bash(script, "lastack gate --base") == "--baseline\n");
    CHECK(offered_by_bash(script, "lastack gate --expiry \"\"") == "early middle late lot\n");
    CHECK(has(offered_by_bash(script, "lastack mutate --operators \"\""), "rule case guard"));
    CHECK(offered_by_bash(script, "lastack run --target s") == "sim\n");
    CHECK(offered_by_bash(script, "lastack generate --suite hand") == "handshake\n");
    CHECK(offered_by_bash(script, "lastack gate --baseline \"\"") == "\n");  // bash goes on with files
    CHECK(offered_by_bash(script, "lastack gate specs") == "\n");
    CHECK(has(run("bash -c 'source " + script + "; complete -p lastack'"), "-o default -F _lastack lastack"));
}

TEST_CASE("zsh and fish read their completions, and fish offers what it should") {
    const TemporaryDirectory here;
    const std::string zsh = here.write("_lastack", invoke("completion zsh").out);
    const std::string fish = here.write("lastack.fish", invoke("completion fish").out);
    if (installed("zsh"))
        CHECK(run("zsh -f -c 'autoload -Uz compinit; compinit -D -u; source " + zsh + "; echo $_comps[lastack]'") ==
              "_lastack\n");
    else
        MESSAGE("SKIPPED: zsh and fish read their completions, and fish offers what it should: no zsh");
    if (installed("fish")) {
        const auto offered = [&](const std::string& words) {
            return run("HOME=" + quoted(here.path().string()) + " fish --no-config -c 'source " + fish +
                       "; complete -C \"" + words + "\"'");
        };
        CHECK(offered("lastack ga").starts_with("gate\tthe main job"));
        CHECK(offered("lastack gate --base").starts_with("--baseline\t"));
        CHECK(has(offered("lastack gate --expiry "), "middle"));
    } else {
        MESSAGE("SKIPPED: zsh and fish read their completions, and fish offers what it should: no fish");
    }
}
