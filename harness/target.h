// A target: an implementation that can be driven by packets and calls. The driver (harness/driver.h) plays the
// tester; a target only carries bytes, makes calls and reports.
//
// Time: microseconds on the target's own clock, from its start. A real target's clock is CLOCK_MONOTONIC, a simulated
// one's is virtual and moves only in wait(). Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "generators/shared.h"

namespace lastack {

// A target that cannot be used here (no privileges, no device): exit 77, or `sim` instead when not asked for by name.
class TargetUnavailable : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// The implementation as a whole is gone: it died, hangs or speaks nonsense. What was in progress is lost with it; it
// can be made anew by restart().
class TargetLost : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// One packet from the IUT: an IP datagram (v4 or v6) and when it was read.
struct Packet {
    std::int64_t at_us = 0;
    std::vector<std::uint8_t> bytes;
};

// The addresses a target wants to be spoken to on: where the IUT listens, and where testers may live.
struct Endpoints {
    std::string iut4, iut6;        // "192.0.2.1", "2001:db8::1"; empty: the target does not speak that family
    std::string tester4, tester6;  // first tester address; the next 200 are the tester's too
    std::uint16_t port = 0;        // the IUT listens here, on both
};

// The tester's end of a connection as a key, unlike that of any other.
std::string key_of(const std::string& address, std::uint16_t port);

// A connection as the tester names it.
struct Peer {
    int ip = 4;
    std::string address;  // the tester's
    std::uint16_t port = 0;
    std::uint16_t iut_port = 0;  // 0: that of the target's Endpoints
    bool operator==(const Peer&) const = default;
};

// What a group of vectors asks of an implementation before it opens.
struct Setup {
    Shared<std::vector<std::pair<std::string, std::string>>> settings;  // name, value; sysctls for linux
    Shared<std::map<std::string, int>> limits;                          // of the profile, for a target that plays one
    int unit_bytes = 100;                                               // likewise
    Shared<std::vector<std::string>> unproduced;                        // of the limits: what no settings make
    bool operator==(const Setup&) const = default;
};

// What an implementation has no means for. A vector that needs more is skipped.
struct Abilities {
    std::optional<std::set<std::string>> calls;  // that it knows; nothing: all
    bool states = true;                          // the state can be read
    bool signals = true;                         // what the application can see without a call
    bool begins_closed = true;                   // sockets that no call has opened
    int at_once = 0;                             // connections; 0: as many as are wanted
};

class InsideDriver;

using Handle = int;  // a connection of the application at the IUT, or what may become one; >= 0

// A socket that no call has opened yet, and the port that it has.
struct FreshSocket {
    Handle handle = 0;
    std::uint16_t port = 0;
};

class Target {
public:
    virtual ~Target() = default;
    virtual std::string name() const = 0;         // "linux", "sim"
    virtual std::string description() const = 0;  // "Linux 6.18.44, TUN in a network namespace of its own"
    virtual Endpoints endpoints() const = 0;
    virtual std::int64_t now_us() = 0;
    virtual bool virtual_time() const { return false; }  // waiting costs nothing
    virtual Abilities abilities() const { return {}; }
    // A target that drives itself is handed whole vectors (harness/driver.h), and none of what follows is called.
    virtual InsideDriver* inside() { return nullptr; }

    // For all connections opened from now on. Returns what was refused, with the reason.
    virtual std::vector<std::string> configure(const Setup& setup) = 0;

    virtual void inject(const std::vector<std::uint8_t>& packet) = 0;
    // What is readable now; then, if nothing was, waits until a packet comes or `until_us`, whichever is first.
    virtual std::vector<Packet> wait(std::int64_t until_us) = 0;

    // The connection that this peer has just established; nothing while it is not there yet.
    virtual std::optional<Handle> accept(const Peer& peer) = 0;
    // For a vector that begins in CLOSED: the call `open` will connect this socket to the peer, `listen` wait for it.
    // After a close either one makes a new socket of the same port. What is accepted takes the listener's place.
    virtual FreshSocket fresh_socket(const Peer& peer) = 0;
    // Several peers may connect to the listener of a fresh socket. Those that are not its own name its port, and
    // accept() gives each a handle of its own.
    virtual bool shares_listeners() const { return false; }
    // A listener for one connection with this peer, which goes with it: what comes for that connection once it is over
    // finds nobody. accept() gives its handle. Nothing where the one of endpoints() has to do. `matters`: something
    // does come then.
    virtual std::optional<FreshSocket> own_listener(const Peer& peer, bool matters) {
        static_cast<void>(peer);
        static_cast<void>(matters);
        return std::nullopt;
    }
    // One call of the application. Returns ok, eof, reset, timeout, refused, pipe, not_connected, closing, would_block
    // or "errno NAME"; what is ready, of poll; "blocked", of recv_wait and close_linger, where it goes on by itself;
    // of these would_block where that is not known yet: asked for again, the call is the same.
    // `bytes` is for calls that move text.
    virtual std::string call(Handle handle, const std::string& name, int bytes) = 0;
    // What the call that blocked has returned since: text, eof, closed or an error; empty as long as it waits.
    virtual std::string returned(Handle handle) {
        static_cast<void>(handle);
        return "";
    }
    // What the application can see without a call: "eof", "reset", "timeout", "refused", "data" or "" (nothing, or no
    // descriptor).
    virtual std::string observe(Handle handle) = 0;
    // RFC name of the state with underscores; "CLOSED" where nothing is left; nothing where it cannot be known.
    virtual std::optional<std::string> state(const Peer& peer) = 0;
    // Ends whatever is left of the connection, without waiting.
    virtual void discard(Handle handle, const Peer& peer) = 0;

    // Inconclusive vectors are driven again, the first time with attempt 1: a target that decides by itself what is
    // left open decides otherwise then.
    virtual void vary(int attempt) { static_cast<void>(attempt); }

    // After TargetLost: a new implementation, with the setup of the one before. Throws TargetLost, TargetUnavailable.
    virtual void restart() {}

    // A target behind a line, in virtual time, is asked for many things in one message: what is begun or foreseen here
    // is known after the next wait(), without another message.
    virtual bool batches() const { return false; }
    virtual void begin_call(Handle, const std::string&, int) {}
    virtual std::string end_call(Handle) { return ""; }
    virtual void foresee_accept(const Peer&) {}
    virtual void foresee(Handle) {}  // its state, and what the application sees

    // A tester address and port that this target has not been spoken to from before: a tuple in TIME-WAIT or one with a
    // history would change the outcome. Throws std::runtime_error after 12 million.
    Peer fresh_peer(int ip);

private:
    std::uint32_t given_[2] = {0, 0};  // IPv4, IPv6
};

}  // namespace lastack
