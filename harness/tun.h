// A TUN device: IP datagrams between this process and the kernel's stack. It vanishes with its descriptor.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/descriptor.h"
#include "harness/packet_device.h"

namespace lastack {

class Tun final : public PacketDevice {
public:
    // Makes the device in the calling thread's namespace, not yet up. Throws TargetUnavailable.
    explicit Tun(const std::string& name);

    int descriptor() const override { return file_.get(); }
    int index() const override { return index_; }

    // The stack's immediate answer is readable when this returns.
    void write(const std::vector<std::uint8_t>& datagram) override;
    bool read(std::vector<std::uint8_t>& datagram) override;

    // Whether the device file may be opened at all: asked before anything is changed. Throws TargetUnavailable.
    static void probe();

private:
    Descriptor file_;
    std::vector<std::uint8_t> room_;  // for the largest datagram: filled once, not with each read
    int index_ = 0;
};

}  // namespace lastack
