// A file from which an exploration goes on after its process was killed, at whatever moment: docs/checkpoint.md.
//
// The file holds one exploration as it was between two levels (snapshot.h). It is replaced as a whole: what is new is
// written beside it, brought to the disk and renamed, so that there is always an old or a new one, and never half of
// one. What a level began with is noted in memory, without the states, which only grow in number: an exploration that
// is stopped in the middle of a level can still be written as it was at the level's beginning.
//
// Layout: magic, format, fingerprint; system, form, depth, states; tables and hooks; parts of levels, with their number
// in front; CRC-32 (ISO 3309) of all that; the closing mark.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checker/engine/byte_stream.h"
#include "checker/engine/levels.h"
#include "checker/engine/strip_store.h"
#include "model/spec.h"

namespace lastack {

// What is asked of a spec.
struct Question {
    std::vector<std::string> claims, systems;  // only these; empty: all
    bool symmetry = false;                     // mirror images are counted once
    std::string version;                       // of the command
};

// What must be the same for a file to be of use: the texts of the spec, the profile under check, and the question. A
// CRC-64.
std::uint64_t fingerprint_of(const Spec& spec, const Question& question);

class Checkpoint {
public:
    struct Head {
        std::string system;
        std::uint8_t form = 0;  // how states are told apart: an exploration goes on in the same form only
        int depth = 0;
        std::uint64_t states = 0;
    };

    // Reads what the file holds, if there is one, and tries whether it can be written. It is written between two levels
    // where so many seconds passed since the last time; each time where that is 0. Throws CheckpointError for a file
    // that is torn, damaged or of something else, std::filesystem::filesystem_error for one that cannot be read or
    // written.
    Checkpoint(std::string file, double seconds, std::uint64_t fingerprint);
    ~Checkpoint();
    Checkpoint(const Checkpoint&) = delete;
    Checkpoint& operator=(const Checkpoint&) = delete;

    const std::string& file() const { return file_; }
    // Called at most once, with the reason: the file could not be written any more, for want of room on the disk or the
    // like. What it held before stays; the exploration goes on, and nothing more is written.
    std::function<void(const std::string& why)> when_lost;
    // What the file held at first.
    const std::optional<Head>& found() const { return found_; }

    // Where the exploration of this system goes on; none where the file has nothing about it. Valid until the next
    // write.
    std::optional<ByteReader> take(const std::string& system, std::uint8_t form);

    // Is a note of any use? Not before what was found was taken, nor after keep(), nor where nothing can be written.
    bool wants_notes() const { return !waiting_ && !kept_ && !lost_; }
    // What a level begins with: `tables` is all but the states, which are those of all levels so far. Writes if it is
    // time.
    void note(Head head, std::string tables, const Levels& levels, const StripStore& store);
    // The exploration ended before it was complete: writes what was noted last, if anything was found out since the
    // start, and nothing that comes later.
    void keep(const Levels& levels, const StripStore& store);
    // Nothing is left to go on with.
    void remove();

private:
    using Clock = std::chrono::steady_clock;
    void read();
    void check_writable() const;
    void forget();
    void write(const Levels& levels, const StripStore& store);
    void replace_file(const Levels& levels, const StripStore& store);
    std::string partial() const { return file_ + ".partial"; }

    std::string file_;
    std::chrono::duration<double> every_;
    std::uint64_t fingerprint_;
    std::string_view bytes_;  // of the file as it was at first, mapped
    std::size_t tables_at_ = 0;
    std::optional<Head> found_;
    bool waiting_ = false;  // for take()
    bool kept_ = false;
    bool lost_ = false;  // the file cannot be written any more

    Head noted_;
    std::string tables_;
    bool is_written_ = true;  // what was noted
    Clock::time_point last_ = Clock::now();
    Clock::duration cost_{};  // of the last write
};

}  // namespace lastack
