// The shortest exchange that one side has and the other has not.
//
// Idea: follow all that each side may be in after the same inputs and observations, as a pair of sets of local states
// (the subset construction of Rabin and Scott, 1959, for both sides at once), breadth first. The first pair whose sets
// answer an input with different sets of observations ends a shortest trace of one side that the other one has not.
// Where all pairs agree but the sides are not bisimilar they differ in when they choose, and a play of the bisimulation
// game shows it (bisimulation.h). Deviation: inputs by which a member of either set leaves its declared ranges are
// passed over and counted. Timers that are started on one side only are remembered with the pair: where such a timer
// then expires on both sides it does so at different times, and that is a difference. The search goes on behind the
// first difference, along what both sides have in common, to list the others. Cost: pairs times edges; exponential in
// the number of choices that cannot be seen at once, bounded by max_pairs.
#include "checker/compare/distinguish.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "checker/compare/both_at_once.h"
#include "checker/compare/joint_inputs.h"
#include "checker/compare/timing.h"

namespace lastack {

namespace {

using Vertices = std::vector<std::uint32_t>;  // sorted, each once

class SetSearch {
public:
    SetSearch(Comparison& result, std::size_t max_pairs, const std::function<bool()>& stop)
        : result_(result), lts_{result.lts[0].get(), result.lts[1].get()}, joint_(*lts_[0], *lts_[1]),
          max_pairs_(max_pairs), patience_(stop) {}

    // Only along playable steps, and each difference is offered instead of kept.
    void offer(const Playable& playable, const std::function<bool(const Distinction&)>& take) {
        playable_ = &playable;
        take_ = &take;
    }

    void run() {
        find({{{0}, {0}}, 0, {}}, {});
        bool all = true;
        for (std::uint32_t pair = 0; pair < nodes_.size() && all && !ended_; ++pair) {
            patience_();
            look(pair);
            all = nodes_.size() <= max_pairs_;
        }
        if (take_) return;
        result_.pairs = nodes_.size();
        result_.all_pairs = all;
    }

    const std::optional<Distinction>& taken() const { return taken_; }

private:
    struct Sets {
        Vertices of[2];
        std::uint64_t apart =
            0;              // timers, by their place in the alphabet, that the sides did not start at the same time
        PeerStream stream;  // only where playable exchanges are wanted
        bool operator==(const Sets&) const = default;
    };
    struct Hash {
        std::size_t operator()(const Sets& sets) const {
            std::uint64_t sum = sets.apart ^ static_cast<std::uint64_t>(sets.stream.fin + 1) << 32 ^
                                static_cast<std::uint64_t>(sets.stream.top);
            const auto mix = [&](std::uint64_t word) { sum = (sum ^ word) * 0x9e3779b97f4a7c15U ^ sum >> 29; };
            for (const Vertices& vertices : sets.of) {
                mix(vertices.size());
                for (const std::uint32_t vertex : vertices) mix(vertex);
            }
            return sum;
        }
        std::size_t operator()(const std::vector<std::uint32_t>& words) const {
            std::uint64_t sum = words.size();
            for (const std::uint32_t word : words) sum = (sum ^ word) * 0x9e3779b97f4a7c15U ^ sum >> 29;
            return sum;
        }
    };
    struct Node {
        const Sets* sets = nullptr;
        std::uint32_t parent = 0;
        std::uint32_t input = 0, observation = 0;  // on the way from the parent
        int waits = -1;                            // the side that has no such step, and stays as it is
    };
    using Edges = std::span<const LtsEdge>;

    void find(Sets sets, const Node& how) {
        const auto [place, fresh] = ids_.try_emplace(std::move(sets), static_cast<std::uint32_t>(nodes_.size()));
        if (!fresh) return;
        nodes_.push_back(how);
        nodes_.back().sets = &place->first;
    }

    // A set's edges of one input, by observation.
    Edges gather(int side, const Vertices& vertices, std::uint32_t input, std::vector<LtsEdge>& store) const {
        store.clear();
        for (const std::uint32_t vertex : vertices) {
            for (LtsEdge edge : lts_[side]->edges(vertex, input)) {
                edge.input = input;
                store.push_back(edge);
            }
        }
        std::sort(store.begin(), store.end());
        return store;
    }

