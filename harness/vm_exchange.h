// The memory that a virtual machine and its host share: vectors go in, runs come out, and nothing is sent over a line.
//
// Idea: a device of QEMU (ivshmem-plain, docs/system/devices/ivshmem.rst) shows a file of the host as a region of PCI
// memory, which the guest maps. Reading and writing it costs the guest no call of its kernel and no virtual time but
// that of the instructions, so the clock of the kernel under test is not moved by the tester's reports.
// Layout: this head, then the vectors, then room for what comes out: a text, or the runs (harness/records.h).
#pragma once

#include <atomic>
#include <cstdint>

namespace lastack {

struct VmExchange {
    static constexpr std::uint64_t sign = 0x6c61'7374'6163'6b31;  // "lastack1"
    enum State : std::uint64_t { waiting, driving, done, failed };

    std::uint64_t signature = sign;
    std::uint64_t in_size = 0;   // bytes behind the head
    std::uint64_t out_at = 0;    // offset from the head's beginning
    std::uint64_t out_room = 0;  // bytes there
    std::uint64_t at_once = 0;   // DriveOptions
    std::uint64_t longest_us = 0;
    std::uint64_t slack_us = 0;
    std::uint64_t company = 0;
    std::uint64_t tries = 0;
    // The guest's.
    std::atomic<std::uint64_t> state = waiting;
    std::atomic<std::uint64_t> runs_done = 0;
    std::atomic<std::uint64_t> out_size = 0;
};

}  // namespace lastack
