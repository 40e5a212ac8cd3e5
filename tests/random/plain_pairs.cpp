// The meaning of "the same", spelled out: docs/diff.md. Timers of both have the same names here.
#include "tests/random/plain_pairs.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>

namespace lastack::testing {

namespace {

int largest(const Profile& profile, const Limits& limits, const Expr& expr) {
    switch (expr.op) {
        case Op::constant: return expr.value;
        case Op::limit: return limits.at(expr.name);
        case Op::variable: return largest(profile, limits, profile.variables[expr.index].high);
        default: break;
    }
    int sum = 0;
    for (const Expr& arg : expr.args) sum += largest(profile, limits, arg);
    return sum;
}

// The largest sum of numbers that stands in one comparison with a field of a segment, or is sent.
struct Numbers {
    int all = 0;
    bool window = false;

    void take(const Profile& profile, const Limits& limits, const Expr& expr) {
        if (expr.op == Op::field && expr.name == "zero_window") window = true;
        const bool compares = expr.op == Op::eq || expr.op == Op::ne || expr.op == Op::lt || expr.op == Op::le ||
                              expr.op == Op::gt || expr.op == Op::ge;
        if (compares && reads_segment(expr)) all = std::max(all, largest(profile, limits, expr));
        for (const Expr& arg : expr.args) take(profile, limits, arg);
    }
    void take(const Profile& profile, const Limits& limits, const std::vector<Effect>& effects) {
        for (const Effect& effect : effects) {
            if (effect.value) take(profile, limits, *effect.value);
            if (effect.kind == Effect::Kind::assign && effect.value && reads_segment(*effect.value))
                all = std::max(all, largest(profile, limits, profile.variables[effect.index].high) +
                                        largest(profile, limits, *effect.value));
            take(profile, limits, effect.then);
            take(profile, limits, effect.otherwise);
        }
    }
    static bool reads_segment(const Expr& expr) {
        return expr.op == Op::field || std::any_of(expr.args.begin(), expr.args.end(), reads_segment);
    }
};

Numbers numbers_of(const Profile& profile, const Limits& limits) {
    Numbers numbers;
    for (const SegmentTemplate& shape : profile.segments)
        for (const auto* expr : {&shape.seq, &shape.ack})
            if (*expr) numbers.all = std::max(numbers.all, largest(profile, limits, **expr));
    for (const Handler& handler : profile.handlers)
        for (const Step& step : handler.steps)
            for (const Rule& rule : step.rules)
                for (const Case& one : rule.cases) {
                    if (one.guard) numbers.take(profile, limits, *one.guard);
                    numbers.take(profile, limits, one.effects);
                }
    return numbers;
}

// The numbers in the fields of random specs are 0..3.
void add_own(const Vocabulary& vocabulary, std::vector<Input>& inputs) {
    for (std::size_t kind = 0; kind < vocabulary.kinds.size(); ++kind) {
        for (int number = 0; number < 4 * 4 * 4 * 4; ++number) {
            Segment segment;
            segment.kind = static_cast<std::uint8_t>(kind + 1);
            bool fits = true;
            for (std::size_t i = 0; i < segment.own.size(); ++i) {
                const int value = number >> (2 * i) & 3;
                const bool has = i < vocabulary.fields.size() && vocabulary.kinds[kind].has[i];
                fits = fits && value <= (!has ? 0 : vocabulary.fields[i].flag ? 1 : 3);
                segment.own[i] = static_cast<std::uint8_t>(value);
            }
            if (fits) inputs.push_back({Trigger::segment, "", segment});
        }
    }
}

std::vector<Input> every_input(const Profile& a, const Limits& limits_a, const Profile& b, const Limits& limits_b) {
    std::vector<Input> inputs;
    std::set<std::pair<Trigger, std::string>> names;
    for (const Profile* profile : {&a, &b})
        for (const Handler& handler : profile->handlers)
            if (handler.trigger != Trigger::segment && names.emplace(handler.trigger, handler.name).second)
                inputs.push_back({handler.trigger, handler.name, {}});
    if (a.vocabulary.own()) {
        add_own(a.vocabulary, inputs);
        return inputs;
    }
    const Numbers of_a = numbers_of(a, limits_a), of_b = numbers_of(b, limits_b);
    const int top = std::max(of_a.all, of_b.all) + 1;
    for (int flags = 0; flags < 16; ++flags) {
        for (int window = 0; window <= (of_a.window || of_b.window ? 1 : 0); ++window) {
            for (int seq = 0; seq <= top; ++seq) {
                for (int ack = 0; ack <= ((flags & 8) != 0 ? top : 0); ++ack) {
                    for (int len = 0; len <= top; ++len) {
                        Segment segment;
                        segment.fin = (flags & 1) != 0;
                        segment.syn = (flags & 2) != 0;
                        segment.rst = (flags & 4) != 0;
                        segment.has_ack = (flags & 8) != 0;
                        segment.zero_window = window == 1;
                        segment.seq = static_cast<std::uint8_t>(seq);
                        segment.ack = static_cast<std::uint8_t>(ack);
                        segment.len = static_cast<std::uint8_t>(len);
                        inputs.push_back({Trigger::segment, "", segment});
                    }
                }
            }
        }
    }
    return inputs;
}

// What others see of a reaction, but for what it starts.
struct Sight {
    bool outside = false;
    std::vector<Segment> sent;
    std::vector<std::string> signals;
    std::string result;
    std::int64_t earliest_us = 0, latest_us = 0;  // of an expiry
    auto operator<=>(const Sight&) const = default;
};

struct Arrow {
    int input = 0, sight = 0, to = 0;
    std::set<std::string> starts;  // timers that run behind it, and were started by it
};

using Sights = std::map<Sight, int>;

// One side, explored.
struct Graph {
    const Profile& profile;
    std::vector<EndState> states;
    std::vector<std::vector<Arrow>> arrows;
    std::set<std::string> unseen;                // timers
    std::vector<std::set<std::string>> awaited;  // by state
};

void without_history(const Profile& profile, EndState& end) {
    for (std::size_t i = 0; i < profile.variables.size(); ++i)
        if (profile.variables[i].history) end.values[i] = profile.variables[i].initial;
}

std::int64_t doubled(std::int64_t us, std::int64_t cap, int times) {
    while (times-- > 0 && us < cap) us = std::min(cap, 2 * us);
    return us;
}

// A local state, and for each timer how often it was started from its own expiry in a row.
using Place = std::pair<EndState, std::vector<int>>;

class Exploration {
public:
    Exploration(const Profile& profile, const Limits& limits, const std::vector<Input>& inputs, Sights& sights,
                std::size_t most)
        : limits_(limits), inputs_(inputs), sights_(sights), most_(most), graph_{profile, {}, {}, {}, {}} {}

