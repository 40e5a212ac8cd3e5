// What stands in a file that somebody else wrote: no more of it than its reader takes, and no waiting for what is no
// file.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace lastack {

// A file's text, or why it cannot be had: "No such file or directory", "not a regular file".
struct FileText {
    std::string text, trouble;
};

enum class FileKind {
    regular,  // and nothing else: to open a pipe waits for a writer, and a device may have no end
    any       // what a user named may be a pipe, too
};

// At most so many bytes: who takes fewer than `most` knows that a longer text is a part.
FileText file_text(const std::filesystem::path& path, std::size_t most, FileKind kind = FileKind::regular);

}  // namespace lastack
