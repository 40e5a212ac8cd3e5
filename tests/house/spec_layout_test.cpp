// The shipped specs are laid out as `lastack fmt` lays them out.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "model/language/format.h"
#include "tests/places.h"
#include "tests/support.h"

namespace fs = std::filesystem;

namespace {

std::vector<fs::path> spec_files() {
    std::vector<fs::path> files;
    for (const char* folder : {"specs", "examples"}) {
        const fs::path place = fs::path(lastack::testing::source_dir()) / folder;
        if (!fs::exists(place)) continue;
        for (const auto& entry : fs::recursive_directory_iterator(place)) {
            if (entry.path().extension() == ".spec") files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

// The first line that is laid out otherwise; empty where there is none.
std::string first_difference(const fs::path& file) {
    const std::string before = lastack::testing::read_file(file), after = lastack::formatted(before, file.string());
    const auto [left, right] = std::mismatch(before.begin(), before.end(), after.begin(), after.end());
    if (left == before.end() && right == after.end()) return "";
    const auto line = 1 + std::count(before.begin(), left, '\n');
    return file.string() + ":" + std::to_string(line) + ": lay it out: lastack fmt " + file.string();
}

}  // namespace

TEST_CASE("a spec that is not laid out is found, with its line") {
    const lastack::testing::TemporaryDirectory here;
    const std::string file = here.write("a.spec", "use \"b.spec\"\nuse  \"c.spec\"\n");
    CHECK(first_difference(file).find(":2: lay it out") != std::string::npos);
    CHECK(first_difference(here.write("b.spec", "use \"b.spec\"\nuse \"c.spec\"\n")) == "");
}

TEST_CASE("every spec is laid out") {
    const std::vector<fs::path> files = spec_files();
    CHECK(files.size() > 15);
    for (const fs::path& file : files) CHECK(first_difference(file) == "");
}
