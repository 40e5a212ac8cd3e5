// Vectors in other forms, with other numbers, and suites that are too large: what the command writes and says.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "generators/vector_json.h"
#include "tests/cli/command.h"
#include "tests/harness/tiny_profile.h"

using command::has;
using command::invoke;
using command::one_way;
using command::SpecFile;
using command::too_wide;
using lastack::testing::quoted;
using lastack::testing::read_file;
using lastack::testing::TemporaryDirectory;
namespace fs = std::filesystem;

namespace {

std::size_t files_with(const fs::path& directory, const std::string& ending) {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(directory))
        count += entry.path().filename().string().ends_with(ending);
    return count;
}

std::size_t lines_in(const fs::path& file) {
    const std::string text = read_file(file);
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

const std::string small = " --suite transitions --limit retries=1 --ip 4 -o ";

}  // namespace

TEST_CASE("a claim's vectors are written as JSON and in the forms that are asked for, and in no other") {
    const TemporaryDirectory here;
    const SpecFile spec(one_way(command::heard));
    const auto made = invoke("generate " + spec.word() + " --ip 4 --as svg --as mermaid --as itf --as scapy -o " +
                             quoted(here.path().string()));
    CHECK(made.code == 0);
    CHECK(has(made.out, ".json, .py, .itf.json, .mmd, .svg\n"));
    CHECK(too_wide(made.out).empty());
    for (const std::string ending : {".py", ".itf.json", ".mmd", ".svg"})
        CHECK_MESSAGE(files_with(here.path(), ending) == 1, ending);
    CHECK(files_with(here.path(), ".json") == 2);  // the vector, and ITF
    CHECK(files_with(here.path(), ".pkt") == 0);
    CHECK(files_with(here.path(), ".pcapng") == 0);
    CHECK(has(read_file(here.path() / "heard.A.ipv4.mmd"), "I->>T: FIN,ACK"));
    CHECK(has(read_file(here.path() / "heard.A.ipv4.svg"), ">FIN-WAIT-1<"));
    CHECK(has(read_file(here.path() / "heard.A.ipv4.itf.json"), "\"FIN_WAIT_2\""));
    const auto unknown = invoke("generate " + spec.word() + " --as pdf -o " + quoted(here.path().string()));
    CHECK(unknown.code == 64);
    CHECK(has(unknown.err, "'pdf'"));
    CHECK(too_wide(unknown.err).empty());
}

TEST_CASE("a suite's vectors are a file each, named after their goals; what a form cannot say is listed and counted") {
    const TemporaryDirectory here;
    const std::string spec = quoted(here.write("tiny.spec", hand::tiny_text));
    const fs::path out = here.path() / "out";
    const auto made = invoke("generate " + spec + small + quoted(out.string()) + " --as packetdrill --as svg");
    CHECK(made.code == 0);
    CHECK(too_wide(made.out.substr(0, made.out.find("written to"))).empty());
    const std::size_t vectors = lines_in(out / "transitions.jsonl") - 1;
    CHECK(vectors > 10);
    CHECK(files_with(out / "transitions", ".svg") == vectors);
    const fs::path missed = out / "transitions.packetdrill.missed.txt";
    const std::size_t not_said = fs::exists(missed) ? lines_in(missed) : 0;
    CHECK(files_with(out / "transitions", ".pkt") == vectors - not_said);
    CHECK(has(made.out, "packetdrill cannot say " + std::to_string(not_said) + " of " + std::to_string(vectors)));
    CHECK(not_said > 0);
    CHECK(has(read_file(missed), "/ipv4: step "));
    CHECK_FALSE(fs::exists(out / "transitions.svg.missed.txt"));
}

TEST_CASE("with other numbers a suite says the same of its profile, and the files have those numbers") {
    const TemporaryDirectory here;
    const std::string spec = quoted(here.write("tiny.spec", hand::tiny_text));
    const auto verdicts = [&](const std::string& name, const std::string& numbers) {
        const std::string out = quoted((here.path() / name).string());
        CHECK(invoke("generate " + spec + small + out + numbers).code == 0);
        const auto run = invoke("run --target sim --spec " + spec + " " + out);
        return run.out.substr(run.out.rfind("vectors:"));
    };
    CHECK(verdicts("plain", "") == verdicts("other", " --numbers 3"));
    const std::string plain = read_file(here.path() / "plain" / "transitions.jsonl"),
                      other = read_file(here.path() / "other" / "transitions.jsonl");
    CHECK_FALSE(has(plain, "\"unit_bytes\":1460"));
    CHECK(has(other, "\"unit_bytes\":1460"));
    CHECK(verdicts("again", " --numbers 3") == verdicts("plain", ""));
    CHECK(read_file(here.path() / "again" / "transitions.jsonl") == other);
}

TEST_CASE("at drawn moments a suite says the same of its profile, another seed draws others, and a seed the same") {
    const TemporaryDirectory here;
    const std::string spec = quoted(here.write("tiny.spec", hand::tiny_text));
    const auto made = [&](const std::string& name, const std::string& moments) {
        const std::string out = quoted((here.path() / name).string());
        CHECK(invoke("generate " + spec + small + out + moments).code == 0);
        const auto run = invoke("run --target sim --spec " + spec + " " + out);
        CHECK(has(run.out, " 0 refuted"));
        return read_file(here.path() / name / "transitions.jsonl");
    };
    const auto pauses = [](const std::string& file) {
        std::size_t count = 0;
        for (std::size_t at = 0; (at = file.find("a moment that is drawn", at)) != std::string::npos; ++at) ++count;
        return count;
    };
    const std::string plain = made("plain", ""), moved = made("moved", " --moments 3");
    CHECK(pauses(plain) == 0);
    CHECK(pauses(moved) > 20);
    CHECK(std::count(plain.begin(), plain.end(), '\n') == std::count(moved.begin(), moved.end(), '\n'));
    CHECK(made("others", " --moments 4") != moved);
    CHECK(made("again", " --moments 3") == moved);
}

