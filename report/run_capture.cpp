#include "report/run_capture.h"

#include <fmt/format.h>

#include "generators/pcapng.h"
#include "report/run_text.h"

namespace lastack {

namespace {

constexpr std::uint16_t first_port = 40'000, ports = 20'000;

SeenPacket seen_packet(const Observed& one) {
    SeenPacket packet;
    packet.at_us = one.at_us;
    packet.from_tester = one.kind == Observed::Kind::sent;
    packet.is_packet = packet.from_tester || one.kind == Observed::Kind::received;
    packet.segment = one.segment;
    const std::string step = one.step < 0 ? "settling" : fmt::format("step {}", one.step);
    packet.comment = fmt::format("{}: {}", step, packet.from_tester ? "tester sends" : one.text);
    return packet;
}

}  // namespace

std::vector<unsigned char> runs_pcapng(const std::vector<TestVector>& vectors, const std::vector<TestRun>& runs) {
    std::vector<unsigned char> file;
    std::size_t count = 0;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (runs[i].verdict == Verdict::pass || runs[i].observed.empty()) continue;
        std::vector<SeenPacket> seen;
        for (const Observed& one : runs[i].observed) seen.push_back(seen_packet(one));
        const std::string about =
            fmt::format("{}: {}: {}", runs[i].vector_id, word_for(runs[i].verdict), runs[i].reason);
        const auto port = static_cast<std::uint16_t>(first_port + count++ % ports);
        const std::vector<unsigned char> section = to_pcapng(vectors[i], seen, about, port);
        file.insert(file.end(), section.begin(), section.end());
    }
    return file;
}

}  // namespace lastack