    void look(std::uint32_t pair) {
        std::vector<LtsEdge> store[2];
        const Vertices* sets = nodes_[pair].sets->of;
        for (const JointInputs::Class& alike : joint_.of(sets[0], sets[1])) {
            const Edges here[2] = {gather(0, sets[0], alike.front(), store[0]),
                                   gather(1, sets[1], alike.front(), store[1])};
            if ((here[0].empty() && here[1].empty()) || passed_over(pair, alike.front(), here)) continue;
            if (!playable_) {
                answer(pair, alike.front(), here, {});
                continue;
            }
            // For the endpoints they are the same, and for the peer's stream those are with the same future.
            std::set<PeerStream> streams;
            for (const std::uint32_t input : alike) {
                const std::optional<PeerStream> stream = played(pair, input, here);
                if (!stream || !streams.insert(*stream).second) continue;
                for (std::vector<LtsEdge>& edges : store)
                    for (LtsEdge& edge : edges) edge.input = input;
                answer(pair, input, here, *stream);
                if (ended_) return;
            }
        }
    }

    // The peer's stream after the input; nothing where the step cannot be played.
    std::optional<PeerStream> played(std::uint32_t pair, std::uint32_t input, const Edges (&here)[2]) const {
        PeerStream stream = nodes_[pair].sets->stream;
        const Input& given = result_.alphabet->inputs[input];
        if (!playable_->input(given)) return std::nullopt;
        if (given.trigger == Trigger::segment && !stream.take(given.segment)) return std::nullopt;
        for (const int side : {0, 1})
            for (const LtsEdge& edge : here[side])
                if (!playable_->state(lts_[side]->control_state(edge.to))) return std::nullopt;
        return stream;
    }

    // Timers that the reaction starts, by their place in the alphabet.
    std::uint64_t starts(std::uint32_t observation) {
        if (observation >= starts_.size()) starts_.resize(observation + 1);
        if (!starts_[observation]) starts_[observation] = timers_started(observation);
        return *starts_[observation];
    }
    std::uint64_t timers_started(std::uint32_t observation) const {
        std::uint64_t timers = 0;
        const std::vector<Input>& inputs = result_.alphabet->inputs;
        for (const std::string& name : (*result_.observations)[observation].started) {
            for (std::size_t i = 0; i < result_.alphabet->timers; ++i)
                if (inputs[result_.alphabet->calls + i].name == name) timers |= std::uint64_t{1} << i;
        }
        return timers;
    }

    // Is it a timer that runs on both sides, but was not started at the same time?
    bool expires_apart(std::uint32_t pair, std::uint32_t input) const {
        return is_timer(input) && (nodes_[pair].sets->apart >> (input - result_.alphabet->calls) & 1U) != 0;
    }
    bool is_timer(std::uint32_t input) const {
        const std::size_t calls = result_.alphabet->calls;
        return input >= calls && input < calls + result_.alphabet->timers;
    }

    bool passed_over(std::uint32_t pair, std::uint32_t input, const Edges (&here)[2]) {
        bool leaves[2];
        for (const int side : {0, 1})
            leaves[side] = !here[side].empty() && here[side][0].observation == Observations::outside;
        if (!leaves[0] && !leaves[1]) return false;
        if (leaves[0] == leaves[1] || take_ || result_.out_of_ranges.count++ > 0) return true;
        OutOfRanges& left = result_.out_of_ranges;
        left.side = leaves[0] ? 0 : 1;
        left.input = input;
        for (const std::uint32_t vertex : nodes_[pair].sets->of[left.side])
            if (left.why.empty()) left.why = lts_[left.side]->why_outside(vertex, input);
        return true;
    }

    void answer(std::uint32_t pair, std::uint32_t input, const Edges (&here)[2], const PeerStream& stream) {
        if (here[0].size() == 1 && here[1].size() == 1 && here[0][0].observation == here[1][0].observation &&
            !(is_timer(input) && expires_apart(pair, input)))
            return both_go(pair, input, here, stream);
        std::map<std::uint32_t, std::vector<LtsEdge>> alike[2];  // by what is observed at once
        for (const int side : {0, 1})
            for (const LtsEdge& edge : here[side])
                alike[side][result_.observations->at_once(edge.observation)].push_back(edge);
        bool differs = false;
        for (const int side : {0, 1})
            for (const auto& [observation, edges] : alike[side]) differs |= !alike[1 - side].contains(observation);
        const bool apart = !here[0].empty() && !here[1].empty() && expires_apart(pair, input);
        if (differs || apart) keep(pair, input, here, !differs);
        if (apart) return;
        if (take_ && is_timer(input)) wait_for_one(pair, input, here, alike);
        for (const auto& [observation, edges] : alike[0]) {
            const auto other = alike[1].find(observation);
            if (other == alike[1].end()) continue;
            go_on({nullptr, pair, input, observation, -1}, edges, other->second, stream);
        }
    }

