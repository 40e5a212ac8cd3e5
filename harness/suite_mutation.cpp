#include "harness/suite_mutation.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <random>
#include <set>
#include <stdexcept>

#include "checker/compare/endpoint_lts.h"
#include "checker/mutation/mutant_queue.h"
#include "checker/mutation/rule_print.h"
#include "checker/mutation/used_cases.h"
#include "generators/diff_vector.h"
#include "harness/driver.h"
#include "harness/survivors.h"
#include "harness/targets.h"

namespace lastack {

namespace {

constexpr std::int64_t for_ever_us = 1'000'000'000'000;  // of the virtual time of `sim`

// How a mutant may be played.
struct WayToPlay {
    std::string name;
    SimPlay play;
};

bool same_times(const Profile& a, const Profile& b) {
    return std::equal(a.timers.begin(), a.timers.end(), b.timers.begin(), b.timers.end(),
                      [](const TimerDecl& one, const TimerDecl& other) {
                          return one.name == other.name && one.earliest_us == other.earliest_us &&
                                 one.latest_us == other.latest_us && one.cap_us == other.cap_us &&
                                 one.doubled_from == other.doubled_from && one.doubled_by == other.doubled_by;
                      });
}

// `rules`: what a mutant differs in. Of several choices of one input only one can be taken, so each of these is taken
// alone, too.
std::vector<WayToPlay> ways_to_play(const Profile& profile, bool times, const std::set<std::string>& rules) {
    const auto way = [](const char* name, SimPlay::May may, SimPlay::Expiry expiry) {
        SimPlay play;
        play.may = may;
        play.expiry = expiry;
        play.varies = false;
        return WayToPlay{name, play};
    };
    std::vector<WayToPlay> ways{way("", SimPlay::May::never, SimPlay::Expiry::middle)};
    if (has_choices(profile)) ways.push_back(way("choices taken", SimPlay::May::always, SimPlay::Expiry::middle));
    for (const std::string& name : rules) {
        const Rule* rule = profile.rule(name);
        if (rule == nullptr || !rule->may) continue;
        ways.push_back(way("this choice taken", SimPlay::May::never, SimPlay::Expiry::middle));
        ways.back().play.taken = {name};
    }
    if (times) {
        ways.push_back(way("timers early", SimPlay::May::never, SimPlay::Expiry::early));
        ways.push_back(way("timers late", SimPlay::May::never, SimPlay::Expiry::late));
    }
    return ways;
}

// Vectors, in an order, driven until one fails.
class Drive {
public:
    Drive(const Profile& profile, const Limits& limits, const SimPlay& play, const std::function<bool()>& stop)
        : target_(make_sim_target(profile, limits, play)) {
        options_.longest_us = for_ever_us;
        options_.stop = stop;
    }

    std::vector<TestRun> all(const std::vector<TestVector>& vectors) { return drive(*target_, vectors, options_); }

    // The first that fails. `broken`: what a run says that could not be carried out, where there is one before that.
    std::optional<Kill> until_failure(const JudgingSuite& suite, const std::vector<std::size_t>& order,
                                      std::string& broken) {
        std::size_t size = 8;  // of a batch: most mutants are noticed at once
        for (std::size_t first = 0; first < order.size(); first += size, size = std::min<std::size_t>(4 * size, 2048)) {
            if (options_.stop && options_.stop()) return std::nullopt;
            std::vector<TestVector> batch;
            const std::size_t end = std::min(order.size(), first + size);
            for (std::size_t i = first; i < end; ++i) batch.push_back(suite.vectors[order[i]]);
            const std::vector<TestRun> runs = all(batch);
            for (std::size_t i = 0; i < runs.size(); ++i) {
                const TestRun& run = runs[i];
                if (run.verdict == Verdict::error && broken.empty()) broken = run.reason;
                if (run.verdict != Verdict::fail) continue;
                return Kill{order[first + i], run.vector_id, run.failed_step, run.reason, ""};
            }
        }
        return std::nullopt;
    }

private:
    std::unique_ptr<Target> target_;
    DriveOptions options_;
};

// The vectors of a suite by the rules that they exercise.
class ByRule {
public:
    explicit ByRule(const std::vector<TestVector>& vectors) {
        std::vector<std::size_t> by_length(vectors.size());
        std::iota(by_length.begin(), by_length.end(), std::size_t{0});
        std::stable_sort(by_length.begin(), by_length.end(), [&](std::size_t one, std::size_t other) {
            return vectors[one].steps.size() < vectors[other].steps.size();
        });
        for (const std::size_t i : by_length) add(vectors[i], i);
    }

