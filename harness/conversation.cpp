// How one run goes: open, the steps in order, settle. The rules of judging are in docs/verdicts.md.
//
// Invariant: between two events the phase says what the conversation waits for, and deadline_us_ when it must be woken
// if nothing comes. Cost of an event: the alternatives of one step, at most one state lookup.
#include "harness/conversation.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "generators/segment_size.h"
#include "generators/vector_reading.h"
#include "harness/matching.h"

namespace lastack {
namespace {

constexpr std::int64_t opening_limit_us = 1'000'000;
constexpr std::int64_t blocking_limit_us = 1'000'000;  // for a call that blocks to come so far
constexpr std::int64_t retry_us = 1'000;
constexpr std::int64_t early_limit_us = 10'000;  // timers count in ticks of up to 10 ms

std::string join(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : " or ") + word;
    return text;
}

std::string by_rule(const std::string& rule) { return rule.empty() ? "" : ", rule " + rule; }

// Text that is longer than a segment comes in several, of which the last one has the FIN.
WireSegment first_segment(WireSegment text, int bytes) {
    text.len = bytes;
    text.fin = false;
    return text;
}

}  // namespace

Conversation::Conversation(Target& target, const TestVector& vector, Peer peer, const DriveOptions& options,
                           OtherCourses others)
    : target_(target), vector_(&vector), options_(options), others_(std::move(others)), peer_(std::move(peer)) {
    run_.vector_id = vector.id;
}

// ---- opening

// The limit covers the whole opening. A SYN is not sent again: on a wire that loses nothing, silence is an answer.
void Conversation::open() {
    started_us_ = opened_us_ = target_.now_us();
    give_up_us_ = deadline_us_ = started_us_ + opening_limit_us;
    if (begins_closed()) return begin_closed();
    const bool there = peer_.iut_port != 0 || goes_on_in_another(*vector_);
    if (const auto own = there ? std::nullopt : target_.own_listener(peer_, comes_when_over(*vector_))) {
        handle_ = own->handle;
        peer_.iut_port = own->port;
    }
    tester_.emplace(*vector_, target_.endpoints(), peer_);
    target_.inject(tester_->syn());
}

void Conversation::begin_closed() {
    const FreshSocket fresh = target_.fresh_socket(peer_);
    handle_ = fresh.handle;
    peer_.iut_port = fresh.port;
    tester_.emplace(*vector_, target_.endpoints(), peer_);
    known_states_ = {"CLOSED"};
    if (vector_->steps.empty()) return end(Verdict::error, "the vector has no steps");
    enter_step(started_us_);
}

// A connection that is not there has no numbers: the next one of the same name begins anew. What takes the place of
// TIME-WAIT is another connection.
void Conversation::expect_syn() {
    const auto all_in = [&](const std::vector<std::string>& states) {
        return !known_states_.empty() && std::all_of(known_states_.begin(), known_states_.end(),
                                                     [&](const std::string& one) { return contains(states, one); });
    };
    if (begins_closed() && all_in({"CLOSED", "LISTEN"})) tester_->forget_iut();
    if (all_in({"TIME_WAIT"})) tester_->allow_next_incarnation();
}

// Of the vector's own connection.
std::optional<std::string> Conversation::look() const {
    return tester_->reborn() ? std::optional<std::string>("CLOSED") : target_.state(peer_);
}

// The handshake ends with our ACK; the accept queue has the connection when the write of it returns.
void Conversation::on_opening_packet(const TcpPacket& packet) {
    if (!tester_->take_syn_ack(packet)) {
        end(Verdict::error, "the opening failed: the SYN was answered by " + to_string(tester_->relative(packet)));
        return;
    }
    target_.inject(tester_->datagram(WireSegment{}, target_.now_us()));
    phase_ = Phase::accepting;
    if (!target_.batches()) return try_accept();
    target_.foresee_accept(peer_);
    deadline_us_ = target_.now_us();
}

void Conversation::try_accept() {
    const auto handle = target_.accept(peer_);
    const std::int64_t now = target_.now_us();
    if (handle) {
        handle_ = *handle;
        opened_us_ = now;
        if (vector_->steps.empty()) {
            end(Verdict::error, "the vector has no steps");
            return;
        }
        enter_step(now);
    } else if (now >= give_up_us_) {
        end(Verdict::error, "the opening failed: the handshake was done but nothing could be accepted");
    } else {
        deadline_us_ = now + retry_us;
    }
}

