// A tester may send what no end of a system does: whatever the segment, each shipped profile has a reaction to it, and
// keeps its variables in their ranges.
#include <doctest/doctest.h>

#include <map>
#include <set>

#include "model/machine.h"
#include "model/plain.h"
#include "tests/spec_support.h"

namespace lastack {

namespace {

using namespace testing;

#ifdef __SANITIZE_ADDRESS__
constexpr std::size_t most_visited = 50;
#else
constexpr std::size_t most_visited = 350;
#endif

// Small limits, so that a stream's end is near and many local states are seen.
Limits small_limits(const Profile& profile) {
    const std::map<std::string, int> wanted{{"data", 1},   {"retries", 1}, {"buffer", 0}, {"uto", 0},
                                            {"repack", 0}, {"window", 1},  {"isn", 2}};
    std::map<std::string, int> overrides;
    for (const Limit& limit : profile.limits) {
        if (wanted.contains(limit.name)) overrides[limit.name] = wanted.at(limit.name);
    }
    return limits_of(profile, overrides);
}

// All flags, no text, one unit or two, and each number up to two beyond all that a stream can have.
std::vector<SegmentId> all_segments(const Limits& limits, SegmentTable& table) {
    const auto limit = [&](const char* name) { return limits.contains(name) ? limits.at(name) : 0; };
    const int last = limit("data") + 1 + limit("isn");
    std::vector<SegmentId> ids;
    for (int flags = 0; flags < 16; ++flags) {
        const bool has_ack = (flags & 8) != 0;
        for (int len = 0; len <= (flags == 8 || flags == 10 ? 2 : 1); ++len) {
            for (int seq = 0; seq <= last + 2; ++seq) {
                for (int ack = 0; ack <= (has_ack ? last + 1 : 0); ++ack) {
                    Segment segment;
                    segment.syn = (flags & 1) != 0;
                    segment.fin = (flags & 2) != 0;
                    segment.rst = (flags & 4) != 0;
                    segment.has_ack = has_ack;
                    segment.seq = static_cast<std::uint8_t>(seq);
                    segment.ack = static_cast<std::uint8_t>(ack);
                    segment.len = static_cast<std::uint8_t>(len);
                    ids.push_back(table.intern(segment));
                    if (flags != 8) continue;
                    segment.zero_window = true;
                    ids.push_back(table.intern(segment));
                }
            }
        }
    }
    return ids;
}

// Explores one endpoint against everything; returns how many local states were looked at.
std::size_t try_all(const Profile& profile, const std::string& start) {
    std::vector<std::string> calls;
    for (const Handler& handler : profile.handlers) {
        if (handler.trigger == Trigger::call) calls.push_back(handler.name);
    }
    const Limits limits = small_limits(profile);
    SegmentTable out, in;
    const std::vector<SegmentId> segments = all_segments(limits, in);
    Machine machine(profile, limits, calls, out, profile.state(start));
    std::set<std::string> told;
    LocalId local = 0;
    for (; local < machine.size() && local < most_visited; ++local) {
        machine.spontaneous(local);
        for (const SegmentId id : segments) {
            try {
                machine.receive(local, id, in);
            } catch (const ModelError& error) {
                const std::string what = error.what();
                if (!told.insert(what.substr(0, what.find('\n'))).second) continue;
                FAIL_CHECK(profile.name << ": " << to_string(in[id], {}) << " in "
                                        << describe(profile, limits, machine.decode(local)) << ": " << what);
            }
        }
    }
    return local;
}

}  // namespace

TEST_CASE("Whatever segment arrives in whatever state, no shipped profile leaves its ranges" *
          doctest::test_suite("slow")) {
    std::set<std::string> seen;
    std::size_t states = 0;
    for (const char* file : {"linux.spec", "rfc1337.spec", "rfc5961.spec", "rfc9293-literal.spec", "lwip.spec",
                             "incarnations.spec", "properties/variants.spec", "properties/readings.spec"}) {
        for (const Profile& profile : shipped_spec(file).profiles) {
            if (!seen.insert(profile.name).second) continue;
            CAPTURE(profile.name);
            for (const char* start : {"CLOSED", "ESTABLISHED"}) {
                if (profile.state(start) >= 0) states += try_all(profile, start);
            }
        }
    }
    CHECK(seen.contains("linux"));
    CHECK(seen.contains("rfc793"));
    CHECK(seen.size() >= 12);
    CHECK(states > seen.size() * most_visited);
}

}  // namespace lastack
