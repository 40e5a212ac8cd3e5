#include "checker/mutation/lockstep.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <deque>
#include <unordered_set>

#include "checker/compare/distinguish.h"
#include "model/alike_segments.h"
#include "model/machine.h"

namespace lastack {

namespace {

struct Move {
    std::uint32_t observation = 0;  // at once
    std::uint32_t started = 0;      // which timers run from here on, by a number
    LocalId after = 0;
    bool looks_like(const Move& other) const { return observation == other.observation && started == other.started; }
    auto operator<=>(const Move&) const = default;
};
using Moves = std::vector<Move>;

constexpr std::uint32_t silent = 0;  // the observation of a timer that ends without a trace

void tidy(Moves& moves) {
    std::sort(moves.begin(), moves.end());
    moves.erase(std::unique(moves.begin(), moves.end()), moves.end());
}

}  // namespace

// One of the two endpoints.
class Lockstep::Side {
public:
    // What one input may lead to; nothing where it leads out of the declared ranges.
    using Answer = std::optional<Moves>;

    Side(const Profile& profile, const Limits& limits, const std::string& start, const OpenAlphabet& alphabet,
         std::map<std::string, std::uint32_t>& observations, AlikeSegments::Guards& guards)
        : profile_(without_history(profile)), alphabet_(alphabet),
          machine_(profile_, limits, calls_of(alphabet), out_, start.empty() ? -1 : profile_.state(start)),
          alike_(machine_, segments_of(alphabet), &guards), observations_(observations) {}

    // By input of the alphabet: calls and timers. The machine answers these together, and one by one where one of them
    // leaves a range.
    std::vector<Answer> spontaneous(LocalId local) {
        const std::size_t inputs = alphabet_.calls + alphabet_.timers;
        std::vector<Answer> answers(inputs, Moves{});
        try {
            const std::span<const Outcome> all = machine_.spontaneous(local);
            for (const Outcome& outcome : std::vector<Outcome>(all.begin(), all.end()))
                answers[input_of(machine_.label(outcome.label))]->push_back(move(outcome));
        } catch (const ModelError&) {
            for (std::size_t i = 0; i < inputs; ++i) answers[i] = alone(local, alphabet_.inputs[i]);
        }
        for (Answer& answer : answers)
            if (answer) tidy(*answer);
        return answers;
    }

