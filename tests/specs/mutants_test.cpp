// The mistakes of real stacks, as profiles: each is one of those that the README lists, none is the original, and the
// suites notice those that can be noticed.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <set>

#include "generators/walk_suite.h"
#include "harness/suite_mutation.h"
#include "model/language/read_spec.h"
#include "tests/places.h"
#include "tests/support.h"

using namespace lastack;

namespace {

namespace fs = std::filesystem;

const fs::path folder = testing::source_dir() + "/specs/mutants";

std::vector<fs::path> mutant_files() {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().extension() == ".spec") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

std::set<std::string> words_like(const std::string& text, const std::string& form) {
    std::set<std::string> words;
    const std::regex pattern(form);
    for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) words.insert(at->str());
    return words;
}

// The profiles that stand in a file itself.
std::vector<const Profile*> own_profiles(const Spec& spec, const fs::path& file) {
    std::vector<const Profile*> own;
    for (const Profile& profile : spec.profiles)
        if (profile.where.source && profile.where.source->name == file.string()) own.push_back(&profile);
    return own;
}

}  // namespace

TEST_CASE("each class of bugs is a profile, or stands among those that the model cannot say") {
    const std::string class_form = "K[0-9]{2}[a-c]?";
    const std::string readme = testing::read_file((folder / "README.md").string());
    std::set<std::string> written;
    for (const fs::path& file : mutant_files()) {
        CAPTURE(file.filename().string());
        const std::set<std::string> here = words_like(testing::read_file(file.string()), "# class " + class_form);
        CHECK_FALSE(here.empty());
        std::string row = readme.substr(std::min(readme.find("`" + file.filename().string()), readme.size()));
        row = row.substr(0, row.find('\n'));
        for (std::string one : here) {
            one = one.substr(8);
            CHECK(row.find(one) != std::string::npos);
            written.insert(one);
        }
    }
    std::set<std::string> named = words_like(readme, class_form);
    for (const std::string unsaid : {"K01c", "K44"}) {
        CHECK_FALSE(written.contains(unsaid));
        written.insert(unsaid);
    }
    CHECK(named == written);
    CHECK(written.size() == 50);
}

TEST_CASE("a mutant changes a rule or a timer, and says what it does in a sentence of its own") {
    std::set<std::string> sentences;
    for (const fs::path& file : mutant_files()) {
        const Spec spec = read_spec(file.string());
        const std::vector<const Profile*> own = own_profiles(spec, file);
        CHECK_FALSE(own.empty());
        for (const Profile* profile : own) {
            CAPTURE(profile->name);
            CHECK_FALSE(profile->title.empty());
            CHECK(sentences.insert(profile->title).second);
            CHECK(std::set<std::string>{"rfc9293", "linux", "rfc1337"}.contains(profile->parent));
        }
    }
}

TEST_CASE("rfc9293: the suites notice each mistake that a vector can show" * doctest::test_suite("slow")) {
    const Spec rfc = read_spec(testing::source_dir() + "/specs/rfc9293.spec");
    const Profile& original = *rfc.profile("rfc9293");
    std::vector<JudgingSuite> suites;
    for (const std::string name : {"transitions", "reactions", "loss", "timers"})
        suites.push_back({name, make_walk_suite(original, name, {}).suite.vectors});
    std::vector<Spec> specs;
    std::vector<SuiteMutant> mutants;
    for (const fs::path& file : mutant_files()) specs.push_back(read_spec(file.string()));
    for (std::size_t i = 0; i < specs.size(); ++i)
        for (const Profile* profile : own_profiles(specs[i], mutant_files()[i]))
            if (profile->parent == "rfc9293") mutants.push_back(written_mutant(*profile));
    CHECK(mutants.size() > 45);
    const SuiteMutationReport report = score_suites(original, mutants, suites, {});
    for (const SuiteTally& suite : report.suites) CHECK(suite.left_out.empty());  // the unmutated profile passes
    std::map<std::string, std::string> live_on;
    for (const SuiteMutantResult& one : report.mutants) {
        const bool killed = std::any_of(one.kills.begin(), one.kills.end(), [](const auto& kill) { return !!kill; });
        if (!killed) live_on[one.id] = to_string(*one.survival);
    }
    std::string told;
    for (const auto& [id, why] : live_on) told += id + ": " + why + "; ";
    CHECK(told == "text_after_fin: unplayable; ");  // text behind a FIN has no place among bytes
}