    // Neither side has a choice, and both do the same.
    void both_go(std::uint32_t pair, std::uint32_t input, const Edges (&here)[2], const PeerStream& stream) {
        const std::uint32_t observation = here[0][0].observation;
        Sets sets{{{here[0][0].to}, {here[1][0].to}}, nodes_[pair].sets->apart & ~starts(observation), stream};
        find(std::move(sets), {nullptr, pair, input, result_.observations->at_once(observation), -1});
    }

    // A timer that only one side has ends without a trace: the other side stays where it is.
    void wait_for_one(std::uint32_t pair, std::uint32_t input, const Edges (&here)[2],
                      const std::map<std::uint32_t, std::vector<LtsEdge>> (&alike)[2]) {
        for (const int side : {0, 1}) {
            if (!here[1 - side].empty() || alike[side].size() != 1) continue;
            const auto& [observation, edges] = *alike[side].begin();
            const Observation& seen = (*result_.observations)[observation];
            if (!seen.sent.empty() || !seen.signals.empty()) continue;
            Sets sets = *nodes_[pair].sets;
            sets.of[side].clear();
            for (const LtsEdge& edge : edges) sets.of[side].push_back(edge.to);
            const PeerStream stream = sets.stream;
            add(std::move(sets), {nullptr, pair, input, observation, 1 - side}, stream);
        }
    }

    // To what both sides may be in behind edges that look alike at once. Where they also start the same timers, each
    // choice of these is followed by itself; else some timers are apart from here on.
    void go_on(const Node& how, const std::vector<LtsEdge>& of_a, const std::vector<LtsEdge>& of_b,
               const PeerStream& stream) {
        std::map<std::uint64_t, Sets> by_start;
        std::uint64_t all[2] = {~std::uint64_t{0}, ~std::uint64_t{0}}, any = 0;
        for (const int side : {0, 1}) {
            for (const LtsEdge& edge : side == 0 ? of_a : of_b) {
                const std::uint64_t timers = starts(edge.observation);
                by_start[timers].of[side].push_back(edge.to);
                all[side] &= timers;
                any |= timers;
            }
        }
        const std::uint64_t before = nodes_[how.parent].sets->apart;
        const bool same = std::all_of(by_start.begin(), by_start.end(), [](const auto& each) {
            return !each.second.of[0].empty() && !each.second.of[1].empty();
        });
        if (same) {
            for (auto& [timers, sets] : by_start) {
                sets.apart = before & ~timers;
                add(std::move(sets), how, stream);
            }
            return;
        }
        Sets together;
        for (auto& [timers, sets] : by_start)
            for (const int side : {0, 1})
                together.of[side].insert(together.of[side].end(), sets.of[side].begin(), sets.of[side].end());
        const std::uint64_t both = all[0] & all[1];
        together.apart = (before & ~both) | (any & ~both);
        add(std::move(together), how, stream);
    }

    void add(Sets sets, const Node& how, const PeerStream& stream) {
        for (Vertices& vertices : sets.of) {
            std::sort(vertices.begin(), vertices.end());
            vertices.erase(std::unique(vertices.begin(), vertices.end()), vertices.end());
        }
        sets.stream = stream;
        find(std::move(sets), how);
    }

