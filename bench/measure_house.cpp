// `./dev measure house`: is the house in order? Each figure beside its target.
//
//   sources   sizes of files and functions, columns, includes against the order of the rooms, doubled blocks
//   words     words of the grammar that the page of the language, the editors' files or the fuzzer's dictionary lack
//   specs     lines of the specs, before the language had named effects and the like, and now
//   fuzz      mutations fed to each reader of what others wrote, and what they get wrong
//   speeds    five answers that used to take long, in processor or wall time
//   tests     `./dev test --quick` and `./dev test`, and tests that take long and are not marked slow
//
// Arguments name the parts to run; without any, all. Exit code 0 only where every part ran and met its targets.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "bench/figures.h"
#include "bench/measured_child.h"
#include "fuzz/readers.h"
#include "model/language/format_tokens.h"
#include "model/language/read_spec.h"
#include "tests/fuzz/corpus.h"
#include "tests/house/source_rules.h"
#include "tests/places.h"

namespace {

using namespace lastack;
using bench::line;
using house::File;
using house::Findings;
namespace fs = std::filesystem;

const std::string root = testing::source_dir();

bool at_most(const std::string& what, double figure, double most, const std::string& unit = "", int digits = 0) {
    return line(what, fmt::format("{:.{}f}{}", figure, digits, unit), fmt::format("<= {:g}{}", most, unit),
                figure <= most);
}

bool none(const std::string& what, const Findings& findings) {
    for (const std::string& one : findings) fmt::print("  {}\n", one);
    return line(what, std::to_string(findings.size()), "0", findings.empty());
}

// ---- sources

std::size_t ninth_tenth(std::vector<std::size_t> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() * 9 / 10];
}

// Tests are long lists of facts; what is said of the sizes of others' files is said of their sources.
bool sizes(const std::vector<File>& files) {
    std::vector<std::size_t> of_files, of_functions;
    for (const File& file : files) {
        const bool ours = !file.path.starts_with("tests/") && !file.path.starts_with("bench/");
        if (ours) of_files.push_back(house::line_count(file.text));
        for (const auto& function : house::functions(file))
            if (ours) of_functions.push_back(static_cast<std::size_t>(function.lines));
    }
    const auto largest = [](const std::vector<std::size_t>& v) { return *std::max_element(v.begin(), v.end()); };
    bool met = at_most("largest file, lines", static_cast<double>(largest(of_files)), 700);
    met &= at_most("nine files of ten, lines", static_cast<double>(ninth_tenth(of_files)), 400);
    met &= at_most("largest function, lines", static_cast<double>(largest(of_functions)), 70);
    met &= at_most("nine functions of ten, lines", static_cast<double>(ninth_tenth(of_functions)), 45);
    return met;
}

// Judges share no code with what they judge: what they say twice is said twice on purpose.
bool is_judge(const std::string& finding) {
    static const std::regex judges(R"(checker/trace/plain_|model/plain\.|tests/random/brute_|tests/random/plain_)");
    return std::regex_search(finding, judges);
}

bool sources() {
    const std::vector<File> files = house::source_files(root), others = house::other_files(root);
    bool met = sizes(files);
    const auto all = [](const std::vector<File>& among, const std::function<Findings(const File&)>& rule) {
        Findings found;
        for (const File& file : among) {
            for (const std::string& one : rule(file)) found.push_back(one);
        }
        return found;
    };
    Findings wide;
    for (const auto& among : {files, others, house::pages(root)}) {
        for (const auto& one : all(among, [](const File& file) { return house::too_wide(file, 120); }))
            wide.push_back(one);
    }
    met &= none("lines of more than 120 columns", wide);
    met &= none("includes against the order", all(files, house::upward_includes));
    Findings doubled = house::doubled_blocks(files, 6);
    std::erase_if(doubled, is_judge);
    return met & none("doubled blocks of six lines", doubled);
}

// ---- words

