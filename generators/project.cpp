#include "generators/project.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "generators/byte_stream.h"
#include "generators/knowledge.h"
#include "generators/vector_json.h"
#include "model/plain.h"
#include "model/settings.h"

namespace lastack {

namespace {

// When a step is complete, as an interval from the opening on; and how long before that a timer that the step started may
// have been started: a retransmission restarts its timer as it is seen, but an acknowledgment may come later than what it answers.
struct Instant {
    std::int64_t low = 0, high = 0;
    std::int64_t lag = 0;
};

class Projector {
public:
    Projector(const PlainSystem& system, const Trace& trace, int end, const ProjectionOptions& options)
        : trace_(trace), end_(end), options_(options), knowledge_(system.profile(end), system.limits(end)),
          own_(trace, end, options.unit_bytes, system.profile(end).stream_from),
          peer_(trace, 1 - end, options.unit_bytes, system.profile(1 - end).stream_from), set_{knowledge_.initial()},
          plan_(knowledge_.initial()) {}

    // Fills vector_.steps; a reason where the trace cannot be followed in time.
    std::string run();
    std::vector<VectorStep>& steps() { return steps_; }

private:
    std::string project_step(const TraceStep& step, std::size_t index);
    std::optional<Possibility> planned(const TraceStep& step) const;
    void pause_before_restart(const TraceStep& step, std::size_t index);
    void remember(const TraceStep& step);
    VectorStep begin(const TraceStep& step) const;
    std::string place_in_time(const TraceStep& step, VectorStep& out);
    void react(const Input& input);
    void follow(const TraceStep& step, VectorStep& out);
    std::vector<Possibility> observe(const Segment* wanted, int skipped_timer, VectorStep& out);
    void add_alternative(const Possibility& from, const Possibility& to, const Window& window, VectorStep& out);
    void look_at_state(const TraceStep& step, VectorStep& out) const;
    std::string rule_names(const std::vector<std::string>& rules) const {
        return fmt::format("{}", fmt::join(rules, " "));
    }
    int now() const { return static_cast<int>(steps_.size()); }
    Window relative(const Possibility& possibility, int timer, const VectorStep& step) const;
    Instant instant(int step) const { return step < 0 ? Instant{} : done_[step]; }
    static Anchor anchor_at(int step) {
        return step < 0 ? Anchor{Anchor::Event::opening, -1} : Anchor{Anchor::Event::completion, step};
    }

