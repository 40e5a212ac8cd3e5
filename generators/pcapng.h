// What was seen when a vector was driven, as a pcapng file. (What is planned: to_pcapng in generators/vector_json.h.)
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generators/vector.h"

namespace lastack {

// A packet, or what happened beside packets, which is told with the next one.
struct SeenPacket {
    std::int64_t at_us = 0;  // after the opening
    bool is_packet = false, from_tester = false;
    WireSegment segment;
    std::string comment;
};

// One section of a file, between the same made-up ends as a planned vector's; `about` stands in its head. Several may
// follow each other in a file.
std::vector<unsigned char> to_pcapng(const TestVector& vector, const std::vector<SeenPacket>& seen,
                                     const std::string& about, std::uint16_t tester_port);

}  // namespace lastack
