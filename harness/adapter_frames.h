// Frames of the adapter protocol (docs/adapters.md): bytes to frames and back, and what an adapter says of itself.
//
// What comes from an adapter was made by others: every length is checked, and what is wrong is an AdapterFault that
// says which frame it was.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/target.h"

namespace lastack {

// An adapter that died, hangs, floods or speaks otherwise than the protocol says: it has to be started anew.
class AdapterFault : public TargetLost {
public:
    using TargetLost::TargetLost;
};

constexpr int adapter_protocol = 1;              // the version
constexpr std::uint32_t longest_frame = 70'000;  // bytes behind the length

// What lastack sends has a capital letter, what the adapter sends a small one; an answer has the letter of its request.
struct Frame {
    char type = 0;
    std::string body;
    bool operator==(const Frame&) const = default;
};

// Appends a frame to bytes that are to be sent.
void put_frame(std::string& bytes, char type, std::string_view body);

// `bytes` of a number in network order, appended.
void put_number(std::string& body, std::uint64_t value, int bytes);
// The number in the first bytes of a body; what is missing counts as 0.
std::uint64_t number_in(std::string_view body, std::size_t bytes);
// u8 4 or 6, u16 port, the address. Throws std::invalid_argument for an address that is none.
void put_peer(std::string& body, const Peer& peer);

// Takes bytes as they come, hands out whole frames.
class FrameReader {
public:
    void feed(std::string_view bytes) { bytes_ += bytes; }
    // Nothing while no frame is whole. Throws AdapterFault for a length that no frame has, and a type that no adapter
    // sends.
    std::optional<Frame> next();

private:
    std::string bytes_;
    std::size_t done_ = 0;
};

// The answer to HELLO.
struct AdapterHello {
    int version = 0;
    std::string name = "an adapter without a name";
    bool virtual_time = false;
    Endpoints ends;
    Abilities abilities;
};

// Lines KEY=VALUE; keys that are not known are passed over, so that a later version may have more. Throws AdapterFault
// for a version that is not ours, a line without `=`, a value that its key cannot have, and where a needed key is
// missing.
AdapterHello hello_in(std::string_view body);

}  // namespace lastack
