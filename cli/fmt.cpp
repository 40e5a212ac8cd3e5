// Lays spec files out.
#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "cli/checking.h"
#include "cli/output.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "model/language/format.h"
#include "model/language/read_spec.h"
#include "model/source.h"

namespace lastack {

namespace {

namespace fs = std::filesystem;

// The spec files below a directory, in the order of their names; a file is itself.
std::vector<std::string> files_at(const std::string& place) {
    if (!fs::is_directory(place)) return {place};
    std::vector<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(place)) {
        if (entry.is_regular_file() && entry.path().extension() == ".spec") files.push_back(entry.path().string());
    }
    std::sort(files.begin(), files.end());
    if (files.empty()) throw UsageError(place + " has no .spec files");
    return files;
}

}  // namespace

int fmt_verb(const FmtArguments& arguments) {
    int changed = 0;
    for (const std::string& place : arguments.files) {
        const bool standard = place == "-";
        for (const std::string& file : standard ? std::vector<std::string>{place} : files_at(place)) {
            const std::string before = standard ? standard_input(largest_source + 1) : spec_file_text(file);
            const std::string after = formatted(before, standard ? "standard input" : file);
            const bool differs = after != before;
            changed += differs;
            if (standard && !arguments.check)
                std::fputs(after.c_str(), stdout);
            else if (differs)
                std::puts(file.c_str());
            if (differs && !standard && !arguments.check) write_file(file, after);
        }
    }
    return arguments.check && changed > 0 ? exit_conformance : exit_ok;
}

}  // namespace lastack
