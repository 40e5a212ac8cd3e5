#include "checker/mutation/claim_groups.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "checker/claims/decide.h"
#include "checker/claims/liveness.h"

namespace lastack {

namespace {

bool looks_for(const Claim& claim) { return claim.kind == Claim::Kind::reachable; }

// Is something to be found: a witness of a claim that should hold, a counterexample to one that should not?
bool expects_finding(const Claim& claim, const GroupExpectation& expected) {
    return looks_for(claim) == expected.holds;
}

// The number of steps behind which a finding that is still missing is too late; -1: it is never too late.
int deadline(const Claim& claim, const GroupExpectation& expected) {
    return expects_finding(claim, expected) ? expected.fewest_steps : -1;
}

std::string limit_of(const Coverage& coverage) {
    if (coverage.complete) return "steps were cut";
    return coverage.interrupted ? "interrupted" : fmt::format("more than {} states", coverage.states);
}

// `steps`: of what was found, where that was something.
ClaimAnswer answer_from(const Claim& claim, const Decision& decision, const Coverage& coverage, int steps) {
    ClaimAnswer answer{&claim, decision.answer, decision.found(claim) ? steps : -1, decision.never_met, decision.limit};
    if (decision.answer == Answer::unknown && decision.limit.empty()) answer.note = limit_of(coverage);
    return answer;
}

ClaimAnswer overdue_answer(const Claim& claim, int steps) {
    return {&claim,
            looks_for(claim) ? Answer::violated : Answer::holds,
            -1,
            {},
            fmt::format("nothing within {} steps", steps)};
}

// The hooks that watch, with an eye on what is expected of each claim.
class HurriedHooks : public ExplorationHooks {
public:
    HurriedHooks(WatchHooks& hooks, const Explorer& explorer, const ClaimGroup& group, bool hurry)
        : hooks_(hooks), explorer_(explorer), hurry_(hurry), goes_on_(!group.afterwards.empty()) {
        for (const auto& watch : hooks.watches()) {
            const auto expected = group.expected.find(watch->claim);
            if (expected != group.expected.end()) open_.push_back({watch.get(), expected->second});
        }
    }

    Needs needs() const override { return hooks_.needs(); }
    SystemState start(SystemState initial) override { return hooks_.start(initial); }
    // The first state of a level comes when all states before that level were expanded.
    bool state(std::uint64_t index, const SystemState& state) override {
        const int depth = explorer_.depth_of(index);
        if (hurry_ && depth != depth_ && enough(depth)) return false;
        depth_ = depth;
        return hooks_.state(index, state);
    }
    bool step(std::uint64_t index, const SystemState& before, SystemState& next, const SystemStep& step) override {
        return hooks_.step(index, before, next, step);
    }
    bool expanded(std::uint64_t index, const SystemState& state, bool leaves) override {
        return hooks_.expanded(index, state, leaves);
    }

    // The claim that should have been found violated, or witnessed, nearer than anything that is left.
    const Claim* overdue() const { return overdue_; }

private:
    struct Open {
        const Watch* watch;
        GroupExpectation expected;
    };
    bool enough(int depth) {
        bool all_found = true;
        for (const Open& open : open_) {
            const Claim& claim = *open.watch->claim;
            if (open.watch->found && !expects_finding(claim, open.expected)) return true;
            const int last = deadline(claim, open.expected);
            if (!open.watch->found && last >= 0 && depth > last) {
                overdue_ = &claim;
                return true;
            }
            all_found = all_found && open.watch->found;
        }
        return all_found && !goes_on_;
    }

    WatchHooks& hooks_;
    const Explorer& explorer_;
    bool hurry_, goes_on_;
    int depth_ = 0;
    std::vector<Open> open_;
    const Claim* overdue_ = nullptr;
};

// A monitor that gives up behind the number of steps after which its witness is expected.
class HurriedMonitor : public ExplorationHooks {
public:
    HurriedMonitor(MonitorHooks& hooks, const Explorer& explorer, int last)
        : hooks_(hooks), explorer_(explorer), last_(last) {}

