// Breadth-first exploration of a system: every reachable state once, in order of distance, with hooks for what is
// checked.
//
// Idea: states are bits in strips (strip_store.h), kept in order of discovery by levels (levels.h), which are queue and
// archive at once: a shortest path needs no parent pointers, the predecessor of a state is found by expanding the level
// before it again. A level is swept a word of up to 64 states at a time (sweep.h), by several threads if asked; where a
// hook wants to see each step, states are expanded one by one. Both find the same states in the same levels. Their
// order within a level differs, since halves get their numbers in another order; it does not depend on the threads or
// on the index.
//
// Where both ends are alike they share their tables, and hooks that do not ask for each step see steps out of a state
// and out of its mirror image under the same index: both are as far from the start. On demand (Bounds::mirrored) the
// two count as one: half the states. Then states are shown in both forms, too. A path to the one that was seen:
// states_to() in path.h.
//
// Hooks (return false to stop, at the latest at the end of the level):
//   Needs needs()                         what the hooks must see; less is faster
//   SystemState start(initial)            the initial state, with its stage set
//   bool state(index, state)              new states: each, or one of each pair of local states and stage that is new
//   bool step(index, before, next, step)  enabled steps out of state `index`; may set next.stage where each step is
//                                         seen. Else at least one nearest step for each outcome of each end, and on
//                                         demand for each local state of an end one that is not of this end
//   bool expanded(index, state, leaves)   all steps of a state were seen; leaves: one leads elsewhere, or was cut. Only
//                                         those that no step leaves, unless each step is seen
//   void save(ByteWriter&), load(ByteReader&)  what the hooks know, for checkpoint.h; without these two there is no
//                                              checkpoint
#pragma once

#include <bit>
#include <cstdint>
#include <ctime>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <vector>

#include "checker/engine/budget_layers.h"
#include "checker/engine/checkpoint.h"
#include "checker/engine/halves.h"
#include "checker/engine/levels.h"
#include "checker/engine/pair_marks.h"
#include "checker/engine/strip_store.h"
#include "checker/engine/sweep.h"
#include "checker/engine/thread_team.h"
#include "model/system.h"

namespace lastack {

struct Needs {
    bool every_state = false;
    bool every_step = false;
    bool idle_steps = false;
};

struct Progress {
    std::uint64_t states = 0, waiting = 0;
    int depth = 0;
    std::uint64_t bytes = 0;     // of states and tables
    std::uint64_t expected = 0;  // states in all, as forecast.h says; 0: no telling
};

struct Bounds {
    std::uint64_t max_states = 200'000'000;
    std::uint64_t max_bytes = 0;  // for states and tables, 0: no bound
    // For tables of what is in flight and what comes of it, 0: no bound. A run that hits it says so
    // (Coverage::tables_full) and is of no use: the system must be explored without tables (System::packed), state by
    // state.
    std::uint64_t max_table_bytes = 0;
    int threads = 1;
    bool mirrored = false;  // count a state and its mirror image once; only where System::shares_tables()
    StripStore::Index index = StripStore::Index::automatic;
    std::function<bool()> stop;  // polled now and then; true: end with what there is
    std::function<void(const Progress&)> progress;
    Checkpoint* checkpoint = nullptr;  // where the exploration is written, and goes on where it holds it; null: nowhere
};

// What was covered.
struct Coverage {
    std::uint64_t states = 0, transitions = 0;
    std::uint64_t expanded = 0;  // states whose steps were all seen; the others wait
    int depth = 0;               // levels after the initial one
    std::uint64_t cuts = 0;      // steps cut because a direction was full
    bool complete = false;       // every reachable state was expanded
    bool limited = false;        // max_states or max_bytes was hit
    bool out_of_memory = false;  // it was max_bytes
    bool interrupted = false;    // Bounds::stop said so
    bool tables_full = false;    // max_table_bytes was hit
    bool without_tables = false;
    double seconds = 0;       // processor time, of all threads; with that of the runs that a checkpoint continues
    bool mirrored = false;    // a state and its mirror image were counted once
    std::uint64_t bytes = 0;  // of the states, their levels and all tables
    std::size_t locals[2] = {}, bags[2] = {};
};

class Explorer {
public:
    // `stages`: how many stages a monitor distinguishes, 1 without one.
    explicit Explorer(System& system, int stages = 1);