    void keep(std::uint32_t pair, std::uint32_t input, const Edges (&here)[2], bool in_time) {
        if (!take_ && !kinds_.insert(kind_of(pair, input, here, in_time)).second) return;
        Distinction found;
        found.input = input;
        found.in_time = in_time;
        for (const int side : {0, 1}) {
            found.answers[side] = answers_of(*lts_[side], here[side]);
            std::set<std::string> states;
            for (const std::uint32_t vertex : nodes_[pair].sets->of[side])
                states.insert(lts_[side]->control_state(vertex));
            found.states[side].assign(states.begin(), states.end());
        }
        std::vector<std::uint32_t> path;
        for (std::uint32_t node = pair; node != 0; node = nodes_[node].parent) path.push_back(node);
        std::reverse(path.begin(), path.end());
        for (const std::uint32_t node : path) found.steps.push_back({nodes_[node].input, nodes_[node].observation, -1});
        for (const int side : {0, 1}) {
            for (const std::uint32_t node : path) found.waited[side] |= nodes_[node].waits == side;
            found.run[side] = run_of(side, found, path, here);
            if (in_time) found.started_after[side] = start_of_last(side, found);
        }
        if (take_) {
            ended_ = (*take_)(found);
            if (ended_) taken_ = std::move(found);
            ended_ = ended_ || ++offered_ >= playable_->most_tried;
        } else if (!result_.distinction) {
            result_.distinction = std::move(found);
        } else {
            result_.further.push_back(std::move(found));
        }
    }

    // After how many steps of its run the side started the timer that expires last.
    std::size_t start_of_last(int side, const Distinction& found) const {
        const int timer = lts_[side]->profile().timer(lts_[side]->own_input(found.input).name);
        for (std::size_t i = found.waited[side] ? 0 : found.steps.size(); i-- > 0;) {
            const std::vector<int>& started = lts_[side]->started(found.run[side].edges[i]);
            if (std::find(started.begin(), started.end(), timer) != started.end()) return i + 1;
        }
        return 0;
    }

    // Where, on what kind of input, by which rules.
    std::vector<std::uint32_t> kind_of(std::uint32_t pair, std::uint32_t input, const Edges (&here)[2], bool in_time) {
        constexpr std::uint32_t next_part = ~0U;
        const Input& given = result_.alphabet->inputs[input];
        std::vector<std::uint32_t> kind{in_time ? 1U : 0U};
        if (given.trigger == Trigger::segment) {
            const Segment& segment = given.segment;
            kind.insert(kind.end(), {next_part, segment.fin, segment.syn, segment.rst, segment.has_ack, segment.len > 0,
                                     segment.kind});
        } else {
            kind.push_back(input);
        }
        for (const int side : {0, 1}) {
            kind.push_back(next_part);
            const std::size_t states = kind.size();
            for (const std::uint32_t vertex : nodes_[pair].sets->of[side])
                kind.push_back(static_cast<std::uint32_t>(lts_[side]->control(vertex)));
            std::sort(kind.begin() + static_cast<std::ptrdiff_t>(states), kind.end());
            kind.erase(std::unique(kind.begin() + static_cast<std::ptrdiff_t>(states), kind.end()), kind.end());
            kind.push_back(next_part);
            const std::size_t answers = kind.size();
            for (const LtsEdge& edge : here[side]) {
                const std::uint32_t rules = rules_number(side, edge);
                if (std::find(kind.begin() + static_cast<std::ptrdiff_t>(answers), kind.end(), rules) == kind.end())
                    kind.push_back(rules);
            }
        }
        return kind;
    }

    std::uint32_t rules_number(int side, const LtsEdge& edge) {
        const auto [place, fresh] = rules_of_label_[side].try_emplace(edge.label, 0);
        if (fresh)
            place->second =
                rules_numbers_.try_emplace(lts_[side]->rules(edge), static_cast<std::uint32_t>(rules_numbers_.size()))
                    .first->second;
        return place->second;
    }

    // One run of a side through the sets of the path, found backwards from an edge that the other side has not, if
    // there is one.
    SideRun run_of(int side, const Distinction& found, const std::vector<std::uint32_t>& path,
                   const Edges (&here)[2]) const {
        const auto other_has = [&](const LtsEdge& edge) {
            return std::any_of(here[1 - side].begin(), here[1 - side].end(),
                               [&](const LtsEdge& other) { return other.observation == edge.observation; });
        };
        const LtsEdge* last = nullptr;
        for (const LtsEdge& edge : here[side])
            if (!last || (other_has(*last) && !other_has(edge))) last = &edge;
        const Vertices& end = path.empty() ? nodes_[0].sets->of[side] : nodes_[path.back()].sets->of[side];
        std::uint32_t vertex = end.front();
        SideRun run;
        if (last) {
            vertex = source_of(side, end, found.input, *last);
            run.edges.push_back(*last);
        }
        run.vertices.push_back(vertex);
        for (std::size_t i = path.size(); i-- > 0;) {
            const Node& node = nodes_[path[i]];
            if (node.waits == side) continue;
            const LtsEdge step{node.input, node.observation, vertex, 0};
            const LtsEdge edge = edge_into(side, nodes_[node.parent].sets->of[side], step, vertex);
            run.edges.insert(run.edges.begin(), edge);
            run.vertices.insert(run.vertices.begin(), vertex);
        }
        if (last) run.vertices.push_back(last->to);
        return run;
    }

