// A network namespace of our own: the calling thread lives in it while the object lives.
//
// Everything that the target `linux` makes (device, addresses, routes, sockets, sysctl values) is inside, so the
// kernel removes it all with the last descriptor, however the process ends. Nothing is given a name in the file system.
#pragma once

#include <string>

#include "harness/descriptor.h"

namespace lastack {

class NetworkNamespace {
public:
    // Enters a new namespace. Where the process may not do so directly, a user namespace is made around it; that one
    // cannot be left again and ends with the process. Throws TargetUnavailable with the call and the reason.
    NetworkNamespace();
    NetworkNamespace(const NetworkNamespace&) = delete;
    NetworkNamespace& operator=(const NetworkNamespace&) = delete;
    ~NetworkNamespace();  // back to the old namespace, where that is possible

    // The calling thread is inside: asked before every write of a sysctl.
    bool entered() const;
    bool in_user_namespace() const { return user_; }

private:
    Descriptor old_;
    std::string id_;
    bool user_ = false;
};

// "net:[4026531840]", of the calling thread; empty where /proc is not there.
std::string current_network_namespace();

}  // namespace lastack