// ---- a step

void Conversation::enter_step(std::int64_t now_us) {
    expected_ = 0;
    part_ = 0;
    early_checked_ = false;
    if (step().kind != VectorStep::Kind::wait) {
        // Until its action the step before is the one that judges packets: only its index moves on here.
        phase_ = Phase::ready;
        ready_us_ = now_us;
        return;
    }
    expect_syn();
    begin_step(now_us);
    phase_ = Phase::expecting;
    proceed();
}

void Conversation::begin_step(std::int64_t now_us) {
    completed_us_ = now_us;
    actions_.push_back(now_us);
    came_.clear();
    result_.clear();
}

// The instant is taken before the action: nothing that the action causes can be earlier.
void Conversation::act() {
    begin_step(target_.now_us());
    late_us_ = std::max(late_us_, completed_us_ - ready_us_);
    expect_syn();
    if (step().kind == VectorStep::Kind::call) {
        phase_ = Phase::calling;
        give_up_us_ = completed_us_ + options_.slack_us;
        begun_ = target_.batches();
        begun_ ? target_.begin_call(handle_, step().call, step().bytes) : try_call();
        return;
    }
    // The phase changes first: a target may deliver the answer from within inject().
    phase_ = Phase::acted;
    observe(Observed::Kind::sent, completed_us_, "", step().segment);
    target_.inject(tester_->datagram(step().segment, completed_us_));
}

void Conversation::foresee() {
    if (phase_ == Phase::finished || phase_ == Phase::opening) return;
    if (phase_ == Phase::accepting) return target_.foresee_accept(peer_);
    const bool looks = !step().states.empty() || !step().signals.empty();
    if (looks || phase_ == Phase::settling) target_.foresee(handle_);
}

void Conversation::take_result() {
    if (std::exchange(begun_, false) && !finished()) judge_result(target_.end_call(handle_));
}

// The immediate answers are in. Only now can "nothing came" be concluded.
void Conversation::settle_action() {
    if (phase_ != Phase::acted) return;
    phase_ = Phase::expecting;
    proceed();
}

// A read may come before its data does: what would block is tried again within the slack. One that is to block needs a
// thread that has come so far: what that takes on a busy machine is the tester's lateness.
void Conversation::try_call() { judge_result(target_.call(handle_, step().call, step().bytes)); }

void Conversation::judge_result(const std::string& result) {
    const std::int64_t now = target_.now_us();
    if (!same_result(step().result, result)) {
        const bool by_thread = step().call == "recv_wait" || step().call == "close_linger";
        const std::int64_t patience = by_thread ? blocking_limit_us : 0;
        if (result == "would_block" && now < give_up_us_ + patience) {
            deadline_us_ = now + retry_us;
            return;
        }
        const bool allowed = contains(step().other_results, result);
        const std::string reason = fmt::format("{}() returned {}, {} was {}", step().call, result,
                                               allowed ? "which is allowed here; planned" : "expected", step().result);
        if (!allowed || !go_on_elsewhere(reason, {{}, result, ""})) {
            observe(Observed::Kind::call, now, fmt::format("{}() = {}", step().call, result));
            return allowed ? leave_path(reason) : fail(reason);
        }
    }
    // What it sends may have come already, while it was not known that it blocks: its instant stays that at which it
    // was asked for.
    if (result == "blocked") {
        waits_ = true;
        late_us_ = std::max(late_us_, now - actions_.back());
    } else {
        actions_.back() = completed_us_ = now;
    }
    observe(Observed::Kind::call, now, fmt::format("{}() = {}", step().call, result));
    result_ = result;
    phase_ = Phase::acted;
}

// Moves on as far as what is known allows.
void Conversation::proceed() {
    while (phase_ == Phase::expecting || phase_ == Phase::checking) {
        const std::int64_t now = target_.now_us();
        if (phase_ == Phase::expecting) {
            if (await_expected(now) || await_expiry(now)) return;
            phase_ = Phase::checking;
            give_up_us_ = now + options_.slack_us;
        }
        if (!check_outcome(now)) return;
        finish_step(now);
    }
}