    template <class Hooks>
    Coverage run(const Bounds& bounds, Hooks&& hooks);

    std::uint64_t size() const { return levels_.size(); }
    // Fast where it is asked for states close to the last one.
    SystemState state(std::uint64_t index) const { return state_at(levels_.place(index)); }
    int depth_of(std::uint64_t index) const { return levels_.level_of(index); }

    Levels::Place place(std::uint64_t index) const { return levels_.place(index); }
    // Where a state lies; none where it was not seen.
    std::optional<Levels::Place> find(const SystemState& state) const;
    const StripStore& store() const { return *store_; }

    // Indices of the states along a shortest path from the initial state to `index`, both included. `hooks.step` is
    // called again, so that it sets the same stages as during the run; it must not depend on more than its arguments.
    // With mirror images a step of the path leads to a state or to its image: see unfolded() in path.h.
    template <class Hooks>
    std::vector<std::uint64_t> path_to(std::uint64_t index, Hooks&& hooks);

private:
    static constexpr std::uint64_t poll_interval = 8192;

    // A list that is missing, and the state of a row that needs it.
    struct Lack {
        int end = 0;
        ListOfHalf list;
        int bit = 0;
    };

    SystemState state_at(const Levels::Place& place) const;
    std::uint64_t index_of(const RowAt& row, int bit) const;
    StripId row_strip(const RowAt& row) const { return levels_.parts()[row.part].entries[row.entry].strip; }
    StripKey key_of(const RowAt& row) const { return store_->key(row_strip(row)); }
    void begin(const Bounds& bounds, const Needs& needs);
    void make_room();
    void add(const SystemState& state);
    template <class Work>
    bool share(std::size_t count, std::size_t at_a_time, const Bounds& bounds, Coverage& coverage, Work&& work);
    bool sweep(const Bounds& bounds, Coverage& coverage);
    template <bool shared>
    void sweep_entries(SweepWorker& worker, std::size_t begin, std::size_t end);
    template <class Row>
    std::vector<Row> taken(std::vector<Row> SweepWorker::*rows);
    bool sweep_rows(const std::vector<DeferredRow>& rows, const Bounds& bounds, Coverage& coverage);
    std::optional<Lack> lack(Half x, std::uint64_t block, std::uint64_t bits) const;
    bool tells_more(const Lack& lack);
    std::uint64_t must_show(Half x, std::uint64_t block, std::uint64_t bits) const;
    std::uint64_t seal_level();
    bool keep_going(const Bounds& bounds, std::uint64_t states, std::uint64_t expanded, Coverage& coverage) const;
    void add_up(Coverage& coverage) const;
    std::uint64_t table_bytes() const;
    std::uint64_t bytes() const { return store_->bytes() + levels_.bytes() + table_bytes(); }

    std::uint8_t form() const;
    void save_tables(ByteWriter& out, double seconds) const;
    void load_tables(ByteReader& in);
    void load_levels(ByteReader& in);
    template <class Hooks>
    bool resume(Checkpoint* checkpoint, Hooks& hooks);
    template <class Hooks>
    void note(Checkpoint* checkpoint, double seconds, const Hooks& hooks) const;

    template <class Hooks>
    bool sweep_level(const Bounds& bounds, Coverage& coverage, Hooks& hooks);
    template <class Hooks>
    bool prepare(const RowAt& row, Hooks& hooks);
    template <class Hooks>
    bool tour(std::uint64_t index, const SystemState& before, Hooks& hooks);
    template <class Hooks>
    bool walk_level(const Bounds& bounds, Coverage& coverage, Hooks& hooks);
    template <class Hooks>
    bool show_states(std::uint64_t from, Hooks& hooks);

