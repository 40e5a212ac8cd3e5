// Sysctls of one network namespace: written only while the thread is inside it, and put back on demand.
#pragma once

#include <map>
#include <string>

#include "harness/netns.h"

namespace lastack {

class NamespaceSysctls {
public:
    explicit NamespaceSysctls(const NetworkNamespace& space) : space_(space) {}

    // Sets `net.ipv4.tcp_x` (or `tcp_x` for short) and reads it back. Returns "" or the reason why not, with the path.
    std::string set(const std::string& name, const std::string& value);

    // What has been set until now is the base: restore() brings back exactly these values.
    void make_base() { before_.clear(); }
    void restore();

private:
    std::string write(const std::string& path, const std::string& value);

    const NetworkNamespace& space_;
    std::map<std::string, std::string> before_;  // path to the value it had
};

}  // namespace lastack
