#include "harness/walk_testing.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <optional>
#include <random>
#include <set>
#include <tuple>
#include <utility>

#include "generators/walk_vector.h"

namespace lastack {

namespace {

constexpr std::size_t few = 15;  // fewer than the losses of a target after which the driver gives up

using Clock = std::chrono::steady_clock;

struct Made {
    std::uint64_t number = 0;
    Walk walk;
    TestVector vector;
};

class Session {
public:
    Session(Target& target, const TesterGraph& graph, const WalkTestOptions& options)
        : target_(target), graph_(graph), options_(options), walks_(graph, options.walk), projector_(graph),
          dice_(options.walk.seed) {
        ip_versions_ = options.ip_versions;
        if (target.endpoints().iut6.empty()) std::erase(ip_versions_, 6);
        if (target.endpoints().iut4.empty()) std::erase(ip_versions_, 4);
        if (ip_versions_.empty()) ip_versions_ = options.ip_versions;
        report_.reactions = graph.reactions().size();
    }

    WalkReport run() {
        const Clock::time_point began = Clock::now();
        const auto seconds = [&] { return std::chrono::duration<double>(Clock::now() - began).count(); };
        std::vector<Made> batch = make_batch();
        while (!batch.empty()) {
            const bool more = seconds() < options_.seconds && !stopped();
            auto next = std::async(std::launch::async, [&] { return more ? make_batch() : std::vector<Made>(); });
            std::vector<TestRun> runs = drive_all(batch);
            std::vector<Made> following = next.get();
            judge(batch, std::move(runs));
            report_.seconds = seconds();
            report_.walked = walks_.reactions_walked();
            if (options_.progress) options_.progress(report_);
            if (stopped() || report_.findings.size() >= options_.most_findings) break;
            if (report_.seconds >= options_.seconds) break;
            batch = std::move(following);
        }
        report_.not_made = not_made_;
        return std::move(report_);
    }

private:
    bool stopped() const { return options_.drive.stop && options_.drive.stop(); }

