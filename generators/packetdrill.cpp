// A vector as a packetdrill script (github.com/google/packetdrill): the IUT is the server of the opening.
//
// packetdrill's sequence numbers count from the SYN, ours from the first byte of data: one is added. It times each
// line from the line before, we time from the step's reference. So the writer keeps, for each line, the interval after
// the line before it, and from their sums derives where the reference can lie. A range that depends on earlier ranges
// becomes wider, never narrower: a script may accept a time that the vector does not, and never the other way round.
// Silence at the end is checked by counting what has been sent.
// What packetdrill cannot say (alternatives, states, signals, calls without a descriptor) stands in comments. Where a
// script would therefore fail an implementation that the vector lets pass, or cannot do a step, why_not_packetdrill
// says so; states and signals, which a script does not look at, only make it weaker. Cost: linear in the steps but for
// waits, which look back to their reference.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "generators/socket_options.h"
#include "generators/vector_json.h"
#include "generators/vector_reading.h"

namespace lastack {
namespace {

// Segments that have left the network namespace: new ones and retransmissions (RFC 4022, tcpOutSegs and
// tcpRetransSegs).
constexpr const char* sent_so_far = "awk '/^Tcp: [0-9]/ { print $12 + $13 }' /proc/net/snmp";
constexpr const char* counter_file = "/dev/shm/lastack-$PPID";

// An instant: this long after a line.
struct Instant {
    std::size_t line = 0;
    std::int64_t after_us = 0;
};

class Script {
public:
    explicit Script(const TestVector& vector) : vector_(vector) {}

    std::string write() {
        head();
        before();
        opening();
        for (const VectorStep& step : vector_.steps) add(step);
        final_silence();
        return text_;
    }

private:
    void head();
    void before();
    void opening();
    void final_silence();
    void add(const VectorStep& step);
    void act(const VectorStep& step);
    void call(const VectorStep& step);
    void send(const WireSegment& out);
    void expect(const Expected& expected, bool only_one);
    void note(const VectorStep& step);

    // `//` to the end of the line: what is in the text must not end the comment.
    void comment(const std::string& words) {
        text_ += "// ";
        for (const char c : words) text_ += static_cast<unsigned char>(c) < 32 ? ' ' : c;
        text_ += "\n";
    }

    // A line at a fixed time, after any silence that is due.
    void line(const std::string& event) {
        text_ += "+" + seconds(pending_us_) + " " + event + "\n";
        gaps_.push_back({pending_us_, pending_us_});
        pending_us_ = 0;
    }

    // How long after `from` the last line can be.
    Window last_line_after(Instant from) const {
        Window sum{-from.after_us, -from.after_us};
        for (std::size_t i = from.line + 1; i < gaps_.size(); ++i) {
            sum.earliest_us += gaps_[i].earliest_us;
            sum.latest_us += gaps_[i].latest_us;
        }
        return sum;
    }

    Instant now() const { return {gaps_.size() - 1, pending_us_}; }

    // Where a window is counted from; its own step has acted.
    Instant instant(const Anchor& since) const {
        if (since.event == Anchor::Event::opening) return opened_;
        if (since.step < 0 || static_cast<std::size_t>(since.step) >= complete_.size()) return acted_.back();
        return (since.event == Anchor::Event::action ? acted_ : complete_)[static_cast<std::size_t>(since.step)];
    }
    std::string segment(const WireSegment& of) const;

