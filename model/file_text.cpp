#include "model/file_text.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>

namespace lastack {

namespace {

namespace fs = std::filesystem;

FileText because(int number) { return {"", std::generic_category().message(number)}; }

}  // namespace

FileText file_text(const fs::path& path, std::size_t most, FileKind kind) {
    constexpr std::size_t piece = std::size_t{1} << 16U;
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (fs::is_directory(status)) return because(EISDIR);
    if (kind == FileKind::regular && fs::exists(status) && !fs::is_regular_file(status))
        return {"", "not a regular file"};
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file) return because(errno != 0 ? errno : EIO);
    std::string text;
    while (file && text.size() < most) {
        const std::size_t before = text.size();
        text.resize(std::min(before + piece, most));
        file.read(text.data() + before, static_cast<std::streamsize>(text.size() - before));
        text.resize(before + static_cast<std::size_t>(file.gcount()));
    }
    if (file.bad()) return because(EIO);
    return {std::move(text), ""};
}

}  // namespace lastack
