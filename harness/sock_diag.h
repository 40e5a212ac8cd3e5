// What the kernel knows of one connection, by sock_diag(7): orphans and TIME-WAIT too. 10 us a question.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "harness/descriptor.h"

namespace lastack {

// The two ends as the kernel sees them: local is the IUT.
struct ConnectionName {
    int ip = 4;
    std::string local, remote;
    std::uint16_t local_port = 0, remote_port = 0;
};

class SockDiag {
public:
    SockDiag();  // throws TargetUnavailable

    // RFC name with underscores; "CLOSED" where there is no such connection. Throws std::system_error. A socket that
    // listens on its local port is one only with `listeners`.
    std::string state(const ConnectionName& name, bool listeners = false);

    // Ends the connection at once, whatever its state. False where the kernel cannot (CONFIG_INET_DIAG_DESTROY).
    bool destroy(const ConnectionName& name);

private:
    struct Found {
        int state = 0;
        std::array<std::uint32_t, 2> cookie{};
    };
    std::optional<Found> find(const ConnectionName& name, bool listeners);
    int ask(std::uint16_t type, const ConnectionName& name, const std::array<std::uint32_t, 2>& cookie, Found* found);
    Descriptor socket_;
    std::uint32_t sequence_ = 0;
};

}  // namespace lastack