std::string text_below(const std::string& place) {
    std::string text;
    if (!fs::exists(root + "/" + place)) return text;
    if (fs::is_regular_file(root + "/" + place)) return testing::read_file(root + "/" + place);
    for (const auto& entry : fs::recursive_directory_iterator(root + "/" + place)) {
        if (entry.is_regular_file() && entry.path().extension() != ".md") text += testing::read_file(entry.path());
    }
    return text;
}

bool words() {
    const std::vector<std::string> all = grammar_words();
    const std::set<std::string> known(all.begin(), all.end());
    bool met = line("words of the grammar", std::to_string(known.size()), "> 100", known.size() > 100);
    std::vector<std::string> places = {"docs/spec-language.md", "fuzz/dictionaries/spec.dict"};
    if (fs::exists(root + "/editors")) {
        for (const auto& entry : fs::recursive_directory_iterator(root + "/editors")) {
            const bool grammar = entry.path().string().ends_with(".tmLanguage.json") ||
                                 entry.path().parent_path().filename() == "syntax";
            if (grammar) places.push_back(fs::relative(entry.path(), root));
        }
    }
    for (const std::string& place : places)
        met &= none("missing in " + place, house::words_missing(known, text_below(place)));
    return met;
}

// ---- specs

// What is neither empty nor only a comment.
std::size_t lines_of_spec(const std::string& text) {
    static const std::regex nothing(R"( *(#.*)?)");
    std::istringstream lines(text);
    std::size_t count = 0;
    for (std::string one; std::getline(lines, one);) count += !std::regex_match(one, nothing);
    return count;
}

// cat specs/*.spec specs/*/*.spec | grep -vc '^ *\(#.*\)\?$', at commit ecb337e. The mistakes of specs/mutants are
// younger.
constexpr std::size_t lines_before = 3149;

bool specs() {
    std::size_t now = 0;
    for (const auto& entry : fs::recursive_directory_iterator(root + "/specs"))
        if (entry.path().extension() == ".spec" && entry.path().parent_path().filename() != "mutants")
            now += lines_of_spec(testing::read_file(entry.path()));
    fmt::print("lines of specs before: {}, now: {}\n", lines_before, now);
    return at_most("lines of specs, of those before", 100.0 * static_cast<double>(now) / lines_before, 70, " %");
}

// ---- fuzz

bool fuzz_readers() {
    constexpr int mutations = 20'000;
    bool met = true;
    for (const fuzz::Reader& reader : fuzz::readers()) {
        const testing::Corpus corpus = testing::corpus_of(reader);
        Findings wrong;
        testing::Dice dice(2);
        for (int i = 0; i < mutations; ++i) {
            const std::string why = testing::wrong_of(reader, testing::mutation_of(corpus, dice));
            if (!why.empty()) wrong.push_back(fmt::format("mutation {}: {}", i, why));
        }
        fmt::print("{}: {} inputs of the corpus, {} mutations\n", reader.name, corpus.inputs.size(), mutations);
        met &= none(reader.name + ": inputs that a reader gets wrong", wrong);
    }
    return met;
}

// ---- speeds

struct Checked {
    double cpu = 0, explorations = 0;  // seconds
};

// A check, and what its explorations took of it: those of its systems, by the report's own account.
Checked checked(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {testing::command_path(), "check", "--json"});
    const bench::Took run = bench::run_measured(arguments);
    if (run.code != 0) throw std::runtime_error(fmt::format("{} ends with {}", fmt::join(arguments, " "), run.code));
    Checked result{run.cpu, 0};
    const nlohmann::json report = nlohmann::json::parse(run.output);
    for (const auto& system : report.at("systems"))
        result.explorations += system.at("scope").at("cpu_seconds").get<double>();
    return result;
}

bool speed_of_liveness() {
    const std::string file = root + "/specs/properties.spec";
    std::vector<std::string> arguments = {file, "--profile", "rfc9293"};
    for (const Claim& claim : read_spec(file, "rfc9293").claims) {
        if (is_liveness(claim.kind)) arguments.insert(arguments.end(), {"--claim", claim.id});
    }
    const Checked liveness = checked(arguments);
    fmt::print("{} claims about whole runs: {:.2f} s, explorations {:.2f} s\n", (arguments.size() - 3) / 2,
               liveness.cpu, liveness.explorations);
    return at_most("liveness claims, of explorations", liveness.cpu / liveness.explorations, 3, " x", 1);
}