// True while an expected segment is outstanding, or its lateness has ended the run.
bool Conversation::await_expected(std::int64_t now_us) {
    if (expected_ == step().expect.size()) return false;
    const Expected& next = step().expect[expected_];
    deadline_us_ = interval(next.window, index_).value().closes_us + options_.slack_us;
    if (now_us < deadline_us_) return true;
    observe(Observed::Kind::silence, now_us, "nothing came");
    const std::string absent = fmt::format("{} did not come within {} s{}", to_string(next.segment),
                                           seconds(next.window.latest_us), anchor_text(next.window.since));
    if (next.optional)
        leave_path(fmt::format("{}; the profile lets it be left out{}", absent, by_rule(next.rule)), {});
    else
        fail_in_time(absent);
    return true;
}

// True while a silent expiry may still be ahead. Its late end is the first instant at which it is certain.
bool Conversation::await_expiry(std::int64_t now_us) {
    if (!silent_wait()) return false;
    const TestVector* const planned = vector_;
    check_not_early(now_us);
    if (finished() || vector_ != planned) return true;
    const Interval expiry = interval(step().window, index_).value();
    const std::int64_t over = expiry.closes_us + options_.slack_us;
    if (now_us < over) {
        const std::int64_t check = expiry.opens_us - early_tolerance(step().window);
        deadline_us_ = early_checked_ ? over : std::min(check, over);
        return true;
    }
    completed_us_ = now_us;
    observe(Observed::Kind::silence, now_us, fmt::format("nothing, {} over", step().timer));
    return false;
}

// A silent expiry shows only in the state. Just before the window opens the state must still be the old one.
void Conversation::check_not_early(std::int64_t now_us) {
    const std::int64_t opens = interval(step().window, index_).value().opens_us;
    if (early_checked_ || now_us < opens - early_tolerance(step().window)) return;
    early_checked_ = true;
    const auto new_state = [&](const std::string& state) { return contains(step().states, state); };
    if (waits_ && !step().returned.empty() && now_us < opens) {
        bool lags = false;
        const std::string wrong = wrong_return("", lags);
        if (!wrong.empty() && step().returned_optional) return leave_path(wrong);
        if (!wrong.empty()) return fail_in_time(fmt::format("{} before {} may expire", wrong, step().timer));
    }
    const bool tells = !step().states.empty() && !known_states_.empty() &&
                       std::none_of(known_states_.begin(), known_states_.end(), new_state);
    if (!tells || now_us >= opens) return;  // woken too late to know
    const auto state = look();
    if (!state || contains(known_states_, *state)) return;
    observe(Observed::Kind::state, now_us, *state);
    if (contains(step().other_states, *state))
        return leave_path(fmt::format("the state is {} already, which the profile allows here", *state),
                          {{}, "", *state});
    fail_in_time(fmt::format("the state is {} before {} may expire; it should be {} until {} s{}", *state, step().timer,
                             join(known_states_), seconds(step().window.earliest_us),
                             anchor_text(step().window.since)));
}

// State and signals at the end of a step. They may lag behind the packets, so a wrong one is looked at again.
bool Conversation::check_outcome(std::int64_t now_us) {
    std::string wrong;
    bool allowed = false;  // wrong is only that the planned path was left
    std::optional<std::string> state;
    if (!step().states.empty()) state = look();
    if (state && !contains(step().states, *state)) {
        allowed = contains(step().other_states, *state);
        wrong = fmt::format("the state is {}, {} was {}", *state,
                            allowed ? "which the profile allows here; planned" : "expected", join(step().states));
    }
    bool lags = true;  // may still become right
    if (wrong.empty() && waits_) {
        wrong = wrong_return(step().returned, lags);
        allowed = step().returned_optional;
    }
    // The target shows the most final thing that the application can see: of several signals, the last one.
    std::string seen;
    if (wrong.empty() && !step().signals.empty()) {
        seen = target_.observe(handle_);
        if (seen != step().signals.back()) {
            const bool absent = seen.empty() || seen == "data" || seen == known_signal_;
            allowed = step().signals_optional && absent;
            wrong = fmt::format("the application sees {}, {} was {}", seen.empty() ? "nothing" : seen,
                                allowed ? "which the profile allows here; planned" : "expected", step().signals.back());
        }
    }
    if (!wrong.empty() && lags && now_us < give_up_us_) {
        deadline_us_ = now_us + retry_us;
        return false;
    }
    if (state) observe(Observed::Kind::state, now_us, *state);
    if (!seen.empty()) observe(Observed::Kind::signal, now_us, seen);
    if (waits_ && wrong.empty() && !step().returned.empty()) {
        waits_ = false;
        observe(Observed::Kind::call, now_us, fmt::format("the call that waited: {}", step().returned));
    }
    if (wrong.empty()) return true;
    // Of signals that did not come another course says nothing.
    if (!allowed)
        fail_in_time(wrong);
    else if (state && !contains(step().states, *state))
        leave_path(wrong, {{}, "", *state});
    else
        leave_path(wrong);
    return false;
}

