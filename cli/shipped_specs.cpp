#include "cli/shipped_specs.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "model/file_text.h"

namespace lastack {

namespace fs = std::filesystem;

std::string command_directory() {
    std::error_code unknown;
    return fs::read_symlink("/proc/self/exe", unknown).parent_path().string();
}

std::string shipped_specs() {
    const fs::path here = command_directory();
    std::error_code unknown;
    for (const char* place : {"../../specs", "../share/lastack/specs"})
        if (fs::exists(here / place / "family.spec", unknown)) return (here / place).lexically_normal().string();
    return "";
}

std::string shipped_model() {
    constexpr std::size_t most = std::size_t{16} << 20U;
    for (const char* place : {"page", "../share/lastack"}) {
        FileText script = file_text(fs::path(command_directory()) / place / "lastack-explorer.js", most);
        if (script.trouble.empty()) return std::move(script.text);
    }
    return "";
}

std::vector<std::string> shipped_spec_names() {
    std::vector<std::string> names;
    std::error_code none;
    for (const fs::directory_entry& file : fs::directory_iterator(shipped_specs(), none))
        if (file.path().extension() == ".spec") names.push_back(file.path().stem().string());
    std::sort(names.begin(), names.end());
    return names;
}

std::string spec_path(const std::string& name) {
    std::error_code unknown;
    const fs::path given = name;
    const fs::path place = shipped_specs();
    if (name.empty() || name == "-" || given.is_absolute() || place.empty() || fs::exists(given, unknown)) return name;
    const std::string folder = "specs/";
    const std::string rest = name.starts_with(folder) ? name.substr(folder.size()) : name;
    for (const fs::path& file : {place / rest, place / (rest + ".spec")})
        if (fs::is_regular_file(file, unknown)) return file.string();
    return name;
}

}  // namespace lastack
