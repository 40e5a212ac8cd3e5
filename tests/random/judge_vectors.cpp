#include "tests/random/judge_vectors.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "checker/claims/check.h"
#include "checker/coverage/goals.h"
#include "generators/suite.h"
#include "generators/vector_json.h"
#include "harness/driver.h"
#include "harness/targets.h"
#include "model/language/read_spec.h"

namespace lastack::testing {

namespace {

constexpr std::size_t most_reasons = 12;

std::vector<SimPlay> plays() {
    using May = SimPlay::May;
    using Expiry = SimPlay::Expiry;
    return {{May::never, {}, {}, Expiry::middle, false, 1},  {May::always, {}, {}, Expiry::middle, false, 1},
            {May::never, {}, {}, Expiry::early, false, 2},   {May::always, {}, {}, Expiry::late, false, 2},
            {May::by_lot, {}, {}, Expiry::by_lot, false, 3}, {May::by_lot, {}, {}, Expiry::by_lot, false, 4}};
}

void judge(const TestRun& run, const SimPlay& play, std::uint64_t seed, VectorTally& tally) {
    ++tally.runs;
    switch (run.verdict) {
        case Verdict::pass: ++tally.passed; return;
        case Verdict::inconclusive: ++tally.inconclusive; return;
        case Verdict::fail: ++tally.failed; break;
        default: ++tally.errors; break;
    }
    tally.bad.push_back(seed);
    if (tally.reasons.size() < most_reasons)
        tally.reasons.push_back(fmt::format("seed {} may {} expiry {}: {} {}: {}", seed, static_cast<int>(play.may),
                                            static_cast<int>(play.expiry), run.vector_id, to_string(run.verdict),
                                            run.reason));
}

}  // namespace

bool has_choice(const Profile& profile) {
    for (const Handler& handler : profile.handlers) {
        for (const Step& step : handler.steps) {
            if (std::any_of(step.rules.begin(), step.rules.end(), [](const Rule& rule) { return rule.may; }))
                return true;
        }
    }
    return false;
}

VectorTally& operator+=(VectorTally& sum, const VectorTally& other) {
    sum.specs += other.specs;
    sum.vectors += other.vectors;
    sum.not_made += other.not_made;
    sum.runs += other.runs;
    sum.passed += other.passed;
    sum.inconclusive += other.inconclusive;
    sum.failed += other.failed;
    sum.errors += other.errors;
    sum.plain_runs += other.plain_runs;
    sum.plain_inconclusive += other.plain_inconclusive;
    sum.rewritten += other.rewritten;
    sum.bad.insert(sum.bad.end(), other.bad.begin(), other.bad.end());
    for (const std::string& reason : other.reasons) {
        if (sum.reasons.size() < most_reasons) sum.reasons.push_back(reason);
    }
    return sum;
}

std::vector<TestVector> vectors_of(const Spec& spec, std::size_t* not_made, std::uint64_t max_states) {
    CheckOptions options;
    options.bounds.max_states = max_states;
    SuiteOptions suite_options;
    suite_options.ip_versions = {4};
    Suite suite = make_suite(spec, check(spec, options), suite_options);
    add_goals(spec, cover_rules(spec, options.bounds), suite_options, suite);
    if (not_made) *not_made = suite.not_made.size();
    return std::move(suite.vectors);
}

VectorTally play_all(const Spec& player, const std::vector<TestVector>& vectors, std::uint64_t seed) {
    VectorTally tally;
    DriveOptions options;
    options.longest_us = std::numeric_limits<std::int64_t>::max() / 2;
    for (const Profile& profile : player.profiles) {
        std::vector<TestVector> own;
        std::copy_if(vectors.begin(), vectors.end(), std::back_inserter(own),
                     [&](const TestVector& vector) { return vector.profile == profile.name; });
        for (TestVector& vector : own) vector.subject = profile.name;  // it is played here, whoever the spec is about
        for (const SimPlay& play : plays()) {
            VectorTally played;
            const auto target = make_sim_target(profile, limits_of(profile), play);
            for (const TestRun& run : drive(*target, own, options)) judge(run, play, seed, played);
            if (!has_choice(profile)) {
                played.plain_runs = played.runs;
                played.plain_inconclusive = played.inconclusive;
            }
            tally += played;
        }
    }
    return tally;
}

VectorTally judge_vectors_of(const RandomSpec& random) {
    const Spec spec = parse_spec(random.text(), "random.spec");
    VectorTally tally;
    const std::vector<TestVector> vectors = vectors_of(spec, &tally.not_made);
    tally += play_all(spec, vectors, random.seed);
    ++tally.specs;
    tally.vectors += vectors.size();
    for (const TestVector& vector : vectors) {
        if (vector_from_json(to_json(vector)) == vector) continue;
        ++tally.rewritten;
        tally.bad.push_back(random.seed);
    }
    return tally;
}

RandomKnobs vector_knobs(std::uint64_t seed) {
    RandomKnobs knobs;
    knobs.drivable = true;
    if (seed % 2 == 0) knobs.may = 0;
    if (seed % 3 == 0) knobs.equal_timers = 0;
    knobs.claims = 2;
    return knobs;
}

VectorTally judge_vectors(std::uint64_t first, std::uint64_t count) {
    VectorTally sum;
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        const RandomSpec random = without_dead_rules(random_spec(seed, vector_knobs(seed)));
        sum += judge_vectors_of(random);
    }
    return sum;
}

}  // namespace lastack::testing
