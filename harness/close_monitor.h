// What a profile allows one end of a connection whose segments are seen somewhere on their way: the set of all states
// that the end can be in, given what has passed.
//
// Idea: an observer of a nondeterministic machine, made deterministic on the fly (the subset construction). Seen are
// the segments that pass; not seen are the application's calls, timers that expire, which segments arrive, when and how
// often, and what is lost before it passes. What the other end sent and has passed may arrive at any later moment, any
// number of times, in any order, or never; what this end sends passes in its order, or is lost. A segment that passes
// leaves the states that can have sent it. Where none is left, no behaviour of the profile explains it.
//
// Each state has the cheapest way that leads to it: what one expects costs nothing, a loss or an expiry costs something
// (Dijkstra), so that of all explanations the plainest is shown. The rules come from the machine (model/machine.h),
// each local state and input evaluated once for all connections. Cost: for each segment that passes, the local states
// that can be reached without one that passes, times what may arrive. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/machine.h"

namespace lastack {

// A segment at the capture point, in units of sequence space.
struct UnitPassing {
    bool own = false;  // sent by the end that is watched
    Segment segment;
    bool any_seq = false, any_ack = false;  // they are not known in units
    bool needs_reason = true;               // false: of what is sent nobody asks why
    bool with_next = false;                 // text: may arrive together with the FIN, which is next
    int text_from = -1;                     // of a FIN: this text, sent again, may have taken it along; -1: none
    std::int64_t over_us = 0;               // a timer that may be so short may have ended
    auto operator<=>(const UnitPassing&) const = default;
};

struct EndJudgement {
    enum class Verdict { explained, unexplained, unknown };
    struct Step {
        Trigger trigger = Trigger::call;
        std::string name;       // call or timer
        int arrived = -1;       // index of the passing that came
        std::vector<int> sent;  // indices of those that it sent and that passed
        std::vector<std::string> rules;
        std::string state;  // after it
    };
    struct Near {  // the closest that the profile allows where it does not explain
        Segment segment;
        std::string state;
        std::vector<std::string> rules;  // that send it; none: nothing can be sent at all
    };
    Verdict verdict = Verdict::explained;
    std::size_t at = 0;                     // unexplained: index of the first passing without an explanation
    std::string begins;                     // the state before all
    std::vector<Step> steps;                // of the plainest explanation, as far as there is one
    std::string state;                      // at the end
    std::vector<std::string> other_states;  // that it can also be in
    Near nearest;                           // unexplained: what could have passed instead
    std::string why_unknown;
    int cost = 0;
};

class CloseMonitor {
public:
    struct Setup {
        int text_units = 1;                // of either stream
        int own_base = 1, other_base = 1;  // the units at which the streams go on
        bool from_opening = false;         // begins in CLOSED, else in ESTABLISHED
    };
    // Where and as what an end begins: for this and for who asks the plain interpreter the same.
    struct Beginning {
        Profile profile;
        Limits limits;
        std::vector<std::string> calls;  // that its application may make
        std::string state;
        std::optional<Segment> earlier;  // came before all, and was taken: the last text of the other end
    };
    static Beginning beginning(const Profile& profile, const Setup& setup);

    // `profile` is copied; why_not() of it must be empty.
    CloseMonitor(const Profile& profile, const Setup& setup);
    CloseMonitor(const CloseMonitor&) = delete;
    CloseMonitor& operator=(const CloseMonitor&) = delete;

    // Why a profile cannot be watched; empty where it can.
    static std::string why_not(const Profile& profile);

    // May a timer of that length have ended in this time, as it seems at the capture point?
    static bool may_be_over(std::int64_t earliest_us, std::int64_t elapsed_us);

    // `last_unit`: of text that this end is known to have sent. `quiet_us`: how long nothing has passed since.
    EndJudgement judge(const std::vector<UnitPassing>& passings, int last_unit, std::int64_t quiet_us);

    // What the end may send next after the first `count` passings, in any of its states; nothing where they have no
    // explanation.
    std::set<Segment> may_send(const std::vector<UnitPassing>& passings, std::size_t count, int last_unit);

private:
    struct Move {
        enum class Kind : std::uint8_t { start, own_step, arrival, forget, passes } kind = Kind::start;
        bool passing_now = false;  // what it sent is the next passing
        std::uint32_t label = 0;
        int passing = -1;  // that arrived
    };
    struct Node {
        LocalId local = 0;
        std::uint32_t pending = 0;  // sent in the same step as what has just passed, and not seen yet; 0: none
        int cost = 0, heard = 0;    // heard: arrivals that are over, in their order
        int parent = -1;
        Move move;
        int passed = -1;  // index of the own passing that this node has just explained
    };
    struct Run;
    struct OutcomeList {
        std::vector<Outcome> outcomes;
        bool open = false;  // the profile has no answer to some input
    };

    const OutcomeList& own_steps(LocalId local);
    const OutcomeList& arrivals(LocalId local, SegmentId segment);
    int cost_of(std::uint32_t label);
    bool may_expire(std::uint32_t label, std::int64_t over_us) const;
    std::vector<Segment> sent_by(const Outcome& outcome) const;
    std::uint32_t pending_id(std::vector<Segment> rest);
    void close_over(Run& run, std::int64_t over_us);
    void relax(Run& run, const Node& from, int at, const Outcome& outcome, int cost, int heard, Move move);
    template <typename Visit>
    void each_step(Run& run, int at, std::int64_t over_us, const Visit& visit);
    bool let_pass(Run& run, std::size_t passing);
    bool beyond(const Run& run, const Segment& segment) const;
    EndJudgement::Near nearest_to(Run& run, const UnitPassing& passing);
    static int plainest(const Run& run);
    void begin(Run& run);
    void tell(const Run& run, int last, EndJudgement& out) const;
    void let_time_pass(EndJudgement& out, LocalId local, std::int64_t quiet_us);
    std::string state_name(LocalId local) const;

    Beginning beginning_;
    const Profile& profile_;  // of it
    SegmentTable sent_, arriving_;
    std::unique_ptr<Machine> machine_;
    std::vector<LocalId> seeds_;
    std::unordered_map<LocalId, OutcomeList> own_steps_;
    std::unordered_map<std::uint64_t, OutcomeList> arrivals_;
    std::vector<int> costs_;  // by label; -1: not asked yet
    std::vector<std::vector<Segment>> pending_{{}};
    std::map<std::vector<Segment>, std::uint32_t> pending_ids_;
};

}  // namespace lastack
