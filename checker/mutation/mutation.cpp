#include "checker/mutation/mutation.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>
#include <stdexcept>

#include "checker/coverage/coverage.h"
#include "checker/mutation/claim_groups.h"
#include "checker/mutation/lockstep.h"
#include "checker/mutation/mutant_queue.h"
#include "model/settings.h"

namespace lastack {

namespace {

// Bounds of a mutant's exploration: one that grows far beyond the original's says so instead of eating the day.
Bounds bounds_for(const ClaimGroup& group, const Bounds& given) {
    Bounds bounds;
    bounds.stop = given.stop;
    bounds.max_states = std::min<std::uint64_t>(given.max_states, group.states * 4 + 10'000);
    return bounds;
}

// A claim that is decided afterwards walks the whole system again, some times; so does one that asks for each step.
std::uint64_t cost_of(const ClaimGroup& group, const Coverage& coverage) {
    constexpr std::uint64_t walks = 5, each_step = 10;
    return coverage.transitions * ((group.each_step ? each_step : 1) + walks * group.afterwards.size());
}

// The claims that judge mutants: those that are as expected of the original.
class JudgingClaims {
public:
    JudgingClaims(const Spec& spec, const std::vector<Profile>& changed, const MutationOptions& options,
                  MutationReport& report)
        : spec_(spec) {
        Bounds bounds = options.bounds;
        bounds.progress = nullptr;
        for (const ClaimGroup& group : claim_groups_of(spec)) admit(group, bounds, report);
        std::stable_sort(groups_.begin(), groups_.end(),
                         [](const ClaimGroup& a, const ClaimGroup& b) { return a.cost < b.cost; });
        std::set<std::string> judging;
        for (const ClaimGroup& group : groups_) {
            for (const Claim* claim : group.claims()) judging.insert(claim->id);
        }
        for (const Claim& claim : spec.claims) {
            if (judging.contains(claim.id)) report.claims.push_back(claim.id);
        }
        measure_use(options, report);
        // Where the original by itself has too many local states, so has every mutant.
        const Profile& original = *spec.profile(spec.subject);
        for (const auto& [limits, start] : beginnings()) {
            const OpenAlphabet own = open_alphabet({{&original, &limits}});
            const std::optional<bool> itself =
                Lockstep(original, limits, start, own).same(original, options.most_pairs, options.bounds.stop);
            equivalence_fits_ = equivalence_fits_ && itself.has_value();
        }
        for (const auto& [limits, start] : beginnings()) {
            if (equivalence_fits_ && !alphabets_.contains(limits))
                alphabets_.emplace(limits, alphabet_for(original, changed, limits));
        }
        report.equivalence_tested = equivalence_fits_;
        report.interrupted = options.bounds.stop && options.bounds.stop();
        // What an interrupted exploration leaves open says nothing about the claims.
        if (report.interrupted) {
            groups_.clear();
            report.left_out.clear();
            report.in_part.clear();
            report.claims.clear();
        }
    }

    // All that the original or any of its mutants can tell apart, with these limits.
    const OpenAlphabet& alphabet(const Limits& limits) const { return alphabets_.at(limits); }

    // Was it open for the original, so that it may be open for a mutant?
    bool in_part(const Claim* claim) const { return in_part_.contains(claim); }
    bool equivalence_fits() const { return equivalence_fits_; }
    const std::vector<ClaimGroup>& groups() const { return groups_; }

    // The limits and control states with which the subject begins in some system that judges.
    std::set<std::pair<Limits, std::string>> beginnings() const {
        std::set<std::pair<Limits, std::string>> all;
        for (const ClaimGroup& group : groups_) {
            for (int end = 0; end < 2; ++end) {
                if (profile_at(spec_, *group.system, end).name == spec_.subject)
                    all.emplace(limits_at(spec_, *group.system, end), group.system->start[end]);
            }
        }
        return all;
    }

    // Can the mutant make no difference in that system, since what it changes is not used there?
    bool untouched(const Mutant& mutant, const SystemDecl& decl) const {
        using Operator = Mutant::Operator;
        // A guard that is wider matches where the original does not.
        if (mutant.op == Operator::guard || mutant.op == Operator::number) return false;
        const auto system = std::find(use_.systems.begin(), use_.systems.end(), decl.name);
        const auto index = static_cast<std::size_t>(system - use_.systems.begin());
        // As far as the exploration went, it goes for the mutant; but a step that was cut may not be cut any more.
        if (system == use_.systems.end() || use_.cut[index]) return false;
        for (const RuleUse& rule : use_.rules) {
            if (rule.name != mutant.rule_name) continue;
            for (const CaseUse& one : rule.cases) {
                const bool changed = mutant.case_ < 0 || one.number == mutant.case_ + 1;
                if (changed && one.by_system[index]) return false;
            }
        }
        return true;
    }

private:
    static OpenAlphabet alphabet_for(const Profile& original, const std::vector<Profile>& changed,
                                     const Limits& limits) {
        std::vector<ReadProfile> read{{&original, &limits}};
        for (const Profile& profile : changed) read.push_back({&profile, &limits});
        return open_alphabet(read);
    }

    // Takes the claims of a group that are as expected of the original.
    void admit(ClaimGroup group, const Bounds& bounds, MutationReport& report) {
        std::set<const Claim*> admitted;
        const GroupResult result = decide_group(spec_, group, bounds, false, [&](const ClaimAnswer& answer) {
            GroupExpectation& expected = group.expected.at(answer.claim);
            if (as_expected(answer, expected)) {
                admitted.insert(answer.claim);
                if (answer.claim->expected_for(spec_.subject).shortest >= 0)
                    expected.fewest_steps = answer.fewest_steps;
            } else if (judges_in_part(group, answer, expected)) {
                admitted.insert(answer.claim);
                in_part_.insert(answer.claim);
                report.in_part.push_back(answer.claim->id);
            } else {
                report.left_out.push_back(
                    {answer.claim->id, fmt::format("{}, not {}", to_string(answer), to_string(expected))});
            }
            return true;
        });
        const auto left_out = [&](const Claim* claim) { return !admitted.contains(claim); };
        std::erase_if(group.expected, [&](const auto& each) { return left_out(each.first); });
        std::erase_if(group.watched, left_out);
        std::erase_if(group.afterwards, left_out);
        if (group.staged && left_out(group.staged)) group.staged = nullptr;
        group.states = result.coverage.states;
        group.cost = cost_of(group, result.coverage);
        group.fingerprint = result.fingerprint;
        if (!group.claims().empty()) groups_.push_back(std::move(group));
    }

    // Nothing was found up to the bound, and nothing is to be found: what a mutant shows within the same bound is news.
    static bool judges_in_part(const ClaimGroup& group, const ClaimAnswer& answer, const GroupExpectation& expected) {
        const bool watched = std::find(group.watched.begin(), group.watched.end(), answer.claim) != group.watched.end();
        const bool finds = (answer.claim->kind == Claim::Kind::reachable) == expected.holds;
        return watched && !finds && answer.answer == Answer::unknown && !expected.vacuous;
    }

    // Only the systems that judge are looked at.
    void measure_use(const MutationOptions& options, MutationReport& report) {
        Spec judged = spec_;
        std::erase_if(judged.systems, [&](const SystemDecl& decl) {
            return std::none_of(groups_.begin(), groups_.end(),
                                [&](const ClaimGroup& group) { return group.system->name == decl.name; });
        });
        Bounds bounds = options.bounds;
        bounds.progress = nullptr;
        use_ = rule_use(judged, bounds);
        report.systems = use_.systems;
    }

    const Spec& spec_;
    std::vector<ClaimGroup> groups_;
    std::set<const Claim*> in_part_;
    UseReport use_;
    std::map<Limits, OpenAlphabet> alphabets_;
    bool equivalence_fits_ = true;
};

// One worker with a spec of its own, in which the mutants take the subject's place.
class MutantTest {
public:
    MutantTest(const Spec& spec, const JudgingClaims& judges, const MutationOptions& options)
        : judges_(judges), options_(options), original_(*spec.profile(spec.subject)), spec_(spec) {
        for (Profile& profile : spec_.profiles) {
            if (profile.name == spec.subject) place_ = &profile;
        }
        if (judges.equivalence_fits()) {
            for (const auto& [limits, start] : judges.beginnings())
                lockstep_.push_back(std::make_unique<Lockstep>(original_, limits, start, judges.alphabet(limits)));
        }
    }

    MutantResult try_one(const Mutant& mutant, const Profile& changed) {
        MutantResult result;
        result.mutant = mutant;
        result.fate = Fate::survived;
        *place_ = changed;
        configure_systems(spec_);
        try {
            judge(result);
        } catch (const ModelError& error) {
            result.fate = Fate::stillborn;
            const std::string what = error.what();
            result.reason = what.substr(0, what.find('\n'));
        }
        if (result.fate == Fate::survived || result.fate == Fate::not_exercised) test_equivalence(result);
        return result;
    }

private:
    void judge(MutantResult& result) {
        bool touched = false;
        std::set<std::string> same, explored;  // systems in which nothing differs; systems explored
        std::set<std::string> alike;           // those of `same` that were explored to the end: no claim differs there
        std::string open;
        for (const ClaimGroup& group : judges_.groups()) {
            if (judges_.untouched(result.mutant, *group.system)) continue;
            touched = true;
            explored.insert(group.system->name);
            if (alike.contains(group.system->name)) continue;
            const auto answered = [&](const ClaimAnswer& answer) {
                if (as_expected(answer, group.expected.at(answer.claim))) return true;
                if (answer.answer == Answer::unknown && judges_.in_part(answer.claim)) return true;
                if (answer.answer == Answer::unknown) {
                    if (open.empty()) open = fmt::format("{}: {}", answer.claim->id, answer.note);
                    return true;
                }
                result.fate = Fate::killed;
                result.killer = answer.claim->id;
                result.reason =
                    fmt::format("{}, not {}", to_string(answer), to_string(group.expected.at(answer.claim)));
                return false;
            };
            try {
                const GroupResult found =
                    decide_group(spec_, group, bounds_for(group, options_.bounds), true, answered);
                if (found.fingerprint != 0 && found.fingerprint == group.fingerprint) {
                    same.insert(group.system->name);
                    if (found.coverage.complete) alike.insert(group.system->name);
                }
            } catch (const std::length_error& error) {
                if (open.empty()) open = fmt::format("{}: {}", group.system->name, error.what());
            }
            if (result.fate == Fate::killed) return;
        }
        if (!touched || same == explored) result.fate = Fate::not_exercised;
        if (open.empty()) return;
        result.fate = Fate::undecided;
        result.reason = open;
    }

    void test_equivalence(MutantResult& result) {
        const bool same = !lockstep_.empty() && std::all_of(lockstep_.begin(), lockstep_.end(), [&](const auto& way) {
            return way->equivalent(*place_, options_.most_pairs, options_.bounds.stop);
        });
        if (same) result.fate = Fate::equivalent;
    }

    const JudgingClaims& judges_;
    const MutationOptions& options_;
    const Profile& original_;
    Spec spec_;
    Profile* place_ = nullptr;
    std::vector<std::unique_ptr<Lockstep>> lockstep_;  // each way in which the subject begins in some system
};

}  // namespace

std::string to_string(Fate fate) {
    switch (fate) {
        case Fate::killed: return "killed";
        case Fate::stillborn: return "stillborn";
        case Fate::equivalent: return "equivalent";
        case Fate::not_exercised: return "not exercised";
        case Fate::survived: return "survived";
        default: return "undecided";
    }
}

std::size_t MutationReport::count(Fate fate) const {
    return static_cast<std::size_t>(
        std::count_if(mutants.begin(), mutants.end(), [&](const MutantResult& result) { return result.fate == fate; }));
}

std::size_t MutationReport::counted() const {
    return mutants.size() - count(Fate::stillborn) - count(Fate::equivalent);
}

std::optional<double> MutationReport::score() const {
    if (counted() == 0) return std::nullopt;
    return 100.0 * static_cast<double>(count(Fate::killed)) / static_cast<double>(counted());
}

MutationReport mutation_score(const Spec& spec, const MutationOptions& options) {
    MutationReport report;
    report.profile = spec.subject;
    const Profile& original = *spec.profile(spec.subject);
    const std::vector<Mutant> mutants = mutants_of(original, options.operators);
    std::vector<Profile> changed;
    for (const Mutant& mutant : mutants) changed.push_back(mutated(original, mutant));
    report.planned = mutants.size();
    const JudgingClaims judges(spec, changed, options, report);
    const QueueOptions queue{options.jobs, options.bounds.stop, options.progress};
    if (!judges.groups().empty()) {
        report.mutants = MutantQueue<MutantResult>(mutants.size(), queue).run([&] {
            const auto test = std::make_shared<MutantTest>(spec, judges, options);
            return [&, test](std::size_t i) { return test->try_one(mutants[i], changed[i]); };
        });
    }
    report.interrupted = report.mutants.size() < mutants.size() && options.bounds.stop && options.bounds.stop();
    return report;
}

}  // namespace lastack
