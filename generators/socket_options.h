// Settings that are options of one socket, in place of the whole machine: those that are spelled as in tcp(7), in
// capitals.
#pragma once

#include <string>

namespace lastack {

// At level TCP, as setsockopt() takes it.
struct SocketOption {
    std::string name;   // "TCP_LINGER2"
    std::string value;  // "2", "-1"
    bool operator==(const SocketOption&) const = default;
};

bool is_socket_option(const std::string& setting);

// Of a setting that is one. Settings have no values below 0: what such a value means is a setting of its own,
// TCP_LINGER2_BELOW_0 = 1. 0 is what a socket has that was told nothing.
SocketOption socket_option(const std::string& setting, const std::string& value);

}  // namespace lastack
