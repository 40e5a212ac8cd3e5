// `./dev measure judge`: what it costs to judge a capture, and whether closes of the kernel are ever called wrong.
//
// Part `rate`: a capture of 1 GB is written (50 connections, text of 1,400 bytes, an acknowledgment for every two of
// them, each connection closed at the end) and read by the command: bytes of the file for each second of processor
// time, and its memory at the peak. Part `kernel`: closes of this machine's kernel over a path that loses, doubles and
// reorders 5 % each before and behind the capture point (tests/harness/lossy_path.h): none may be called wrong, and a
// capture with one that is stays in the build directory; LASTACK_JUDGE_CAPTURES: how many captures, else 5. Needs
// root and /dev/net/tun; else it is left out. Exit code 0 only where every target is met.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "bench/figures.h"
#include "bench/measured_child.h"
#include "tests/harness/lossy_path.h"
#include "tests/harness/seen.h"
#include "tests/places.h"

namespace {

using namespace lastack;
using bench::line;
namespace fs = std::filesystem;

constexpr std::uint64_t capture_bytes = 1'000'000'000;
constexpr int rate_connections = 50, text = 1400;
constexpr int closes_of_a_round = 300;

class CaptureWriter {
public:
    explicit CaptureWriter(const std::string& file) : out_(file, std::ios::binary) { put(hand::PcapText().text()); }
    void add(const hand::Sent& sent, std::uint16_t port) {
        hand::PcapText one;
        const std::size_t header = one.text().size();
        one.add(at_us_ += 5, hand::datagram_of(sent, 4, port));
        put(one.text().substr(header));
    }
    std::uint64_t written() const { return written_; }
    bool finish() { return static_cast<bool>(out_.flush()); }

private:
    void put(const std::string& bytes) {
        out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        written_ += bytes.size();
    }
    std::ofstream out_;
    std::uint64_t written_ = 0;
    std::int64_t at_us_ = 1'700'000'000'000'000;
};

std::uint64_t write_capture(const std::string& file) {
    CaptureWriter writer(file);
    const auto each = [&](auto&& action) {
        for (int i = 0; i < rate_connections; ++i) action(static_cast<std::uint16_t>(20'000 + i));
    };
    each([&](std::uint16_t port) {
        for (const hand::Sent& sent : hand::opening) writer.add(sent, port);
    });
    std::int64_t seq = 1;
    for (int round = 0; writer.written() < capture_bytes; ++round, seq += text) {
        each([&](std::uint16_t port) {
            writer.add({'B', "A", seq, 1, text}, port);
            if (round % 2 == 1) writer.add({'A', "A", 1, seq + text}, port);
        });
    }
    each([&](std::uint16_t port) {
        writer.add({'B', "FA", seq, 1}, port);
        writer.add({'A', "FA", 1, seq + 1}, port);
        writer.add({'B', "A", seq + 1, 2}, port);
    });
    if (!writer.finish()) throw std::runtime_error("cannot write " + file);
    return writer.written();
}

bool measure_rate() {
    const testing::TemporaryDirectory here;
    const std::string file = (here.path() / "large.pcap").string();
    const auto bytes = static_cast<double>(write_capture(file));
    const bench::Took took = bench::run_measured({testing::command_path(), "judge", file});
    const double rate = bytes / took.cpu / 1e6;
    bool met = line("MB of capture for a CPU second", fmt::format("{:.0f}", rate), ">= 300", rate >= 300);
    met &= line("memory at the peak, MB", fmt::format("{:.0f}", took.resident / 1e6), "<= 100", took.resident <= 1e8);
    const std::string want = fmt::format("{} connections: {} explained", rate_connections, rate_connections);
    met &= line("closes explained", took.output.find(want) != std::string::npos ? "all" : "not all", "all",
                took.output.find(want) != std::string::npos && took.code == 0);
    return met;
}

std::uint64_t count_in(const std::string& json, const std::string& member) {
    const std::size_t at = json.rfind("\"" + member + "\": ");
    return at == std::string::npos ? 0 : std::stoull(json.substr(at + member.size() + 4));
}

// A capture that holds a close which was called wrong: it cannot be made again, so it stays.
void keep(const std::string& file) {
    const fs::path kept =
        fs::path(testing::command_path()).parent_path() / ("wrong-" + fs::path(file).filename().string());
    fs::copy_file(file, kept, fs::copy_options::overwrite_existing);
    std::cout << "a close was called wrong: lastack judge -v " << kept.string() << std::endl;
}

bool measure_kernel() {
    Tun::probe();
    // To look for what is rare: that many captures of 300 closes.
    const char* const more = std::getenv("LASTACK_JUDGE_CAPTURES");
    const int rounds = more ? std::max(std::atoi(more), 1) : 5;
    const testing::TemporaryDirectory here;
    std::uint64_t connections = 0, explained = 0, wrong = 0, unclear = 0;
    for (int round = 0; round < rounds; ++round) {
        hand::PathOptions options;
        options.seed = static_cast<unsigned>(round + 1);
        options.connections = closes_of_a_round;
        options.lost_before = options.lost_behind = options.doubled = options.held = 0.05;
        options.action_ms = 1500;
        options.whole_ms = 4000;
        std::string capture;
        {
            const NetworkNamespace apart;
            capture = hand::LossyPath(options).run();
        }
        const std::string file = here.write(fmt::format("{}.pcap", round), capture);
        const bench::Took took = bench::run_measured({testing::command_path(), "judge", "--json", file});
        connections += count_in(took.output, "connections");
        explained += count_in(took.output, "explained");
        wrong += count_in(took.output, "unexplained");
        unclear += count_in(took.output, "unjudged");
        if (count_in(took.output, "unexplained") > 0) keep(file);
    }
    bool met = line("closes of the kernel explained", fmt::format("{}", explained), ">= 1,000", explained >= 1000);
    met &= line("called wrong", fmt::format("{}", wrong), "0", wrong == 0);
    met &= line("unclear", fmt::format("{}", unclear), "<= 2 %", unclear * 50 <= connections);
    return met;
}

}  // namespace

int main(int argc, char** argv) {
    return bench::run_parts({{"rate", measure_rate}, {"kernel", measure_kernel}}, {argv + 1, argv + argc});
}