    Needs needs() const override { return hooks_.needs(); }
    SystemState start(SystemState initial) override { return hooks_.start(initial); }
    bool state(std::uint64_t index, const SystemState& state) override { return hooks_.state(index, state); }
    bool step(std::uint64_t index, const SystemState& before, SystemState& next, const SystemStep& step) override {
        return hooks_.step(index, before, next, step);
    }
    bool expanded(std::uint64_t index, const SystemState&, bool) override {
        overdue_ = last_ >= 0 && explorer_.depth_of(index) > last_;
        return !overdue_;
    }
    bool overdue() const { return overdue_; }

private:
    MonitorHooks& hooks_;
    const Explorer& explorer_;
    int last_;
    bool overdue_ = false;
};

Coverage decide_by_monitor(const Spec& spec, const ClaimGroup& group, const Bounds& bounds, bool hurry,
                           const TakesAnswer& answered) {
    const Claim& claim = *group.staged;
    System system(spec, *group.system);
    MonitorHooks hooks(system, claim);
    Explorer explorer(system, hooks.stages());
    const int last = hurry ? deadline(claim, group.expected.at(&claim)) : -1;
    HurriedMonitor hurried(hooks, explorer, last);
    const Coverage coverage = explorer.run(bounds, hurried);
    const int steps = hooks.found() ? explorer.depth_of(*hooks.found()) : -1;
    const auto decided = [&] {
        return decide_staged(spec, *group.system, claim, hooks.found().has_value(), coverage, bounds);
    };
    answered(!hooks.found() && hurried.overdue() ? overdue_answer(claim, last)
                                                 : answer_from(claim, decided(), coverage, steps));
    return coverage;
}

// Hash by Fowler, Noll and Vo (FNV-1a), eight bytes at a time.
class Fingerprint {
public:
    void add(std::uint64_t word) { value_ = (value_ ^ word) * 0x100000001b3U; }
    void add(const std::string& text) {
        for (const char c : text) add(static_cast<std::uint64_t>(static_cast<unsigned char>(c)));
        add(text.size());
    }
    void add(const Halves& halves) {
        for (std::uint64_t block = 0; block < halves.blocks(); ++block) {
            add(halves.local(block << half_block_bits));
            for (Half half = block << half_block_bits; half < (block + 1) << half_block_bits; ++half)
                add(halves.bag(half));
        }
    }
    // The states of each level, as words of pairs of halves.
    void add(const Explorer& explorer) {
        for (int end = 0; end < 2; ++end) add(explorer.halves(end));
        for (const Levels::Part& part : explorer.levels().parts()) {
            for (const Levels::Entry& entry : part.entries) {
                const StripKey& key = explorer.store().key(entry.strip);
                add(key.rows << 32 | key.block);
                add(std::uint64_t{key.layer} << 8 | entry.rows);
            }
            for (const std::uint64_t word : part.words) add(word);
            add(static_cast<std::uint64_t>(part.level));
        }
    }
    void add(const Machine& machine, const SegmentTable& sent) {
        for (LocalId local = 0; local < machine.size(); ++local) {
            const EndState state = machine.decode(local);
            add(static_cast<std::uint64_t>(state.state));
            for (const int value : state.values) add(static_cast<std::uint64_t>(value));
            for (const bool armed : state.armed) add(armed ? 1U : 0U);
        }
        for (std::size_t i = 0; i < machine.outcome_count(); ++i) {
            const Outcome& outcome = machine.outcome(i);
            const Label& label = machine.label(outcome.label);
            add(outcome.after);
            add(fmt::format("{}|{}|{}|{}", label.name, fmt::join(label.rules, ","), fmt::join(label.signals, ","),
                            label.result));
            for (int k = 0; k < outcome.sent_count; ++k) add(outcome.sent[k]);
        }
        for (std::size_t i = 0; i < sent.size(); ++i) {
            const Segment& segment = sent[static_cast<SegmentId>(i)];
            add(to_string(segment, machine.profile().vocabulary));
            add(segment.era);
        }
    }
    std::uint64_t value() const { return value_; }

private:
    std::uint64_t value_ = 0xcbf29ce484222325U;
};

// A group without a monitor.
class PlainGroup {
public:
    PlainGroup(const Spec& spec, const ClaimGroup& group, const Bounds& bounds, bool hurry)
        : group_(group), bounds_(bounds), hurry_(hurry), system_(spec, *group.system), explorer_(system_),
          premises_(group.claims()), hooks_(system_, watched()) {}

    Coverage run(const TakesAnswer& answered) {
        HurriedHooks hurried(hooks_, explorer_, group_, hurry_);
        coverage_ = explorer_.run(bounds_, hurried);
        if (const Claim* late = hurried.overdue()) {
            answered(overdue_answer(*late, group_.expected.at(late).fewest_steps));
            return coverage_;
        }
        for (const Claim* claim : group_.watched) {
            const ClaimAnswer answer = watched_answer(*claim);
            // A claim that is open since the exploration ended early gets no answer.
            const bool left_open = hurry_ && answer.answer == Answer::unknown && ended_early();
            if (!left_open && !answered(answer)) return coverage_;
        }
        SharedStateIndex index(explorer_);
        for (const Claim* claim : group_.afterwards) {
            if (!answered(answer_afterwards(*claim, index))) return coverage_;
        }
        return coverage_;
    }

    // The numbers of states, bags and reactions are given in order of first use, so equal behaviour gets equal numbers.
    std::uint64_t fingerprint() const {
        if (ended_early() || coverage_.interrupted) return 0;
        Fingerprint print;
        print.add(coverage_.transitions);
        print.add(coverage_.cuts);
        print.add(explorer_);
        for (int end = 0; end < 2; ++end) print.add(system_.machine(end), system_.sent_by(end));
        return print.value();
    }

private:
    // The premise of an `acyclic` claim is watched for, though the claim itself is decided afterwards.
    std::vector<const Claim*> watched() const {
        std::vector<const Claim*> all = group_.watched;
        const std::vector<const Claim*> premises = premises_.claims();
        all.insert(all.end(), premises.begin(), premises.end());
        return all;
    }

