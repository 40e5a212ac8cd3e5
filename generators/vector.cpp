#include "generators/vector.h"

#include <algorithm>
#include <sstream>

#include "generators/vector_reading.h"

namespace lastack {

const std::vector<std::string> vector_calls = {"send",          "recv",  "close", "shutdown_wr", "shutdown_rd",
                                               "shutdown_rdwr", "abort", "open",  "listen",      "recv_wait",
                                               "close_linger",  "poll",  "dup",   "close_one"};

bool moves_text(const std::string& call) { return call == "send" || call == "recv" || call == "recv_wait"; }

bool gives_up_descriptor(const std::string& call) {
    return call == "close" || call == "abort" || call == "close_linger";
}

// A number of a stream, or one that counts from the right edge of the window.
std::string number_text(std::int64_t number, bool from_right) {
    if (!from_right) return std::to_string(number + 1);
    return "right" + (number == 0 ? "" : (number > 0 ? "+" : "") + std::to_string(number));
}

// Spelled and counted as the model's segments and in Wireshark's relative numbers: the SYN has 0, the first byte 1.
std::string to_string(const WireSegment& segment) {
    std::string flags;
    const auto add = [&flags](bool present, const char* name) {
        if (present) flags += (flags.empty() ? "" : ",") + std::string(name);
    };
    add(segment.syn, "SYN");
    add(segment.rst, "RST");
    add(segment.len > 0, "DATA");
    add(segment.fin, "FIN");
    add(segment.has_ack, "ACK");
    std::string text = (flags.empty() ? "EMPTY" : flags) + " seq=" + number_text(segment.seq, segment.from_right);
    if (segment.has_ack) text += " ack=" + number_text(segment.ack, segment.ack_from_right);
    if (segment.len > 0) text += " len=" + std::to_string(segment.len);
    if (segment.zero_window) text += " wnd=0";
    return text;
}

std::vector<StepTimes> timeline(const TestVector& vector, Moment moment) {
    std::vector<StepTimes> times;
    std::int64_t now = 0;
    for (const VectorStep& step : vector.steps) {
        StepTimes at;
        at.action_us = now;
        // Time 0 is the opening.
        const auto anchored = [&](const Anchor& since) {
            if (since.event == Anchor::Event::opening) return std::int64_t{0};
            if (since.step < 0 || static_cast<std::size_t>(since.step) >= times.size()) return at.action_us;
            const StepTimes& earlier = times[static_cast<std::size_t>(since.step)];
            return since.event == Anchor::Event::action ? earlier.action_us : earlier.complete_us;
        };
        for (const Expected& expected : step.expect) {
            const Window& window = expected.window;
            now = std::max(now, anchored(window.since) +
                                    (moment == Moment::earliest ? window.earliest_us : window.latest_us));
            at.expect_us.push_back(now);
        }
        if (step.kind == VectorStep::Kind::wait && (step.expect.empty() || moment == Moment::latest))
            now = std::max(now, anchored(step.window.since) + step.window.latest_us);
        at.complete_us = now;
        times.push_back(std::move(at));
    }
    return times;
}

// The opening and the driver's slack are not in it: both belong to the executor, not to the vector.
std::int64_t duration_bound_us(const TestVector& vector) {
    const std::vector<StepTimes> times = timeline(vector, Moment::latest);
    return (times.empty() ? 0 : times.back().complete_us) + vector.settle_us;
}

std::string seconds(std::int64_t microseconds) {
    if (microseconds < 0) return "-" + seconds(-microseconds);
    std::string text = std::to_string(microseconds / 1'000'000);
    std::string fraction = std::to_string(1'000'000 + microseconds % 1'000'000).substr(1);
    fraction.erase(fraction.find_last_not_of('0') + 1);
    if (!fraction.empty()) text += "." + fraction;
    return text;
}

std::string action_text(const VectorStep& step) {
    switch (step.kind) {
        case VectorStep::Kind::send: return to_string(step.segment);
        case VectorStep::Kind::wait: return "wait for " + step.timer;
        case VectorStep::Kind::call: break;
    }
    const bool counted = moves_text(step.call);
    return step.call + "(" + (counted ? std::to_string(step.bytes) : "") + ") = " + step.result;
}

std::string name_of(const TestVector& vector) {
    const std::string version = "/ipv" + std::to_string(vector.ip);
    return vector.id.ends_with(version) ? vector.id.substr(0, vector.id.size() - version.size()) : vector.id;
}

std::vector<std::pair<std::string, std::string>> rules_behind(const TestVector& vector, int step) {
    std::vector<std::pair<std::string, std::string>> found;
    const auto add = [&](const std::string& names) {  // one or several, with blanks between
        std::istringstream in(names);
        for (std::string name; in >> name;) {
            const auto clause = vector.rules.find(name);
            std::pair<std::string, std::string> rule{name, clause == vector.rules.end() ? "" : clause->second};
            if (std::find(found.begin(), found.end(), rule) == found.end()) found.push_back(std::move(rule));
        }
    };
    if (step < 0 || static_cast<std::size_t>(step) >= vector.steps.size()) return found;
    const VectorStep& of = vector.steps[static_cast<std::size_t>(step)];
    for (const Expected& expected : of.expect) add(expected.rule);
    for (const std::string& name : of.rules) add(name);
    return found;
}

std::string sense_text(VectorClaim::Sense sense) {
    switch (sense) {
        case VectorClaim::Sense::witness: return "witness";
        case VectorClaim::Sense::counterexample: return "counterexample";
        case VectorClaim::Sense::goal: break;
    }
    return "goal";
}

std::string anchor_text(const Anchor& anchor) {
    if (anchor.event == Anchor::Event::opening) return " after the opening";
    if (anchor.step < 0) return "";
    return " after step " + std::to_string(anchor.step) +
           (anchor.event == Anchor::Event::action ? " began" : " was complete");
}

std::string window_text(const Window& window) {
    return seconds(window.earliest_us) + " to " + seconds(window.latest_us) + " s" + anchor_text(window.since);
}

std::string alternative_text(const Alternative& alternative) {
    const bool goes_on = alternative.then == Alternative::Then::go_on;
    return to_string(alternative.segment) + ", " + window_text(alternative.window) +
           (alternative.rule.empty() ? "" : ", rule " + alternative.rule) +
           (goes_on ? ", the path goes on" : ", the planned path is left");
}

}  // namespace lastack
