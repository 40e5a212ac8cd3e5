// What may come of a step: the courses that the profile allows, beside the plan.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "generators/projector.h"

namespace lastack {

std::string rule_names(const std::vector<std::string>& rules) { return fmt::format("{}", fmt::join(rules, " ")); }

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
            const bool meets = at_.instants.between(planned, emission.when).high >= -slack_us &&
                               at_.instants.between(emission.when, planned).high >= -slack_us;
            const When here = at_.instants.seen_from(emission.when, planned.since);
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
            const When when = at_.instants.seen_from(course.sent[k].when, action);
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
    at_.set = std::move(next);
    at_.done = completion;
}

// ---- what a step leaves behind

// States that the IUT may have come to before the expiry that the plan waits for.
std::set<std::string> Projector::states_before(const When& expiry, const std::vector<Possibility>& courses) const {
    std::set<std::string> names;
    for (const Possibility& course : courses) {
        const bool early = course.events > 0 && at_.instants.between(course.last, expiry).high > 0;
        const std::string& name = view_.state_name(course);
        const bool known = !steps_.empty() && steps_.back().states == std::vector<std::string>{name};
        if (early && !known) names.insert(name);
    }
    return names;
}

// The plan's own state, and those that the IUT may be in although all that was seen was as planned.
void Projector::look_at_state(VectorStep& out, std::set<std::string> others) const {
    const std::string& planned = view_.state_name(at_.plan);
    for (const Possibility& possibility : at_.set) {
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
        if (at_.descriptor && (read || signal != "eof")) out.signals.push_back(signal);
    }
    out.signals_optional =
        !out.signals.empty() && std::any_of(at_.set.begin(), at_.set.end(), [&](const Possibility& one) {
            return !one.loose && one.signal != at_.plan.signal;
        });
}

}  // namespace lastack