// `wanted`: what the call that blocked returns now; empty: it goes on waiting. Empty where that is so.
std::string Conversation::wrong_return(const std::string& wanted, bool& lags) const {
    const std::string result = target_.returned(handle_);
    lags = result.empty();
    if (result == wanted) return "";
    return fmt::format("the call that blocked {}, {} was expected",
                       result.empty() ? "still waits" : "has returned " + result,
                       wanted.empty() ? "that it waits" : wanted);
}

// Completion is the instant of the last event, not of the check: a timer that it started runs since then.
void Conversation::finish_step(std::int64_t now_us) {
    completions_.push_back(completed_us_);
    known_states_before_ = known_states_;
    known_signal_before_ = known_signal_;
    if (!step().states.empty()) known_states_ = step().states;
    if (!step().signals.empty()) known_signal_ = step().signals.back();
    if (index_ + 1 < static_cast<int>(vector_->steps.size())) {
        ++index_;
        enter_step(now_us);
        return;
    }
    phase_ = Phase::settling;
    deadline_us_ = now_us + vector_->settle_us;
}

// Silence does not say that nothing happened: a timer without a limit and one that expires unseen look the same.
void Conversation::settled(std::int64_t now_us) {
    std::optional<std::string> state;
    if (!vector_->settled_states.empty() && !left_after_) state = look();
    bool lags = false;
    if (const std::string wrong = waits_ && !left_after_ ? wrong_return("", lags) : ""; !wrong.empty())
        return fail_in_time(wrong);
    if (!state || contains(vector_->settled_states, *state)) return end(Verdict::pass, "");
    observe(Observed::Kind::state, now_us, *state);
    fail_in_time(fmt::format("the state is {} after {} s of silence, it should still be {}", *state,
                             seconds(vector_->settle_us), join(vector_->settled_states)));
}

// ---- packets

void Conversation::on_packet(const TcpPacket& packet, std::int64_t at_us) {
    switch (phase_) {
        case Phase::finished: return;
        case Phase::opening: on_opening_packet(packet); return;
        case Phase::accepting: return;  // a SYN-ACK that was sent again
        default: break;
    }
    const WireSegment segment = comparable(tester_->relative(packet));
    const std::vector<WireSegment> others = tester_->other_readings(packet);
    const bool fits_otherwise = std::any_of(others.begin(), others.end(),
                                            [&](const WireSegment& reading) { return is_allowed(reading, at_us); });
    if (!fits_otherwise) judge(segment, at_us);
    proceed();
}

std::optional<Conversation::Interval> Conversation::interval(const Window& window, int of) const {
    const Anchor& since = window.since;
    const auto at = static_cast<std::size_t>(since.step < 0 ? of : since.step);
    const std::vector<std::int64_t>& instants = since.event == Anchor::Event::completion ? completions_ : actions_;
    const bool opening = since.event == Anchor::Event::opening;
    if (!opening && at >= instants.size()) return std::nullopt;
    const std::int64_t from = opening ? opened_us_ : instants[at];
    return Interval{from + window.earliest_us, from + window.latest_us};
}

bool Conversation::inside(const Window& window, int of, std::int64_t at_us) const {
    const std::optional<Interval> span = interval(window, of);
    return span && at_us >= span->opens_us - early_tolerance(window) && at_us <= span->closes_us + options_.slack_us;
}

bool Conversation::is_next(const VectorStep& step, int of, std::size_t expected, const WireSegment& segment,
                           std::int64_t at_us) const {
    if (expected == step.expect.size()) return false;
    return fits(step.expect[expected].segment, segment) && inside(step.expect[expected].window, of, at_us);
}

// Of two that fit, the one that stays on the planned path counts.
const Alternative* Conversation::allowance(const VectorStep& step, int of, const WireSegment& segment,
                                           std::int64_t at_us) const {
    const Alternative* found = nullptr;
    for (const Alternative& way : step.alternatives) {
        if (!fits(way.segment, segment) || !inside(way.window, of, at_us)) continue;
        if (found == nullptr || way.then == Alternative::Then::go_on) found = &way;
    }
    return found;
}