    const Trace& trace_;
    int end_;
    ProjectionOptions options_;
    Knowledge knowledge_;
    ByteStream own_, peer_;
    std::vector<Possibility> set_;        // what the IUT may be in, given that the plan was seen
    std::vector<Possibility> tolerated_;  // what it may be in after an alternative that lets the plan go on
    Possibility plan_;                    // what it is in, in the trace
    std::vector<VectorStep> steps_;
    std::vector<Instant> done_;
    std::string unseen_;  // what happened where the tester cannot see it, for the next note
    bool descriptor_ = true;
};

// What happens in the network or at the tester's own end is not a step of the vector, but worth telling.
void Projector::remember(const TraceStep& step) {
    if (step.kind == TraceStep::Kind::lose || step.kind == TraceStep::Kind::duplicate) {
        unseen_ += (unseen_.empty() ? "" : "; ") + to_string(step);
    }
}

VectorStep Projector::begin(const TraceStep& step) const {
    VectorStep out;
    switch (step.kind) {
        case TraceStep::Kind::call:
            out.kind = VectorStep::Kind::call;
            out.call = step.name;
            out.result = step.result;
            out.bytes = step.name == "send" || step.name == "recv" ? options_.unit_bytes : 0;
            break;
        case TraceStep::Kind::timer:
            out.kind = VectorStep::Kind::wait;
            out.timer = step.name;
            break;
        default:
            out.kind = VectorStep::Kind::send;
            out.segment = on_wire(step.segment, peer_, own_, options_.unit_bytes);
    }
    out.note = unseen_.empty() ? to_string(step) : fmt::format("({}) {}", unseen_, to_string(step));
    out.rules = step.rules;
    return out;
}

// A timer's interval after the reference instant of the step.
Window Projector::relative(const Possibility& possibility, int timer, const VectorStep& step) const {
    Window window = knowledge_.window(possibility, timer);
    const int since = possibility.clocks.at(timer).since;
    if (since == step.window.since.step && step.kind == VectorStep::Kind::wait) {
        window.earliest_us -= instant(since).lag;
    } else if (since != now()) {  // measured from another instant: shift by what lies between
        const Instant from = instant(since);
        const Instant to = step.kind == VectorStep::Kind::wait ? instant(step.window.since.step) : instant(now() - 1);
        window.earliest_us -= to.high - from.low + from.lag;
        window.latest_us -= to.low - from.high;
    }
    window.earliest_us = std::max<std::int64_t>(window.earliest_us, 0);
    window.latest_us = std::max<std::int64_t>(window.latest_us, 0);
    window.since = step.window.since;
    return window;
}

// For a wait: from when the timer runs, and whether no other timer of the trace must expire before it.
std::string Projector::place_in_time(const TraceStep& step, VectorStep& out) {
    const int timer = knowledge_.profile().timer(step.name);
    const Clock clock = plan_.clocks.at(timer);
    out.window.since = anchor_at(clock.since);
    out.window = relative(plan_, timer, out);
    const Instant start = instant(clock.since);
    const std::int64_t low = start.low + out.window.earliest_us;
    for (const int other : knowledge_.running(plan_)) {
        if (other == timer) continue;
        const std::int64_t high =
            instant(plan_.clocks.at(other).since).high + knowledge_.window(plan_, other).latest_us;
        if (high < low) {
            return fmt::format("timer {} would expire before timer {} does", knowledge_.profile().timers[other].name,
                               step.name);
        }
    }
    const std::int64_t before = done_.empty() ? 0 : done_.back().low;
    if (start.high + out.window.latest_us < before)
        return fmt::format("timer {} would have expired earlier", step.name);
    return "";
}

void Projector::react(const Input& input) {
    std::vector<Possibility> all;
    for (const Possibility& possibility : set_) {
        std::vector<Possibility> ways = knowledge_.react(possibility, input, now());
        std::move(ways.begin(), ways.end(), std::back_inserter(all));
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    set_ = std::move(all);
}

// A segment that is allowed although it is not the next one planned. Where it changes nothing but counters and clocks (a
// retransmission) the plan goes on, and the state after it is possible from now on. A delayed acknowledgment that the
// plan does not have is another matter: the plan may be about its absence.
void Projector::add_alternative(const Possibility& from, const Possibility& to, const Window& window, VectorStep& out) {
    Alternative alternative;
    alternative.segment = on_wire(to.pending.front(), own_, peer_, options_.unit_bytes);
    alternative.window = window;
    alternative.rule = rule_names(to.rules);
    const bool same = !from.state.values.empty() && from.state.state == to.state.state && to.pending.size() == 1 &&
                      knowledge_.running(from) == knowledge_.running(to);
    if (same) {
        tolerated_.push_back(to);
        tolerated_.back().pending.clear();
    }
    alternative.then = same ? Alternative::Then::go_on : Alternative::Then::inconclusive;
    const auto known = std::find_if(out.alternatives.begin(), out.alternatives.end(), [&](const Alternative& other) {
        return other.segment == alternative.segment && other.then == alternative.then && other.rule == alternative.rule;
    });
    if (known == out.alternatives.end()) {
        out.alternatives.push_back(std::move(alternative));
    } else {
        known->window.earliest_us = std::min(known->window.earliest_us, window.earliest_us);
        known->window.latest_us = std::max(known->window.latest_us, window.latest_us);
    }
}

// Those possibilities that go on with the wanted segment; everything else that could come out becomes an alternative.
// Without a wanted segment only alternatives are collected. A skipped timer is the one that the plan waits for.
std::vector<Possibility> Projector::observe(const Segment* wanted, int skipped_timer, VectorStep& out) {
    std::vector<Possibility> matched;
    const bool waiting = out.kind == VectorStep::Kind::wait;
    Window seen = waiting ? out.window : Window{};
    for (const Possibility& possibility : set_) {
        if (!possibility.pending.empty()) {
            if (wanted && possibility.pending.front() == *wanted) {
                matched.push_back(possibility);
                matched.back().pending.erase(matched.back().pending.begin());
            } else {
                add_alternative({}, possibility, seen, out);
            }
            continue;
        }
        for (const int timer : knowledge_.running(possibility)) {
            if (timer == skipped_timer) continue;
            const Window window = relative(possibility, timer, out);
            const Input expiry{Trigger::timer, knowledge_.profile().timers[timer].name, {}};
            for (Possibility& after : knowledge_.react(possibility, expiry, now())) {
                if (after.pending.empty()) continue;
                // Only a timer that may expire at once can stand in for an immediate reaction.
                const bool at_once = knowledge_.window(possibility, timer).earliest_us == 0;
                if (wanted && at_once && after.pending.front() == *wanted) {
                    seen.latest_us = std::max(seen.latest_us, window.latest_us);
                    after.pending.erase(after.pending.begin());
                    matched.push_back(std::move(after));
                } else {
                    add_alternative(possibility, after, window, out);
                }
            }
        }
    }
    if (wanted) out.expect.push_back({on_wire(*wanted, own_, peer_, options_.unit_bytes), seen, ""});
    return matched;
}

void Projector::follow(const TraceStep& step, VectorStep& out) {
    for (const Segment& wanted : step.sent) {
        set_ = observe(&wanted, -1, out);
        out.expect.back().rule = rule_names(step.rules);
    }
    observe(nullptr, -1, out);
    std::erase_if(set_, [](const Possibility& possibility) { return !possibility.pending.empty(); });
    std::move(tolerated_.begin(), tolerated_.end(), std::back_inserter(set_));
    tolerated_.clear();
    for (Possibility& possibility : set_) possibility.rules.clear();
    std::sort(set_.begin(), set_.end());
    set_.erase(std::unique(set_.begin(), set_.end()), set_.end());
}

void Projector::look_at_state(const TraceStep& step, VectorStep& out) const {
    std::set<std::string> states;
    for (const Possibility& possibility : set_)
        states.insert(knowledge_.profile().states[possibility.state.state].name);
    out.states.assign(states.begin(), states.end());
    const int unread = knowledge_.profile().variable("unread");
    const bool read = unread < 0 || step.after.end[end_].values[unread] == 0;
    for (const std::string& signal : step.signals) {
        if (descriptor_ && (read || signal != "eof")) out.signals.push_back(signal);
    }
}

Input input_of(const TraceStep& step) {
    switch (step.kind) {
        case TraceStep::Kind::call: return {Trigger::call, step.name, {}};
        case TraceStep::Kind::timer: return {Trigger::timer, step.name, {}};
        default: return {Trigger::segment, "", step.segment};
    }
}

// The reaction that the trace took.
std::optional<Possibility> Projector::planned(const TraceStep& step) const {
    for (Possibility& way : knowledge_.react(plan_, input_of(step), now())) {
        if (way.state == step.after.end[end_] && way.rules == step.rules && way.pending == step.sent) return way;
    }
    return std::nullopt;
}

// Where a segment starts a running timer anew and the trace then waits for it, the tester first lets more time pass than the
// timer's interval is wide: only then does the expiry tell whether the timer was started anew.
void Projector::pause_before_restart(const TraceStep& step, std::size_t index) {
    constexpr std::int64_t margin_us = 100'000;
    const std::optional<Possibility> way = planned(step);
    if (step.kind != TraceStep::Kind::deliver || !way) return;
    std::int64_t pause = 0;
    for (const auto& [timer, clock] : way->clocks) {
        if (clock.since != now() || !plan_.clocks.contains(timer)) continue;
        const std::string& name = knowledge_.profile().timers[timer].name;
        const bool awaited = std::any_of(
            trace_.steps.begin() + static_cast<std::ptrdiff_t>(index), trace_.steps.end(), [&](const TraceStep& later) {
                return later.end == end_ && later.kind == TraceStep::Kind::timer && later.name == name;
            });
        const Window window = knowledge_.window(plan_, timer);
        if (awaited) pause = std::max(pause, window.latest_us - window.earliest_us + margin_us);
    }
    const Instant present = instant(now() - 1);
    for (const auto& [timer, clock] : plan_.clocks) {  // nothing may expire meanwhile
        const std::int64_t passed = present.high - instant(clock.since).low;
        if (passed + pause + margin_us > knowledge_.window(plan_, timer).earliest_us) return;
    }
    if (pause == 0) return;
    VectorStep out;
    out.kind = VectorStep::Kind::wait;
    out.timer = "pause";
    out.window = {pause, pause};
    out.note = "time passes, so that a timer that is started anew expires later than one that is not";
    observe(nullptr, -1, out);
    if (!steps_.empty()) out.states = steps_.back().states;
    done_.push_back({present.low + pause, present.high + pause, 0});
    steps_.push_back(std::move(out));
}

std::string Projector::project_step(const TraceStep& step, std::size_t index) {
    pause_before_restart(step, index);
    VectorStep out = begin(step);
    const Input input = input_of(step);
    if (step.kind == TraceStep::Kind::timer) {
        const std::string reason = place_in_time(step, out);
        if (!reason.empty()) return reason;
        observe(nullptr, knowledge_.profile().timer(step.name), out);
    }
    if (std::optional<Possibility> way = planned(step)) {
        plan_ = std::move(*way);
        plan_.pending.clear();
        plan_.rules.clear();
    }
    if (step.kind == TraceStep::Kind::call && (step.name == "close" || step.name == "abort")) descriptor_ = false;
    react(input);
    follow(step, out);
    look_at_state(step, out);
    std::int64_t longest = 0;
    for (const Expected& expected : out.expect) longest = std::max(longest, expected.window.latest_us);
    const Instant previous = instant(now() - 1);
    const Instant start = instant(out.window.since.step);
    if (out.kind == VectorStep::Kind::wait) {
        const std::int64_t lag = out.expect.empty() ? out.window.latest_us - out.window.earliest_us : 0;
        done_.push_back(
            {std::max(previous.low, start.low + out.window.earliest_us), start.high + out.window.latest_us, lag});
    } else {
        done_.push_back({previous.low, previous.high + longest, longest});
    }
    steps_.push_back(std::move(out));
    unseen_.clear();
    return "";
}

std::string Projector::run() {
    for (std::size_t i = 0; i < trace_.steps.size(); ++i) {
        const TraceStep& step = trace_.steps[i];
        const bool network = step.kind == TraceStep::Kind::lose || step.kind == TraceStep::Kind::duplicate;
        if (network || step.end != end_) {
            remember(step);
            continue;
        }
        const std::string reason = project_step(step, i);
        if (!reason.empty()) return reason;
    }
    return steps_.empty() ? "the endpoint takes no step" : "";
}

std::vector<std::string> clauses_of(const Claim& claim, const Profile& profile, const std::vector<VectorStep>& steps) {
    std::vector<std::string> clauses{claim.cites};
    for (const VectorStep& step : steps) {
        for (const std::string& name : step.rules) {
            const Rule* rule = profile.rule(name);
            if (rule && std::find(clauses.begin(), clauses.end(), rule->cites) == clauses.end())
                clauses.push_back(rule->cites);
        }
    }
    return clauses;
}

// The clause of each rule that a step names; a list of names is one string with blanks.
std::map<std::string, std::string> rules_of(const Profile& profile, const std::vector<VectorStep>& steps) {
    std::map<std::string, std::string> clauses;
    const auto add = [&](const std::string& names) {
        std::istringstream in(names);
        for (std::string name; in >> name;) {
            if (const Rule* rule = profile.rule(name)) clauses[name] = rule->cites;
        }
    };
    for (const VectorStep& step : steps) {
        for (const std::string& name : step.rules) add(name);
        for (const Expected& expected : step.expect) add(expected.rule);
        for (const Alternative& alternative : step.alternatives) add(alternative.rule);
    }
    return clauses;
}

// Where an endpoint goes on its way into a connection.
bool opens(const std::string& state) { return state == "LISTEN" || state == "SYN_SENT" || state == "SYN_RCVD"; }

bool of_another_connection(const TraceStep& step) {
    const auto later = [](const Segment& segment) { return segment.era > 0; };
    return later(step.segment) || std::any_of(step.sent.begin(), step.sent.end(), later);
}

// A vector begins with one handshake that is over. Empty where the trace keeps to the connection that this one opened.
std::string why_no_vector(const PlainSystem& system, const Trace& trace) {
    if (system.profile(0).stream_from != system.profile(1).stream_from)
        return "the two ends number the units of a stream differently";
    for (int end = 0; end < 2; ++end) {
        const std::string name = end == 0 ? "A" : "B";
        const Profile& profile = system.profile(end);
        const std::string& state = profile.states[trace.initial.end[end].state].name;
        if (trace.initial.end[end].state != profile.initial_state())
            return fmt::format("{} starts in {}; a vector starts after the handshake", name, state_label(state));
        for (const TraceStep& step : trace.steps) {
            const std::string& entered = profile.states[step.after.end[end].state].name;
            if (opens(entered))
                return fmt::format("{} comes to {}; a vector knows no handshake but the one before it", name,
                                   state_label(entered));
        }
    }
    if (std::any_of(trace.steps.begin(), trace.steps.end(), of_another_connection))
        return "a segment belongs to another incarnation of the connection; a vector has one";
    return "";
}

}  // namespace

Projection project(const PlainSystem& system, const Claim& claim, const Trace& trace, int end,
                   const ProjectionOptions& options) {
    Projection result;
    result.reason = why_no_vector(system, trace);
    if (!result.reason.empty()) return result;
    Projector projector(system, trace, end, options);
    result.reason = projector.run();
    if (!result.reason.empty()) return result;
    const Profile& profile = system.profile(end);
    TestVector vector;
    vector.endpoint = end == 0 ? "A" : "B";
    vector.id = fmt::format("{}/{}/ipv{}", claim.id, vector.endpoint, options.ip);
    vector.goal = claim.sentence;
    const bool witness = claim.kind == Claim::Kind::reachable;
    vector.claims = {
        {claim.id, witness ? VectorClaim::Sense::witness : VectorClaim::Sense::counterexample, claim.sentence}};
    vector.refuted_expected = claim.refuted_at.find(vector.endpoint) != std::string::npos;
    vector.profile = vector.subject = profile.name;
    for (const Limit& limit : profile.limits) vector.limits[limit.name] = system.limits(end).at(limit.name);
    vector.unproduced = unproduced_limits(profile, system.limits(end));
    vector.system = claim.system;
    for (const Setting& setting : profile.settings) {
        vector.settings.emplace_back(setting.name, setting.value);
        if (!setting.offers.empty() && setting.number.value_or(0) != 0) vector.options.push_back(setting.offers);
    }
    vector.ip = options.ip;
    vector.unit_bytes = options.unit_bytes;
    // Close to where 32 bits wrap, and where the sign bit flips.
    vector.tester_isn = options.ip == 4 ? 0x7ffffff0u : 0xfffffff0u;
    vector.steps = std::move(projector.steps());
    vector.clauses = clauses_of(claim, profile, vector.steps);
    vector.rules = rules_of(profile, vector.steps);
    result.reason = why_not_carried(vector);
    if (result.reason.empty()) result.vector = std::move(vector);
    return result;
}

}  // namespace lastack
