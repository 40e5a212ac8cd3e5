#include "tests/random/judge_pairs.h"

#include <fmt/format.h>

#include "checker/mutation/lockstep.h"
#include "checker/mutation/mutants.h"
#include "harness/diff_trial.h"
#include "harness/driver.h"
#include "harness/targets.h"
#include "model/language/read_spec.h"
#include "tests/random/dice.h"
#include "tests/random/judge_vectors.h"
#include "tests/random/plain_pairs.h"

namespace lastack::testing {

namespace {

std::string to_string(PlainVerdict verdict) {
    switch (verdict) {
        case PlainVerdict::same: return "same";
        case PlainVerdict::different: return "different";
        case PlainVerdict::undecided: return "undecided";
        default: return "too large";
    }
}

std::string to_string(Comparison::Verdict verdict) {
    switch (verdict) {
        case Comparison::Verdict::bisimilar: return "same";
        case Comparison::Verdict::different: return "different";
        case Comparison::Verdict::same_inside: return "undecided";
        default: return "a limit was hit";
    }
}

// Where no rule is a choice, the profile is played in one way only.
std::vector<SimPlay> ways_of(const Profile& profile) {
    std::vector<SimPlay> ways(1);
    if (!has_choice(profile)) return ways;
    ways.push_back({.may = SimPlay::May::always});
    for (unsigned seed = 1; seed <= 6; ++seed) ways.push_back({.may = SimPlay::May::by_lot, .seed = seed});
    return ways;
}

// Does the profile pass the vector some way, and fail it no way, under its own limits and settings?
bool keeps(TestVector vector, const Profile& profile) {
    vector.limits = {};
    vector.settings = {};
    DriveOptions options;
    options.longest_us = 1'000'000'000'000;
    bool passes = false;
    for (const SimPlay& play : ways_of(profile)) {
        const auto target = make_sim_target(profile, limits_of(profile), play, vector.unit_bytes);
        const lastack::Verdict verdict = drive(*target, {vector}, options).at(0).verdict;
        if (verdict == lastack::Verdict::fail) return false;
        passes |= verdict == lastack::Verdict::pass;
    }
    return passes;
}

// Is there a vector that one side passes, some way, and never fails, while the other one never passes it, or fails it
// some way?
bool shows(const Comparison& comparison, const Profile& a, const Profile& b) {
    for (const int side : {0, 1}) {
        const Projection projection = diff_vector(comparison, side, {4, 100});
        if (!projection.vector) continue;
        if (keeps(*projection.vector, side == 0 ? a : b) && !keeps(*projection.vector, side == 0 ? b : a)) return true;
    }
    return false;
}

void judge_diff(const std::string& name, const Profile& a, const Profile& b, PairCounts& counts) {
    const PlainVerdict plain = plain_compare(a, limits_of(a), b, limits_of(b));
    if (plain == PlainVerdict::too_large) return;
    ++counts.pairs;
    counts.same += plain == PlainVerdict::same;
    counts.different += plain == PlainVerdict::different;
    counts.undecided += plain == PlainVerdict::undecided;
    Comparison comparison = compare(a, limits_of(a), b, limits_of(b), {});
    if (to_string(comparison.verdict) != to_string(plain)) {
        counts.wrong.push_back(fmt::format("{}: diff says {}, brute force says {}", name, to_string(comparison.verdict),
                                           to_string(plain)));
        return;
    }
    if (plain != PlainVerdict::different) return;
    if (comparison.distinction && comparison.distinction->branching) {
        ++counts.branching;
        return;
    }
    if (a.vocabulary.own()) return;  // no vectors
    const DiffTrial trial = find_playable(comparison, {4, 100});
    if (trial.shows && shows(comparison, a, b)) {
        ++counts.shown;
        counts.in_time += comparison.distinction->in_time;
    } else if (trial.shows) {
        counts.wrong.push_back(name + ": the vector does not tell the profiles apart");
    } else {
        counts.not_shown.push_back(name + ": " + trial.reason);
    }
}

void judge_mutants(const std::string& name, const Profile& profile, std::uint64_t seed, int most, PairCounts& counts) {
    std::vector<Mutant> mutants = mutants_of(profile);
    Dice dice(seed);
    dice.shuffle(mutants);
    if (mutants.size() > static_cast<std::size_t>(most)) mutants.resize(static_cast<std::size_t>(most));
    std::vector<Profile> changed;
    for (const Mutant& mutant : mutants) changed.push_back(mutated(profile, mutant));
    const Limits limits = limits_of(profile);
    std::vector<ReadProfile> read{{&profile, &limits}};
    for (const Profile& one : changed) read.push_back({&one, &limits});
    const OpenAlphabet alphabet = open_alphabet(read);
    Lockstep lockstep(profile, limits, "", alphabet);
    for (std::size_t i = 0; i < mutants.size(); ++i) {
        const PlainVerdict plain = plain_compare(profile, limits, changed[i], limits);
        if (plain == PlainVerdict::too_large) continue;
        const bool equivalent = lockstep.equivalent(changed[i], 2'000);
        ++counts.mutants;
        counts.equivalent += equivalent;
        if (equivalent != (plain == PlainVerdict::same))
            counts.wrong.push_back(fmt::format("{}, {}: mutate says {}, brute force says {}", name, mutants[i].id,
                                               equivalent ? "equivalent" : "not equivalent", to_string(plain)));
    }
}

}  // namespace

PairCounts& PairCounts::operator+=(const PairCounts& others) {
    for (int PairCounts::*const count :
         {&PairCounts::pairs, &PairCounts::same, &PairCounts::different, &PairCounts::undecided, &PairCounts::shown,
          &PairCounts::branching, &PairCounts::in_time, &PairCounts::mutants, &PairCounts::equivalent})
        this->*count += others.*count;
    wrong.insert(wrong.end(), others.wrong.begin(), others.wrong.end());
    not_shown.insert(not_shown.end(), others.not_shown.begin(), others.not_shown.end());
    return *this;
}

PairCounts judge_pairs(std::uint64_t first, int count, const RandomKnobs& knobs, int mutants) {
    PairCounts counts;
    for (std::uint64_t seed = first; seed < first + static_cast<std::uint64_t>(count); ++seed) {
        const std::string name = fmt::format("seed {}", seed);
        const RandomSpec original = random_spec(seed, knobs);
        const std::optional<RandomSpec> variant = with_one_change(original, seed);
        const Spec spec = parse_spec(original.text(), "original.spec");
        const Profile& a = *spec.profile(spec.subject);
        if (variant) {
            const Spec other = parse_spec(variant->text(), "variant.spec");
            judge_diff(name + " (" + variant->changed + ")", a, *other.profile(other.subject), counts);
        }
        if (mutants > 0) judge_mutants(name, a, seed, mutants, counts);
    }
    return counts;
}

}  // namespace lastack::testing
