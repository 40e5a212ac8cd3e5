#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/cli/command.h"
#include "tests/harness/tiny_profile.h"

using command::has;
using command::invoke;
using lastack::testing::quoted;
using lastack::testing::TemporaryDirectory;

namespace {

std::string text_of(const std::filesystem::path& file) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("a suite with a guarantee is written, a vector a line, and driven") {
    const TemporaryDirectory here;
    const std::string spec = quoted(here.write("tiny.spec", hand::tiny_text));
    const std::string out = quoted((here.path() / "out").string());
    const auto made = invoke("generate " + spec + " --suite transitions --limit retries=1 --ip 4 -o " + out);
    CHECK(made.code == 0);
    CHECK(has(made.out, "Suite transitions: "));
    for (const std::string& line : command::lines_of(made.out))
        if (!has(line, "written to")) CHECK(line.size() <= 80);
    const std::filesystem::path file = here.path() / "out" / "transitions.jsonl";
    const std::string text = text_of(file);
    CHECK(has(text.substr(0, text.find('\n')), "\"format\":\"lastack-suite/1\""));
    CHECK(std::filesystem::exists(here.path() / "out" / "transitions.missed.txt"));
    const auto run = invoke("run --target sim --spec " + spec + " " + quoted(file.string()));
    CHECK(run.code == 0);
    CHECK(has(run.out, " 0 refuted"));
}

TEST_CASE("the claims' vectors are a suite: those of plain generate, written and driven like the others") {
    const TemporaryDirectory here;
    const std::string spec = quoted(here.write("small.spec", command::one_way(command::heard + command::acknowledged)));
    const std::string out = quoted((here.path() / "out").string());
    const auto made = invoke("generate " + spec + " --suite claims --ip 4 -o " + out);
    CHECK(made.code == 0);
    CHECK(has(made.out, "Suite claims: 1 vectors"));
    CHECK(has(made.out, "reach 1 of 1 goals"));  // what holds for all runs has no run to show
    const std::string text = text_of(here.path() / "out" / "claims.jsonl");
    CHECK(has(text.substr(0, text.find('\n')), "\"suite\":\"claims\""));
    REQUIRE(invoke("generate " + spec + " --ip 4 -o " + out).code == 0);
    CHECK(std::filesystem::exists(here.path() / "out" / "heard.A.ipv4.json"));
    CHECK(has(text, "\"id\":\"heard/A/ipv4\""));
    const auto run = invoke("run --target sim --suite claims --spec " + spec);
    CHECK(run.code == 0);
    CHECK(has(run.out, "1 vectors: 1 confirmed"));
    const auto scored = invoke("mutate " + spec + " --suite claims --operators target");
    CHECK(scored.code == 0);
    CHECK(has(scored.out, "suite claims"));
}

TEST_CASE("names with commas between them are a union: one file, goals with their suites' names, nothing twice") {
    const TemporaryDirectory here;
    const std::string spec = quoted(here.write("tiny.spec", hand::tiny_text));
    const std::string out = quoted((here.path() / "out").string());
    const std::string limits = " --limit data=1 --limit retries=1 --ip 4 -o " + out;
    const auto made = invoke("generate " + spec + " --suite states,transitions" + limits);
    CHECK(made.code == 0);
    CHECK(has(made.out, "Suite states+transitions: "));
    const std::string text = text_of(here.path() / "out" / "states+transitions.jsonl");
    CHECK(has(text, "\"id\":\"states/"));
    CHECK(has(text, "\"id\":\"transitions/"));
    CHECK(has(text.substr(0, text.find('\n')), "Each state of the endpoint"));
    CHECK(has(text.substr(0, text.find('\n')), "Each set of rules"));
    const auto with_mutants = invoke("run --target sim --suite states,mutants --only signal --spec " + spec +
                                     " --limit data=1 --limit retries=1");
    CHECK(with_mutants.code == 0);
    CHECK(has(with_mutants.out, " 0 refuted"));
    const auto refused = invoke("generate " + spec + " --suite complete,loss" + limits);
    CHECK(refused.code == 64);
    CHECK(has(refused.err, "suite 'complete' is no part of a union"));
    CHECK(invoke("generate " + spec + " --suite states,everything" + limits).code == 64);
}

TEST_CASE("a damaged line of a suite is named, and nothing is run") {
    const TemporaryDirectory here;
    const std::string spec = quoted(here.write("tiny.spec", hand::tiny_text));
    const std::string head = "{\"format\":\"lastack-suite/1\"}\n";
    const auto damaged = invoke("run --target sim --spec " + spec + " " + quoted(here.write("a.jsonl", head + "{}\n")));
    CHECK(damaged.code == 65);
    CHECK(damaged.out.empty());
    CHECK(has(damaged.err, "a.jsonl: line 2: "));
    const auto foreign = invoke("run --target sim --spec " + spec + " " + quoted(here.write("b.jsonl", "{}\n")));
    CHECK(foreign.code == 65);
    CHECK(has(foreign.err, "b.jsonl: line 1: "));
    CHECK(has(foreign.err, "lastack-suite/1"));
}

TEST_CASE("a vector of a suite is explained, and clauses are counted") {
    const TemporaryDirectory here;
    const std::string spec = quoted(here.write("tiny.spec", hand::tiny_text));
    const std::string out = quoted((here.path() / "out").string());
    const std::string suite = "generate " + spec + " --suite transitions --limit retries=1 --ip 4";
    const auto counted = invoke(suite + " --coverage -o " + out);
    CHECK(counted.code == 0);
    CHECK(has(counted.out, " transitions  clause"));
    const std::string vectors = text_of(here.path() / "out" / "transitions.jsonl");
    const std::size_t id = vectors.find("\"id\":\"") + 6;
    const std::string name = vectors.substr(id, vectors.find('"', id) - id);
    const auto explained = invoke(suite + " --explain " + quoted(name));
    CHECK(explained.code == 0);
    CHECK(explained.out.substr(0, name.size()) == name);
    CHECK(has(explained.out, "It is there for"));
    CHECK(command::too_wide(explained.out.substr(name.size())).empty());
    CHECK(invoke(suite + " --explain nothing").code == 64);
    CHECK(invoke("generate " + spec + " --explain " + quoted(name)).code == 64);
    CHECK(has(invoke(suite).err, "--output is required"));
}

TEST_CASE(
    "a suite is driven as it is made: what is refuted is told and kept, and it can begin behind its first tests") {
    const TemporaryDirectory here;
    const std::string spec = quoted(here.write("tiny.spec", hand::tiny_text));
    const std::string stream = "run --target sim --suite complete --limit data=0 --limit retries=1 --spec ";
    const auto whole = invoke(stream + spec);
    CHECK(whole.code == 0);
    CHECK(has(whole.out, "complete: An implementation that has no more states"));
    CHECK(has(whole.out, " 0 refuted"));
    const auto vectors = [](const std::string& text) {
        const std::size_t end = text.find(" vectors:");
        return std::stoul(text.substr(text.rfind(' ', end - 1) + 1));
    };
    const auto rest = invoke(stream + spec + " --from 100");
    CHECK(vectors(whole.out) - vectors(rest.out) == 100);

    // Two threads make the same tests, and those of a choice that both meet twice; each passes over its own.
    const auto shared = invoke(stream + spec + " --jobs 2");
    CHECK(shared.code == 0);
    CHECK(vectors(shared.out) >= vectors(whole.out));
    CHECK(vectors(shared.out) - vectors(invoke(stream + spec + " --jobs 2 --from 30,40").out) == 70);
    CHECK(invoke(stream + spec + " --jobs 2 --from 30").code == 64);
    CHECK(invoke("run --target sim --suite states --jobs 2 --spec " + spec).code == 64);

    // The kernel is no such small endpoint.
    const std::string file = (here.path() / "refuted.jsonl").string();
    const auto kernel =
        invoke("run --target linux --suite transitions --no-waits --limit data=0 --limit retries=1 --spec " + spec +
               " --refuted " + quoted(file));
    if (kernel.code == 77) {
        MESSAGE("the running kernel cannot be driven here");
    } else {
        CHECK(kernel.code == 20);
        CHECK(has(kernel.out, "SURPRISE: differs"));
        const auto kept = invoke("run --target linux " + quoted(file));
        CHECK(kept.code == 20);
        CHECK(has(kept.out, " 0 confirmed"));
    }
    CHECK(invoke("run --target sim --suite complete").code == 64);
    CHECK(invoke(stream + spec + " --json").code == 64);
}

TEST_CASE("a suite that there is not, and a limit that the profile has not, are told") {
    const TemporaryDirectory here;
    const std::string spec = quoted(here.write("tiny.spec", hand::tiny_text));
    CHECK(invoke("generate " + spec + " --suite everything -o " + quoted(here.path().string())).code == 64);
    const auto limit =
        invoke("generate " + spec + " --suite states --limit depth=3 -o " + quoted(here.path().string()));
    CHECK(limit.code == 64);
    CHECK(has(limit.err, "'depth'"));
}
