// The line to an adapter: a child's standard streams, or a Unix socket.
//
// Safety: a child runs in a session of its own below a watcher, which ends the whole group as soon as this process is
// gone or the object is, however it ends (SIGKILL, a thread that started it and is over); it has no descriptors but
// its standard streams, and, where that may be had, an empty network namespace: what the stack sends comes to us or
// nowhere. Nothing here waits longer than the limit, and what floods us is ended.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "harness/adapter_frames.h"
#include "harness/descriptor.h"

namespace lastack {

// "exec:COMMAND" (run by /bin/sh) or "unix:PATH".
struct AdapterPlace {
    enum class Kind { exec, unix_socket } kind = Kind::exec;
    std::string what;  // the command, the path
};
// Nothing for a word that names no adapter; one that names nothing behind the colon is std::invalid_argument.
std::optional<AdapterPlace> adapter_place(const std::string& word);

struct AdapterPatience {
    std::int64_t answer_ms = 5'000;       // until an answer is there
    std::size_t most_bytes = 64U << 20U;  // from the adapter, before the next answer
    std::int64_t start_ms = 20'000;       // until the first answer is there
    bool operator==(const AdapterPatience&) const = default;
};

class AdapterLink {
public:
    // Starts the child, or connects. Throws TargetUnavailable where that cannot be.
    AdapterLink(const AdapterPlace& place, const AdapterPatience& patience);
    ~AdapterLink();
    AdapterLink(const AdapterLink&) = delete;
    AdapterLink& operator=(const AdapterLink&) = delete;

    // Puts a frame into the next flush.
    void put(char type, std::string_view body);
    // Sends what was put, and returns the next frame. Throws AdapterFault where none comes in time.
    Frame next();
    // The same, until a time on CLOCK_MONOTONIC in microseconds: nothing where none comes. For real time.
    std::optional<Frame> next_until(std::int64_t monotonic_us);
    // What is known of how the adapter ended; empty while it runs or is no child.
    std::string ending();

private:
    void start(const std::string& command);
    void connect(const std::string& path);
    // Sends and receives what can be at once, or waits for it; false once the time is over and nothing came.
    bool turn(std::int64_t until_us);
    bool receive();
    [[noreturn]] void lost();

    AdapterPatience patience_;
    Descriptor stream_;
    Descriptor lifeline_;  // open as long as the child may live
    Descriptor report_;    // from the watcher: how the child ended
    int watcher_ = -1;     // its process id
    std::string out_;
    std::size_t sent_ = 0;           // of out_
    std::size_t received_ = 0;       // bytes since the last request
    std::int64_t answer_by_us_ = 0;  // on CLOCK_MONOTONIC; 0: not asked yet
    bool started_ = false;           // it has answered once
    FrameReader reader_;
};

std::int64_t monotonic_us();

}  // namespace lastack
