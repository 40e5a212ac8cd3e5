#include "generators/project.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "generators/beginning.h"
#include "generators/byte_stream.h"
#include "generators/citations.h"
#include "generators/tester_view.h"
#include "generators/vector_json.h"
#include "model/settings.h"

namespace lastack {

namespace {

constexpr std::int64_t slack_us = TesterView::slack_us;
constexpr std::int64_t act_us = 1'000;          // what a tester needs to act at all
constexpr std::int64_t least_look_us = 20'000;  // of the silence after the last step

using Segments = std::vector<Segment>;

class Projector {
public:
    Projector(const PlainSystem& system, const Trace& trace, int end, const ProjectionOptions& options)
        : trace_(trace), end_(end), options_(options), own_memo_(system.profile(end), system.limits(end)),
          view_(options.memo == nullptr ? own_memo_ : *options.memo, instants_),
          own_(trace, end, system.profile(1 - end), options.unit_bytes, system.profile(end).stream_from, false),
          peer_(trace, 1 - end, system.profile(end), options.unit_bytes, system.profile(1 - end).stream_from,
                options.any_peer),
          announces_(system.decl().start[end].empty()), set_{view_.initial(system.decl().start[end])},
          plan_(set_.front()) {
        if (const int next = view_.profile().variable("rcv_nxt"); next >= 0)
            announced_ = plan_.state.values[static_cast<std::size_t>(next)];
    }

    // Fills the steps; a reason where the trace cannot be followed in time.
    std::string run();
    void settle(TestVector& vector);

private:
    // Where the courses of a step have led, and what the plan expects of it.
    struct Outlook {
        const Segments& wanted;
        std::vector<When> windows;  // of the wanted segments
        VectorStep& out;
        std::vector<Possibility> next;    // went as planned, as far as a tester can see
        const EndState* after = nullptr;  // that the plan leads to, where a segment that does not change it is let pass
    };

    std::string project_step(const TraceStep& step, std::size_t index);
    const EndState* passing(const TraceStep& step) const {
        return options_.goes_on_in_the_same_state ? &step.after.end[end_] : nullptr;
    }
    std::string act(const TraceStep& step, VectorStep& out);
    std::string await(const TraceStep& step, VectorStep& out);
    std::string why_not_now(const When& action) const;
    std::string why_not_first(int timer, const When& expiry) const;
    bool is_joined(const TraceStep& step, std::size_t index) const;
    const TraceStep* next_own(std::size_t index) const;
    std::optional<Possibility> planned(const TraceStep& step, const When& when) const;
    void take_plan(const TraceStep& step, const When& when);
    void pause_before_restart(const TraceStep& step, std::size_t index);
    std::int64_t first_end() const;
    void pause(std::int64_t length, const std::string& note);
    void remember(const TraceStep& step);
    VectorStep begin(const TraceStep& step) const;
    void widen(Outlook& outlook, const std::vector<Possibility>& courses, int action) const;
    void follow(Outlook& outlook, const std::vector<Possibility>& courses) const;
    bool fit(Outlook& outlook, const Possibility& course, std::size_t& matched, Possibility& after) const;
    void add_alternative(const SeenEmission& emission, Alternative::Then then, VectorStep& out) const;
    void finish(const TraceStep& step, Outlook& outlook, int completion, std::int64_t over_us = -slack_us);
    void look_at_result(const TraceStep& step, std::vector<Possibility>& courses, VectorStep& out) const;
    std::set<std::string> states_before(const When& expiry, const std::vector<Possibility>& courses) const;
    void look_at_state(VectorStep& out, std::set<std::string> others = {}) const;
    void look_at_signals(const TraceStep& step, VectorStep& out) const;
    Window window(const When& when) const;
    WireSegment to_iut(const Segment& segment) const;
    WireSegment from_iut(const Segment& segment, bool probe) const;
    bool is_wanted(const Outlook& outlook, std::size_t k, const SeenEmission& emission) const;
    bool owes_window() const;
    int add_instant(Anchor::Event event, int earlier, Interval after);
    int now() const { return static_cast<int>(steps_.size()); }