    // The answers to segments, by class of those that the local state does not tell apart.
    struct Classes {
        std::vector<std::uint32_t> of;  // by segment of the alphabet
        std::vector<Answer> answers;
    };
    const Classes& segments(LocalId local) {
        if (local >= classes_.size()) classes_.resize(local + 1);
        if (classes_[local]) return *classes_[local];
        Classes found;
        const std::vector<AlikeSegments::Class> classes = alike_.at(local, found.of);
        std::vector<std::uint32_t> number(found.of.size());  // by the first segment of a class
        for (const AlikeSegments::Class& one : classes) {
            number[one.first] = static_cast<std::uint32_t>(found.answers.size());
            found.answers.emplace_back();
            if (one.outside) continue;
            Moves& moves = found.answers.back().emplace();
            for (const Outcome& outcome : one.outcomes) moves.push_back(move(outcome));
            tidy(moves);
        }
        for (std::uint32_t& of : found.of) of = number[of];
        return classes_[local].emplace(std::move(found));
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

    static std::vector<Segment> segments_of(const OpenAlphabet& alphabet) {
        std::vector<Segment> segments;
        for (const Input& input : alphabet.inputs) {
            if (input.trigger == Trigger::segment) segments.push_back(input.segment);
        }
        return segments;
    }

    std::size_t input_of(const Label& label) const {
        std::size_t i = label.trigger == Trigger::call ? 0 : alphabet_.calls;
        while (alphabet_.inputs[i].name != label.name) ++i;
        return i;
    }

    Answer alone(LocalId local, const Input& input) {
        Moves moves;
        try {
            for (const Outcome& outcome : machine_.react_to(local, input)) moves.push_back(move(outcome));
        } catch (const ModelError&) {
            return std::nullopt;
        }
        return moves;
    }

    Move move(const Outcome& outcome) {
        std::array<std::uint32_t, 6> key{outcome.label, outcome.sent_count};
        for (int i = 0; i < outcome.sent_count; ++i) key[2 + i] = outcome.sent[i];
        auto known = observation_of_.find(key);
        if (known == observation_of_.end()) known = observation_of_.emplace(key, number(seen(outcome))).first;
        return {known->second, number(started(outcome)), outcome.after};
    }

    // "" where a timer ends without a trace.
    std::string seen(const Outcome& outcome) const {
        const Label& label = machine_.label(outcome.label);
        if (label.trigger == Trigger::timer && label.signals.empty() && label.result == "ok" && outcome.sent_count == 0)
            return "";
        std::string text = fmt::format("{}|{}", label.result, fmt::join(label.signals, ","));
        for (int i = 0; i < outcome.sent_count; ++i) {
            Segment segment = out_[outcome.sent[i]];
            segment.era = 0;  // it is not on the wire
            text += "|" + to_string(segment, profile_.vocabulary);
        }
        return text;
    }

    std::string started(const Outcome& outcome) const {
        const Label& label = machine_.label(outcome.label);
        if (label.started.empty()) return "";
        const EndState after = machine_.decode(outcome.after);
        std::string text;
        for (std::size_t timer = 0; timer < profile_.timers.size(); ++timer) {
            const bool starts = std::find(label.started.begin(), label.started.end(), timer) != label.started.end();
            if (starts && after.armed[timer] && profile_.timers[timer].latest_us > 0) text += fmt::format(",{}", timer);
        }
        return text;
    }

    std::uint32_t number(const std::string& text) {
        if (text.empty()) return silent;
        return observations_.try_emplace(text, static_cast<std::uint32_t>(observations_.size() + 1)).first->second;
    }

    Profile profile_;
    const OpenAlphabet& alphabet_;
    SegmentTable out_;
    Machine machine_;
    AlikeSegments alike_;
    std::deque<std::optional<Classes>> classes_;          // by local state; a deque, so that none moves
    std::map<std::string, std::uint32_t>& observations_;  // shared by both sides
    std::map<std::array<std::uint32_t, 6>, std::uint32_t> observation_of_;
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

enum class Match { all, none, unsure };

// Does each move have one that looks like it at once? `unsure`: only ends of timers without a trace have none.
Match look_alike(const Moves& of_a, const Moves& of_b) {
    const auto has = [](const Moves& moves, const Move& wanted) {
        return std::any_of(moves.begin(), moves.end(),
                           [&](const Move& move) { return move.observation == wanted.observation; });
    };
    Match result = Match::all;
    for (const bool left : {true, false}) {
        for (const Move& move : left ? of_a : of_b) {
            if (has(left ? of_b : of_a, move)) continue;
            if (move.observation != silent) return Match::none;
            result = Match::unsure;
        }
    }
    return result;
}

// Pairs the moves of both sides up; `equal` compares local states.
template <class Equal>
Match match(const Moves& of_a, const Moves& of_b, bool sure, bool timer, Pairs& pairs, Equal equal) {
    const Match alike = look_alike(of_a, of_b);
    // A timer that runs on one side only may have been left running where nobody sees its end.
    if (alike != Match::all) return timer && (of_a.empty() || of_b.empty()) ? Match::unsure : alike;
    std::size_t i = 0, j = 0;
    while (i < of_a.size() || j < of_b.size()) {
        if (i == of_a.size() || j == of_b.size() || !of_a[i].looks_like(of_b[j])) return Match::unsure;
        const std::size_t first_a = i, first_b = j;
        while (i < of_a.size() && of_a[i].looks_like(of_a[first_a])) ++i;
        while (j < of_b.size() && of_b[j].looks_like(of_b[first_b])) ++j;
        if (i - first_a == 1 && j - first_b == 1) {
            pairs.add({of_a[first_a].after, of_b[first_b].after, sure});
            continue;
        }
        if (i - first_a != j - first_b) return Match::unsure;
        for (std::size_t k = first_a; k < i; ++k) {
            const auto begin = of_b.begin() + static_cast<std::ptrdiff_t>(first_b);
            const auto end = of_b.begin() + static_cast<std::ptrdiff_t>(j);
            const auto found =
                std::find_if(begin, end, [&](const Move& move) { return equal(of_a[k].after, move.after); });
            if (found == end) return Match::unsure;
            pairs.add({of_a[k].after, found->after, false});
        }
    }
    return Match::all;
}

}  // namespace

Lockstep::Lockstep(const Profile& original, const Limits& limits, const std::string& start,
                   const OpenAlphabet& alphabet)
    : profile_(original), limits_(limits), start_(start), alphabet_(alphabet), original_(side_of(original)) {}

Lockstep::~Lockstep() = default;

std::unique_ptr<Lockstep::Side> Lockstep::side_of(const Profile& profile) {
    return std::make_unique<Side>(profile, limits_, start_, alphabet_, observations_, guards_);
}

std::optional<bool> Lockstep::same(const Profile& mutant, std::size_t max_pairs, const std::function<bool()>& stop) {
    const std::unique_ptr<Side> changed = side_of(mutant);
    const auto equal = [&](LocalId a, LocalId b) { return original_->state(a) == changed->state(b); };
    Pairs pairs;
    pairs.add({0, 0, true});  // both machines begin with their local state 0
    bool sure = true;
    // False: one move has no other that looks like it.
    const auto matches = [&](const Pair& pair, const Side::Answer& of_a, const Side::Answer& of_b, bool timer) {
        if (of_a.has_value() != of_b.has_value()) sure = false;
        if (!of_a || !of_b) return true;
        const Match matched = match(*of_a, *of_b, pair.sure, timer, pairs, equal);
        if (matched != Match::all) sure = false;
        return matched != Match::none || !pair.sure;
    };
    std::vector<bool> met;  // by the classes of both sides
    while (!pairs.empty()) {
        if (pairs.size() > max_pairs || (stop && stop())) return std::nullopt;
        const Pair pair = pairs.next();
        const std::vector<Side::Answer> calls_a = original_->spontaneous(pair.a);
        const std::vector<Side::Answer> calls_b = changed->spontaneous(pair.b);
        for (std::size_t i = 0; i < calls_a.size(); ++i) {
            if (!matches(pair, calls_a[i], calls_b[i], i >= alphabet_.calls)) return false;
        }
        const Side::Classes &classes_a = original_->segments(pair.a), &classes_b = changed->segments(pair.b);
        met.assign(classes_a.answers.size() * classes_b.answers.size(), false);
        for (std::size_t i = 0; i < classes_a.of.size(); ++i) {
            const std::uint32_t a = classes_a.of[i], b = classes_b.of[i];
            const std::size_t joint = a * classes_b.answers.size() + b;
            if (met[joint]) continue;
            met[joint] = true;
            if (!matches(pair, classes_a.answers[a], classes_b.answers[b], false)) return false;
        }
    }
    return sure ? std::optional<bool>(true) : std::nullopt;
}

bool Lockstep::equivalent(const Profile& mutant, std::size_t max_pairs, const std::function<bool()>& stop) {
    if (const std::optional<bool> quick = same(mutant, max_pairs, stop)) return *quick;
    return bisimilar(profile_, mutant, limits_, limits_, max_pairs, {start_}, stop) == true;
}

}  // namespace lastack
