// One endpoint as an explicit graph: its local states interned as small numbers, each (local state, input) evaluated
// once, on first use, and looked up ever after.
//
// Idea: a system of two endpoints and a network visits millions of states, but only hundreds to a few thousand
// local states; so rules are interpreted that seldom. Growth is lazy: states, outcomes and labels get their
// numbers in order of first use, which is deterministic for a deterministic caller. Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/code.h"
#include "model/segment_table.h"

namespace lastack {

using LocalId = std::uint32_t;

// One reaction to an input, ready for the product walk.
struct Outcome {
    LocalId after = 0;
    std::uint32_t label = 0;  // Machine::label
    std::uint8_t sent_count = 0;
    SegmentId sent[4] = {};  // ids in the table of this endpoint's outgoing direction
};

// What a step did, beside its states: for traces, claims and graphs.
struct Label {
    Trigger trigger = Trigger::call;
    std::string name;  // call or timer; empty for segments
    std::vector<std::string> rules, signals;
    std::string result;
    std::vector<int> started;  // timers (indices) that were started, also where they ran before, in order
    bool operator==(const Label&) const = default;
};

class Machine {
public:
    // The profile must outlive the machine. `out` numbers the segments that this endpoint sends. Only the given calls
    // are inputs. It begins in the control state `start` (an index), or in the profile's initial one where that is -1.
    Machine(const Profile& profile, Limits limits, std::vector<std::string> calls, SegmentTable& out, int start = -1);
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    const Profile& profile() const { return profile_; }
    const Limits& limits() const { return limits_; }
    LocalId initial() const { return 0; }
    std::size_t size() const { return locals_.size() / code_.slots(); }

    // All outcomes of the allowed calls and of running timers. The span is valid until the machine next grows.
    std::span<const Outcome> spontaneous(LocalId local) {
        const Entry entry = spontaneous_[local];
        return entry.ready() ? view(entry) : fill_spontaneous(local);
    }
    // All outcomes of a segment's arrival: at least one.
    std::span<const Outcome> receive(LocalId local, SegmentId id, const SegmentTable& in) {
        if (id < stride_) {
            const Entry entry = receive_[local * stride_ + id];
            if (entry.ready()) return view(entry);
        }
        return fill_receive(local, id, in);
    }

    // The outcomes of one call (one of those allowed), timer or segment, evaluated each time and kept nowhere: for who
    // asks once, or asks about one call where another one leaves its ranges. They have no number, see index_of.
    std::vector<Outcome> react_to(LocalId local, const Input& input) { return react_to(local, input, nullptr); }

    // For who asks about many segments: says in the machine's place whether guards hold, and is told what the answer
    // depends on beside them, also where it is thrown.
    class Witness {
    public:
        Witness() = default;
        Witness(const Witness&) = delete;
        Witness& operator=(const Witness&) = delete;
        virtual ~Witness() = default;
        // Where it is tested; the same guard of a rule always has the same number, below guard_count().
        struct Guard {
            const Program* program = nullptr;
            std::uint32_t number = 0;
            bool reads_segment = false;
            bool at_first = false;  // nothing has been written into the local state since the segment came
        };
        virtual bool holds(const Guard& guard, const std::uint8_t* slots) = 0;
        // These effects read the segment and are about to be run.
        virtual void runs(const Program& effects, const std::uint8_t* slots) = 0;
    };
    std::vector<Outcome> react_to(LocalId local, const Input& input, Witness* witness);
    std::uint32_t guard_count() const { return guard_count_; }
    const Code& code() const { return code_; }

    // Outcomes are numbered in order of first use.
    std::size_t outcome_count() const { return outcomes_.size(); }
    const Outcome& outcome(std::size_t index) const { return outcomes_[index]; }
    std::size_t index_of(const Outcome& outcome) const { return static_cast<std::size_t>(&outcome - outcomes_.data()); }

    const Label& label(std::uint32_t id) const { return labels_[id]; }
    EndState decode(LocalId local) const;
    int control_state(LocalId local) const { return bytes(local)[0]; }
    bool is_armed(LocalId local, int timer) const { return bytes(local)[code_.timer_slot(timer)] != 0; }

    // The value of an endpoint expression in a local state; `segment` may be null where none is read.
    int evaluate(const Program& program, LocalId local, const Segment* segment) const;
    Program compile(const Expr& expr) const { return code_.compile(expr); }

    // How often rules were evaluated: (local state, input) pairs so far.
    std::size_t evaluations() const { return evaluations_; }

private:
    // A range of outcomes; not evaluated yet where it ends before it begins.
    struct Entry {
        std::uint32_t first = 1, end = 0;
        bool ready() const { return first <= end; }
    };
    struct CompiledCase {
        std::uint32_t from = 0;  // bit mask of control states
        bool guarded = false, may = false;
        bool guard_reads = false, effects_read = false;  // the arriving segment
        bool writes = false;                             // into the local state
        std::uint32_t number = 0;                        // of its guard
        Program guard, effects;
        int to = -1;
        const Rule* rule = nullptr;
        const Case* source = nullptr;
    };
    using CompiledStep = std::vector<CompiledCase>;
    struct CompiledHandler {
        Trigger trigger = Trigger::call;
        std::string name;
        int timer = -1;
        std::vector<CompiledStep> steps;
    };
    struct Branch {
        std::vector<std::uint8_t> local;
        Scratch scratch;
        std::vector<const Rule*> rules;
        bool written = false;  // since it began
    };

    CompiledHandler compile(const Handler& handler);
    std::span<const Outcome> view(Entry entry) const {
        return {outcomes_.data() + entry.first, entry.end - entry.first};
    }
    std::span<const Outcome> fill_spontaneous(LocalId local);
    std::span<const Outcome> fill_receive(LocalId local, SegmentId id, const SegmentTable& in);
    void react(const CompiledHandler& handler, LocalId local, const Segment* segment, std::vector<Outcome>& out);
    bool holds(const CompiledCase& candidate, const Branch& branch, const Segment* segment) const;
    void through_step(const CompiledStep& step, Branch before, const Segment* segment, std::vector<Branch>& out);
    Branch fire(const CompiledCase& chosen, Branch branch, const Segment* segment);
    Outcome finish(const CompiledHandler& handler, const Branch& branch);
    Entry store(const std::vector<Outcome>& outcomes);
    LocalId intern(const std::vector<std::uint8_t>& local);
    std::uint32_t intern_label(const CompiledHandler& handler, const Branch& branch);
    const std::uint8_t* bytes(LocalId local) const { return locals_.data() + local * code_.slots(); }

    const Profile& profile_;
    Limits limits_;
    SegmentTable& out_;
    Code code_;
    std::vector<CompiledHandler> inputs_;  // allowed calls, then timers
    CompiledHandler segment_;
    std::vector<Program> derived_;  // per timer: its `while`, or empty

    std::vector<std::uint8_t> locals_;  // slots() bytes each
    std::unordered_map<std::string, LocalId> ids_;
    std::vector<Outcome> outcomes_;
    std::vector<Entry> spontaneous_;  // by local
    std::vector<Entry> receive_;      // local * stride_ + segment id
    std::size_t stride_ = 16;
    std::vector<Label> labels_;
    std::unordered_map<std::string, std::uint32_t> label_ids_;  // by the addresses and numbers that make a label
    std::size_t evaluations_ = 0;
    std::uint32_t guard_count_ = 0;
    Witness* witness_ = nullptr;  // during react_to
};

}  // namespace lastack
