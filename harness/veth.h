// The second way to the kernel, where there is no TUN device: a pair of virtual Ethernet devices and a packet socket on
// the far one.
//
// Idea: what is sent on the far device is received on the near one, and the other way round. Neither asks for hardware
// addresses. The far one has no IP address; what the stack sends has not its hardware address, so the stack does not
// look at it there, and the packet socket does. Packets come through a ring that the kernel shares (packet(7),
// Documentation/networking/packet_mmap.rst of Linux): the buffer of a socket is limited by the host, that is not.
// Cost: an answer is there some microseconds after write() returns, not at once.
#pragma once

#include <array>
#include <string>

#include "harness/descriptor.h"
#include "harness/packet_device.h"

namespace lastack {

class VethPair final : public PacketDevice {
public:
    // Makes both devices in the calling thread's namespace; the far one is up. Throws TargetUnavailable.
    explicit VethPair(const std::string& name);
    VethPair(const VethPair&) = delete;
    VethPair& operator=(const VethPair&) = delete;
    ~VethPair() override;

    int descriptor() const override { return socket_.get(); }
    int index() const override { return near_; }
    void write(const std::vector<std::uint8_t>& datagram) override;
    bool read(std::vector<std::uint8_t>& datagram) override;

private:
    void open_ring();

    Descriptor socket_;
    std::array<std::uint8_t, 8> address_{};  // of the near device
    int near_ = 0, far_ = 0;
    void* ring_ = nullptr;
    unsigned next_ = 0;  // frame of the ring
};

}  // namespace lastack