// Expected first: where a retransmission equals what is expected next, the planned path goes on.
bool Conversation::is_allowed(const WireSegment& segment, std::int64_t at_us) {
    return take_expected(segment, at_us) || take_alternative(segment, at_us) || take_later(segment, at_us);
}

void Conversation::judge(const WireSegment& segment, std::int64_t at_us) {
    if (is_allowed(segment, at_us)) return;
    const std::string allowed = allowed_now(at_us);
    if (is_of_listener(segment)) {
        observe(Observed::Kind::received, at_us, "of the listener", segment);
        run_.failed_step = judging();
        return end(Verdict::inconclusive, fmt::format("{} came from the listener that a SYN in TIME-WAIT needs: who "
                                                      "would find nobody finds it, too",
                                                      to_string(segment)));
    }
    if (phase_ == Phase::calling) late_us_ = std::max(late_us_, target_.now_us() - actions_.back());
    observe(Observed::Kind::received, at_us, "not allowed", segment);
    const int of = judging();
    const std::int64_t start = of < 0 ? opened_us_ : actions_[static_cast<std::size_t>(of)];
    fail(fmt::format("{} came {}, allowed was {}", to_string(segment),
                     phase_ == Phase::settling ? "after the last step"
                                               : fmt::format("{} s after the step's start", seconds(at_us - start)),
                     allowed));
}

// What a SYN in TIME-WAIT may go to is there for one behind TIME-WAIT as well, and answers it.
bool Conversation::is_of_listener(const WireSegment& segment) const {
    const auto only = [](const std::vector<std::string>& states) {
        return states.size() == 1 && states.front() == "CLOSED";
    };
    const bool asked = step().kind == VectorStep::Kind::send && step().segment.syn && only(known_states_);
    return asked && segment.syn && segment.has_ack && goes_on_in_another(*vector_);
}

// Before its action a step expects nothing yet, and after the last one nothing more.
bool Conversation::take_expected(const WireSegment& segment, std::int64_t at_us) {
    if (phase_ == Phase::ready || phase_ == Phase::settling || expected_ == step().expect.size()) return false;
    const Expected& next = step().expect[expected_];
    if (!inside(next.window, index_, at_us)) return false;
    WireSegment rest = next.segment;  // what has not come yet
    rest.seq += part_;
    rest.len -= part_;
    if (rest.len > segment_bytes(*vector_) && fits(first_segment(rest, segment_bytes(*vector_)), segment)) {
        part_ += segment.len;
        completed_us_ = at_us;
        came_.emplace_back(segment, at_us);
        observe(Observed::Kind::received, at_us, "expected, in part", segment);
        return true;
    }
    if (!fits(rest, segment)) return false;
    ++expected_;
    part_ = 0;
    completed_us_ = at_us;
    came_.emplace_back(segment, at_us);
    observe(Observed::Kind::received, at_us, "expected", segment);
    return true;
}

// What is expected after segments that may be left out: they were, and the planned path is over.
bool Conversation::take_later(const WireSegment& segment, std::int64_t at_us) {
    if (phase_ == Phase::ready || phase_ == Phase::settling) return false;
    const std::vector<Expected>& all = step().expect;
    for (std::size_t i = expected_; i + 1 < all.size() && all[i].optional; ++i) {
        if (!is_next(step(), index_, i + 1, segment, at_us)) continue;
        observe(Observed::Kind::received, at_us, "expected, but the planned path is left", segment);
        leave_path(fmt::format("{} did not come before {}; the profile lets it be left out{}",
                               to_string(all[expected_].segment), to_string(segment), by_rule(all[expected_].rule)),
                   {{{segment, at_us}}, "", ""});
        return true;
    }
    return false;
}

// Between a step's end and the next action the alternatives of the step that has ended still count.
bool Conversation::take_alternative(const WireSegment& segment, std::int64_t at_us) {
    const int of = judging();
    if (of < 0) return false;
    const Alternative* const found = allowance(vector_->steps[static_cast<std::size_t>(of)], of, segment, at_us);
    if (found == nullptr) return false;
    const std::string rule = by_rule(found->rule);
    // After the last step the goal has been reached: leaving the path then changes nothing.
    if (found->then == Alternative::Then::go_on || phase_ == Phase::settling) {
        left_after_ |= found->then != Alternative::Then::go_on;
        let_pass_ = to_string(segment);
        came_.emplace_back(segment, at_us);
        observe(Observed::Kind::received, at_us, "allowed" + rule, segment);
        return true;
    }
    observe(Observed::Kind::received, at_us, "allowed, but the planned path is left" + rule, segment);
    leave_path(fmt::format("{} is allowed here{} but leaves the planned path", to_string(segment), rule),
               {{{segment, at_us}}, "", ""});
    return true;
}

