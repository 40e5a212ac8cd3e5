#include "checker/suites/timed_goals.h"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "checker/suites/named_goals.h"

namespace lastack {

namespace {

// Goals that are sequences.
class Sequences : public Named {
public:
    explicit Sequences(const TesterGraph& graph, bool by_way = true)
        : Named(graph), time_(graph), by_way_(by_way), way_(graph.lts(), true) {}

protected:
    using Inputs = std::vector<std::uint32_t>;

    void offer(std::uint32_t vertex, std::uint32_t input, std::uint32_t goal, Sequel sequel) {
        sequels_.push_back(std::move(sequel));
        of_vertex_[vertex].push_back({input, goal, &sequels_.back()});
    }
    static std::vector<Planned> at_once(const Inputs& inputs) {
        std::vector<Planned> steps;
        for (const std::uint32_t input : inputs) steps.push_back({input, false});
        return steps;
    }

    // Where an input leads that leaves nothing open; nothing where there is no such step.
    std::optional<std::uint32_t> after(std::uint32_t vertex, std::uint32_t input) const {
        if (!graph_.reaction(graph_.block(vertex), input) || !graph_.is_settled(vertex, input)) return std::nullopt;
        return graph_.planned(vertex, input).to;
    }
    std::optional<std::uint32_t> after(std::uint32_t vertex, const Inputs& inputs) const {
        std::optional<std::uint32_t> now = vertex;
        for (const std::uint32_t input : inputs)
            if (now) now = after(*now, input);
        return now;
    }

    // A call or a segment that the two answer differently, at once; the commonest that leaves the first as it is, else
    // the commonest.
    std::optional<std::uint32_t> probe(std::uint32_t here, std::uint32_t there) {
        const auto [place, fresh] = probes_.try_emplace(std::uint64_t{here} << 32U | there);
        if (fresh) place->second = find_probe(here, there);
        return place->second;
    }

    std::string where(std::uint32_t vertex) const {
        const std::string state = in_small(lts_.control_state(vertex));
        return by_way_ ? state + "/" + way_.text(lts_.state(vertex)) : state;
    }
    std::string state_of(std::uint32_t vertex) const { return state_label(lts_.control_state(vertex)); }
    std::string rules_of(const LtsEdge& edge) const {
        const std::vector<std::string>& rules = lts_.rules(edge);
        return rules.empty() ? "ignored" : fmt::format("{}", fmt::join(rules, "+"));
    }
    std::string input_text(std::uint32_t input) const {
        return to_string(graph_.alphabet().inputs[input], lts_.profile().vocabulary);
    }
    std::vector<std::uint32_t> timer_inputs() const {
        std::vector<std::uint32_t> inputs;
        for (std::uint32_t i = 0; i < graph_.alphabet().inputs.size(); ++i)
            if (graph_.is_timer(i)) inputs.push_back(i);
        return inputs;
    }
    const Segment& segment(std::uint32_t input) const { return graph_.alphabet().inputs[input].segment; }
    bool is_segment(std::uint32_t input) const { return graph_.alphabet().inputs[input].trigger == Trigger::segment; }

    TimedSteps time_;

private:
    std::optional<std::uint32_t> find_probe(std::uint32_t here, std::uint32_t there) {
        if (answers_.size() >= most_vertices) answers_.clear();
        std::optional<std::uint32_t> best;
        const std::vector<Answer>&one = answers(here), &other = answers(there);
        for (std::uint32_t input = 0; input < one.size(); ++input) {
            if (one[input].seen < 0 || other[input].seen < 0 || one[input].seen == other[input].seen) continue;
            if (one[input].stays) return input;
            if (!best) best = input;
        }
        return best;
    }

    static constexpr std::size_t most_vertices = 1'000;  // whose answers are kept

    // To each call and segment, at once.
    struct Answer {
        std::int32_t seen = -1;  // what a tester sees of it, as a number; -1: nothing is planned there
        bool stays = false;      // in the same local state
    };
    const std::vector<Answer>& answers(std::uint32_t vertex) {
        const auto [place, fresh] = answers_.try_emplace(vertex);
        if (!fresh) return place->second;
        std::vector<Answer>& all = place->second;
        const EndpointLts::Classes& classes = lts_.classes(vertex);
        for (std::uint32_t input = 0; input < graph_.alphabet().inputs.size(); ++input)
            all.push_back(classes[input] == input || graph_.is_timer(classes[input]) ? answer(vertex, input)
                                                                                     : all[classes[input]]);
        return all;
    }
    Answer answer(std::uint32_t vertex, std::uint32_t input) {
        if (graph_.is_timer(input) || !after(vertex, input)) return {};
        const LtsEdge& edge = graph_.planned(vertex, input);
        const Observation& observation = graph_.observation(edge.observation);
        const auto next = static_cast<std::int32_t>(seen_.size());
        return {seen_.try_emplace({observation.sent, observation.result}, next).first->second, edge.to == vertex};
    }

