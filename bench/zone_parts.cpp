// Time, counted: explorations over zones, the running kernel beside bounds, weakest conditions.
#include "bench/zone_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "checker/zones/condition.h"
#include "checker/zones/stay_bounds.h"
#include "harness/targets.h"
#include "harness/tester_end.h"
#include "model/language/read_spec.h"
#include "tests/places.h"

namespace lastack {
namespace {

const std::string specs = lastack::testing::source_dir() + "/specs/";

const Claim& claim_of(const Spec& spec, const std::string& id) {
    return *std::find_if(spec.claims.begin(), spec.claims.end(), [&](const Claim& each) { return each.id == id; });
}

// ---- zones

bool explorations() {
    const Spec spec = read_spec(specs + "time.spec", "rfc9293");
    double all = 0;
    bool met = true;
    for (const std::string id : {"T12-time", "T02-time"}) {
        const Claim& claim = claim_of(spec, id);
        const TimedAnswer answer = decide_timed(spec, *spec.system(claim.system), claim, {});
        fmt::print("{} on {}: {} zones, {} steps\n", id, claim.system, answer.zones, answer.steps);
        met &=
            bench::line(claim.system + ", explored to the end", answer.complete ? "yes" : "no", "yes", answer.complete);
        all += answer.seconds;
    }
    return bench::line("normal, simultaneous, lossy close", fmt::format("{:.2f} s", all), "< 60 s", all < 60) && met;
}

// ---- bounds

struct Scene {
    std::string setting, state;
};

// The kernel's stay in that state, from the call or the segment that brings it there.
class KernelStay {
public:
    KernelStay(Target& target, const Scene& scene, std::uint16_t port) : target_(target), scene_(scene) {
        const std::size_t sign = scene.setting.find('=');
        vector_.ip = 4;
        peer_ = {4, target.endpoints().tester4, port, 0};
        Setup setup;
        setup.settings = {{"tcp_sack", "0"}, {"tcp_timestamps", "0"}};
        setup.settings.edit().emplace_back(scene.setting.substr(0, sign), scene.setting.substr(sign + 1));
        for (const std::string& refused : target.configure(setup)) throw TargetUnavailable(refused);
        end_.emplace(vector_, target.endpoints(), peer_);
    }

    std::int64_t measured_us() {
        open();
        if (scene_.state == "LAST_ACK") {
            send({0, 0, 0, true, false, false, true});
            await("CLOSE_WAIT");
        }
        target_.call(*handle_, "close", 0);
        if (scene_.state == "FIN_WAIT_2") send({0, 1, 0, false, false, false, true});
        const std::int64_t begun = await(scene_.state);
        while (target_.state(peer_) == scene_.state) target_.wait(target_.now_us() + 2'000);
        const std::int64_t us = target_.now_us() - begun;
        target_.discard(*handle_, peer_);
        return us;
    }

private:
    void send(const WireSegment& segment) { target_.inject(end_->datagram(segment, target_.now_us())); }
    void open() {
        target_.inject(end_->syn());
        const std::int64_t until = target_.now_us() + 1'000'000;
        for (bool there = false; !there;) {
            if (target_.now_us() > until) throw TargetUnavailable("no SYN,ACK came");
            for (const Packet& packet : target_.wait(target_.now_us() + 10'000)) {
                const auto read = decode(packet.bytes);
                there = there || (read && end_->take_syn_ack(*read));
            }
        }
        send({0, 0, 0, false, false, false, true});
        while (!(handle_ = target_.accept(peer_))) target_.wait(target_.now_us() + 1'000);
    }
    std::int64_t await(const std::string& state) {
        const std::int64_t until = target_.now_us() + 1'000'000;
        while (target_.state(peer_) != state) {
            if (target_.now_us() > until) throw TargetUnavailable("it never came to " + state);
            target_.wait(target_.now_us() + 500);
        }
        return target_.now_us();
    }

    Target& target_;
    Scene scene_;
    TestVector vector_;
    Peer peer_;
    std::optional<TesterEnd> end_;
    std::optional<Handle> handle_;
};

bool kernel_bounds() {
    const std::vector<Scene> scenes{{"tcp_orphan_retries=1", "FIN_WAIT_1"}, {"tcp_orphan_retries=2", "FIN_WAIT_1"},
                                    {"tcp_orphan_retries=3", "FIN_WAIT_1"}, {"tcp_orphan_retries=1", "LAST_ACK"},
                                    {"tcp_fin_timeout=2", "FIN_WAIT_2"},    {"tcp_fin_timeout=3", "FIN_WAIT_2"}};
    const auto target = make_linux_target();
    fmt::print("{}\n", target->description());
    bool met = true;
    std::uint16_t port = 20'001;
    for (const Scene& scene : scenes) {
        constexpr std::int64_t slack_us = 30'000;
        const Spec spec = read_spec(specs + "linux.spec", "", {scene.setting});
        StayOptions options;
        options.state = scene.state;
        const StayReport report = stay_bounds(spec, *spec.system("orphans"), options);
        const auto stay = std::find_if(report.stays.begin(), report.stays.end(),
                                       [](const StayBounds& each) { return each.closed.value_or(true); });
        if (stay == report.stays.end() || !stay->longest_us) return false;
        const std::int64_t us = KernelStay(*target, scene, port++).measured_us();
        const double least = static_cast<double>(stay->shortest_us) / 1e6;
        const double most = static_cast<double>(*stay->longest_us) / 1e6;
        met &= bench::line(scene.setting + " " + scene.state, fmt::format("{:.3f} s", static_cast<double>(us) / 1e6),
                           fmt::format("{:.2f}..{:.2f} s", least, most),
                           us >= stay->shortest_us - slack_us && us <= *stay->longest_us + slack_us);
    }
    return met;
}

// ---- condition

bool conditions() {
    const Spec spec = read_spec(specs + "time.spec", "rfc9293");
    const Claim& claim = claim_of(spec, "T09-time");
    bool met = true;
    for (const auto& [retries, lost] : {std::pair(3, 0), std::pair(6, 1), std::pair(8, 2)}) {
        SystemDecl decl = *spec.system(claim.system);
        decl.limits["retries"] = retries;
        decl.limits["lost"] = lost;
        ConditionOptions options;
        options.parameters = {{"time_wait", 10'000, 600'000'000}, {"rto", 200'000, 2'000'000}, {"delay", 0, 200'000}};
        const WeakestCondition found = weakest_condition(spec, decl, claim, options);
        const std::string expected =
            fmt::format("time_wait > {} rto + delay", (1 << retries) - (1 << (retries - 1 - lost)));
        const std::vector<std::string> lines = condition_lines(found);
        const std::string text = lines.size() == 1 ? lines[0] : fmt::format("{} lines", lines.size());
        fmt::print("{}\n", text);
        met &= bench::line(fmt::format("N = {}, L = {}: {} points, complete", retries, lost,
                                       found.inside.size() + found.outside.size()),
                           found.complete && text == expected ? "as derived" : "no", "as derived",
                           found.complete && text == expected);
        met &= bench::line("  time", fmt::format("{:.2f} s", found.seconds), "< 10 s", found.seconds < 10);
    }
    return met;
}

}  // namespace

bench::Parts bench::zone_parts() {
    return {{"zones", explorations}, {"bounds", kernel_bounds}, {"condition", conditions}};
}

}  // namespace lastack
