// A TUN device: IP datagrams between this process and the kernel's stack. It vanishes with its descriptor.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/descriptor.h"

namespace lastack {

class Tun {
public:
    // Makes the device in the calling thread's namespace, not yet up. Throws TargetUnavailable.
    explicit Tun(const std::string& name);

    int descriptor() const { return file_.get(); }
    int index() const { return index_; }  // of the interface

    // Hands a datagram to the stack; the stack's immediate answer is readable when this returns.
    // Throws std::system_error.
    void write(const std::vector<std::uint8_t>& datagram);
    // The next datagram of the stack; false where none waits.
    bool read(std::vector<std::uint8_t>& datagram);

    // Whether the device file may be opened at all: asked before anything is changed. Throws TargetUnavailable.
    static void probe();

private:
    Descriptor file_;
    int index_ = 0;
};

}  // namespace lastack