    bool by_way_;  // a goal for each way into a control state
    Way way_;
    std::deque<Sequel> sequels_;
    std::unordered_map<std::uint64_t, std::optional<std::uint32_t>> probes_;  // by the two vertices
    std::unordered_map<std::uint32_t, std::vector<Answer>> answers_;          // by vertex and input
    std::map<std::pair<std::vector<Segment>, std::string>, std::int32_t> seen_;
};

class Timers final : public Sequences {
public:
    explicit Timers(const TesterGraph& graph) : Sequences(graph) {
        const std::vector<std::uint32_t> timers = timer_inputs();
        for (std::uint32_t vertex = 0; vertex < graph.size(); ++vertex) {
            for (const std::uint32_t timer : timers) {
                if (!graph.reaction(graph.block(vertex), timer)) continue;
                ends(vertex, timer);
                outlasts(vertex, timer, timers);
            }
        }
        each_edge([&](std::uint32_t vertex, const LtsEdge& edge) {
            if (graph_.is_timer(edge.input) || !graph_.is_settled(vertex, edge.input)) return;
            for (const std::uint32_t timer : timers)
                if (graph_.reaction(graph_.block(vertex), timer)) touches(vertex, edge, timer);
        });
        each_edge([&](std::uint32_t vertex, const LtsEdge& edge) { is_quiet(vertex, edge, timers); });
    }

private:
    const std::string& name(std::uint32_t timer) const { return graph_.alphabet().inputs[timer].name; }

    void ends(std::uint32_t vertex, std::uint32_t timer) {
        const std::string at = where(vertex), state = state_of(vertex);
        of_vertex_[vertex].push_back(
            {timer, goal(fmt::format("ends/{}/{}", name(timer), at), fmt::format("{} ends in {}", name(timer), state)),
             nullptr});
        const std::optional<std::uint32_t> later = after(vertex, timer);
        if (!later) return;
        if (const auto input = probe(vertex, *later))
            offer(vertex, *input,
                  goal(fmt::format("before/{}/{}", name(timer), at),
                       fmt::format("{} has not ended in {} just before its time", name(timer), state)),
                  {true, {}, 0});
        if (const auto input = probe(*later, vertex))
            offer(vertex, timer,
                  goal(fmt::format("after/{}/{}", name(timer), at),
                       fmt::format("{} in {} has ended after its time: what comes then is answered so", name(timer),
                                   state)),
                  {false, at_once({*input}), 0});
    }

    // A long timer ends behind several ends of shorter ones that start again: how many, if all started together. A walk
    // that comes there takes no more time than lies between two ends.
    void outlasts(std::uint32_t vertex, std::uint32_t timer, const std::vector<std::uint32_t>& timers) {
        constexpr std::size_t most_ends = 24;
        const Profile& profile = lts_.profile();
        TimedVertex at{vertex, {}};
        for (const std::uint32_t one : timers) {
            if (!graph_.reaction(graph_.block(vertex), one)) continue;
            const int own = profile.timer(lts_.own_input(one).name);
            const RunTime time = run_time(profile.timers[static_cast<std::size_t>(own)], 0);
            at.timers.push_back({own, 0, time.earliest_us, time.latest_us});
        }
        std::sort(at.timers.begin(), at.timers.end());
        Inputs inputs;
        while (!time_.can(at, timer)) {
            const auto first = std::find_if(timers.begin(), timers.end(), [&](std::uint32_t one) {
                return time_.can(at, one) && after(at.vertex, one);
            });
            if (first == timers.end() || inputs.size() == most_ends) return;
            inputs.push_back(*first);
            at = time_.after(at, graph_.planned(at.vertex, *first));
        }
        if (inputs.empty() || !after(at.vertex, timer)) return;
        const std::size_t before = inputs.size();
        const std::uint32_t first = inputs.front();
        inputs.erase(inputs.begin());
        inputs.push_back(timer);
        offer(vertex, first,
              goal(fmt::format("outlasts/{}/{}", name(timer), where(vertex)),
                   fmt::format("{} in {} ends in its time, behind {} ends of others", name(timer), state_of(vertex),
                               before)),
              {false, at_once(inputs), 0});
    }