double wall(const std::string& what, const std::vector<std::string>& arguments, const std::vector<int>& good) {
    const bench::Took run = bench::run_measured(arguments);
    if (std::find(good.begin(), good.end(), run.code) == good.end())
        throw std::runtime_error(fmt::format("{} ends with {}", what, run.code));
    return run.wall;
}

bool speeds() {
    const std::string command = testing::command_path(), spec = root + "/specs/";
    const Checked linux = checked({spec + "linux.spec"});
    fmt::print("check linux.spec: {:.2f} s, explorations {:.2f} s\n", linux.cpu, linux.explorations);
    bool met = at_most("check linux.spec, of explorations", linux.cpu / linux.explorations, 2.5, " x", 1);
    met &= speed_of_liveness();
    const double differences = wall("diff", {command, "diff", spec + "rfc9293.spec", spec + "lwip.spec"}, {20});
    met &= at_most("diff rfc9293 lwip, wall", differences, 10, " s", 1);
    const std::vector<std::string> mutate = {
        command, "mutate", spec + "properties/safety.spec", "--profile", "rfc9293", "--jobs", "2"};
    // 30: some mutants have more states than the original, and are left undecided.
    met &= at_most("mutate rfc9293 with safety.spec, wall", wall("mutate", mutate, {0, 30}), 90, " s", 1);
    const fs::path here = fs::read_symlink("/proc/self/exe").parent_path();
    met &= at_most("measure properties, wall", wall("measure properties", {here / "measure_properties"}, {0}), 120,
                   " s", 1);
    return met;
}

// ---- tests

// Seconds by name of the test: the lines "1.234567 s: name" of a log.
std::map<std::string, double> times_in(const std::string& log) {
    static const std::regex form(R"(^([0-9.]+) s: (.*))");
    std::map<std::string, double> times;
    std::istringstream lines(testing::read_file(log));
    for (std::string one; std::getline(lines, one);) {
        std::smatch match;
        if (std::regex_match(one, match, form)) times[match[2]] = std::stod(match[1]);
    }
    return times;
}

bool run_tests(const std::vector<std::string>& arguments, double most) {
    std::vector<std::string> words = {root + "/dev", "test"};
    bench::run_measured({root + "/dev", "build", "default"});  // is not part of the time
    words.insert(words.end(), arguments.begin(), arguments.end());
    const bench::Took run = bench::run_measured(words);
    const std::size_t end = run.output.find_last_not_of('\n');
    fmt::print("  {}\n", run.output.substr(run.output.rfind('\n', end) + 1, 60));
    const std::string what = fmt::format("{}, wall", fmt::join(words.begin() + 1, words.end(), " "));
    return line(what + ": ends with 0", std::to_string(run.code), "0", run.code == 0) &
           at_most(what, run.wall, most, " s");
}

bool tests() {
    bool met = run_tests({}, 360);
    const auto times = times_in(root + "/build/default/tests.log");
    met &= run_tests({"--quick"}, 60);
    Findings slow;  // that a quick run has all the same; a busy machine makes some of them
    for (const auto& [name, seconds] : times_in(root + "/build/default/tests.log")) {
        if (times.count(name) != 0 && times.at(name) > 2 && seconds > 2)
            slow.push_back(fmt::format("{:.1f} s: {}", seconds, name));
    }
    return met & none("tests of more than 2 s, not marked slow", slow);
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::pair<std::string, std::function<bool()>>> parts{{"sources", sources}, {"words", words},
                                                                           {"specs", specs},     {"fuzz", fuzz_readers},
                                                                           {"speeds", speeds},   {"tests", tests}};
    return bench::run_parts(parts, {argv + 1, argv + argc});
}