    // `name`: of the walk.
    std::optional<TestVector> make(const Walk& walk, const std::string& name, int ip) {
        const std::string id = fmt::format("walk/{}", name);
        const std::string sentence = fmt::format("random walk {}", name);
        Projection made = projector_.make(walk, id, sentence, {ip, options_.unit_bytes, 100'000});
        if (!made.vector) return std::nullopt;
        if (duration_bound_us(*made.vector) > options_.drive.longest_us) return std::nullopt;
        made.vector->id = fmt::format("{}/ipv{}", id, ip);
        made.vector->claims = {{id, VectorClaim::Sense::goal, sentence}};
        return std::move(made.vector);
    }

    std::vector<Made> make_batch() {
        std::vector<Made> batch;
        // Where nothing can be made at all, it ends.
        for (std::size_t tried = 0; batch.size() < options_.batch && tried < 20 * options_.batch; ++tried) {
            if (drawn_ >= options_.most_walks || stopped()) break;
            ++drawn_;
            Walk walk = walks_.next();
            const int ip = ip_versions_[dice_() % ip_versions_.size()];
            std::optional<TestVector> vector;
            // Where its timers cannot be told apart, its beginning may do.
            while (!walk.steps.empty() && !vector) {
                vector = make(walk, fmt::format("{}/{}", options_.walk.seed, drawn_), ip);
                if (!vector) walk.steps.resize(walk.steps.size() / 2);
            }
            if (vector)
                batch.push_back({drawn_, std::move(walk), std::move(*vector)});
            else
                ++not_made_;
        }
        return batch;
    }

    std::vector<TestRun> drive_all(const std::vector<Made>& batch) {
        std::vector<TestVector> vectors;
        for (const Made& one : batch) vectors.push_back(one.vector);
        return drive(target_, vectors, options_.drive);
    }
    // The driver gives up where the implementation is lost too often in one run, and the rest has errors that are not
    // theirs. So where each of them may do that, a run has few.
    std::vector<TestRun> drive_again(const std::vector<TestVector>& vectors, bool may_lose_it) {
        const std::size_t at_a_time = may_lose_it ? few : std::max<std::size_t>(vectors.size(), 1);
        std::vector<TestRun> runs;
        for (std::size_t first = 0; first < vectors.size(); first += at_a_time) {
            const auto begin = vectors.begin() + static_cast<std::ptrdiff_t>(first);
            const auto end = begin + static_cast<std::ptrdiff_t>(std::min(at_a_time, vectors.size() - first));
            std::vector<TestRun> some = drive(target_, {begin, end}, options_.drive);
            std::move(some.begin(), some.end(), std::back_inserter(runs));
        }
        return runs;
    }

    void judge(std::vector<Made>& batch, std::vector<TestRun> runs) {
        std::vector<FailingWalk> failed;
        std::vector<std::uint64_t> numbers;
        const bool cut = stopped();  // then what is skipped was not driven
        for (std::size_t i = 0; i < batch.size(); ++i) {
            if (cut && runs[i].verdict == Verdict::skipped) continue;
            ++report_.walks;
            report_.steps += batch[i].walk.steps.size();
            ++report_.count[static_cast<std::size_t>(runs[i].verdict)];
            if (!is_fault(runs[i])) continue;
            numbers.push_back(batch[i].number);
            failed.push_back({std::move(batch[i].walk), std::move(batch[i].vector), std::move(runs[i])});
        }
        if (failed.empty()) return;
        std::vector<TestVector> again;
        for (const FailingWalk& one : failed) again.push_back(one.vector);
        const bool lost = std::any_of(failed.begin(), failed.end(),
                                      [](const FailingWalk& one) { return one.run.verdict == Verdict::error; });
        std::vector<TestRun> second = drive_again(again, lost);
        for (std::size_t i = 0; i < failed.size(); ++i) {
            if (stopped() && second[i].verdict == Verdict::skipped) continue;
            if (!is_fault(second[i])) {
                ++report_.unsteady;
                report_.unsteady_reason = failed[i].vector.id + ": " + failed[i].run.reason;
                continue;
            }
            failed[i].run = std::move(second[i]);
            if (report_.findings.size() < options_.most_findings) take(std::move(failed[i]), numbers[i]);
        }
    }

    // Which reaction of which state, and what came in place of it: two faults that agree in this are taken for one.
    using Place = std::tuple<std::uint32_t, std::string>;
    Place place_of(const FailingWalk& one) const {
        std::size_t own = 0;  // steps of the walk before the one that failed; a pause of the vector's is none
        const std::vector<VectorStep>& steps = one.vector.steps;
        const std::size_t last = one.run.failed_step < 0 ? steps.size() : static_cast<std::size_t>(one.run.failed_step);
        for (std::size_t i = 0; i < last && i < steps.size(); ++i)
            own += steps[i].kind != VectorStep::Kind::wait || steps[i].timer != "pause";
        // Where the implementation breaks down, the reason tells more than the step in which it was noticed.
        if (one.run.verdict == Verdict::error) return {0, one.run.reason};
        const WalkStep& step = one.walk.steps[std::min(own, one.walk.steps.size() - 1)];
        std::string came = to_string(one.run.verdict);
        if (!one.run.observed.empty()) {
            const Observed& seen = one.run.observed.back();
            came += seen.text + (seen.kind == Observed::Kind::received ? to_string(seen.segment) : "");
        }
        return {graph_.reaction(graph_.block(step.vertex), step.input).value(), came};
    }

    void take(FailingWalk failed, std::uint64_t number) {
        if (!places_.insert(place_of(failed)).second) {
            ++report_.again;
            return;
        }
        if (!ways_) {
            WalkOptions options;
            options.longest_wait_us = options_.walk.longest_wait_us;
            ways_ = access_walks(graph_, options);
        }
        const int ip = failed.vector.ip;
        const bool lost = failed.run.verdict == Verdict::error;
        WalkFinding finding{number, failed.walk.steps.size(), {}};
        const ShrinkMeans means{
            walks_, *ways_, graph_,
            [&](const Walk& walk) { return make(walk, fmt::format("{}/{}", options_.walk.seed, number), ip); },
            [&](const std::vector<TestVector>& vectors) { return drive_again(vectors, lost); }};
        finding.shortest = shrink(std::move(failed), means);
        places_.insert(place_of(finding.shortest));
        const bool known = std::any_of(report_.findings.begin(), report_.findings.end(), [&](const WalkFinding& one) {
            return one.shortest.vector.steps == finding.shortest.vector.steps;
        });
        if (known) {
            ++report_.again;
            return;
        }
        if (options_.found) options_.found(finding);
        report_.findings.push_back(std::move(finding));
    }

    Target& target_;
    const TesterGraph& graph_;
    const WalkTestOptions& options_;
    std::vector<int> ip_versions_;
    RandomWalks walks_;
    WalkProjector projector_;
    std::mt19937 dice_;
    std::uint64_t drawn_ = 0, not_made_ = 0;
    std::optional<std::vector<std::optional<Walk>>> ways_;
    std::set<Place> places_;
    WalkReport report_;
};

}  // namespace

WalkReport test_by_walks(Target& target, const TesterGraph& graph, const WalkTestOptions& options) {
    return Session(target, graph, options).run();
}

}  // namespace lastack