    std::uint32_t source_of(int side, const Vertices& from, std::uint32_t input, const LtsEdge& edge) const {
        for (const std::uint32_t vertex : from)
            for (const LtsEdge& other : lts_[side]->edges(vertex, input))
                if (other.to == edge.to && other.observation == edge.observation && other.label == edge.label)
                    return vertex;
        return from.front();
    }

    // The edge that a member of the set has with this label and target; `vertex` becomes that member.
    LtsEdge edge_into(int side, const Vertices& from, const LtsEdge& wanted, std::uint32_t& vertex) const {
        for (const std::uint32_t source : from) {
            for (LtsEdge edge : lts_[side]->edges(source, wanted.input)) {
                if (edge.to != wanted.to || result_.observations->at_once(edge.observation) != wanted.observation)
                    continue;
                vertex = source;
                edge.input = wanted.input;
                return edge;
            }
        }
        return wanted;
    }

public:
    static std::vector<Response> answers_of(const EndpointLts& lts, Edges edges) {
        std::vector<Response> answers;
        for (const LtsEdge& edge : edges) {
            const std::vector<std::string>& rules = lts.rules(edge);
            const bool known = std::any_of(answers.begin(), answers.end(), [&](const Response& answer) {
                return answer.observation == edge.observation && answer.rules == rules;
            });
            if (!known) answers.push_back({edge.observation, rules});
        }
        return answers;
    }

private:
    Comparison& result_;
    const EndpointLts* lts_[2];
    JointInputs joint_;
    std::size_t max_pairs_;
    Patience patience_;
    const Playable* playable_ = nullptr;
    const std::function<bool(const Distinction&)>* take_ = nullptr;
    std::optional<Distinction> taken_;
    std::size_t offered_ = 0;
    bool ended_ = false;
    std::unordered_map<Sets, std::uint32_t, Hash> ids_;
    std::vector<Node> nodes_;
    std::unordered_set<std::vector<std::uint32_t>, Hash> kinds_;
    std::map<std::vector<std::string>, std::uint32_t> rules_numbers_;
    std::map<std::uint32_t, std::uint32_t> rules_of_label_[2];
    std::vector<std::optional<std::uint64_t>> starts_;  // by observation
};

// A play of the bisimulation game as a distinction.
Distinction told(const Comparison& result, const Play& play) {
    Distinction found;
    found.branching = true;
    found.input = play.input;
    for (const int side : {0, 1}) {
        const EndpointLts& lts = *result.lts[side];
        const std::uint32_t vertex = side == 0 ? play.vertex_a : play.vertex_b;
        found.run[side].vertices.push_back(0);
        for (const Play::Step& step : play.steps) {
            found.run[side].edges.push_back(side == 0 ? step.of_a : step.of_b);
            found.run[side].vertices.push_back(found.run[side].edges.back().to);
        }
        const std::span<const LtsEdge> last = lts.edges(vertex, play.input);
        found.answers[side] = SetSearch::answers_of(lts, last);
        found.states[side] = {lts.control_state(vertex)};
        if (last.empty()) continue;
        found.run[side].edges.push_back(last.front());
        found.run[side].edges.back().input = play.input;
        found.run[side].vertices.push_back(last.front().to);
    }
    for (const Play::Step& step : play.steps)
        found.steps.push_back({step.of_a.input, step.of_a.observation, step.a_moves ? 0 : 1});
    return found;
}

}  // namespace

namespace {

void decide(Comparison& result, const Profile& a, const Limits& limits_a, const Profile& b, const Limits& limits_b,
            const CompareOptions& options) {
    using Verdict = Comparison::Verdict;
    std::mutex asking;
    const auto stop = [&] {
        const std::scoped_lock lock(asking);
        return options.stop && options.stop();
    };
    LtsOptions of_a{options.max_states, options.states_observable, options.start, {}, {}, stop};
    of_a.measured = differently_measured(a, b, *result.alphabet);
    LtsOptions of_b = of_a;
    of_b.timer_names = result.alphabet->timer_of_b;
    Observations seen_of_b;
    both_at_once(
        [&] {
            result.lts[0] = std::make_unique<EndpointLts>(a, limits_a, *result.alphabet, *result.observations, of_a);
        },
        [&] { result.lts[1] = std::make_unique<EndpointLts>(b, limits_b, *result.alphabet, seen_of_b, of_b); });
    if (!result.lts[0]->complete() || !result.lts[1]->complete()) return;

    result.lts[1]->move_to(*result.observations, seen_of_b);
    unite_inputs(*result.lts[0], *result.lts[1], *result.alphabet);
    result.partition = observe_time(*result.lts[0], *result.lts[1], *result.observations, options.stop);
    if (result.partition.bisimilar()) {
        result.verdict = Verdict::bisimilar;
        return;
    }
    SetSearch(result, options.max_pairs, options.stop).run();
    if (result.distinction) {
        result.verdict = Verdict::different;
        return;
    }
    const std::optional<bool> inside =
        bisimilar_inside(*result.lts[0], *result.lts[1], options.max_pairs, options.stop);
    if (!inside) return;
    result.verdict = *inside ? Verdict::same_inside : Verdict::different;
    if (*inside) return;
    // All exchanges are the same only where all pairs were seen; a play is a difference in any case.
    if (const std::optional<Play> play = shortest_play(*result.lts[0], *result.lts[1], options.max_pairs, options.stop))
        result.distinction = told(result, *play);
}

}  // namespace

Comparison compare(const Profile& a, const Limits& limits_a, const Profile& b, const Limits& limits_b,
                   const CompareOptions& options) {
    if (a.vocabulary != b.vocabulary) {
        throw SpecError(b.where, "the profiles do not understand each other: " +
                                     difference(a.vocabulary, b.vocabulary, "profile '" + a.name + "'",
                                                "profile '" + b.name + "'"));
    }
    Comparison result;
    result.alphabet = std::make_unique<OpenAlphabet>(open_alphabet(a, limits_a, b, limits_b, options.alphabet));
    result.observations = std::make_unique<Observations>();
    try {
        decide(result, a, limits_a, b, limits_b, options);
    } catch (const OutOfPatience&) {
        result.interrupted = true;
        if (result.distinction) result.verdict = Comparison::Verdict::different;
    }
    return result;
}

std::optional<bool> bisimilar(const Profile& a, const Profile& b, const Limits& limits_a, const Limits& limits_b,
                              std::size_t max_states, const std::vector<std::string>& starts,
                              const std::function<bool()>& stop) {
    std::optional<bool> all = true;
    try {
        for (const std::string& start : starts) {
            OpenAlphabet alphabet = open_alphabet(a, limits_a, b, limits_b);
            Observations observations;
            LtsOptions options{max_states, false, start, {}, differently_measured(a, b, alphabet), stop};
            EndpointLts lts_a(a, limits_a, alphabet, observations, options);
            if (!lts_a.complete()) return std::nullopt;
            options.timer_names = alphabet.timer_of_b;
            EndpointLts lts_b(b, limits_b, alphabet, observations, options);
            if (!lts_b.complete()) return std::nullopt;
            unite_inputs(lts_a, lts_b, alphabet);
            if (observe_time(lts_a, lts_b, observations, stop).bisimilar()) continue;
            // Partitions take leaving the ranges for behaviour of its own.
            if (bisimilar_inside(lts_a, lts_b, 4 * max_states, stop) == false) return false;
            all = std::nullopt;
        }
    } catch (const OutOfPatience&) {
        return std::nullopt;
    }
    return all;
}

std::optional<Distinction> next_distinction(Comparison& comparison, const Playable& playable,
                                            const std::function<bool(const Distinction&)>& take,
                                            const std::function<bool()>& stop) {
    SetSearch search(comparison, playable.most_pairs, stop);
    search.offer(playable, take);
    try {
        search.run();
    } catch (const OutOfPatience&) {
        comparison.interrupted = true;
    }
    return search.taken();
}

}  // namespace lastack
