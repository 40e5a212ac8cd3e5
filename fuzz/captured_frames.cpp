#include <array>
#include <cstdint>
#include <string>

#include "fuzz/readers.h"
#include "harness/connections.h"
#include "harness/frames.h"

namespace lastack::fuzz {

namespace {

constexpr std::array<int, 11> link_types = {1, 0, 9, 12, 14, 101, 108, 113, 228, 229, 276};
constexpr std::size_t most_kept = 20, most_connections = 4;

void look_at(const Connection& connection, std::uint64_t frames) {
    if (connection.passings.size() > most_kept) contradiction("more was kept than may be");
    if (connection.packets == 0 || connection.last_packet > frames) contradiction("a packet that was never read");
    for (const Passing& passing : connection.passings) {
        if (passing.from != 0 && passing.from != 1) contradiction("a segment that no end sent");
        if (passing.length < 0) contradiction("text of a negative length");
        if (passing.packet == 0 || passing.packet > frames) contradiction("a segment of a packet that was never read");
    }
}

}  // namespace

// The first byte chooses the link layer. Then come frames: two bytes with the length, the first bit of which says that
// the frame was longer, and the frame.
void read_captured_frames(std::string_view bytes) {
    if (bytes.empty()) return;
    const int link_type = link_types.at(static_cast<std::uint8_t>(bytes[0]) % link_types.size());
    std::uint64_t frames = 0;
    ConnectionLimits limits;
    limits.passings = most_kept;
    limits.connections = most_connections;
    Connections connections(limits, [&](Connection&& one) { look_at(one, frames); });
    for (std::size_t at = 1; at + 2 <= bytes.size();) {
        const auto high = static_cast<std::uint8_t>(bytes[at]), low = static_cast<std::uint8_t>(bytes[at + 1]);
        const std::size_t kept = std::min<std::size_t>(bytes.size() - at - 2, (high & 0x7fU) << 8 | low);
        const auto* begin = reinterpret_cast<const std::uint8_t*>(bytes.data() + at + 2);
        const auto on_wire = static_cast<std::uint32_t>(kept + (high >= 0x80 ? 1000 : 0));
        SeenSegment seen;
        ++frames;
        if (read_frame(link_type, {begin, kept}, on_wire, seen) == FrameContent::tcp) {
            if (seen.length > on_wire) contradiction("text that is longer than its frame");
            connections.add(seen, frames, static_cast<std::int64_t>(frames) * 50'000'000);
        }
        at += 2 + kept;
    }
    connections.finish();
}

}  // namespace lastack::fuzz