    // What a call or a segment does to a timer that runs shows when the timer ends, or that it does not.
    void touches(std::uint32_t vertex, const LtsEdge& edge, std::uint32_t timer) {
        const int own = lts_.profile().timer(lts_.own_input(timer).name);
        const TimerChanges& changes = time_.changes(vertex, edge);
        const bool starts = std::any_of(changes.started.begin(), changes.started.end(),
                                        [&](const TimerStart& one) { return one.timer == own; });
        const bool stops = std::find(changes.stopped.begin(), changes.stopped.end(), own) != changes.stopped.end();
        const std::string what = fmt::format("{}/{}/{}/{}", name(timer), in_small(lts_.control_state(vertex)),
                                             input_kind(edge.input), rules_of(edge));
        const std::string then = fmt::format("{} in {}", input_text(edge.input), state_of(vertex));
        if (stops) {
            const std::int64_t longest =
                run_time(lts_.profile().timers[static_cast<std::size_t>(own)], 0).latest_us + TimedSteps::late_us;
            offer(vertex, edge.input,
                  goal("stops/" + what,
                       fmt::format("{} stops {}: its time passes, and nothing comes", then, name(timer))),
                  {true, {}, longest});
        } else if (starts) {
            const std::string sentence =
                fmt::format("{} starts {} anew: it ends a whole time later", then, name(timer));
            if (after(edge.to, timer))
                offer(vertex, edge.input, goal("restarts/" + what, sentence), anew(edge.to, timer));
        } else {
            const std::string sentence =
                fmt::format("{} leaves {} alone: it ends when it would have", then, name(timer));
            if (after(edge.to, timer))
                offer(vertex, edge.input, goal("leaves/" + what, sentence), alone(edge.to, timer));
        }
    }

    // Where its end is silent, something is sent after the time of the old start and before that of the new one.
    Sequel anew(std::uint32_t vertex, std::uint32_t timer) {
        Sequel sequel{true, {}, 0};
        const std::optional<std::uint32_t> input = probe(vertex, *after(vertex, timer));
        if (!is_silent(vertex, timer) || !input) {
            sequel.steps = at_once({timer});
        } else {
            sequel.steps = {{*input, true}};
        }
        return sequel;
    }

    // And where it is silent, after its time.
    Sequel alone(std::uint32_t vertex, std::uint32_t timer) {
        Sequel sequel{true, at_once({timer}), 0};
        const std::uint32_t later = *after(vertex, timer);
        const std::optional<std::uint32_t> input = probe(later, vertex);
        if (is_silent(vertex, timer) && input) sequel.steps.push_back({*input, false});
        return sequel;
    }

    bool is_silent(std::uint32_t vertex, std::uint32_t timer) const {
        return graph_.observation(graph_.planned(vertex, timer).observation).sent.empty();
    }

    void is_quiet(std::uint32_t vertex, const LtsEdge& edge, const std::vector<std::uint32_t>& timers) {
        const bool runs = std::any_of(timers.begin(), timers.end(), [&](std::uint32_t timer) {
            return graph_.reaction(graph_.block(edge.to), timer).has_value();
        });
        if (runs || !graph_.is_settled(vertex, edge.input)) return;
        offer(vertex, edge.input,
              goal("quiet/" + where(edge.to),
                   fmt::format("{} has no limit: nothing comes for {} s", state_of(edge.to), quiet_us / 1'000'000)),
              {false, {}, quiet_us});
    }
};

class Losses final : public Sequences {
public:
    Losses(const TesterGraph& graph, bool by_way) : Sequences(graph, by_way) {
        next_ = lts_.profile().variable("rcv_nxt");
        const std::vector<std::uint32_t> timers = timer_inputs();
        std::set<std::pair<std::uint32_t, std::uint32_t>> again;
        each_edge([&](std::uint32_t, const LtsEdge& edge) {
            if (resends(edge)) again.emplace(edge.to, edge.input);
        });
        for (std::uint32_t vertex = 0; vertex < graph.size(); ++vertex) {
            for (const std::uint32_t timer : timers)
                if (!again.contains({vertex, timer})) own_are_lost(vertex, timer);
        }
        each_edge([&](std::uint32_t vertex, const LtsEdge& edge) {
            if (!is_segment(edge.input) || edge.to == vertex || !graph_.is_settled(vertex, edge.input)) return;
            comes_again(vertex, edge);
            is_overtaken(vertex, edge);
        });
    }

private:
    static constexpr std::size_t most_losses = 24;

    bool resends(const LtsEdge& edge) const {
        return graph_.is_timer(edge.input) && !graph_.observation(edge.observation).sent.empty();
    }

