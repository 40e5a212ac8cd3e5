// The files of docs/ci/ do what they say: their shell steps, as they stand there, run against the command.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/cli/command.h"
#include "tests/places.h"
#include "tests/support.h"

namespace fs = std::filesystem;
using command::has;
using command::lines_of;
using lastack::testing::quoted;
using lastack::testing::read_file;
using lastack::testing::run;
using lastack::testing::TemporaryDirectory;

namespace {

std::size_t indent_of(const std::string& line) { return line.find_first_not_of(' '); }

std::string ci_file(const std::string& name) { return read_file(lastack::testing::source_dir() + "/docs/ci/" + name); }

// The text behind `run:` in a workflow: what stands there, or the block below it.
std::vector<std::string> workflow_steps(const std::string& yaml) {
    std::vector<std::string> steps;
    const std::vector<std::string> lines = lines_of(yaml);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::size_t at = lines[i].find("run: ");
        if (at != indent_of(lines[i])) continue;
        std::string text = lines[i].substr(at + 5);
        if (text == "|") {
            text.clear();
            for (; i + 1 < lines.size() && indent_of(lines[i + 1]) > at; ++i)
                text += lines[i + 1].substr(at + 2) + "\n";
        }
        steps.push_back(text);
    }
    return steps;
}

// The items below `script:` in a job.
std::vector<std::string> job_steps(const std::string& yaml) {
    std::vector<std::string> steps;
    bool below = false;
    for (const std::string& line : lines_of(yaml)) {
        if (line.starts_with("  script:"))
            below = true;
        else if (below && line.starts_with("    - "))
            steps.push_back(line.substr(6));
        else
            below = false;
    }
    return steps;
}

// A checkout with one small spec, and the command on PATH.
struct Checkout {
    Checkout() {
        const std::string small = lastack::testing::source_dir() + "/tests/cli/specs/one_way.spec";
        fs::copy_file(small, here.path() / "one_way.spec");
        here.write("my.spec", "use \"one_way.spec\"\n" + command::heard);
        run_here("lastack fmt my.spec");
    }
    std::string run_here(const std::string& step, int* code = nullptr) const {
        const std::string place = fs::path(lastack::testing::command_path()).parent_path().string();
        return run("cd " + quoted(here.path().string()) + " && PATH=" + quoted(place) +
                       ":$PATH SPEC=my.spec sh -e -c " + quoted(step) + " </dev/null",
                   code);
    }
    TemporaryDirectory here;
};

void check_steps(const Checkout& checkout, const std::vector<std::string>& steps) {
    for (const std::string& step : steps) {
        int code = -1;
        const std::string printed = checkout.run_here(step, &code);
        CHECK_MESSAGE(code == 0, step << "\n" << printed);
    }
}

}  // namespace

TEST_CASE("the steps of the GitHub workflow pass where all is as expected, and leave their reports") {
    const std::vector<std::string> steps = workflow_steps(ci_file("github.yml"));
    REQUIRE(steps.size() == 3);
    const Checkout checkout;
    check_steps(checkout, steps);
    CHECK(has(read_file((checkout.here.path() / "lastack.sarif").string()), "\"version\": \"2.1.0\""));
    CHECK(has(read_file((checkout.here.path() / "lastack.xml").string()), "<testsuites"));

    checkout.here.write("my.spec", "use \"one_way.spec\"\n" + command::heard +
                                       "claim no \"nobody closes\" on lossy invariant A in ESTABLISHED expect holds\n");
    int code = 0;
    CHECK(has(checkout.run_here(steps.back(), &code), "::error file=my.spec,line="));
    CHECK(code == 12);
    checkout.run_here("lastack gate my.spec --longest 2 --write-baseline known");
    checkout.run_here("export BASELINE=known; " + steps.back(), &code);
    CHECK(code == 0);
}

TEST_CASE("the steps of the GitLab job pass where all is as expected, and leave their report") {
    const std::vector<std::string> steps = job_steps(ci_file("gitlab.yml"));
    REQUIRE(steps.size() == 2);
    const Checkout checkout;
    check_steps(checkout, steps);
    CHECK(has(read_file((checkout.here.path() / "lastack.xml").string()), "<testsuites"));
}

TEST_CASE("the hook of git lets a good spec pass and stops a bad one") {
    if (!lastack::testing::installed("git")) {
        MESSAGE("SKIPPED: the hook of git lets a good spec pass and stops a bad one: no git");
        return;
    }
    const Checkout checkout;
    checkout.run_here("git init -q . && git config user.email a@b && git config user.name n");
    fs::copy_file(lastack::testing::source_dir() + "/docs/ci/pre-commit",
                  checkout.here.path() / ".git" / "hooks" / "pre-commit");
    int code = -1;
    const std::string good = checkout.run_here("git add my.spec && git commit -q -m good 2>&1", &code);
    CHECK(code == 0);
    CHECK(has(good, "ok: one_way on sim"));
    checkout.here.write("my.spec", "use \"one_way.spec\"\n" + command::heard +
                                       "claim no \"nobody closes\" on lossy invariant A in ESTABLISHED expect holds\n");
    const std::string bad = checkout.run_here("lastack fmt my.spec && git commit -q -a -m bad 2>&1", &code);
    CHECK(code != 0);
    CHECK(has(bad, "surprises: no"));
}