    const TestVector& vector_;
    std::string text_;
    std::vector<Window> gaps_;     // of each line, after the line before
    std::int64_t pending_us_ = 0;  // silence that is due before the next line
    Instant opened_;
    std::vector<Instant> acted_, complete_;  // of each step
    bool open_ = true;                       // the application still has the descriptor
};

// Flags, range of sequence numbers, and ACK. PSH is not part of a vector; stacks set it on the end of what was written.
std::string Script::segment(const WireSegment& of) const {
    const auto shifted = [](std::int64_t relative) { return static_cast<std::uint32_t>(relative + 1); };
    std::string flags = std::string(of.syn ? "S" : "") + (of.fin ? "F" : "") + (of.rst ? "R" : "") +
                        (of.len > 0 ? "P" : "") + (of.has_ack ? "." : "");
    const std::uint64_t first = shifted(of.seq);
    return (flags.empty() ? "-" : flags) + " " + std::to_string(first) + ":" +
           std::to_string(first + static_cast<std::uint64_t>(of.len)) + "(" + std::to_string(of.len) + ")" +
           (of.has_ack ? " ack " + std::to_string(shifted(of.ack)) : "");
}

void Script::head() {
    if (vector_.ip == 6) text_ += "--ip_version=ipv6\n";
    comment(vector_.id + ": " + vector_.goal);
    std::string clauses;
    for (const std::string& clause : vector_.clauses) clauses += (clauses.empty() ? "" : "; ") + clause;
    if (!clauses.empty()) comment(clauses);
    for (const VectorClaim& claim : vector_.claims)
        comment(sense_text(claim.sense) + " of " + claim.id + ": " + claim.sentence);
    comment("System " + vector_.system + "; the implementation under test plays " + vector_.endpoint + ", profile " +
            vector_.profile);
    comment("Tester's initial sequence number in the vector: " + std::to_string(vector_.tester_isn) +
            "; here it is 0.");
    std::string limits;
    for (const auto& [name, value] : vector_.limits)
        limits += (limits.empty() ? "" : ", ") + name + " = " + std::to_string(value);
    if (!limits.empty()) comment("Limits of the profile: " + limits);
    if (vector_.refuted_expected) comment("The spec expects that implementations do otherwise: then the script fails.");
    comment(
        "To be run in a network namespace of its own (unshare -n): it changes settings, and counts every TCP segment");
    comment("that leaves the namespace, so that it notices what nobody asked for.");
}

// The command that runs before the clock: the settings, and how many segments have been sent so far. Both commands have
// the same parent, packetdrill.
void Script::before() {
    text_ += "\n`";
    for (const auto& [name, value] : vector_.settings) {
        if (is_socket_option(name)) continue;  // of the socket, behind accept
        const bool whole = name.find('.') != std::string::npos;
        text_ += std::string("sysctl -q ") + (whole ? "" : "net.ipv4.") + name + "=" +
                 (value.find(' ') == std::string::npos ? value : "\"" + value + "\"") + "\n";
    }
    text_ += std::string(sent_so_far) + " >" + counter_file + "`\n";
}

// packetdrill looks at a segment only where it expects one; what comes after the last line it would not see.
void Script::final_silence() {
    std::size_t segments = 1;  // the SYN-ACK
    for (const VectorStep& step : vector_.steps) segments += step.expect.size();
    text_ += "\n";
    comment("Silence for " + seconds(pending_us_ + vector_.settle_us) +
            " s ends the vector: all in all the IUT has sent " + std::to_string(segments) + " segments.");
    if (!vector_.settled_states.empty()) {
        std::string states;
        for (const std::string& state : vector_.settled_states) states += (states.empty() ? "" : " or ") + state;
        comment("state then: " + states);
    }
    text_ += "+" + seconds(pending_us_ + vector_.settle_us) + " `test $(" + sent_so_far + ") -eq $(($(cat " +
             counter_file + ") + " + std::to_string(segments) + ")); code=$?; rm " + counter_file + "; exit $code`\n";
}

void Script::opening() {
    std::string options = vector_.ip == 4 ? "mss 1460" : "mss 1440";
    for (const std::string& option : vector_.options) {
        if (option == "sack") options += ",nop,nop,sackOK";
        if (option == "timestamps") options += ",nop,nop,TS val 1 ecr 0";
        if (option == "window_scale") options += ",nop,wscale 0";
    }
    const std::string window = " win " + std::to_string(vector_.window);
    text_ += "\n0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
             "+0 setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0\n"
             "+0 bind(3, ..., ...) = 0\n"
             "+0 listen(3, 1) = 0\n"
             "+0 < S 0:0(0)" +
             window + " <" + options +
             ">\n"
             "+0 > S. 0:0(0) ack 1 <...>\n"
             "+0 < . 1:1(0) ack 1" +
             window +
             "\n"
             "+0 accept(3, ..., ...) = 4\n";
    const bool asks = std::any_of(vector_.settings.begin(), vector_.settings.end(), [](const auto& setting) {
        return setting.first == "TCP_KEEPIDLE" && setting.second != "0";
    });
    for (const auto& [name, value] : vector_.settings) {
        if (!is_socket_option(name) || value == "0" || (name.starts_with("TCP_KEEP") && !asks)) continue;
        const SocketOption option = socket_option(name, value);
        if (name == "TCP_KEEPIDLE") text_ += "+0 setsockopt(4, SOL_SOCKET, SO_KEEPALIVE, [1], 4) = 0\n";
        text_ += fmt::format("+0 setsockopt(4, SOL_TCP, {}, [{}], 4) = 0\n", option.name, option.value);
    }
    gaps_.push_back({0, 0});
    opened_ = now();
}

void Script::note(const VectorStep& step) {
    text_ += "\n";
    if (!step.note.empty()) comment(step.note);
    std::string rules;
    for (const std::string& rule : step.rules) rules += (rules.empty() ? "" : ", ") + rule;
    if (!rules.empty()) comment("rules: " + rules);
    for (const Alternative& alternative : step.alternatives) comment("also allowed: " + alternative_text(alternative));
}

// How a call's result reads at the socket interface; empty where it cannot be seen there. RFC 9293's 'connection
// closing' is EPIPE to a writer.
std::string outcome(const VectorStep& step, const std::string& success) {
    if (step.result == "ok") return success;
    if (step.result == "eof" && step.call == "recv") return "0";
    if (step.result == "reset") return "-1 ECONNRESET (Connection reset by peer)";
    if (step.result == "timeout") return "-1 ETIMEDOUT (Connection timed out)";
    if (step.result == "not_connected") return "-1 ENOTCONN (Transport endpoint is not connected)";
    if (step.result == "pipe" || (step.result == "closing" && step.call == "send")) return "-1 EPIPE (Broken pipe)";
    return "";
}

void Script::call(const VectorStep& step) {
    const std::string bytes = std::to_string(step.bytes);
    const std::string how = step.call == "shutdown_wr"   ? "SHUT_WR"
                            : step.call == "shutdown_rd" ? "SHUT_RD"
                                                         : "SHUT_RDWR";
    const bool counted = step.call == "send" || step.call == "recv";
    const std::string result = outcome(step, counted ? bytes : "0");
    if (!open_ || result.empty()) {
        comment("packetdrill cannot express: " + action_text(step) + (open_ ? "" : ", the descriptor is closed"));
    } else if (step.call == "send") {
        line("write(4, ..., " + bytes + ") = " + result);
    } else if (step.call == "recv") {
        line("read(4, ..., " + (step.bytes > 0 ? bytes : "1") + ") = " + result);
    } else if (step.call == "close") {
        line("close(4) = " + result);
    } else if (step.call == "abort") {
        line("setsockopt(4, SOL_SOCKET, SO_LINGER, {onoff=1, linger=0}, 8) = 0");
        line("close(4) = " + result);
    } else {
        line("shutdown(4, " + how + ") = " + result);
    }
    if (step.call == "close" || step.call == "abort") open_ = false;
}

// packetdrill writes a range of numbers as two of 32 bits, of which the second is the larger one.
bool wraps(const WireSegment& segment) {
    return static_cast<std::uint32_t>(segment.seq + 1) + static_cast<std::uint64_t>(segment.len) > 0xffffffff;
}

void Script::send(const WireSegment& out) {
    if (out.from_right)
        comment("packetdrill cannot express: send " + to_string(out) + ", it does not know the IUT's window");
    else if (wraps(out))
        comment("packetdrill cannot express: send " + to_string(out) + ", it wraps");
    else
        line("< " + segment(out) + " win " + std::to_string(out.zero_window ? 0 : vector_.window));
}

// The step's own action.
void Script::act(const VectorStep& step) {
    switch (step.kind) {
        case VectorStep::Kind::call: call(step); break;
        case VectorStep::Kind::send: send(step.segment); break;
        case VectorStep::Kind::wait:
            comment(action_text(step) + ", " + window_text(step.window) +
                    (step.window.since == Anchor{} ? " after this point" : ""));
            break;
    }
    acted_.push_back(now());
}

void Script::expect(const Expected& expected, bool only_one) {
    const Window last = last_line_after(instant(expected.window.since));
    Window gap;
    gap.earliest_us = std::max<std::int64_t>(0, expected.window.earliest_us - last.latest_us);
    gap.latest_us = std::max(gap.earliest_us, expected.window.latest_us - last.earliest_us);
    if (!expected.rule.empty()) {
        comment((only_one ? "rule " : "next, rule ") + expected.rule + ", " + window_text(expected.window) +
                (expected.window.since == Anchor{} ? " after the action" : "") +
                (expected.optional ? "; the profile lets it be left out, the script does not" : ""));
    }
    if (wraps(expected.segment)) {
        comment("packetdrill cannot express: expect " + to_string(expected.segment) + ", it wraps");
        return;
    }
    text_ += "+" + seconds(gap.earliest_us) + "~+" + seconds(gap.latest_us) + " > " + segment(expected.segment);
    if (expected.segment.zero_window) text_ += " win 0";
    text_ += vector_.options.empty() ? "\n" : " <...>\n";
    gaps_.push_back(gap);
    pending_us_ = 0;  // the silence is inside the range
}

void Script::add(const VectorStep& step) {
    note(step);
    act(step);
    for (const Expected& expected : step.expect) expect(expected, step.expect.size() == 1);
    if (step.kind == VectorStep::Kind::wait && step.expect.empty()) {
        // The tester waits the whole window out, counted from the earliest instant that the last line can be.
        const Instant reference = instant(step.window.since);
        pending_us_ = std::max(pending_us_, step.window.latest_us - last_line_after(reference).earliest_us);
    }
    std::string after;
    for (const std::string& state : step.states) after += (after.empty() ? "state now: " : " or ") + state;
    for (const std::string& signal : step.signals)
        after += (after.empty() ? "" : "; ") + std::string("the application can see ") + signal;
    if (!after.empty()) comment(after);
    complete_.push_back(now());
}

// May the alternative come while it counts, that is before the next step acts? Steps follow each other without a pause,
// so most retransmissions cannot.
bool can_come(const Alternative& way, std::size_t index, const std::vector<StepTimes>& early,
              const std::vector<StepTimes>& late, std::int64_t after_us) {
    const Anchor& since = way.window.since;
    const std::int64_t over = late[index].complete_us + after_us;
    if (since == Anchor{}) return late[index].action_us + way.window.earliest_us <= over;
    std::int64_t from = 0;
    if (since.event != Anchor::Event::opening) {
        const StepTimes& at = early[static_cast<std::size_t>(since.step)];
        from = since.event == Anchor::Event::action ? at.action_us : at.complete_us;
    }
    return from + way.window.earliest_us <= over;
}

// packetdrill knows no dup(), and what a call that blocks returns later is not written here.
bool scripted(const std::string& call) {
    return !call.ends_with("_wait") && call != "close_linger" && call != "poll" && call != "dup" && call != "close_one";
}

// Empty where a script can do the step and would not fail what it may lead to.
std::string why_not(const VectorStep& step, bool open) {
    if (step.kind == VectorStep::Kind::send && step.segment.from_right) return "the place depends on the IUT's window";
    if (step.kind == VectorStep::Kind::send && wraps(step.segment)) return "the numbers wrap inside of the segment";
    if (step.kind == VectorStep::Kind::call) {
        if (!scripted(step.call)) return fmt::format("{}() is no call of a script", step.call);
        if (!open) return fmt::format("{}() has no descriptor any more", step.call);
        if (outcome(step, "0").empty())
            return fmt::format("{}() = {} is no result of a socket", step.call, step.result);
        if (!step.other_results.empty()) return fmt::format("{}() may return something else, too", step.call);
    }
    for (const Expected& expected : step.expect) {
        if (wraps(expected.segment)) return "the numbers wrap inside of an expected segment";
        if (expected.optional) return fmt::format("{} may be left out", to_string(expected.segment));
    }
    return "";
}

}  // namespace

std::string why_not_packetdrill(const TestVector& vector) {
    const std::vector<StepTimes> early = timeline(vector, Moment::earliest), late = timeline(vector, Moment::latest);
    if (vector.begin != TestVector::Begin::established) return "it begins in CLOSED, a script with a handshake";
    bool open = true;
    for (std::size_t i = 0; i < vector.steps.size(); ++i) {
        const VectorStep& step = vector.steps[i];
        std::string reason = why_not(step, open);
        const std::int64_t after_us = i + 1 == vector.steps.size() ? vector.settle_us : 0;
        for (const Alternative& way : step.alternatives) {
            if (reason.empty() && can_come(way, i, early, late, after_us))
                reason = fmt::format("{} may come instead or besides", to_string(way.segment));
        }
        if (!reason.empty()) return fmt::format("step {}: {}", i, reason);
        if (step.kind == VectorStep::Kind::call && (step.call == "close" || step.call == "abort")) open = false;
    }
    return "";
}

std::string to_packetdrill(const TestVector& vector) { return Script(vector).write(); }

}  // namespace lastack
