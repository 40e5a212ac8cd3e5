// Links, addresses and routes of the calling thread's network namespace, by rtnetlink(7).
#pragma once

#include <cstdint>
#include <string>

#include "harness/descriptor.h"

namespace lastack {

// All throw TargetUnavailable with what was asked and the kernel's reason.
class RouteSocket {
public:
    RouteSocket();
    void link_up(int index);
    void add_veth_pair(const std::string& name, const std::string& peer);
    void remove_link(int index);
    // How many packets the device may hold that nobody has read yet. By netlink, because the ioctl wants more
    // privilege.
    void set_queue_length(int index, std::uint32_t packets);
    void add_address(int index, const std::string& address, int prefix);  // IPv6 without duplicate detection
    void add_route(const std::string& network, int prefix, int index);

private:
    class Request;
    void talk(Request& request, const std::string& what);
    Descriptor socket_;
};

}  // namespace lastack