    bool ended_early() const { return !coverage_.complete && !coverage_.limited && !coverage_.interrupted; }

    ClaimAnswer watched_answer(const Claim& claim) {
        int steps = -1;
        for (const auto& watch : hooks_.watches()) {
            if (watch->claim == &claim && watch->found)
                steps = explorer_.depth_of(watch->found->index) + (watch->found->next ? 1 : 0);
        }
        return answer_from(claim, decide_watched(claim, coverage_, premises_, hooks_), coverage_, steps);
    }

    ClaimAnswer answer_afterwards(const Claim& claim, SharedStateIndex& index) {
        const Decision decision =
            decide_afterwards(claim, system_, explorer_, index, coverage_, premises_, hooks_, bounds_);
        int steps = -1;
        if (decision.lost) steps = explorer_.depth_of(*decision.lost);
        if (decision.run) steps = static_cast<int>(decision.run->steps.size());
        return answer_from(claim, decision, coverage_, steps);
    }

    const ClaimGroup& group_;
    const Bounds& bounds_;
    bool hurry_;
    System system_;
    Explorer explorer_;
    Premises premises_;
    WatchHooks hooks_;
    Coverage coverage_;
};

}  // namespace

std::vector<const Claim*> ClaimGroup::claims() const {
    std::vector<const Claim*> all = watched;
    all.insert(all.end(), afterwards.begin(), afterwards.end());
    if (staged) all.push_back(staged);
    return all;
}

namespace {

// Must an exploration that watches for the claim, or for what puts it to the test, show each step?
bool asks_for_each_step(System& system, const Claim& claim) {
    const Premises premises({&claim});
    std::vector<const Claim*> watched = premises.claims();
    const bool afterwards = claim.kind == Claim::Kind::recoverable || is_liveness(claim.kind);
    if (!afterwards) watched.push_back(&claim);
    return WatchHooks(system, watched).needs().every_step;
}

}  // namespace

std::vector<ClaimGroup> claim_groups_of(const Spec& spec) {
    std::vector<ClaimGroup> groups;
    for (const SystemDecl& decl : spec.systems) {
        if (profile_at(spec, decl, 0).name != spec.subject && profile_at(spec, decl, 1).name != spec.subject) continue;
        System system(spec, decl);
        ClaimGroup by_words, by_steps;
        by_words.system = by_steps.system = &decl;
        by_steps.each_step = true;
        std::vector<ClaimGroup> staged;
        for (const Claim& claim : spec.claims) {
            if (claim.system != decl.name) continue;
            if (needs_monitor(system, claim)) {
                staged.push_back({&decl, {}, {}, &claim, true, {}});
                continue;
            }
            ClaimGroup& plain = asks_for_each_step(system, claim) ? by_steps : by_words;
            const bool afterwards = claim.kind == Claim::Kind::recoverable || is_liveness(claim.kind);
            (afterwards ? plain.afterwards : plain.watched).push_back(&claim);
        }
        for (ClaimGroup* plain : {&by_words, &by_steps}) {
            if (!plain->claims().empty()) groups.push_back(std::move(*plain));
        }
        groups.insert(groups.end(), staged.begin(), staged.end());
    }
    for (ClaimGroup& group : groups) {
        for (const Claim* claim : group.claims()) {
            const Expectation stated = claim->expected_for(spec.subject);
            group.expected.emplace(claim, GroupExpectation{stated.holds, stated.vacuous, -1});
        }
    }
    return groups;
}

bool as_expected(const ClaimAnswer& answer, const GroupExpectation& expected) {
    if (answer.answer == Answer::unknown || (answer.answer == Answer::holds) != expected.holds) return false;
    if (expected.fewest_steps >= 0 && answer.fewest_steps != expected.fewest_steps) return false;
    return expected.vacuous == answer.vacuous();
}

std::string to_string(const ClaimAnswer& answer) {
    if (answer.vacuous()) return fmt::format("vacuous: {} is never true", fmt::join(answer.never_met, ", "));
    const std::string note = answer.note.empty() ? "" : " (" + answer.note + ")";
    if (answer.fewest_steps < 0) return to_string(answer.answer) + note;
    return fmt::format("{} in {}{}", to_string(answer.answer), answer.fewest_steps, note);
}

std::string to_string(const GroupExpectation& expected) {
    if (expected.vacuous) return "vacuous";
    const std::string answer = expected.holds ? "holds" : "violated";
    return expected.fewest_steps < 0 ? answer : fmt::format("{} in {}", answer, expected.fewest_steps);
}

GroupResult decide_group(const Spec& spec, const ClaimGroup& group, const Bounds& bounds, bool hurry,
                         const TakesAnswer& answered) {
    if (group.staged) return {decide_by_monitor(spec, group, bounds, hurry, answered), 0};
    PlainGroup plain(spec, group, bounds, hurry);
    const Coverage coverage = plain.run(answered);
    return {coverage, plain.fingerprint()};
}

}  // namespace lastack
