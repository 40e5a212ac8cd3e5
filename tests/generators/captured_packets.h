// The datagrams of a pcapng file that to_pcapng wrote: enhanced packet blocks, little-endian.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lastack::testing {

inline std::vector<std::vector<std::uint8_t>> captured_packets(const std::vector<unsigned char>& file) {
    const auto number = [&](std::size_t at) {
        return file[at] | static_cast<std::uint32_t>(file[at + 1]) << 8 |
               static_cast<std::uint32_t>(file[at + 2]) << 16 | static_cast<std::uint32_t>(file[at + 3]) << 24;
    };
    std::vector<std::vector<std::uint8_t>> packets;
    for (std::size_t at = 0; at + 12 <= file.size(); at += number(at + 4)) {
        if (number(at) != 6) continue;
        const auto begin = file.begin() + static_cast<std::ptrdiff_t>(at) + 28;
        packets.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(number(at + 20)));
    }
    return packets;
}

}  // namespace lastack::testing
