#include "checker/lockstep.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <deque>
#include <unordered_set>

#include "checker/endpoint_lts.h"
#include "model/machine.h"

namespace lastack {

namespace {

struct Move {
    std::uint32_t observation = 0;
    LocalId after = 0;
    auto operator<=>(const Move&) const = default;
};
using Moves = std::vector<Move>;

}  // namespace

// One of the two endpoints. Input 0 is all calls and timers, which the machine answers together; their names are part
// of what is observed. The others are the segments of the alphabet.
class Lockstep::Side {
public:
    Side(const Profile& profile, const Limits& limits, const std::string& start, const OpenAlphabet& alphabet,
         std::map<std::string, std::uint32_t>& observations)
        : profile_(without_history(profile)),
          machine_(profile_, limits, calls_of(alphabet), out_, start.empty() ? -1 : profile_.state(start)),
          observations_(observations) {
        for (const Input& input : alphabet.inputs) {
            if (input.trigger == Trigger::segment) in_.intern(input.segment);
        }
    }

    std::size_t inputs() const { return in_.size() + 1; }

    // Sorted, each once. Nothing where the profile leaves its declared ranges.
    std::optional<Moves> moves(LocalId local, std::size_t input) {
        Moves moves;
        try {
            const std::span<const Outcome> outcomes =
                input == 0 ? machine_.spontaneous(local)
                           : machine_.receive(local, static_cast<SegmentId>(input - 1), in_);
            for (const Outcome& outcome : outcomes) moves.push_back({observed(outcome), outcome.after});
        } catch (const ModelError&) {
            return std::nullopt;
        }
        std::sort(moves.begin(), moves.end());
        moves.erase(std::unique(moves.begin(), moves.end()), moves.end());
        return moves;
    }

    EndState state(LocalId local) const { return machine_.decode(local); }

private:
    static std::vector<std::string> calls_of(const OpenAlphabet& alphabet) {
        std::vector<std::string> calls;
        for (const Input& input : alphabet.inputs) {
            if (input.trigger == Trigger::call) calls.push_back(input.name);
        }
        return calls;
    }

    std::uint32_t observed(const Outcome& outcome) {
        const std::size_t index = machine_.index_of(outcome);
        if (index >= observation_of_.size()) observation_of_.resize(index * 2 + 64, unknown);
        if (observation_of_[index] == unknown) observation_of_[index] = observe(outcome);
        return observation_of_[index];
    }

    std::uint32_t observe(const Outcome& outcome) {
        const Label& label = machine_.label(outcome.label);
        std::string seen =
            fmt::format("{}|{}|{}|{}", static_cast<int>(label.trigger), label.name,
                        label.trigger == Trigger::call ? label.result : "", fmt::join(label.signals, ","));
        for (int i = 0; i < outcome.sent_count; ++i) {
            Segment segment = out_[outcome.sent[i]];
            segment.era = 0;  // it is not on the wire
            seen += "|" + to_string(segment);
        }
        return observations_.try_emplace(std::move(seen), static_cast<std::uint32_t>(observations_.size()))
            .first->second;
    }

    static constexpr std::uint32_t unknown = ~0u;
    Profile profile_;
    SegmentTable in_, out_;
    Machine machine_;
    std::map<std::string, std::uint32_t>& observations_;  // shared by both sides
    std::vector<std::uint32_t> observation_of_;           // by index of the outcome
};

namespace {

struct Pair {
    LocalId a = 0, b = 0;
    bool sure = true;  // no guess on the way
};

// Pairs met so far, in order.
class Pairs {
public:
    void add(const Pair& pair) {
        if (known_.insert(std::uint64_t{pair.a} << 32 | pair.b).second) waiting_.push_back(pair);
    }
    bool empty() const { return waiting_.empty(); }
    std::size_t size() const { return known_.size(); }
    Pair next() {
        const Pair pair = waiting_.front();
        waiting_.pop_front();
        return pair;
    }

private:
    std::unordered_set<std::uint64_t> known_;
    std::deque<Pair> waiting_;
};

enum class Match { all, none, guess_failed };

// Pairs the moves of both sides up; `equal` compares local states.
template <class Equal>
Match match(const Moves& of_a, const Moves& of_b, bool sure, Pairs& pairs, Equal equal) {
    std::size_t i = 0, j = 0;
    while (i < of_a.size() || j < of_b.size()) {
        if (i == of_a.size() || j == of_b.size() || of_a[i].observation != of_b[j].observation) return Match::none;
        const std::uint32_t observation = of_a[i].observation;
        const std::size_t first_a = i, first_b = j;
        while (i < of_a.size() && of_a[i].observation == observation) ++i;
        while (j < of_b.size() && of_b[j].observation == observation) ++j;
        if (i - first_a == 1 && j - first_b == 1) {
            pairs.add({of_a[first_a].after, of_b[first_b].after, sure});
            continue;
        }
        if (i - first_a != j - first_b) return Match::guess_failed;
        for (std::size_t k = first_a; k < i; ++k) {
            const auto begin = of_b.begin() + static_cast<std::ptrdiff_t>(first_b);
            const auto end = of_b.begin() + static_cast<std::ptrdiff_t>(j);
            const auto found =
                std::find_if(begin, end, [&](const Move& move) { return equal(of_a[k].after, move.after); });
            if (found == end) return Match::guess_failed;
            pairs.add({of_a[k].after, found->after, false});
        }
    }
    return Match::all;
}

}  // namespace

Lockstep::Lockstep(const Profile& original, const Limits& limits, const std::string& start)
    : limits_(limits), start_(start), alphabet_(open_alphabet(original, limits, original, limits)),
      original_(side_of(original)) {}

Lockstep::~Lockstep() = default;

std::unique_ptr<Lockstep::Side> Lockstep::side_of(const Profile& profile) {
    return std::make_unique<Side>(profile, limits_, start_, alphabet_, observations_);
}

std::optional<bool> Lockstep::same(const Profile& mutant, std::size_t max_pairs) {
    const std::unique_ptr<Side> changed = side_of(mutant);
    const auto equal = [&](LocalId a, LocalId b) { return original_->state(a) == changed->state(b); };
    Pairs pairs;
    pairs.add({0, 0, true});  // both machines begin with their local state 0
    while (!pairs.empty()) {
        if (pairs.size() > max_pairs) return std::nullopt;
        const Pair pair = pairs.next();
        for (std::size_t input = 0; input < original_->inputs(); ++input) {
            const std::optional<Moves> of_a = original_->moves(pair.a, input);
            const std::optional<Moves> of_b = changed->moves(pair.b, input);
            if (!of_a || !of_b) continue;
            const Match matched = match(*of_a, *of_b, pair.sure, pairs, equal);
            if (matched == Match::none && pair.sure) return false;
            if (matched != Match::all) return std::nullopt;
        }
    }
    return true;
}

}  // namespace lastack