TEST_CASE("a suite that is too large says how large, what drives it and what is smaller, and writes nothing") {
    const TemporaryDirectory here;
    const std::string spec = quoted(here.write("tiny.spec", hand::tiny_text));
    const fs::path out = here.path() / "out";
    const auto refused =
        invoke("generate " + spec + " --suite exhaustive --ip 4 --most 100 -o " + quoted(out.string()));
    CHECK(refused.code == 30);
    CHECK(refused.out.empty());
    for (const std::string part :
         {"exhaustive", "--most 100", "reactions", "states", "inputs", "--only", "retries=", "lastack run --suite"})
        CHECK_MESSAGE(has(std::regex_replace(refused.err, std::regex("\\s+"), " "), part), part);
    CHECK(too_wide(refused.err).empty());
    CHECK_FALSE(fs::exists(out));
    const auto files = invoke("generate " + spec + small + quoted(out.string()) + " --most 30 --as svg --as scapy");
    CHECK(files.code == 30);
    CHECK(has(files.err, "files"));
    const auto allowed = invoke("generate " + spec + small + quoted(out.string()) + " --most 1000");
    CHECK(allowed.code == 0);
}

TEST_CASE("the number of vectors that a stream says first is not exceeded") {
    const TemporaryDirectory here;
    const std::string spec = quoted(here.write("tiny.spec", hand::tiny_text));
    const auto run =
        invoke("run --target sim --suite complete --limit data=0 --limit retries=1 --numbers 2 --spec " + spec);
    CHECK(run.code == 0);
    CHECK(too_wide(run.out).empty());
    const auto number_before = [&](const std::string& words) {
        std::size_t end = run.out.find(words);
        REQUIRE(end != std::string::npos);
        std::string digits;
        for (; end > 0 && (std::isdigit(run.out[end - 1]) != 0 || run.out[end - 1] == ','); --end)
            if (run.out[end - 1] != ',') digits.insert(0, 1, run.out[end - 1]);
        return std::stoul(digits);
    };
    const std::size_t said = number_before(" vectors, for"), driven = number_before(" vectors: ");
    CHECK(said >= driven);
    CHECK(run.out.find("up to") < run.out.find(" refuted"));
}

TEST_CASE("complete+1 wants a part, and an unknown suite is told in lines that fit") {
    const TemporaryDirectory here;
    const std::string spec = quoted(here.write("tiny.spec", hand::tiny_text));
    for (const std::string& verb :
         std::vector<std::string>{"generate " + spec + " -o " + quoted(here.path().string()), "run --spec " + spec}) {
        const auto whole = invoke(verb + " --suite complete+1");
        CHECK(whole.code == 64);
        CHECK(has(whole.err, "--only"));
        CHECK(too_wide(whole.err).empty());
        const auto unknown = invoke(verb + " --suite transition");
        CHECK(unknown.code == 64);
        CHECK(has(unknown.err, "did you mean 'transitions'"));
        CHECK(too_wide(unknown.err).empty());
    }
}

TEST_CASE("of a damaged suite the line and the field are named, and nothing is run") {
    const TemporaryDirectory here;
    const std::string spec = quoted(here.write("tiny.spec", hand::tiny_text));
    CHECK(invoke("generate " + spec + small + quoted(here.path().string())).code == 0);
    const std::string good = read_file(here.path() / "transitions.jsonl");
    const std::size_t second = good.find('\n', good.find('\n') + 1) + 1;
    const auto damaged = [&](const std::string& what, const std::string& with) {
        std::string bad = good;
        const std::size_t at = bad.find(what, second);
        REQUIRE(at != std::string::npos);
        bad.replace(at, what.size(), with);
        const auto run = invoke("run --target sim --spec " + spec + " " + quoted(here.write("bad.jsonl", bad)));
        CHECK(run.code == 65);
        CHECK(run.out.empty());
        return run.err;
    };
    CHECK(has(damaged("\"ip\":4", "\"ip\":5"), "bad.jsonl: line 3: /ip: must be 4 or 6"));
    CHECK(has(damaged("\"kind\":", "\"sort\":"), "line 3: /steps/0: member 'kind' is missing"));
    CHECK(has(damaged("\"settle_us\":", "\"settle_us\":-"), "line 3: /settle_us: "));
    CHECK(has(damaged("lastack-vector/2", "lastack-vector/1"), "line 3: /format: made by an older lastack"));
    CHECK(has(damaged("\"goal\":\"", "\"goal\":\"\x01"), "line 3: "));
    const auto cut = invoke("run --target sim --spec " + spec + " " +
                            quoted(here.write("cut.jsonl", good.substr(0, good.size() - 40))));
    CHECK(cut.code == 65);
    CHECK(cut.out.empty());
    CHECK(has(cut.err, "cut.jsonl: line " + std::to_string(std::count(good.begin(), good.end(), '\n')) + ": "));
}
