// The maker of a vector's steps: it follows a trace of one endpoint with all that a tester can know of it
// (generators/tester_view.h). The idea is in generators/project.h.
//
// What it knows after each step of a trace is kept: of the next trace, where that begins alike, only what follows is
// worked out. A look ahead is a part of what must be alike: whether a timer is awaited later, and where a FIN stands
// that a number counts from. Cost: of a step the courses that the profile allows, of one that is kept some comparisons.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "generators/byte_stream.h"
#include "generators/project.h"
#include "generators/tester_view.h"

namespace lastack {

class Projector {
public:
    Projector(const PlainSystem& system, int end, const ProjectionOptions& options);
    Projector(const Projector&) = delete;
    Projector& operator=(const Projector&) = delete;

    // Makes the steps; a reason where the trace cannot be followed in time. The first `alike` steps of the trace, and
    // which of them come late, are those of the trace before. `late`: as in ProjectionOptions.
    std::string run(const Trace& trace, const std::set<std::size_t>& late, std::size_t alike);
    // Has another connection taken the place of this one with the last step?
    bool is_replaced() const { return at_.reborn; }
    // The steps, and how silence is watched for behind the last one: `look_us` long, or until a timer may end.
    void give(TestVector& vector, std::int64_t look_us);

private:
    static constexpr std::int64_t slack_us = TesterView::slack_us;

    using Segments = std::vector<Segment>;

    // Where the courses of a step have led, and what the plan expects of it.
    struct Outlook {
        const Segments& wanted;
        std::vector<When> windows;  // of the wanted segments
        VectorStep& out;
        std::vector<Possibility> next;    // went as planned, as far as a tester can see
        const EndState* after = nullptr;  // that the plan leads to, where a segment that does not change it is let pass
    };

    // Was the timer awaited by a step from this one on? Without a name: was any?
    struct Awaited {
        std::size_t from = 0;
        std::string timer;
        bool is = false;
    };

    // What is known after a step of the trace.
    struct Known {
        Instants instants;
        std::vector<Anchor> anchors{{Anchor::Event::opening, -1}};  // by instant
        bool announces = false;                                     // the IUT has said where its window ends
        int announced = 0;                  // the last unit that the plan has acknowledged, and one
        bool announced_shut = false;        // with a window of 0
        std::vector<Possibility> set;       // what the IUT may be in, given that the plan was seen
        Possibility plan;                   // what it is in, in the trace
        int done = Instants::opening;       // when the last step was complete
        int reference = Instants::opening;  // what the times of the step at hand are counted from
        std::string unseen;                 // what happened where the tester cannot see it, for the next note
        std::vector<std::string> unseen_rules;
        bool descriptor = true;
        bool reborn = false;                      // by the last step
        std::vector<Awaited> awaited;             // looks ahead
        std::optional<std::size_t> joins_before;  // the last step that looked whether the next one is of a timer
        std::string joins;                        // which timer's; empty: of none
    };
    struct Kept {
        Known known;
        std::size_t steps = 0;
        int own_asked = 0, peer_asked = 0;  // the furthest units of both streams
    };

    std::size_t begins_alike(std::size_t alike, const ByteStream& own, const ByteStream& peer) const;
    bool is_awaited(std::size_t from, const std::string& timer) const;
    bool awaits_any(std::size_t from);
    std::string next_timer(std::size_t index) const;
    void keep();

    std::string project_step(const TraceStep& step, std::size_t index);
    const EndState* passing(const TraceStep& step) const {
        return options_.goes_on_in_the_same_state ? &step.after.end[end_] : nullptr;
    }
    std::string act(const TraceStep& step, VectorStep& out);
    std::string await(const TraceStep& step, VectorStep& out);
    std::string why_not_now(const When& action) const;
    std::string why_not_first(int timer, const When& expiry) const;
    bool is_joined(const TraceStep& step, std::size_t index);
    std::optional<Possibility> planned(const TraceStep& step, const When& when) const;
    void take_plan(const TraceStep& step, const When& when);
    void pause_before_restart(const TraceStep& step, std::size_t index);
    void pause_as_timed(const TraceStep& step, std::size_t index);
    void pause_by_lot(const TraceStep& step, std::size_t index);
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
    bool lies_beyond(const Segment& segment) const;
    int add_instant(Anchor::Event event, int earlier, Interval after);
    int now() const { return static_cast<int>(steps_.size()) - (looks_behind_ ? 1 : 0); }

    const PlainSystem& system_;
    int end_;
    ProjectionOptions options_;
    PlainMemo own_memo_;
    Known at_;
    TesterView view_;
    std::vector<Kept> kept_;  // by how many steps of the trace were taken
    std::vector<VectorStep> steps_;
    // Of the trace at hand.
    const Trace* trace_ = nullptr;
    const std::set<std::size_t>* late_ = nullptr;
    std::optional<ByteStream> own_, peer_;
    bool looks_behind_ = false;  // the last step: what comes behind it counts its windows from it
    // Of the step at hand.
    EndState start_;  // of the plan, before it
    const Segment* arriving_ = nullptr;
    WireSegment given_;  // the same on the wire
};

// As vectors list several: with blanks.
std::string rule_names(const std::vector<std::string>& rules);

}  // namespace lastack
