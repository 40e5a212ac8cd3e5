// Where the command writes: standard output, a file that is there whole or not at all, or what else stands under a
// name.
#pragma once

#include <string>
#include <string_view>

namespace lastack {

class Output {
public:
    // "" and "-" are standard output, as is its name in /dev. Where nothing or a regular file has the name, the text
    // goes to a file beside it that takes its place in finish(), with the permissions of the one before; of a symbolic
    // link that is the file to which it leads. A device, a FIFO and the like are written through; a FIFO is waited for
    // until somebody reads. Throws std::filesystem::filesystem_error, Interrupted.
    explicit Output(const std::string& path);
    ~Output();  // what was not finished is gone
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;

    // Both throw as the constructor does. An error of standard output shows when the verb ends, see guarded().
    void add(std::string_view text);
    void finish();

    // Also under its name in /dev: what else goes there must not be written over.
    static bool is_standard(const std::string& path);

private:
    void open_beside(const std::string& target);
    void open_through();
    [[noreturn]] void fail() const;

    std::string path_;     // as it was given, for messages
    std::string target_;   // that finish() replaces; empty: written through
    std::string partial_;  // beside it
    int descriptor_ = -1;  // -1: standard output
};

// A whole text at once.
void write_file(const std::string& path, std::string_view content);

// For a handler of signals that ends the process: removes the file that an Output is just writing.
void remove_unfinished_output() noexcept;

}  // namespace lastack