    void add(const TestVector& vector, std::size_t number) {
        ++count_;
        for (const VectorStep& step : vector.steps) {
            for (const std::string& rule : step.rules) {
                std::vector<std::size_t>& of_rule = vectors_[rule];
                if (of_rule.empty() || of_rule.back() != number) of_rule.push_back(number);
            }
        }
    }

    // Those that exercise one of the rules, of each rule the shorter ones first; and the others as the suite has them.
    std::vector<std::size_t> exercising(const std::set<std::string>& rules) const {
        std::vector<bool> taken(count_);
        std::vector<std::size_t> order;
        for (const std::string& rule : rules) {
            const auto known = vectors_.find(rule);
            if (known == vectors_.end()) continue;
            for (const std::size_t i : known->second) {
                if (!taken[i]) order.push_back(i);
                taken[i] = true;
            }
        }
        return order;
    }
    std::vector<std::size_t> others(const std::set<std::string>& rules) const {
        std::vector<bool> taken(count_);
        for (const std::size_t i : exercising(rules)) taken[i] = true;
        std::vector<std::size_t> order;
        for (std::size_t i = 0; i < count_; ++i)
            if (!taken[i]) order.push_back(i);
        return order;
    }

private:
    std::size_t count_ = 0;
    std::map<std::string, std::vector<std::size_t>> vectors_;
};

class Scorer {
public:
    Scorer(const Profile& original, const std::vector<SuiteMutant>& mutants, std::vector<JudgingSuite> suites,
           const SuiteMutationOptions& options)
        : original_(original), mutants_(mutants), suites_(std::move(suites)), options_(options),
          limits_(limits_of(original, options.limits)), prints_(original),
          used_(original, limits_, testers_alphabet(original), options.max_states, options.stop) {}

    SuiteMutationReport score() {
        SuiteMutationReport report;
        report.profile = original_.name;
        report.limits = limits_;
        report.calls = calls_of_a_tester(original_);
        report.planned = mutants_.size();
        for (JudgingSuite& suite : suites_) {
            report.suites.push_back(admit(suite));
            by_rule_.emplace_back(suite.vectors);
        }
        const QueueOptions queue{options_.jobs, options_.stop, options_.progress};
        report.mutants = MutantQueue<SuiteMutantResult>(mutants_.size(), queue).run([this] {
            return [this](std::size_t i) { return try_one(mutants_[i]); };
        });
        report.interrupted = report.mutants.size() < report.planned;
        for (std::size_t i = 0; i < suites_.size(); ++i) {
            for (const SuiteMutantResult& result : report.mutants)
                ++(result.kills[i] ? report.suites[i].killed : report.suites[i].missed);
        }
        return report;
    }

