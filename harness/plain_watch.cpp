#include "harness/plain_watch.h"

#include <algorithm>
#include <stdexcept>

#include "model/plain.h"

namespace lastack {

namespace {

// Text and FIN of one segment as two that follow each other; the window does not count.
std::vector<Segment> piecewise(const std::vector<Segment>& sent) {
    std::vector<Segment> pieces;
    for (Segment whole : sent) {
        whole.zero_window = false;
        if (whole.len == 0 || !whole.fin) {
            pieces.push_back(whole);
            continue;
        }
        Segment text = whole, fin = whole;
        text.fin = false;
        fin.len = 0;
        fin.seq = static_cast<std::uint8_t>(whole.seq + whole.len);
        pieces.insert(pieces.end(), {text, fin});
    }
    return pieces;
}

// Is that what passed, in the numbers that are known?
bool is(Segment sent, const UnitPassing& passed) {
    Segment seen = passed.segment;
    seen.zero_window = false;
    if (passed.text_from == sent.seq && sent.len > 0 && sent.ack == seen.ack) return true;
    if (passed.any_seq) sent.seq = seen.seq;
    if (passed.any_ack || !seen.has_ack) sent.ack = seen.ack;
    sent.era = seen.era;
    return sent == seen;
}

}  // namespace

// What may have come by now.
struct PlainWatch::Seen {
    std::vector<Segment> came;
    bool waits = false;  // the last one is text that may come together with the next one
    void add(const UnitPassing& passing) {
        if (waits) {
            Segment both = passing.segment;
            both.seq = came.back().seq;
            both.len = came.back().len;
            came.push_back(both);
        }
        came.push_back(passing.segment);
        waits = passing.with_next;
    }
};

PlainWatch::PlainWatch(CloseMonitor::Beginning beginning)
    : beginning_(std::move(beginning)), memo_(beginning_.profile, beginning_.limits) {}

std::vector<Input> PlainWatch::inputs(const Seen& seen, std::int64_t over_us) const {
    std::vector<Input> all;
    for (const std::string& call : beginning_.calls) all.push_back({Trigger::call, call, {}});
    for (const TimerDecl& timer : beginning_.profile.timers)
        if (timer.earliest_us <= over_us) all.push_back({Trigger::timer, timer.name, {}});
    for (const Segment& segment : seen.came) all.push_back({Trigger::segment, "", segment});
    return all;
}

// Nothing passes: what is sent is lost, or was never looked for.
void PlainWatch::grow(Moments& moments, const std::vector<Input>& inputs, int last_unit) {
    std::vector<Moments::iterator> waiting;
    for (auto one = moments.begin(); one != moments.end(); ++one) waiting.push_back(one);
    const auto add = [&](const EndState& end) {
        const auto [place, fresh] = moments.insert({end, {}});
        if (fresh) waiting.push_back(place);
        if (moments.size() > most_states) throw std::length_error("too many states");
    };
    while (!waiting.empty()) {
        const Moment& from = *waiting.back();
        waiting.pop_back();
        if (!from.rest.empty()) {
            add(from.end);
            continue;
        }
        for (const Input& input : inputs) {
            const PlainMemo::Ways ways = memo_.react(from.end, input);
            for (const PlainMemo::Way& way : *ways) {
                const std::vector<Segment>& sent = way.reaction.sent;
                // Text that nobody saw or acknowledged does not exist.
                if (std::none_of(sent.begin(), sent.end(),
                                 [&](const Segment& one) { return one.len > 0 && one.seq > last_unit; }))
                    add(way.reaction.after);
            }
        }
    }
}

PlainWatch::Moments PlainWatch::sent_now(const Moments& moments, const std::vector<Input>& inputs,
                                         const UnitPassing& passing) {
    Moments after;
    const auto let_pass = [&](const EndState& end, const std::vector<Segment>& pieces) {
        for (auto piece = pieces.begin(); piece != pieces.end(); ++piece)
            if (is(*piece, passing)) after.insert({end, {piece + 1, pieces.end()}});
    };
    for (const Moment& from : moments) {
        if (!from.rest.empty()) {
            let_pass(from.end, from.rest);
            continue;
        }
        for (const Input& input : inputs) {
            const PlainMemo::Ways ways = memo_.react(from.end, input);
            for (const PlainMemo::Way& way : *ways) let_pass(way.reaction.after, piecewise(way.reaction.sent));
        }
    }
    return after;
}

std::optional<std::size_t> PlainWatch::first_unexplained(const std::vector<UnitPassing>& passings, int last_unit) {
    const Profile& profile = beginning_.profile;
    Moments moments;
    const EndState start = plain_initial(profile, beginning_.state);
    try {
        if (!beginning_.earlier) moments.insert({start, {}});
        if (beginning_.earlier)
            for (const Reaction& one :
                 plain_react(profile, beginning_.limits, start, {Trigger::segment, "", *beginning_.earlier}))
                moments.insert({one.after, {}});
        Seen seen;
        for (std::size_t i = 0; i < passings.size(); ++i) {
            if (!passings[i].own) seen.add(passings[i]);
            if (!passings[i].own || !passings[i].needs_reason) continue;
            const std::vector<Input> now = inputs(seen, passings[i].over_us);
            grow(moments, now, last_unit);
            moments = sent_now(moments, now, passings[i]);
            if (moments.empty()) return i;
        }
    } catch (const std::length_error&) {
        return std::nullopt;
    } catch (const ModelError&) {
        return std::nullopt;
    }
    return passings.size();
}

}  // namespace lastack