// ---- time

void Conversation::on_deadline() {
    late_us_ = std::max(late_us_, target_.now_us() - deadline_us_);
    switch (phase_) {
        case Phase::opening: end(Verdict::error, "the opening failed: the SYN was not answered"); break;
        case Phase::accepting: try_accept(); break;
        case Phase::calling: try_call(); break;
        case Phase::settling: settled(target_.now_us()); break;
        default: proceed(); break;
    }
}

// A clock that ticks may start a timer up to a tick early. What is counted from a segment that was read late seems
// early by as much.
std::int64_t Conversation::early_tolerance(const Window& window) const {
    const bool read = window.since.event == Anchor::Event::completion;
    return read ? options_.slack_us : std::min(options_.slack_us, early_limit_us);
}

// ---- ends

// In phase ready the step at hand has not begun: the failure belongs to the one before. A tester that was kept from
// acting or from looking for longer than the slack has not driven the vector that was planned: timers have expired that
// it meant to be ahead of.
void Conversation::fail(const std::string& reason) {
    run_.failed_step = judging();
    if (late_us_ <= options_.slack_us) return end(Verdict::fail, reason);
    end(Verdict::inconclusive,
        fmt::format("{}; but the tester was {} s late, on a busy machine, so that it proves nothing", reason,
                    seconds(late_us_)));
}

// What is allowed, but not planned: the vector of that course goes on where there is one.
void Conversation::leave_path(const std::string& reason, const Unplanned& what) {
    if (!go_on_elsewhere(reason, what)) return leave_path(reason);
    proceed();
}

// From here on nothing is known to be right or wrong.
void Conversation::leave_path(const std::string& reason) {
    run_.failed_step = judging();
    run_.left_path = true;
    end(Verdict::inconclusive, reason);
}

// A retransmission that was let pass has started its timer again, and counted: what was planned for later may now come
// at another time, or not at all. Then its absence proves nothing.
void Conversation::fail_in_time(const std::string& reason) {
    if (let_pass_.empty()) return fail(reason);
    run_.failed_step = index_;
    end(Verdict::inconclusive, fmt::format("{}; but {} was let pass before, which shifts timers", reason, let_pass_));
}

// The first verdict stays: what comes after it, a discarded connection's reset for instance, says nothing.
void Conversation::end(Verdict verdict, const std::string& reason) {
    if (finished()) return;
    phase_ = Phase::finished;
    run_.verdict = verdict;
    run_.reason = reason;
    run_.duration_us = target_.now_us() - started_us_;
}

TestRun Conversation::take_run() {
    target_.discard(handle_, peer_);
    return std::move(run_);
}

void Conversation::observe(Observed::Kind kind, std::int64_t at_us, const std::string& text,
                           const WireSegment& segment) {
    const int at_step = phase_ == Phase::settling ? -1 : judging();
    run_.observed.push_back({at_us - opened_us_, at_step, kind, segment, text});
}

// For the reason of a failure: alternatives whose window is over are left out. All windows are told as counted from the
// step's start, as the instant of the failure is.
std::string Conversation::allowed_now(std::int64_t at_us) const {
    const int of = judging();
    std::string text;
    const auto add = [&](const WireSegment& segment, const Window& window) {
        const std::optional<Interval> span = interval(window, of);
        if (!span || at_us > span->closes_us + options_.slack_us) return;
        const std::int64_t start = actions_[static_cast<std::size_t>(of)];
        const Window told{span->opens_us - start, span->closes_us - start};
        text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", to_string(segment), window_text(told));
    };
    if (of >= 0) {
        const VectorStep& at = vector_->steps[static_cast<std::size_t>(of)];
        const bool waits = of == index_ && phase_ != Phase::settling && expected_ < at.expect.size();
        if (waits) add(at.expect[expected_].segment, at.expect[expected_].window);
        for (const Alternative& way : at.alternatives) add(way.segment, way.window);
    }
    return text.empty() ? "nothing" : text;
}

}  // namespace lastack