    std::optional<Graph> run() {
        EndState first = plain_initial(graph_.profile);
        without_history(graph_.profile, first);
        number({first, std::vector<int>(graph_.profile.timers.size(), 0)});
        for (std::size_t at = 0; at < places_.size(); ++at) {
            if (places_.size() > most_) return std::nullopt;
            graph_.arrows.emplace_back();
            for (std::size_t i = 0; i < inputs_.size(); ++i) answer(at, i);
        }
        return graph_;
    }

private:
    int number(const Place& place) {
        const auto [known, fresh] = numbers_.try_emplace(place, static_cast<int>(places_.size()));
        if (fresh) {
            places_.push_back(place);
            graph_.states.push_back(place.first);
        }
        return known->second;
    }

    void answer(std::size_t at, std::size_t i) {
        const Place here = places_[at];
        const Input& input = inputs_[i];
        std::vector<Reaction> reactions;
        try {
            reactions = plain_react(graph_.profile, limits_, here.first, input);
        } catch (const ModelError&) {
            Sight outside;
            outside.outside = true;
            graph_.arrows[at].push_back({static_cast<int>(i), sight(outside), static_cast<int>(at), {}});
            return;
        }
        for (Reaction& reaction : reactions) follow(at, i, here, reaction);
    }

    void follow(std::size_t at, std::size_t i, const Place& here, Reaction& reaction) {
        const Input& input = inputs_[i];
        Sight seen;
        seen.sent = reaction.sent;
        for (Segment& segment : seen.sent) segment.era = 0;
        seen.signals = reaction.signals;
        if (input.trigger == Trigger::call) seen.result = reaction.result;
        without_history(graph_.profile, reaction.after);
        Place next{reaction.after, here.second};
        Arrow arrow;
        for (std::size_t t = 0; t < graph_.profile.timers.size(); ++t) {
            const TimerDecl& timer = graph_.profile.timers[t];
            const bool own = input.trigger == Trigger::timer && input.name == timer.name;
            if (own) {
                seen.earliest_us = doubled(timer.earliest_us, timer.cap_us, here.second[t]);
                seen.latest_us = doubled(timer.latest_us, timer.cap_us, here.second[t]);
            }
            const bool started = std::count(reaction.started.begin(), reaction.started.end(), t) > 0;
            const bool runs = reaction.after.armed[t];
            if (!runs) next.second[t] = 0;
            if (!runs || !started) continue;
            const int times = here.second[t];
            const bool longer = doubled(timer.latest_us, timer.cap_us, times + 1) > seen.latest_us ||
                                doubled(timer.earliest_us, timer.cap_us, times + 1) > seen.earliest_us;
            next.second[t] = own ? times + (longer ? 1 : 0) : 0;
            if (timer.latest_us > 0) arrow.starts.insert(timer.name);
        }
        arrow.input = static_cast<int>(i);
        arrow.sight = sight(seen);
        arrow.to = number(next);
        graph_.arrows[at].push_back(arrow);
    }

