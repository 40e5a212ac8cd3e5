#include "generators/projector.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <tuple>

namespace lastack {

namespace {

constexpr std::int64_t act_us = 1'000;            // what a tester needs to act at all
constexpr std::int64_t least_look_us = 20'000;    // of the silence after the last step
constexpr std::int64_t longest_lot_us = 400'000;  // of a pause whose length is drawn

Input input_of(const TraceStep& step) {
    switch (step.kind) {
        case TraceStep::Kind::call: return {Trigger::call, step.name, {}};
        case TraceStep::Kind::timer: return {Trigger::timer, step.name, {}};
        default: return {Trigger::segment, "", step.segment};
    }
}

bool is_of_network(const TraceStep& step) {
    return step.kind == TraceStep::Kind::lose || step.kind == TraceStep::Kind::duplicate;
}

}  // namespace

Projector::Projector(const PlainSystem& system, int end, const ProjectionOptions& options)
    : system_(system), end_(end), options_(options), own_memo_(system.profile(end), system.limits(end)),
      view_(options.memo == nullptr ? own_memo_ : *options.memo, at_.instants) {
    at_.announces = system.decl().start[end].empty();
    at_.plan = view_.initial(system.decl().start[end]);
    at_.set = {at_.plan};
    if (const int next = view_.profile().variable("rcv_nxt"); next >= 0)
        at_.announced = at_.plan.state.values[static_cast<std::size_t>(next)];
    kept_.push_back({at_, 0, 0, 0});
}

// ---- instants

int Projector::add_instant(Anchor::Event event, int earlier, Interval after) {
    at_.anchors.push_back({event, now()});
    return at_.instants.add(earlier, after);
}

// In a step its own action is what windows are counted from unless they say otherwise; its own completion is not known
// yet.
Window Projector::window(const When& when) const {
    const Anchor& known = at_.anchors[static_cast<std::size_t>(when.since)];
    if (known.step != now()) return {when.low, when.high, known};
    if (known.event == Anchor::Event::action) return {when.low, when.high, Anchor{}};
    return window(at_.instants.seen_from(when, at_.reference));
}

// ---- the steps of the trace

// What happens in the network or at the tester's own end is not a step of the vector, but worth telling.
void Projector::remember(const TraceStep& step) {
    if (is_of_network(step) || step.end == end_)
        at_.unseen += (at_.unseen.empty() ? "" : "; ") + to_string(step, Vocabulary{});
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
    out.note = at_.unseen.empty() ? to_string(step, Vocabulary{})
                                  : fmt::format("({}) {}", at_.unseen, to_string(step, Vocabulary{}));
    out.rules = at_.unseen_rules;
    out.rules.insert(out.rules.end(), step.rules.begin(), step.rules.end());
    return out;
}

// A position outside of the IUT's window is counted from the window's right edge: the model's window has a few units,
// the IUT's has what it announces.
WireSegment Projector::to_iut(const Segment& segment) const {
    WireSegment wire = on_wire(segment, *peer_, *own_);
    const int variable = view_.profile().variable("rcv_nxt");
    if (variable < 0) return wire;
    const int next = at_.plan.state.values[static_cast<std::size_t>(variable)];
    // A SYN is one byte, the unit that it stands on more where there is text: what is behind it counts, not its begin.
    if (segment.syn && (segment.len > 0 || segment.fin) && segment.seq < next)
        wire.seq = peer_->offset(segment.seq + 1) - 1;
    const auto window = view_.limits().find("window");
    if (window == view_.limits().end()) return wire;
    const int right = next + window->second;
    const bool across =
        segment.syn && segment.seq != next && segment.seq + 1 + segment.len + (segment.fin ? 1 : 0) > right;
    if ((segment.seq < right && !across) || !at_.announces) return wire;
    wire.from_right = true;
    wire.seq = segment.seq - right;
    if (owes_window() && lies_beyond(segment))
        wire.seq += peer_->offset(next) - peer_->offset(std::min(next, at_.announced));
    return wire;
}

// A window is what was announced: with an acknowledgment that is owed it moves on, and one that is announced as shut
// ends elsewhere than the model's.
bool Projector::owes_window() const {
    const int next = view_.profile().variable("rcv_nxt");
    return next >= 0 && (at_.announced_shut || at_.announced != at_.plan.state.values[static_cast<std::size_t>(next)]);
}

// With an acknowledgment that is owed the window ends where it was announced to, or as far behind that as what is owed.
// What lies behind both is outside of it, wherever the endpoint has its edge.
bool Projector::lies_beyond(const Segment& segment) const {
    const int next = at_.plan.state.values[static_cast<std::size_t>(view_.profile().variable("rcv_nxt"))];
    return !at_.announced_shut && segment.seq > next + view_.limits().at("window");
}

WireSegment Projector::from_iut(const Segment& segment, bool probe) const {
    WireSegment wire = on_wire(segment, *own_, *peer_);
    if (probe) wire.seq = own_->offset(segment.seq + 1) - 1;
    if (!arriving_ || !segment.has_ack) return wire;
    const bool whole = acknowledges(segment, *arriving_);
    if (whole) wire.ack = given_.seq + given_.len + (given_.syn ? 1 : 0) + (given_.fin ? 1 : 0);
    if (!given_.from_right) return wire;
    // A SYN alone is taken of what arrives where another connection begins.
    wire.ack_from_right = whole || takes_syn(segment, *arriving_);
    if (wire.ack_from_right && !whole) wire.ack = given_.seq + 1;
    return wire;
}

// The reaction that the trace took.
std::optional<Possibility> Projector::planned(const TraceStep& step, const When& when) const {
    for (Possibility& way : view_.react(at_.plan, input_of(step), when)) {
        const bool same =
            std::equal(way.sent.begin(), way.sent.end(), step.sent.begin(), step.sent.end(),
                       [](const SeenEmission& one, const Segment& other) { return one.segment == other; });
        const bool fires = way.sent.empty() || way.sent.front().rules == step.rules;
        if (same && fires && way.state == step.after.end[end_]) return way;
    }
    return std::nullopt;
}

void Projector::take_plan(const TraceStep& step, const When& when) {
    at_.plan = planned(step, when).value();
    at_.plan.sent.clear();
    at_.plan.events = 0;
    for (auto& [timer, clock] : at_.plan.clocks) clock.event = 0;
}

// A call or a segment comes while the timers of the plan still run. Empty where it can.
std::string Projector::why_not_now(const When& action) const {
    for (const int timer : view_.ending(at_.plan)) {
        if (view_.surely_before(view_.expiry(at_.plan, timer),
                                {action.since, action.low + act_us, action.high + act_us}))
            return fmt::format("timer {} would have expired before the tester can act",
                               view_.profile().timers[static_cast<std::size_t>(timer)].name);
    }
    return "";
}

// A timer that the plan waits for ends before the others that run do, by more than clocks may be off.
std::string Projector::why_not_first(int timer, const When& expiry) const {
    if (view_.surely_before(expiry, {at_.done, 0, 0}))
        return fmt::format("timer {} would have expired earlier",
                           view_.profile().timers[static_cast<std::size_t>(timer)].name);
    for (const int other : view_.ending(at_.plan)) {
        if (other == timer) continue;
        const Interval ahead = at_.instants.between(expiry, view_.expiry(at_.plan, other));
        if (ahead.high < slack_us) {
            const auto name = [&](int index) { return view_.profile().timers[static_cast<std::size_t>(index)].name; };
            return ahead.high < 0 ? fmt::format("timer {} would expire before timer {} does", name(other), name(timer))
                                  : fmt::format("timers {} and {} end at one moment: which is first cannot be planned",
                                                name(timer), name(other));
        }
    }
    return "";
}

// An expiry that nobody sees is over for certain only at the late end of its window. Where the next timer of the trace
// may expire before that, both are one wait.
bool Projector::is_joined(const TraceStep& step, std::size_t index) {
    if (step.kind != TraceStep::Kind::timer || !step.sent.empty() || !returned(step).empty()) return false;
    at_.joins_before = index;
    at_.joins = next_timer(index);
    if (at_.joins.empty()) return false;
    const int timer = view_.profile().timer(step.name);
    const When expiry = view_.expiry(at_.plan, timer);
    const std::optional<Possibility> after = planned(step, expiry);
    const int other = view_.profile().timer(at_.joins);
    if (!after || !after->clocks.contains(other)) return false;
    When over = expiry;
    over.low = over.high += 2 * slack_us;
    return view_.maybe_before(view_.expiry(*after, other), over);
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
    const int action = at_.reference = add_instant(Anchor::Event::action, at_.done, {0, slack_us});
    const When at{action, 0, 0};
    if (const std::string reason = why_not_now(at); !reason.empty()) return reason;
    const Input input = input_of(step);
    std::vector<Possibility> courses;
    for (const Possibility& before : view_.unfold(at_.set, at)) {
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
    const When expiry = view_.expiry(at_.plan, timer);
    if (const std::string reason = why_not_first(timer, expiry); !reason.empty()) return reason;
    const int action = add_instant(Anchor::Event::action, at_.done, {0, slack_us});
    at_.reference = expiry.since;
    out.window = window(expiry);
    Outlook outlook{step.sent, std::vector<When>(step.sent.size(), expiry), out, {}, passing(step)};
    const bool silent = step.sent.empty();
    const Interval over =
        silent ? Interval{expiry.high, expiry.high + 2 * slack_us} : Interval{expiry.low, expiry.high};
    const int completion = add_instant(Anchor::Event::completion, action, {0, std::int64_t{1} << 50});
    if (!at_.instants.constrain(expiry.since, completion, over))
        return fmt::format("timer {} would have expired earlier", step.name);
    follow(outlook, view_.unfold(at_.set, {completion, silent ? 0 : slack_us, silent ? 0 : slack_us}));
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
    if (step.kind != TraceStep::Kind::deliver || !awaits_any(index)) return;
    const When present{at_.done, 0, 0};
    const std::optional<Possibility> way = planned(step, present);
    if (!way) return;
    std::int64_t length = 0;
    for (const auto& [timer, clock] : way->clocks) {
        if (clock.event == 0 || !at_.plan.clocks.contains(timer)) continue;
        const std::string& name = view_.profile().timers[static_cast<std::size_t>(timer)].name;
        const bool awaited = is_awaited(index, name);
        at_.awaited.push_back({index, name, awaited});
        const When expiry = view_.expiry(at_.plan, timer);
        if (awaited) length = std::max(length, expiry.high - expiry.low + ProjectionOptions::late_us);
    }
    // Nothing may expire meanwhile.
    if (length > 0 && first_end() >= length + 2 * slack_us + ProjectionOptions::late_us)
        pause(length, "time passes, so that a timer that is started anew expires later than one that is not");
}

// Half of the actions. What is drawn depends on the seed, on the place and on what is done, so that traces that begin
// alike have the same moments there.
void Projector::pause_by_lot(const TraceStep& step, std::size_t index) {
    if (!options_.moments) return;
    const std::int64_t most = std::min(first_end() - ProjectionOptions::late_us, longest_lot_us);
    if (most <= least_look_us) return;
    const std::string words = to_string(step, Vocabulary{});
    std::vector<std::uint32_t> of{*options_.moments, static_cast<std::uint32_t>(index)};
    of.insert(of.end(), words.begin(), words.end());
    std::seed_seq seed(of.begin(), of.end());
    std::mt19937 lots(seed);
    if (lots() % 2 == 0) return;
    const auto span = static_cast<std::uint32_t>(most - least_look_us);
    pause(least_look_us + static_cast<std::int64_t>(lots() % span), "a moment that is drawn");
}

// A run in time: what the tester does comes as long after the step before it, of this endpoint, as the run has it. The
// earliest times of all steps are together those of a run (the least solution of a network of differences).
void Projector::pause_as_timed(const TraceStep& step, std::size_t index) {
    if (trace_->times.empty() || step.kind == TraceStep::Kind::timer) return;
    std::int64_t length = trace_->times[index].earliest_us;
    for (std::size_t i = 0; i < index; ++i) {
        const TraceStep& earlier = trace_->steps[i];
        if (earlier.end == end_ && !is_of_network(earlier))
            length = trace_->times[index].earliest_us - trace_->times[i].earliest_us;
    }
    // Nothing may expire meanwhile.
    length = std::min(length, first_end() - ProjectionOptions::late_us);
    if (length >= ProjectionOptions::late_us) pause(length, "as long as the run in time has it");
}

// How soon a timer may end from now on, at most a day.
std::int64_t Projector::first_end() const {
    std::int64_t first = 86'400'000'000;
    for (const int timer : view_.ending(at_.plan))
        first = std::min(first, at_.instants.between({at_.done, 0, 0}, view_.expiry(at_.plan, timer)).low);
    return first;
}

void Projector::pause(std::int64_t length, const std::string& note) {
    VectorStep out;
    out.kind = VectorStep::Kind::wait;
    out.timer = "pause";
    out.note = note;
    const int action = at_.reference = add_instant(Anchor::Event::action, at_.done, {0, slack_us});
    out.window = window({action, length, length});
    const int completion = add_instant(Anchor::Event::completion, action, {length, length + slack_us});
    Outlook outlook{{}, {}, out, {}};
    follow(outlook, view_.unfold(at_.set, {completion, 0, 0}));
    finish({}, outlook, completion);
    look_at_state(out);
    steps_.push_back(std::move(out));
}

std::string Projector::project_step(const TraceStep& step, std::size_t index) {
    if (is_joined(step, index)) {
        const int timer = view_.profile().timer(step.name);
        const When expiry = view_.expiry(at_.plan, timer);
        if (std::string reason = why_not_first(timer, expiry); !reason.empty()) return reason;
        take_plan(step, expiry);
        remember(step);
        at_.unseen_rules.insert(at_.unseen_rules.end(), step.rules.begin(), step.rules.end());
        return "";
    }
    if (!late_->contains(index)) {
        pause_as_timed(step, index);
        pause_before_restart(step, index);
        if (step.kind != TraceStep::Kind::timer) pause_by_lot(step, index);
    } else if (const std::int64_t length = first_end() - ProjectionOptions::late_us;
               length >= ProjectionOptions::late_us) {
        pause(length, "as late as the timers allow");
    }
    VectorStep out = begin(step);
    if (step.kind == TraceStep::Kind::call && gives_up_descriptor(step.name)) at_.descriptor = false;
    if (step.kind == TraceStep::Kind::call && (step.name == "open" || step.name == "listen")) at_.descriptor = true;
    arriving_ = step.kind == TraceStep::Kind::deliver ? &step.segment : nullptr;
    given_ = out.segment;
    start_ = at_.plan.state;
    for (const Segment& answer : step.sent) {
        if (!arriving_ || !given_.from_right || !answer.has_ack) continue;
        const bool known = acknowledges(answer, *arriving_) || takes_syn(answer, *arriving_);
        if (answer.ack > arriving_->seq && !known)
            return "the answer counts from a number beyond the window, which only the endpoint knows";
    }
    if (given_.from_right && owes_window() && !lies_beyond(step.segment))
        return "where the window ends is not known: the endpoint has not said it, or that it is shut";
    std::string reason = step.kind == TraceStep::Kind::timer ? await(step, out) : act(step, out);
    if (!reason.empty()) return reason;
    for (const Segment& sent : step.sent) {
        if (!sent.has_ack || sent.rst) continue;
        std::tie(at_.announced, at_.announced_shut) = std::tuple(sent.ack, sent.zero_window);
        at_.announces = true;
    }
    if (view_.state_name(at_.plan) == "LISTEN") at_.announces = false;
    for (Expected& expected : out.expect) expected.rule = rule_names(step.rules);
    steps_.push_back(std::move(out));
    arriving_ = nullptr;
    at_.unseen.clear();
    at_.unseen_rules.clear();
    return "";
}

// ---- a whole trace

// Is it awaited by a step from this one on? Empty: is any?
bool Projector::is_awaited(std::size_t from, const std::string& timer) const {
    const auto awaits = [&](const TraceStep& later) {
        return later.end == end_ && later.kind == TraceStep::Kind::timer && (timer.empty() || later.name == timer);
    };
    return std::any_of(trace_->steps.begin() + static_cast<std::ptrdiff_t>(from), trace_->steps.end(), awaits);
}

// The same, remembered: where none is, none is from a later step on.
bool Projector::awaits_any(std::size_t from) {
    if (!at_.awaited.empty() && at_.awaited.back().timer.empty() && !at_.awaited.back().is) return false;
    const bool any = is_awaited(from, "");
    at_.awaited.push_back({from, "", any});
    return any;
}

// The timer that the endpoint's next step behind this one is of; empty where it is of none.
std::string Projector::next_timer(std::size_t index) const {
    for (std::size_t i = index + 1; i < trace_->steps.size(); ++i) {
        const TraceStep& step = trace_->steps[i];
        if (!is_of_network(step) && step.end == end_) return step.kind == TraceStep::Kind::timer ? step.name : "";
    }
    return "";
}

// So many steps of the trace, at most `alike`, need not be taken again.
std::size_t Projector::begins_alike(std::size_t alike, const ByteStream& own, const ByteStream& peer) const {
    std::size_t count = std::min(alike, kept_.size() - 1);
    const auto holds = [&](const Kept& kept) {
        const Known& known = kept.known;
        return own.is_alike(*own_, kept.own_asked) && peer.is_alike(*peer_, kept.peer_asked) &&
               (!known.joins_before || next_timer(*known.joins_before) == known.joins) &&
               std::all_of(known.awaited.begin(), known.awaited.end(),
                           [&](const Awaited& one) { return is_awaited(one.from, one.timer) == one.is; });
    };
    while (count > 0 && !holds(kept_[count])) --count;
    return count;
}

void Projector::keep() { kept_.push_back({at_, steps_.size(), own_->furthest(), peer_->furthest()}); }

std::string Projector::run(const Trace& trace, const std::set<std::size_t>& late, std::size_t alike) {
    const Profile &mine = system_.profile(end_), &other = system_.profile(1 - end_);
    ByteStream own(trace, end_, other, options_.unit_bytes, mine.stream_from, false);
    ByteStream peer(trace, 1 - end_, mine, options_.unit_bytes, other.stream_from, options_.any_peer);
    trace_ = &trace;
    late_ = &late;
    looks_behind_ = false;
    arriving_ = nullptr;
    const std::size_t from = begins_alike(alike, own, peer);
    at_ = kept_[from].known;
    steps_.resize(kept_[from].steps);
    own_ = own;
    peer_ = peer;
    own_->ask(kept_[from].own_asked);
    peer_->ask(kept_[from].peer_asked);
    kept_.resize(from + 1);
    for (std::size_t i = from; i < trace.steps.size(); ++i) {
        const TraceStep& step = trace.steps[i];
        if (is_of_network(step) || step.end != end_) {
            remember(step);
        } else {
            if (at_.reborn) return "what takes the place of the connection is not followed";
            const std::string before = view_.state_name(at_.plan);
            std::string reason = project_step(step, i);
            if (!reason.empty()) return reason;
            at_.reborn =
                before == "TIME_WAIT" && std::any_of(step.sent.begin(), step.sent.end(),
                                                     [](const Segment& sent) { return sent.syn && sent.has_ack; });
        }
        keep();
    }
    return steps_.empty() ? "the endpoint takes no step" : "";
}

// A silence that no timer ends is looked at as long as is asked for; where timers run, until shortly before the first
// may expire.
void Projector::give(TestVector& vector, std::int64_t look_us) {
    std::int64_t look = look_us;
    for (const Possibility& possibility : at_.set) {
        for (const int timer : view_.ending(possibility)) {
            const std::int64_t left = at_.instants.between({at_.done, 0, 0}, view_.expiry(possibility, timer)).low;
            look = std::min(look, left - 2 * slack_us);
        }
    }
    look = std::max(look, least_look_us);
    vector.steps = steps_;
    looks_behind_ = true;
    std::set<std::string> states;
    for (const Possibility& possibility : view_.unfold(at_.set, {at_.done, look + slack_us, look + slack_us})) {
        states.insert(view_.state_name(possibility));
        for (const SeenEmission& emission : possibility.sent)
            add_alternative(emission, Alternative::Then::go_on, vector.steps.back());
    }
    vector.settle_us = look;
    vector.settled_states.assign(states.begin(), states.end());
}

}  // namespace lastack