    // What the endpoint sent is lost once, twice, to its bound and beyond: nobody acknowledges it until then.
    void own_are_lost(std::uint32_t vertex, std::uint32_t timer) {
        std::uint32_t now = vertex;
        for (std::size_t times = 1; times <= most_losses; ++times) {
            const std::optional<std::uint32_t> next = after(now, timer);
            if (!next || !resends(graph_.planned(vertex, timer)) || *next == now) return;
            const std::string name =
                fmt::format("lost/{}/{}/{}", graph_.alphabet().inputs[timer].name, where(vertex), times);
            const Inputs losses(times - 1, timer);
            if (lts_.control(*next) != lts_.control(vertex)) {
                Inputs rest = losses;
                if (const auto input = probe(*next, now)) rest.push_back(*input);
                offer(vertex, timer,
                      goal(name + "/beyond", fmt::format("what was sent in {} is lost {} times: beyond the bound",
                                                         state_of(vertex), times)),
                      {false, at_once(rest), 0});
                return;
            }
            acknowledged(vertex, timer, losses, *next, name);
            now = *next;
        }
    }

    // Then each acknowledgment that makes a difference.
    void acknowledged(std::uint32_t vertex, std::uint32_t timer, const Inputs& losses, std::uint32_t now,
                      const std::string& name) {
        std::set<std::uint32_t> targets{graph_.block(now)};
        for (std::uint32_t input = 0; input < graph_.alphabet().inputs.size(); ++input) {
            if (!is_segment(input)) continue;
            const Segment& one = segment(input);
            if (!one.has_ack || one.len > 0 || one.fin || one.syn || one.rst || one.zero_window) continue;
            const std::optional<std::uint32_t> target = after(now, input);
            if (!target || !targets.insert(graph_.block(*target)).second) continue;
            Inputs rest = losses;
            rest.push_back(input);
            offer(vertex, timer,
                  goal(fmt::format("{}/ack-{}", name, one.ack),
                       fmt::format("what was sent in {} is lost {} times, and then {} comes", state_of(vertex),
                                   losses.size() + 1, input_text(input))),
                  {false, at_once(rest), 0});
        }
    }

    // The same segment twice, and a third time.
    void comes_again(std::uint32_t vertex, const LtsEdge& edge) {
        for (std::size_t more = 1; more <= 2; ++more) {
            const Inputs rest(more, edge.input);
            if (!after(edge.to, rest)) return;
            offer(vertex, edge.input,
                  goal(fmt::format("doubled/{}/{}/{}/{}", in_small(lts_.control_state(vertex)), input_kind(edge.input),
                                   rules_of(edge), more),
                       fmt::format("{} comes {} in {}", input_text(edge.input), more == 1 ? "twice" : "three times",
                                   state_of(vertex))),
                  {false, at_once(rest), 0});
        }
    }

    // What follows text comes before it, and once more behind it.
    void is_overtaken(std::uint32_t vertex, const LtsEdge& edge) {
        const Segment& text = segment(edge.input);
        if (next_ < 0 || text.len == 0 || text.fin || text.zero_window) return;
        const int left = received(vertex);
        if (text.seq != left || received(edge.to) != left + text.len) return;
        for (std::uint32_t input = 0; input < graph_.alphabet().inputs.size(); ++input) {
            if (!is_segment(input)) continue;
            const Segment& later = segment(input);
            const bool follows = later.seq == left + text.len && (later.len > 0 || later.fin || later.rst);
            if (!follows || later.syn || later.zero_window || !later.has_ack || later.ack != text.ack) continue;
            for (const Inputs& rest : {Inputs{edge.input, input}, Inputs{edge.input}}) {
                if (!after(vertex, input) || !after(*after(vertex, input), rest)) continue;
                offer(vertex, input,
                      goal(fmt::format("overtaken/{}/{}/by/{}/{}", where(vertex), input_kind(edge.input),
                                       input_kind(input), rest.size()),
                           fmt::format("{} comes before {} in {}", input_text(input), input_text(edge.input),
                                       state_of(vertex))),
                      {false, at_once(rest), 0});
                break;
            }
        }
    }

    int received(std::uint32_t vertex) const { return lts_.state(vertex).values[static_cast<std::size_t>(next_)]; }

    int next_ = -1;
};

}  // namespace

std::unique_ptr<Goals> timer_goals(const TesterGraph& graph) { return std::make_unique<Timers>(graph); }
std::unique_ptr<Goals> loss_goals(const TesterGraph& graph, bool by_way) {
    return std::make_unique<Losses>(graph, by_way);
}

}  // namespace lastack