    int sight(const Sight& seen) { return sights_.try_emplace(seen, static_cast<int>(sights_.size())).first->second; }

    const Limits& limits_;
    const std::vector<Input>& inputs_;
    Sights& sights_;
    std::size_t most_;
    Graph graph_;
    std::vector<Place> places_;
    std::map<Place, int> numbers_;
};

bool runs(const Graph& graph, int state, const std::string& timer) {
    return graph.states[static_cast<std::size_t>(state)].armed[static_cast<std::size_t>(graph.profile.timer(timer))];
}

// From where may each timer go on running, not started again, until a rule takes its end?
void await(Graph& graph, const std::vector<Input>& inputs) {
    graph.awaited.assign(graph.states.size(), {});
    for (bool more = true; more;) {
        more = false;
        for (std::size_t s = 0; s < graph.states.size(); ++s) {
            for (const Arrow& arrow : graph.arrows[s]) {
                const Input& input = inputs[static_cast<std::size_t>(arrow.input)];
                const bool expiry = input.trigger == Trigger::timer;
                if (expiry) more |= graph.awaited[s].insert(input.name).second;
                for (const std::string& timer :
                     std::set<std::string>(graph.awaited[static_cast<std::size_t>(arrow.to)])) {
                    const bool goes_on = runs(graph, static_cast<int>(s), timer) && runs(graph, arrow.to, timer) &&
                                         !arrow.starts.contains(timer) && !(expiry && input.name == timer);
                    if (goes_on) more |= graph.awaited[s].insert(timer).second;
                }
            }
        }
    }
}

// (input, sight, what it starts) of an arrow; nothing where it is not seen.
struct Seen {
    int input, sight;
    std::set<std::string> starts;
    auto operator<=>(const Seen&) const = default;
};
std::optional<Seen> seen(const Graph& graph, const Arrow& arrow, const std::vector<Input>& inputs) {
    const Input& input = inputs[static_cast<std::size_t>(arrow.input)];
    if (input.trigger == Trigger::timer && graph.unseen.contains(input.name)) return std::nullopt;
    Seen result{arrow.input, arrow.sight, {}};
    for (const std::string& timer : arrow.starts)
        if (!graph.unseen.contains(timer) && graph.awaited[static_cast<std::size_t>(arrow.to)].contains(timer))
            result.starts.insert(timer);
    return result;
}

// Blocks of the states of both, those of A first.
std::vector<int> blocks_of(const Graph& a, const Graph& b, const std::vector<Input>& inputs) {
    const std::size_t all = a.states.size() + b.states.size();
    std::map<Seen, int> labels;
    std::vector<std::vector<std::pair<int, int>>> edges(all);  // label, target
    for (std::size_t s = 0; s < all; ++s) {
        const bool left = s < a.states.size();
        const Graph& graph = left ? a : b;
        const int shift = left ? 0 : static_cast<int>(a.states.size());
        for (const Arrow& arrow : graph.arrows[s - static_cast<std::size_t>(shift)])
            if (const auto label = seen(graph, arrow, inputs))
                edges[s].emplace_back(labels.try_emplace(*label, static_cast<int>(labels.size())).first->second,
                                      arrow.to + shift);
    }
    std::vector<int> block(all, 0);
    for (std::size_t count = 1;;) {
        std::map<std::pair<int, std::set<std::pair<int, int>>>, int> numbers;
        std::vector<int> next(all);
        for (std::size_t s = 0; s < all; ++s) {
            std::set<std::pair<int, int>> signature;
            for (const auto& [label, to] : edges[s]) signature.emplace(label, block[static_cast<std::size_t>(to)]);
            next[s] = numbers.try_emplace({block[s], signature}, static_cast<int>(numbers.size())).first->second;
        }
        block = next;
        if (numbers.size() == count) return block;
        count = numbers.size();
    }
}

// Timers whose ends are all silent, as a first guess; then those whose ends lead to another block are struck out.
std::vector<int> settle(Graph& a, Graph& b, const std::vector<Input>& inputs, const std::vector<Sight>& sights) {
    for (Graph* graph : {&a, &b}) {
        for (const TimerDecl& timer : graph->profile.timers) graph->unseen.insert(timer.name);
        for (const auto& arrows : graph->arrows)
            for (const Arrow& arrow : arrows) {
                const Sight& sight = sights[static_cast<std::size_t>(arrow.sight)];
                if (sight.outside || !sight.sent.empty() || !sight.signals.empty())
                    graph->unseen.erase(inputs[static_cast<std::size_t>(arrow.input)].name);
            }
        await(*graph, inputs);
    }
    while (true) {
        const std::vector<int> block = blocks_of(a, b, inputs);
        bool struck = false;
        for (Graph* graph : {&a, &b}) {
            const std::size_t shift = graph == &a ? 0 : a.states.size();
            for (std::size_t s = 0; s < graph->states.size(); ++s)
                for (const Arrow& arrow : graph->arrows[s]) {
                    const Input& input = inputs[static_cast<std::size_t>(arrow.input)];
                    const bool moves = block[s + shift] != block[static_cast<std::size_t>(arrow.to) + shift];
                    if (input.trigger == Trigger::timer && moves) struck |= graph->unseen.erase(input.name) > 0;
                }
        }
        if (!struck) return block;
    }
}

// The greatest bisimulation on pairs, where inputs by which either leaves its ranges are left out. Are the first two in
// it?
bool same_inside(const Graph& a, const Graph& b, const std::vector<Input>& inputs, const std::vector<Sight>& sights) {
    using Ways = std::map<int, std::vector<std::pair<Seen, int>>>;  // by input
    const auto ways_of = [&](const Graph& graph) {
        std::vector<Ways> all(graph.states.size());
        for (std::size_t s = 0; s < graph.states.size(); ++s)
            for (const Arrow& arrow : graph.arrows[s])
                if (const auto label = seen(graph, arrow, inputs)) all[s][arrow.input].emplace_back(*label, arrow.to);
        return all;
    };
    const std::vector<Ways> of_a = ways_of(a), of_b = ways_of(b);
    const auto leaves = [&](const std::vector<std::pair<Seen, int>>& ways) {
        return !ways.empty() && sights[static_cast<std::size_t>(ways.front().first.sight)].outside;
    };
    std::set<std::pair<int, int>> equal{{0, 0}};
    std::deque<std::pair<int, int>> waiting{{0, 0}};  // all that can be reached together
    while (!waiting.empty()) {
        const auto [x, y] = waiting.front();
        waiting.pop_front();
        for (const auto& [input, ways] : of_a[static_cast<std::size_t>(x)]) {
            const auto others = of_b[static_cast<std::size_t>(y)].find(input);
            if (others == of_b[static_cast<std::size_t>(y)].end()) continue;
            for (const auto& [label, to] : ways)
                for (const auto& [other, where] : others->second)
                    if (label == other && equal.emplace(to, where).second) waiting.emplace_back(to, where);
        }
    }
    const std::vector<std::pair<Seen, int>> none;
    for (bool changed = true; changed;) {
        changed = false;
        for (auto pair = equal.begin(); pair != equal.end();) {
            bool good = true;
            for (int i = 0; i < static_cast<int>(inputs.size()) && good; ++i) {
                const Ways &left = of_a[static_cast<std::size_t>(pair->first)],
                           &right = of_b[static_cast<std::size_t>(pair->second)];
                const auto &x = left.contains(i) ? left.at(i) : none, &y = right.contains(i) ? right.at(i) : none;
                if (leaves(x) || leaves(y)) continue;
                for (const auto& [label, to] : x)
                    good = good && std::any_of(y.begin(), y.end(), [&](const auto& other) {
                               return other.first == label && equal.contains({to, other.second});
                           });
                for (const auto& [label, to] : y)
                    good = good && std::any_of(x.begin(), x.end(), [&](const auto& other) {
                               return other.first == label && equal.contains({other.second, to});
                           });
            }
            changed = changed || !good;
            pair = good ? std::next(pair) : equal.erase(pair);
        }
    }
    return equal.contains({0, 0});
}

}  // namespace

PlainVerdict plain_compare(const Profile& a, const Limits& limits_a, const Profile& b, const Limits& limits_b,
                           std::size_t most_states) {
    const std::vector<Input> inputs = every_input(a, limits_a, b, limits_b);
    Sights numbers;
    std::optional<Graph> of_a = Exploration(a, limits_a, inputs, numbers, most_states).run();
    std::optional<Graph> of_b = Exploration(b, limits_b, inputs, numbers, most_states).run();
    if (!of_a || !of_b) return PlainVerdict::too_large;
    std::vector<Sight> sights(numbers.size());
    for (const auto& [sight, number] : numbers) sights[static_cast<std::size_t>(number)] = sight;
    const std::vector<int> block = settle(*of_a, *of_b, inputs, sights);
    if (block[0] == block[of_a->states.size()]) return PlainVerdict::same;
    bool leaves = false;
    for (const Graph* graph : {&*of_a, &*of_b})
        for (const auto& arrows : graph->arrows)
            for (const Arrow& arrow : arrows) leaves |= sights[static_cast<std::size_t>(arrow.sight)].outside;
    if (!leaves) return PlainVerdict::different;
    return same_inside(*of_a, *of_b, inputs, sights) ? PlainVerdict::undecided : PlainVerdict::different;
}

}  // namespace lastack::testing
