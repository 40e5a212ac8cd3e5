// A device of the calling thread's network namespace through which IP datagrams go to the kernel's stack and come back.
// It vanishes with the object, or the process.
#pragma once

#include <cstdint>
#include <vector>

namespace lastack {

class PacketDevice {
public:
    virtual ~PacketDevice() = default;
    virtual int descriptor() const = 0;  // readable while a datagram waits
    virtual int index() const = 0;       // of the interface that gets addresses and routes

    // Hands a datagram to the stack. Throws std::system_error.
    virtual void write(const std::vector<std::uint8_t>& datagram) = 0;
    // The next datagram of the stack; false where none waits.
    virtual bool read(std::vector<std::uint8_t>& datagram) = 0;
};

}  // namespace lastack