    const Trace& trace_;
    int end_;
    ProjectionOptions options_;
    Instants instants_;
    PlainMemo own_memo_;
    std::vector<Anchor> anchors_{{Anchor::Event::opening, -1}};  // by instant
    TesterView view_;
    ByteStream own_, peer_;
    bool announces_;                     // the IUT has said where its window ends
    int announced_ = 0;                  // the last unit that the plan has acknowledged, and one
    bool announced_shut_ = false;        // with a window of 0
    EndState start_;                     // of the plan, before the step at hand
    const Segment* arriving_ = nullptr;  // of the step at hand
    WireSegment given_;                  // the same on the wire
    std::vector<Possibility> set_;       // what the IUT may be in, given that the plan was seen
    Possibility plan_;                   // what it is in, in the trace
    int done_ = Instants::opening;       // when the last step was complete
    int reference_ = Instants::opening;  // what the times of the step at hand are counted from
    std::vector<VectorStep> steps_;
    std::string unseen_;  // what happened where the tester cannot see it, for the next note
    std::vector<std::string> unseen_rules_;
    bool descriptor_ = true;
};

std::string rule_names(const std::vector<std::string>& rules) { return fmt::format("{}", fmt::join(rules, " ")); }

Input input_of(const TraceStep& step) {
    switch (step.kind) {
        case TraceStep::Kind::call: return {Trigger::call, step.name, {}};
        case TraceStep::Kind::timer: return {Trigger::timer, step.name, {}};
        default: return {Trigger::segment, "", step.segment};
    }
}

// ---- instants

int Projector::add_instant(Anchor::Event event, int earlier, Interval after) {
    anchors_.push_back({event, now()});
    return instants_.add(earlier, after);
}

// In a step its own action is what windows are counted from unless they say otherwise; its own completion is not known
// yet.
Window Projector::window(const When& when) const {
    const Anchor& known = anchors_[static_cast<std::size_t>(when.since)];
    if (known.step != now()) return {when.low, when.high, known};
    if (known.event == Anchor::Event::action) return {when.low, when.high, Anchor{}};
    return window(instants_.seen_from(when, reference_));
}

// ---- the steps of the trace

// What happens in the network or at the tester's own end is not a step of the vector, but worth telling.
void Projector::remember(const TraceStep& step) {
    const bool network = step.kind == TraceStep::Kind::lose || step.kind == TraceStep::Kind::duplicate;
    if (network || step.end == end_) unseen_ += (unseen_.empty() ? "" : "; ") + to_string(step, Vocabulary{});
}

VectorStep Projector::begin(const TraceStep& step) const {
    VectorStep out;
    switch (step.kind) {
        case TraceStep::Kind::call:
            out.kind = VectorStep::Kind::call;
            out.call = step.name;
            out.result = step.result;
            out.bytes = moves_text(step.name) ? options_.unit_bytes : 0;
            break;
        case TraceStep::Kind::timer:
            out.kind = VectorStep::Kind::wait;
            out.timer = step.name;
            break;
        default: out.kind = VectorStep::Kind::send; out.segment = to_iut(step.segment);
    }
    out.note = unseen_.empty() ? to_string(step, Vocabulary{})
                               : fmt::format("({}) {}", unseen_, to_string(step, Vocabulary{}));
    out.rules = unseen_rules_;
    out.rules.insert(out.rules.end(), step.rules.begin(), step.rules.end());
    return out;
}

// A position outside of the IUT's window is counted from the window's right edge: the model's window has a few units,
// the IUT's has what it announces.
WireSegment Projector::to_iut(const Segment& segment) const {
    WireSegment wire = on_wire(segment, peer_, own_);
    const int variable = view_.profile().variable("rcv_nxt");
    if (variable < 0) return wire;
    const int next = plan_.state.values[static_cast<std::size_t>(variable)];
    // A SYN is one byte, the unit that it stands on more where there is text: what is behind it counts, not its begin.
    if (segment.syn && (segment.len > 0 || segment.fin) && segment.seq < next)
        wire.seq = peer_.offset(segment.seq + 1) - 1;
    const auto window = view_.limits().find("window");
    if (window == view_.limits().end()) return wire;
    const int right = next + window->second;
    const bool across =
        segment.syn && segment.seq != next && segment.seq + 1 + segment.len + (segment.fin ? 1 : 0) > right;
    if ((segment.seq < right && !across) || !announces_) return wire;
    wire.from_right = true;
    wire.seq = segment.seq - right;
    return wire;
}

// A window is what was announced: with an acknowledgment that is owed it moves on, and one that is announced as shut
// ends elsewhere than the model's.
bool Projector::owes_window() const {
    const int next = view_.profile().variable("rcv_nxt");
    return next >= 0 && (announced_shut_ || announced_ != plan_.state.values[static_cast<std::size_t>(next)]);
}

WireSegment Projector::from_iut(const Segment& segment, bool probe) const {
    WireSegment wire = on_wire(segment, own_, peer_);
    if (probe) wire.seq = own_.offset(segment.seq + 1) - 1;
    if (arriving_ && acknowledges(segment, *arriving_))
        wire.ack = given_.seq + given_.len + (given_.syn ? 1 : 0) + (given_.fin ? 1 : 0);
    return wire;
}

// The reaction that the trace took.
std::optional<Possibility> Projector::planned(const TraceStep& step, const When& when) const {
    for (Possibility& way : view_.react(plan_, input_of(step), when)) {
        const bool same =
            std::equal(way.sent.begin(), way.sent.end(), step.sent.begin(), step.sent.end(),
                       [](const SeenEmission& one, const Segment& other) { return one.segment == other; });
        const bool fires = way.sent.empty() || way.sent.front().rules == step.rules;
        if (same && fires && way.state == step.after.end[end_]) return way;
    }
    return std::nullopt;
}

void Projector::take_plan(const TraceStep& step, const When& when) {
    plan_ = planned(step, when).value();
    plan_.sent.clear();
    plan_.events = 0;
    for (auto& [timer, clock] : plan_.clocks) clock.event = 0;
}

// A call or a segment comes while the timers of the plan still run. Empty where it can.
std::string Projector::why_not_now(const When& action) const {
    for (const int timer : view_.ending(plan_)) {
        if (view_.surely_before(view_.expiry(plan_, timer), {action.since, action.low + act_us, action.high + act_us}))
            return fmt::format("timer {} would have expired before the tester can act",
                               view_.profile().timers[static_cast<std::size_t>(timer)].name);
    }
    return "";
}

// A timer that the plan waits for ends before the others that run do, by more than clocks may be off.
std::string Projector::why_not_first(int timer, const When& expiry) const {
    if (view_.surely_before(expiry, {done_, 0, 0}))
        return fmt::format("timer {} would have expired earlier",
                           view_.profile().timers[static_cast<std::size_t>(timer)].name);
    for (const int other : view_.ending(plan_)) {
        if (other == timer) continue;
        const Interval ahead = instants_.between(expiry, view_.expiry(plan_, other));
        if (ahead.high < slack_us) {
            const auto name = [&](int index) { return view_.profile().timers[static_cast<std::size_t>(index)].name; };
            return ahead.high < 0 ? fmt::format("timer {} would expire before timer {} does", name(other), name(timer))
                                  : fmt::format("timers {} and {} end at one moment: which is first cannot be planned",
                                                name(timer), name(other));
        }
    }
    return "";
}

const TraceStep* Projector::next_own(std::size_t index) const {
    for (std::size_t i = index + 1; i < trace_.steps.size(); ++i) {
        const TraceStep& step = trace_.steps[i];
        const bool network = step.kind == TraceStep::Kind::lose || step.kind == TraceStep::Kind::duplicate;
        if (!network && step.end == end_) return &step;
    }
    return nullptr;
}

// An expiry that nobody sees is over for certain only at the late end of its window. Where the next timer of the trace
// may expire before that, both are one wait.
bool Projector::is_joined(const TraceStep& step, std::size_t index) const {
    const TraceStep* next = next_own(index);
    if (step.kind != TraceStep::Kind::timer || !step.sent.empty() || !returned(step).empty() || !next ||
        next->kind != TraceStep::Kind::timer)
        return false;
    const int timer = view_.profile().timer(step.name);
    const When expiry = view_.expiry(plan_, timer);
    const std::optional<Possibility> after = planned(step, expiry);
    const int other = view_.profile().timer(next->name);
    if (!after || !after->clocks.contains(other)) return false;
    When over = expiry;
    over.low = over.high += 2 * slack_us;
    return view_.maybe_before(view_.expiry(*after, other), over);
}

// ---- what may come

// A segment that is allowed although it is not the next one planned. Where it changes nothing but counters and clocks
// (a retransmission) the plan goes on. A delayed acknowledgment that the plan does not have is another matter: the plan
// may be about its absence.
void Projector::add_alternative(const SeenEmission& emission, Alternative::Then then, VectorStep& out) const {
    Alternative alternative;
    alternative.segment = from_iut(emission.segment, emission.probe);
    alternative.window = window(emission.when);
    alternative.rule = rule_names(emission.rules);
    alternative.then = then;
    const auto joins = [&](const Alternative& other) {
        const Window &a = other.window, &b = alternative.window;
        return other.segment == alternative.segment && other.then == then && other.rule == alternative.rule &&
               a.since == b.since && a.earliest_us <= b.latest_us && b.earliest_us <= a.latest_us;
    };
    const auto known = std::find_if(out.alternatives.begin(), out.alternatives.end(), joins);
    if (known == out.alternatives.end()) {
        out.alternatives.push_back(std::move(alternative));
    } else {
        known->window.earliest_us = std::min(known->window.earliest_us, alternative.window.earliest_us);
        known->window.latest_us = std::max(known->window.latest_us, alternative.window.latest_us);
    }
}

bool Projector::is_wanted(const Outlook& outlook, std::size_t k, const SeenEmission& emission) const {
    return k < outlook.wanted.size() && emission.segment == outlook.wanted[k] &&
           emission.probe == is_probe(view_.profile(), start_, outlook.wanted[k]);
}

// Walks along what a course sends. False where it leaves the plan: by a segment that is not expected, and is no
// retransmission.
bool Projector::fit(Outlook& outlook, const Possibility& course, std::size_t& matched, Possibility& after) const {
    after = course;
    int seen = 0;  // the event that sent the last wanted segment
    for (const SeenEmission& emission : course.sent) {
        if (is_wanted(outlook, matched, emission)) {
            const When& planned = outlook.windows[matched];
            const bool meets = instants_.between(planned, emission.when).high >= -slack_us &&
                               instants_.between(emission.when, planned).high >= -slack_us;
            const When here = instants_.seen_from(emission.when, planned.since);
            if (here.low < planned.low || here.high > planned.high)
                add_alternative(emission, Alternative::Then::inconclusive, outlook.out);
            if (meets) {
                ++matched;
                seen = emission.event;
                continue;
            }
            return false;
        }
        const bool passes = emission.again || (outlook.after && course.state == *outlook.after);
        add_alternative(emission, passes ? Alternative::Then::go_on : Alternative::Then::inconclusive, outlook.out);
        if (!passes) return false;
        after.loose = after.loose || emission.again;
    }
    // Timers that were started with the last segment of the step run since it was seen.
    if (matched == outlook.wanted.size() && seen > 0) {
        for (auto& [timer, clock] : after.clocks) {
            if (clock.event == seen) clock.event = -1;
        }
    }
    return true;
}

// Where the IUT may answer at once or later (a delayed acknowledgment), the window is both.
void Projector::widen(Outlook& outlook, const std::vector<Possibility>& courses, int action) const {
    for (const Possibility& course : courses) {
        for (std::size_t k = 0; k < course.sent.size() && is_wanted(outlook, k, course.sent[k]); ++k) {
            const When when = instants_.seen_from(course.sent[k].when, action);
            if (when.low <= outlook.windows[k].high)
                outlook.windows[k].high = std::max(outlook.windows[k].high, when.high);
        }
    }
}

void Projector::follow(Outlook& outlook, const std::vector<Possibility>& courses) const {
    std::vector<std::size_t> missing(outlook.wanted.size(), 0);
    for (const Possibility& course : courses) {
        std::size_t matched = 0;
        Possibility after;
        if (!fit(outlook, course, matched, after)) continue;
        if (matched == outlook.wanted.size()) {
            outlook.next.push_back(std::move(after));
            continue;
        }
        When deadline = outlook.windows[matched];
        deadline.low = deadline.high += slack_us;
        if (!after.loose && view_.may_last(course, deadline)) ++missing[matched];
    }
    for (std::size_t k = 0; k < outlook.wanted.size(); ++k) {
        const bool optional = std::any_of(missing.begin(), missing.begin() + static_cast<std::ptrdiff_t>(k) + 1,
                                          [](std::size_t count) { return count > 0; });
        const bool probe = is_probe(view_.profile(), start_, outlook.wanted[k]);
        outlook.out.expect.push_back({from_iut(outlook.wanted[k], probe), window(outlook.windows[k]), "", optional});
    }
    // However late the tester is, an expiry in its own time is allowed.
    for (const Possibility& late : view_.one_expiry(outlook.next)) {
        std::size_t matched = 0;
        Possibility after;
        fit(outlook, late, matched, after);
    }
}

// The set for the next step: what the plan was seen of, what a call that had blocked returned included, and could still
// be so when the step was complete.
void Projector::finish(const TraceStep& step, Outlook& outlook, int completion, std::int64_t over_us) {
    std::vector<Possibility> next;
    outlook.out.returned = returned(step);
    for (Possibility& possibility : outlook.next) {
        for (auto& [timer, clock] : possibility.clocks) {
            if (clock.event == -1) clock.start = {completion, 0, 0};
            clock.event = 0;
        }
        const bool returned_so = possibility.returned == outlook.out.returned;
        possibility.sent.clear();
        possibility.result.clear();
        possibility.returned.clear();
        possibility.last = {completion, 0, 0};
        possibility.events = 0;
        if (!view_.may_last(possibility, {completion, over_us, over_us})) continue;
        if (returned_so)
            next.push_back(possibility);
        else
            outlook.out.returned_optional |= !possibility.loose;
    }
    make_set(next);
    set_ = std::move(next);
    done_ = completion;
}

// ---- calls and segments

void Projector::look_at_result(const TraceStep& step, std::vector<Possibility>& courses, VectorStep& out) const {
    if (step.kind != TraceStep::Kind::call) return;
    std::set<std::string> others;
    std::erase_if(courses, [&](const Possibility& course) {
        if (course.result == step.result) return false;
        if (!course.loose) others.insert(course.result);
        return true;
    });
    out.other_results.insert(out.other_results.end(), others.begin(), others.end());
}

std::string Projector::act(const TraceStep& step, VectorStep& out) {
    const int action = reference_ = add_instant(Anchor::Event::action, done_, {0, slack_us});
    const When at{action, 0, 0};
    if (const std::string reason = why_not_now(at); !reason.empty()) return reason;
    const Input input = input_of(step);
    std::vector<Possibility> courses;
    for (const Possibility& before : view_.unfold(set_, at)) {
        if (!view_.may_last(before, {action, -slack_us, -slack_us})) continue;
        std::vector<Possibility> ways = view_.react(before, input, at);
        if (ways.empty() && !before.loose) out.other_results = {"not_connected", "would_block"};
        std::move(ways.begin(), ways.end(), std::back_inserter(courses));
    }
    look_at_result(step, courses, out);
    Outlook outlook{step.sent, std::vector<When>(step.sent.size(), at), out, {}, passing(step)};
    std::int64_t longest = 0;
    for (bool wider = !step.sent.empty(); wider;) {
        widen(outlook, view_.unfold(courses, {action, longest, longest}), action);
        const std::int64_t latest = outlook.windows.back().high;
        wider = latest > longest;
        longest = std::max(longest, latest);
    }
    for (std::size_t k = 1; k < outlook.windows.size(); ++k)
        outlook.windows[k].high = std::max(outlook.windows[k].high, outlook.windows[k - 1].high);
    const int completion = add_instant(Anchor::Event::completion, action, {0, longest});
    follow(outlook, view_.unfold(courses, {action, longest + slack_us, longest + slack_us}));
    take_plan(step, at);
    finish(step, outlook, completion);
    look_at_state(out);
    look_at_signals(step, out);
    return "";
}

// ---- waits

std::string Projector::await(const TraceStep& step, VectorStep& out) {
    const int timer = view_.profile().timer(step.name);
    const When expiry = view_.expiry(plan_, timer);
    if (const std::string reason = why_not_first(timer, expiry); !reason.empty()) return reason;
    const int action = add_instant(Anchor::Event::action, done_, {0, slack_us});
    reference_ = expiry.since;
    out.window = window(expiry);
    Outlook outlook{step.sent, std::vector<When>(step.sent.size(), expiry), out, {}, passing(step)};
    const bool silent = step.sent.empty();
    const Interval over =
        silent ? Interval{expiry.high, expiry.high + 2 * slack_us} : Interval{expiry.low, expiry.high};
    const int completion = add_instant(Anchor::Event::completion, action, {0, std::int64_t{1} << 50});
    if (!instants_.constrain(expiry.since, completion, over))
        return fmt::format("timer {} would have expired earlier", step.name);
    follow(outlook, view_.unfold(set_, {completion, silent ? 0 : slack_us, silent ? 0 : slack_us}));
    take_plan(step, silent ? expiry : When{completion, 0, 0});
    std::set<std::string> early;
    if (silent) early = states_before(expiry, outlook.next);
    // Whoever runs the vector waits out the window and the slack: a timer that has not ended by then never does.
    finish(step, outlook, completion, silent ? 1 : -slack_us);
    look_at_state(out, std::move(early));
    look_at_signals(step, out);
    return "";
}

// Where a segment starts a running timer anew and the trace then waits for it, the tester first lets more time pass
// than the timer's interval is wide: only then does the expiry tell whether the timer was started anew.
void Projector::pause_before_restart(const TraceStep& step, std::size_t index) {
    if (step.kind != TraceStep::Kind::deliver) return;
    const When present{done_, 0, 0};
    const std::optional<Possibility> way = planned(step, present);
    if (!way) return;
    std::int64_t length = 0;
    for (const auto& [timer, clock] : way->clocks) {
        if (clock.event == 0 || !plan_.clocks.contains(timer)) continue;
        const std::string& name = view_.profile().timers[static_cast<std::size_t>(timer)].name;
        const bool awaited = std::any_of(
            trace_.steps.begin() + static_cast<std::ptrdiff_t>(index), trace_.steps.end(), [&](const TraceStep& later) {
                return later.end == end_ && later.kind == TraceStep::Kind::timer && later.name == name;
            });
        const When expiry = view_.expiry(plan_, timer);
        if (awaited) length = std::max(length, expiry.high - expiry.low + ProjectionOptions::late_us);
    }
    // Nothing may expire meanwhile.
    if (length > 0 && first_end() >= length + 2 * slack_us + ProjectionOptions::late_us)
        pause(length, "time passes, so that a timer that is started anew expires later than one that is not");
}

// How soon a timer may end from now on, at most a day.
std::int64_t Projector::first_end() const {
    std::int64_t first = 86'400'000'000;
    for (const int timer : view_.ending(plan_))
        first = std::min(first, instants_.between({done_, 0, 0}, view_.expiry(plan_, timer)).low);
    return first;
}

void Projector::pause(std::int64_t length, const std::string& note) {
    VectorStep out;
    out.kind = VectorStep::Kind::wait;
    out.timer = "pause";
    out.note = note;
    const int action = reference_ = add_instant(Anchor::Event::action, done_, {0, slack_us});
    out.window = window({action, length, length});
    const int completion = add_instant(Anchor::Event::completion, action, {length, length + slack_us});
    Outlook outlook{{}, {}, out, {}};
    follow(outlook, view_.unfold(set_, {completion, 0, 0}));
    finish({}, outlook, completion);
    look_at_state(out);
    steps_.push_back(std::move(out));
}

// ---- what a step leaves behind

// States that the IUT may have come to before the expiry that the plan waits for.
std::set<std::string> Projector::states_before(const When& expiry, const std::vector<Possibility>& courses) const {
    std::set<std::string> names;
    for (const Possibility& course : courses) {
        const bool early = course.events > 0 && instants_.between(course.last, expiry).high > 0;
        const std::string& name = view_.state_name(course);
        const bool known = !steps_.empty() && steps_.back().states == std::vector<std::string>{name};
        if (early && !known) names.insert(name);
    }
    return names;
}

// The plan's own state, and those that the IUT may be in although all that was seen was as planned.
void Projector::look_at_state(VectorStep& out, std::set<std::string> others) const {
    const std::string& planned = view_.state_name(plan_);
    for (const Possibility& possibility : set_) {
        if (!possibility.loose && view_.state_name(possibility) != planned)
            others.insert(view_.state_name(possibility));
    }
    out.states = {planned};
    out.other_states.assign(others.begin(), others.end());
}

void Projector::look_at_signals(const TraceStep& step, VectorStep& out) const {
    const int unread = view_.profile().variable("unread");
    const bool read = unread < 0 || step.after.end[end_].values[static_cast<std::size_t>(unread)] == 0;
    for (const std::string& signal : step.signals) {
        if (descriptor_ && (read || signal != "eof")) out.signals.push_back(signal);
    }
    out.signals_optional = !out.signals.empty() && std::any_of(set_.begin(), set_.end(), [&](const Possibility& one) {
        return !one.loose && one.signal != plan_.signal;
    });
}

std::string Projector::project_step(const TraceStep& step, std::size_t index) {
    if (is_joined(step, index)) {
        const int timer = view_.profile().timer(step.name);
        const When expiry = view_.expiry(plan_, timer);
        if (std::string reason = why_not_first(timer, expiry); !reason.empty()) return reason;
        take_plan(step, expiry);
        remember(step);
        unseen_rules_.insert(unseen_rules_.end(), step.rules.begin(), step.rules.end());
        return "";
    }
    if (!options_.late.contains(index))
        pause_before_restart(step, index);
    else if (const std::int64_t length = first_end() - ProjectionOptions::late_us; length >= ProjectionOptions::late_us)
        pause(length, "as late as the timers allow");
    VectorStep out = begin(step);
    if (step.kind == TraceStep::Kind::call && gives_up_descriptor(step.name)) descriptor_ = false;
    if (step.kind == TraceStep::Kind::call && (step.name == "open" || step.name == "listen")) descriptor_ = true;
    arriving_ = step.kind == TraceStep::Kind::deliver ? &step.segment : nullptr;
    given_ = out.segment;
    start_ = plan_.state;
    for (const Segment& answer : step.sent) {
        const bool begins_anew = answer.syn && arriving_ && arriving_->syn;  // acknowledges that SYN
        const bool counts = arriving_ && answer.has_ack && answer.ack > arriving_->seq;
        if (arriving_ && given_.from_right && (begins_anew || counts || acknowledges(answer, *arriving_)))
            return "the answer counts from a number beyond the window, which only the endpoint knows";
    }
    if (given_.from_right && owes_window())
        return "where the window ends is not known: the endpoint has not said it, or that it is shut";
    std::string reason = step.kind == TraceStep::Kind::timer ? await(step, out) : act(step, out);
    if (!reason.empty()) return reason;
    for (const Segment& sent : step.sent) {
        if (!sent.has_ack || sent.rst) continue;
        std::tie(announced_, announced_shut_) = std::tuple(sent.ack, sent.zero_window);
        announces_ = true;
    }
    if (view_.state_name(plan_) == "LISTEN") announces_ = false;
    for (Expected& expected : out.expect) expected.rule = rule_names(step.rules);
    steps_.push_back(std::move(out));
    unseen_.clear();
    unseen_rules_.clear();
    return "";
}

std::string Projector::run() {
    bool reborn = false;  // by the step before
    std::string before = view_.state_name(plan_);
    for (std::size_t i = 0; i < trace_.steps.size(); ++i) {
        const TraceStep& step = trace_.steps[i];
        const bool network = step.kind == TraceStep::Kind::lose || step.kind == TraceStep::Kind::duplicate;
        if (network || step.end != end_) {
            remember(step);
            continue;
        }
        if (reborn) return "what takes the place of the connection is not followed";
        std::string reason = project_step(step, i);
        if (!reason.empty()) return reason;
        reborn = before == "TIME_WAIT" && std::any_of(step.sent.begin(), step.sent.end(),
                                                      [](const Segment& sent) { return sent.syn && sent.has_ack; });
        before = view_.state_name(plan_);
    }
    return steps_.empty() ? "the endpoint takes no step" : "";
}

// A silence that no timer ends is looked at as long as the options say; where timers run, until shortly before the
// first may expire.
void Projector::settle(TestVector& vector) {
    std::int64_t look = options_.look_us;
    for (const Possibility& possibility : set_) {
        for (const int timer : view_.ending(possibility)) {
            const std::int64_t left = instants_.between({done_, 0, 0}, view_.expiry(possibility, timer)).low;
            look = std::min(look, left - 2 * slack_us);
        }
    }
    look = std::max(look, least_look_us);
    VectorStep last = std::move(steps_.back());
    steps_.pop_back();
    std::set<std::string> states;
    for (const Possibility& possibility : view_.unfold(set_, {done_, look + slack_us, look + slack_us})) {
        states.insert(view_.state_name(possibility));
        for (const SeenEmission& emission : possibility.sent) add_alternative(emission, Alternative::Then::go_on, last);
    }
    steps_.push_back(std::move(last));
    vector.settle_us = look;
    vector.settled_states.assign(states.begin(), states.end());
    vector.steps = std::move(steps_);
}

}  // namespace

Projection project(const PlainSystem& system, const Claim& claim, const Trace& trace, int end,
                   const ProjectionOptions& options) {
    Projection result;
    const Beginning beginning = beginning_of(system, trace, options.any_peer);
    result.reason = beginning.why_none;
    if (!result.reason.empty()) return result;
    TestVector vector;
    vector.begin = beginning.begin;
    try {
        Projector projector(system, trace, end, options);
        result.reason = projector.run();
        if (!result.reason.empty()) return result;
        projector.settle(vector);
    } catch (const TooManyCourses& problem) {
        result.reason = problem.what();
        return result;
    } catch (const ModelError&) {
        result.reason = "a timer may end by then of which the profile counts no further end";
        return result;
    }
    const Profile& profile = system.profile(end);
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
    vector.clauses = clauses_of(claim, profile, vector.steps);
    vector.rules = rules_of(profile, vector.steps);
    result.reason = why_not_carried(vector);
    if (result.reason.empty()) result.vector = std::move(vector);
    return result;
}

}  // namespace lastack