    // One by one; vectors that kill what nothing before them killed come to the only suite.
    void grow(const std::function<bool(const SuiteMutantResult&)>& take) {
        JudgingSuite& suite = suites_.at(0);
        admit(suite);
        by_rule_.emplace_back(suite.vectors);
        for (const SuiteMutant& mutant : mutants_) {
            SuiteMutantResult result = try_one(mutant);
            if (stopped()) throw OutOfPatience{};
            if (result.vector) {
                JudgingSuite own{mutant.id, {*result.vector}};
                const SuiteTally tally = admit(own);
                if (own.vectors.empty()) {
                    result.vector.reset();
                    result.reason = "the profile itself fails its vector: " + tally.left_out.at(0);
                } else {
                    by_rule_[0].add(*result.vector, suite.vectors.size());
                    suite.vectors.push_back(*result.vector);
                }
            }
            if (!take(result)) return;
        }
    }

private:
    // Vectors that the original itself fails, or that it cannot be driven with, do not judge.
    SuiteTally admit(JudgingSuite& suite) const {
        SuiteTally tally;
        tally.name = suite.name;
        std::vector<bool> good(suite.vectors.size(), true);
        for (const WayToPlay& way : ways_to_play(original_, true, {})) {
            const std::vector<TestRun> runs = Drive(original_, limits_, way.play, options_.stop).all(suite.vectors);
            for (std::size_t i = 0; i < runs.size(); ++i) {
                const Verdict verdict = runs[i].verdict;
                if (options_.stop && options_.stop()) break;  // what was cut short says nothing of the vectors
                if (!good[i] || verdict == Verdict::pass || verdict == Verdict::inconclusive) continue;
                good[i] = false;
                tally.left_out.push_back(fmt::format("{}: {}", runs[i].vector_id, runs[i].reason));
            }
        }
        std::vector<TestVector> judging;
        for (std::size_t i = 0; i < good.size(); ++i)
            if (good[i]) judging.push_back(std::move(suite.vectors[i]));
        suite.vectors = std::move(judging);
        tally.vectors = suite.vectors.size();
        return tally;
    }

    SuiteMutantResult try_one(const SuiteMutant& mutant) const {
        SuiteMutantResult result{mutant.id, mutant.op, mutant.sentence, mutant.where, {}, {}, "", {}, {}};
        const Profile changed = mutant.profile();
        if (mutant.first_order && used_.out_of_reach(*mutant.first_order, changed)) {
            result.kills.resize(suites_.size());
            result.survival = Survival::equivalent;
            result.reason = "nothing fires where it differs";
            return result;
        }
        const std::set<std::string> rules = prints_.differing(changed);
        result.kills.resize(suites_.size());
        std::string broken;
        if (play(result, changed, rules, broken, [&](const ByRule& suite) { return suite.exercising(rules); }) ||
            stopped())
            return result;
        // Before the vectors that are about other rules: who cannot be told from the profile need not play them.
        const Limits limits = limits_of_mutant(changed);
        const SurvivorOptions survivor{options_.max_states, options_.stop};
        SurvivorExplainer explainer(original_, limits_, changed, limits, survivor);
        if (const std::optional<Survivor> why = explainer.not_to_be_told(); why && !why->may_be_killed()) {
            tell(*why, result);
        } else if (!play(result, changed, rules, broken, [&](const ByRule& suite) { return suite.others(rules); }) &&
                   !stopped()) {
            if (!broken.empty())
                tell({Survival::stillborn, broken.substr(0, broken.find('\n')), {}, {}}, result);
            else
                tell(why ? *why : explainer.difference(), result);
        }
        return result;
    }

    bool stopped() const { return options_.stop && options_.stop(); }

    static void tell(const Survivor& survivor, SuiteMutantResult& result) {
        result.survival = survivor.survival;
        result.reason = survivor.reason;
        result.exchange = survivor.exchange;
        result.vector = survivor.vector;
    }

    // Vectors in that order, those of suites that have not killed it yet. Have all then?
    bool play(SuiteMutantResult& result, const Profile& changed, const std::set<std::string>& rules,
              std::string& broken, const std::function<std::vector<std::size_t>(const ByRule&)>& order) const {
        bool all = true;
        for (std::size_t i = 0; i < suites_.size(); ++i) {
            if (!result.kills[i]) result.kills[i] = kill(suites_[i], changed, rules, order(by_rule_[i]), broken);
            all = all && result.kills[i];
        }
        return all;
    }

