// The application at the IUT: one socket, accepted or its own, and calls on it. Those that may block do so in a thread
// of their own (harness/blocked_call.h).
//
// One that listens takes the connection of its peer in place of its listener, which is closed then: the connection is
// what its profile has one of. What others have opened by then is handed over, and lives on.
#pragma once

#include <sys/socket.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "harness/blocked_call.h"
#include "harness/descriptor.h"

namespace lastack {

// Where a socket of the application's own is, and to whom it may connect.
struct SocketPlace {
    sockaddr_storage local{}, remote{};
    socklen_t size = 0;  // of both addresses
};

// Options of a socket that a vector's settings name, with their values: names in capitals, as the sockets interface has
// them. Others are settings of the host.
using SocketOptions = std::vector<std::pair<std::string, int>>;
bool is_socket_option(const std::string& setting);
// Why a socket cannot have it; empty where it can.
std::string why_no_option(const std::string& name, const std::string& value);

class AppSocket {
public:
    AppSocket() = default;
    AppSocket(Descriptor socket, const SocketOptions& options);
    // One that no call has opened. Throws std::system_error where the local address cannot be had.
    AppSocket(const SocketPlace& place, SocketOptions options);
    AppSocket(AppSocket&&) = default;
    AppSocket& operator=(AppSocket&&) = default;
    ~AppSocket() { end_wait(); }

    // The words of Target::call, Target::returned and Target::observe.
    std::string call(const std::string& name, int bytes);
    std::string returned() const { return waiting_ ? waiting_->result() : ""; }
    std::string observe();

    void close();       // each descriptor goes; an ordinary close
    void close_hard();  // with a reset, whatever the state
    bool open() const { return socket_.open(); }
    // The call that still waits, with the descriptor that it waits on, woken; null where there is none.
    std::unique_ptr<BlockedCall> leave_waiting();
    // The peer's connection, if it came to the listener, takes its place.
    bool take_child();
    // What others than the peer opened, and take_child() found.
    struct Other {
        Descriptor socket;
        sockaddr_storage from{};
    };
    std::vector<Other> take_others() { return std::exchange(others_, {}); }
    // It listened, does not any more, and was given no connection: what the kernel still holds of one is nobody's.
    bool gave_up_listening() const { return listened_ && !listens_; }

private:
    void make();
    std::string connect();
    std::string listen();
    std::string send(int bytes);
    std::string receive(int bytes);
    std::string shut(int how);
    std::string poll_all() const;
    std::string duplicate();
    std::string close_one();
    std::string receive_waiting(int bytes);
    std::string close_lingering();
    std::string wait_in(std::function<std::string()> call);
    std::string look_at_wait();
    void end_wait();
    void take_error();
    std::string deliver_error();

    Descriptor socket_;
    Descriptor duplicate_;  // by dup()
    std::vector<Other> others_;
    std::unique_ptr<BlockedCall> waiting_;  // the last call that blocked
    bool begins_to_wait_ = false;           // it may still come back at once
    SocketOptions options_;                 // of a socket of its own, each time that it is made
    SocketPlace place_;                     // of its own; size 0: it was accepted
    bool listens_ = false;                  // socket_ is a listener
    bool listened_ = false;                 // it was one, and no connection has taken its place
    int error_ = 0;                         // an error that observe() took from the kernel, not yet delivered by a call
    bool eof_first_ = false;  // the peer's FIN came before it, so that a read still sees the end of the stream
    bool fin_seen_ = false;   // observe() has seen the peer's FIN, and not an end that shutdown() made
    bool reads_ = true;       // the application has not shut down its reading side
    std::string seen_;        // the last error as a signal: "reset", "timeout"
};

}  // namespace lastack
