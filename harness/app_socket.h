// The application at the IUT: one accepted socket, and calls on it that never block.
#pragma once

#include <string>

#include "harness/descriptor.h"

namespace lastack {

class AppSocket {
public:
    AppSocket() = default;
    explicit AppSocket(Descriptor socket);

    // The words of Target::call and Target::observe.
    std::string call(const std::string& name, int bytes);
    std::string observe();

    void close();       // the descriptor goes; an ordinary close
    void close_hard();  // with a reset, whatever the state
    bool open() const { return socket_.open(); }

private:
    std::string send(int bytes);
    std::string receive(int bytes);
    std::string shut(int how);
    void take_error();
    std::string deliver_error();

    Descriptor socket_;
    int error_ = 0;           // an error that observe() took from the kernel, not yet delivered by a call
    bool eof_first_ = false;  // the peer's FIN came before it, so that a read still sees the end of the stream
    bool fin_seen_ = false;   // observe() has seen the peer's FIN, and not an end that shutdown() made
    bool reads_ = true;       // the application has not shut down its reading side
    std::string seen_;        // the last error as a signal: "reset", "timeout"
};

}  // namespace lastack