    System& system_;
    BudgetLayers layers_;
    std::shared_ptr<Halves> halves_[2];
    std::unique_ptr<StripStore> store_;
    Levels levels_;
    Needs needs_;
    SweepTables tables_{};
    std::unique_ptr<ThreadTeam> team_;
    std::vector<std::unique_ptr<SweepWorker>> workers_;  // one for each of the team
    std::vector<std::uint8_t> idle_seen_[2];             // by local state
    PairMarks reactions_seen_[2];                        // by local state and what it reacts to
    std::vector<bool> shown_;                            // by strip
    double seconds_before_ = 0;                          // of the runs that a checkpoint continues
};

template <class Hooks>
concept KeptHooks = requires(Hooks hooks, const Hooks known, ByteWriter out, ByteReader in) {
    known.save(out);
    hooks.load(in);
};

// Goes on where a checkpoint holds this exploration; false: begins anew.
template <class Hooks>
bool Explorer::resume(Checkpoint* checkpoint, Hooks& hooks) {
    if constexpr (KeptHooks<Hooks>) {
        if (!checkpoint) return false;
        std::optional<ByteReader> in = checkpoint->take(system_.decl().name, form());
        if (!in) return false;
        load_tables(*in);
        hooks.load(*in);
        load_levels(*in);
        return true;
    }
    return false;
}

template <class Hooks>
void Explorer::note(Checkpoint* checkpoint, double seconds, const Hooks& hooks) const {
    if constexpr (KeptHooks<Hooks>) {
        if (!checkpoint || !checkpoint->wants_notes()) return;
        ByteWriter tables;
        save_tables(tables, seconds);
        hooks.save(tables);
        checkpoint->note({system_.decl().name, form(), levels_.count() - 1, size()}, tables.take(), levels_, *store_);
    }
}

// Makes what a row lacks. States where something is missing, and those that must be seen in any case, are shown step by
// step.
template <class Hooks>
bool Explorer::prepare(const RowAt& row, Hooks& hooks) {
    const StripKey key = key_of(row);
    const Half x = key.rows << Strip::row_bits | row.row;
    std::uint64_t shown = 0;
    bool going = true;
    const auto show = [&](int bit) {
        if (shown >> bit & 1) return;
        shown |= 1ull << bit;
        const SystemState state = state_at({row_strip(row), row.row, bit});
        going = tour(index_of(row, bit), state, hooks) && going;
        // A list that both ends share is filled once: what it means for the other end is seen on the image.
        if (system_.shares_tables()) going = tour(index_of(row, bit), mirror_image(state), hooks) && going;
    };
    while (const auto missing = lack(x, key.block, row.bits)) {
        if (tells_more(*missing)) show(missing->bit);
        halves_[missing->end]->fill(missing->list);
    }
    for (std::uint64_t bits = must_show(x, key.block, row.bits); bits != 0; bits &= bits - 1)
        show(std::countr_zero(bits));
    return going;
}

template <class Hooks>
bool Explorer::tour(std::uint64_t index, const SystemState& before, Hooks& hooks) {
    bool going = true;
    system_.expand(before, [&](SystemState next, const SystemStep& step) {
        going = hooks.step(index, before, next, step) && going;
        for (std::size_t end = 0; end < 2; ++end) {
            if (!step.outcome || step.end != end) idle_seen_[end][before.end[end]] = 1;
        }
    });
    return going;
}

template <class Hooks>
bool Explorer::sweep_level(const Bounds& bounds, Coverage& coverage, Hooks& hooks) {
    bool going = sweep(bounds, coverage);
    for (auto rows = taken(&SweepWorker::deferred); !rows.empty() && going; rows = taken(&SweepWorker::deferred)) {
        for (DeferredRow& row : rows) {
            // Most lack what a row before them did, and nothing else: they need no more than another try.
            if (row.lack && halves_[row.end]->has(*row.lack)) continue;
            row.shown = true;
            going = going && prepare(row.at, hooks);
        }
        going = going && sweep_rows(rows, bounds, coverage);
    }
    for (const RowAt& row : taken(&SweepWorker::stuck)) {
        for (std::uint64_t bits = row.bits; bits != 0; bits &= bits - 1) {
            const int bit = std::countr_zero(bits);
            const SystemState state = state_at({row_strip(row), row.row, bit});
            going = hooks.expanded(index_of(row, bit), state, false) && going;
            if (tables_.mirrored) going = hooks.expanded(index_of(row, bit), mirror_image(state), false) && going;
        }
    }
    return going;
}

template <class Hooks>
bool Explorer::walk_level(const Bounds& bounds, Coverage& coverage, Hooks& hooks) {
    SweepWorker& worker = *workers_[0];
    bool going = true;
    const std::uint64_t end = levels_.size();
    for (std::uint64_t index = levels_.start(levels_.count() - 1); index < end && going; ++index) {
        const SystemState before = state(index);
        const std::uint64_t cuts = system_.cuts();
        bool leaves = false;
        system_.expand(before, [&](SystemState next, const SystemStep& step) {
            ++worker.transitions;
            going = hooks.step(index, before, next, step) && going;
            leaves |= next != before;
            add(next);
        });
        worker.cuts += system_.cuts() - cuts;
        ++worker.expanded;
        leaves |= system_.cuts() != cuts;  // where a step that was cut would have led is not known
        going = hooks.expanded(index, before, leaves) && going;
        if (index % poll_interval == 0 || worker.states >= bounds.max_states)
            going = keep_going(bounds, worker.states, worker.expanded, coverage) && going;
    }
    worker.flush<false>();
    return going;
}

// Shows the states from a number on: each, or one of each strip that is new.
template <class Hooks>
bool Explorer::show_states(std::uint64_t from, Hooks& hooks) {
    const auto show = [&](std::uint64_t index, const Levels::Place& place) {
        const SystemState state = state_at(place);
        const bool going = hooks.state(index, state);
        return tables_.mirrored ? hooks.state(index, mirror_image(state)) && going : going;
    };
    bool going = true;
    if (needs_.every_state) {
        for (std::uint64_t index = from; index < size() && going; ++index) going = show(index, levels_.place(index));
        return going;
    }
    shown_.resize(store_->size());
    for (std::size_t number = levels_.first_part(levels_.level_of(from)); number < levels_.parts().size(); ++number) {
        const Levels::Part& part = levels_.parts()[number];
        for (const Levels::Entry& entry : part.entries) {
            if (!shown_[entry.strip])
                going = going && show(part.first + entry.before, Levels::first_place(part, entry));
            shown_[entry.strip] = true;
        }
    }
    return going;
}

template <class Hooks>
Coverage Explorer::run(const Bounds& bounds, Hooks&& hooks) {
    Coverage coverage;
    const std::clock_t start = std::clock();
    const auto seconds = [&] { return seconds_before_ + static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC; };
    begin(bounds, hooks.needs());
    bool going = true;
    if (!resume(bounds.checkpoint, hooks)) {
        add(hooks.start(system_.initial()));
        going = show_states(seal_level(), hooks);
    }
    while (going) {
        note(bounds.checkpoint, seconds(), hooks);
        going = needs_.every_step ? walk_level(bounds, coverage, hooks) : sweep_level(bounds, coverage, hooks);
        const std::uint64_t from = seal_level();
        if (from == size()) break;
        going = show_states(from, hooks) && going;
    }
    add_up(coverage);
    coverage.complete = going && coverage.expanded == size();
    coverage.seconds = seconds();
    if constexpr (KeptHooks<std::remove_cvref_t<Hooks>>) {
        if (bounds.checkpoint && (coverage.limited || coverage.interrupted)) bounds.checkpoint->keep(levels_, *store_);
    }
    return coverage;
}

template <class Hooks>
std::vector<std::uint64_t> Explorer::path_to(std::uint64_t index, Hooks&& hooks) {
    std::vector<std::uint64_t> path{index};
    for (int depth = depth_of(index); depth > 0; --depth) {
        const SystemState wanted = state(path.back()), image = mirror_image(wanted);
        bool found = false;
        for (std::uint64_t i = levels_.start(depth - 1); i < levels_.start(depth) && !found;) {
            // A step changes the local state of one end at most, and a strip has one of each.
            const SystemState before = state(i);
            const auto near = [&](const SystemState& after) {
                return before.end[0] == after.end[0] || before.end[1] == after.end[1];
            };
            if (!near(wanted) && !(tables_.mirrored && near(image))) {
                i = levels_.end_of_strip(i);
                continue;
            }
            system_.expand(before, [&](SystemState next, const SystemStep& step) {
                hooks.step(i, before, next, step);
                found |= next == wanted || (tables_.mirrored && next == image);
            });
            if (found) path.push_back(i);
            ++i;
        }
    }
    return {path.rbegin(), path.rend()};
}

}  // namespace lastack