    std::optional<Kill> kill(const JudgingSuite& suite, const Profile& changed, const std::set<std::string>& rules,
                             const std::vector<std::size_t>& order, std::string& broken) const {
        if (order.empty()) return std::nullopt;
        for (const WayToPlay& way : ways_to_play(changed, !same_times(original_, changed), rules)) {
            std::optional<Kill> found =
                Drive(changed, limits_of_mutant(changed), way.play, options_.stop).until_failure(suite, order, broken);
            if (!found) continue;
            found->way = way.name;
            return found;
        }
        return std::nullopt;
    }

    // A mutant that was written may lack one of the original's limits.
    Limits limits_of_mutant(const Profile& changed) const {
        std::map<std::string, int> own;
        for (const Limit& limit : changed.limits) {
            const auto given = options_.limits.find(limit.name);
            if (given != options_.limits.end()) own.insert(*given);
        }
        return limits_of(changed, own);
    }

    const Profile& original_;
    const std::vector<SuiteMutant>& mutants_;
    std::vector<JudgingSuite> suites_;
    std::vector<ByRule> by_rule_;  // of each
    const SuiteMutationOptions& options_;
    Limits limits_;
    RulePrints prints_;
    UsedCases used_;
};

}  // namespace

std::string to_string(Survival survival) {
    switch (survival) {
        case Survival::equivalent: return "equivalent";
        case Survival::stillborn: return "stillborn";
        case Survival::conforming: return "conforming";
        case Survival::missed: return "missed";
        case Survival::in_time: return "in time";
        case Survival::choice: return "choice";
        case Survival::unseen: return "unseen";
        case Survival::unplayable: return "unplayable";
        case Survival::undecided: return "undecided";
    }
    return "undecided";
}

std::vector<SuiteMutant> suite_mutants(const Profile& original, const std::vector<Mutant::Operator>& operators) {
    std::vector<SuiteMutant> all;
    for (const Mutant& mutant : mutants_of(original, operators)) {
        all.push_back({mutant.id, to_string(mutant.op), mutant.sentence, mutant.where,
                       [&original, mutant] { return mutated(original, mutant); }, mutant});
    }
    return all;
}

// Knuth's selection sampling (The Art of Computer Programming 2, 3.4.2, algorithm S), with a generator whose numbers
// the standard fixes.
std::vector<SuiteMutant> sample_of(std::vector<SuiteMutant> mutants, std::size_t count, std::uint32_t seed) {
    std::mt19937 random(seed);
    std::vector<SuiteMutant> drawn;
    for (std::size_t i = 0; i < mutants.size(); ++i) {
        const std::size_t left = mutants.size() - i, wanted = std::min(count, mutants.size()) - drawn.size();
        if (random() % left < wanted) drawn.push_back(std::move(mutants[i]));
    }
    return drawn;
}

SuiteMutant written_mutant(const Profile& mutant) {
    return {mutant.name, "spec", mutant.title, mutant.where, [&mutant] { return mutant; }, {}};
}

std::size_t SuiteMutationReport::count(Survival survival) const {
    return static_cast<std::size_t>(std::count_if(
        mutants.begin(), mutants.end(), [&](const SuiteMutantResult& one) { return one.survival == survival; }));
}

std::size_t SuiteMutationReport::counted() const {
    return static_cast<std::size_t>(std::count_if(mutants.begin(), mutants.end(),
                                                  [](const SuiteMutantResult& one) { return one.could_be_killed(); }));
}

void grow_suite(const Profile& original, const std::vector<SuiteMutant>& mutants, std::vector<TestVector> vectors,
                const SuiteMutationOptions& options, const std::function<bool(const SuiteMutantResult&)>& take) {
    Scorer(original, mutants, {{"", std::move(vectors)}}, options).grow(take);
}

SuiteMutationReport score_suites(const Profile& original, const std::vector<SuiteMutant>& mutants,
                                 std::vector<JudgingSuite> suites, const SuiteMutationOptions& options) {
    try {
        return Scorer(original, mutants, std::move(suites), options).score();
    } catch (const OutOfPatience&) {  // before the first mutant was tried
        SuiteMutationReport report;
        report.profile = original.name;
        report.planned = mutants.size();
        report.interrupted = true;
        return report;
    }
}

}  // namespace lastack
