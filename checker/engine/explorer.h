// Breadth-first exploration of a system: every reachable state once, in order of distance,
// with hooks for what is checked.
//
// Idea: states are bits in strips (strip_store.h), kept in order of discovery by levels (levels.h), which are queue and
// archive at once: a shortest path needs no parent pointers, the predecessor of a state is found by expanding the level
// before it again. A level is swept a word of up to 64 states at a time (sweep.h), by several threads if asked; where a
// hook wants to see each step, states are expanded one by one. Both find the same states in the same levels. Their
// order within a level differs, since halves get their numbers in another order; it does not
// depend on the threads or on the index.
//
// On demand (Bounds::mirrored) a state and its mirror image count as one: half the states. Then a path is one of states
// or of their images; the run that it stands for is found by states_to() in path.h.
#pragma once

#include <bit>
#include <cstdint>
#include <ctime>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "checker/engine/budget_layers.h"
#include "checker/engine/halves.h"
#include "checker/engine/hooks.h"
#include "checker/engine/levels.h"
#include "checker/engine/pair_marks.h"
#include "checker/engine/strip_store.h"
#include "checker/engine/sweep.h"
#include "checker/engine/thread_team.h"
#include "model/system.h"

namespace lastack {

struct Progress {
    std::uint64_t states = 0, waiting = 0;
    int depth = 0;
    std::uint64_t bytes = 0;     // of states and tables
    std::uint64_t expected = 0;  // states in all, as forecast.h says; 0: no telling
};

struct Bounds {
    std::uint64_t max_states = 200'000'000;
    std::uint64_t max_bytes = 0;  // for states and tables, 0: no bound
    int threads = 1;
    bool mirrored = false;  // count a state and its mirror image once; only where System::shares_tables()
    StripStore::Index index = StripStore::Index::automatic;
    std::function<bool()> stop;  // polled now and then; true: end with what there is
    std::function<void(const Progress&)> progress;
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
    double seconds = 0;          // processor time, of all threads
    bool mirrored = false;       // a state and its mirror image were counted once
    std::uint64_t bytes = 0;     // of the states, their levels and all tables
    std::size_t locals[2] = {}, bags[2] = {};
};

class Explorer {
public:
    // `stages`: how many stages a monitor distinguishes, 1 without one.
    explicit Explorer(System& system, int stages = 1);

    // Explores. Throws std::logic_error for bounds that the hooks' needs or the system do not allow, std::length_error
    // and std::bad_alloc where the tables grow beyond what they can hold.
    Coverage run(const Bounds& bounds, ExplorationHooks& hooks);
    Coverage run(const Bounds& bounds);  // watches for nothing

    std::uint64_t size() const { return levels_.size(); }
    // Fast where it is asked for states close to the last one.
    SystemState state(std::uint64_t index) const { return state_at(levels_.place(index)); }
    SystemState state_at(const Levels::Place& place) const;
    int depth_of(std::uint64_t index) const { return levels_.level_of(index); }

    Levels::Place place(std::uint64_t index) const { return levels_.place(index); }
    // Where a state lies; none where it was not seen.
    std::optional<Levels::Place> find(const SystemState& state) const;
    const StripStore& store() const { return *store_; }
    const Levels& levels() const { return levels_; }
    const Halves& halves(int end) const { return *halves_[end]; }
    const BudgetLayers& layers() const { return layers_; }
    // Sees to it that all lists of these states' halves are there: some of end 1 beside one of end 0. An exploration
    // for hooks that see every step does without lists.
    void fill_lists(Half half, std::uint64_t block, std::uint64_t bits);

    // Indices of the states along a shortest path from the initial state to `index`, both included. `hooks.step` is
    // called again, so that it sets the same stages as during the run; it must not depend on more than its arguments.
    // With mirror images a step of the path leads to a state or to its image: see unfolded() in path.h.
    std::vector<std::uint64_t> path_to(std::uint64_t index, ExplorationHooks& hooks);

private:
    static constexpr std::uint64_t poll_interval = 8192;

    // A list that is missing, and the state of a row that needs it.
    struct Lack {
        int end = 0;
        ListOfHalf list;
        int bit = 0;
    };

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
    std::uint64_t seal_level();
    bool keep_going(const Bounds& bounds, std::uint64_t states, std::uint64_t expanded, Coverage& coverage) const;
    void add_up(Coverage& coverage) const;
    std::uint64_t table_bytes() const;
    std::uint64_t bytes() const { return store_->bytes() + levels_.bytes() + table_bytes(); }

    bool sweep_level(const Bounds& bounds, Coverage& coverage, ExplorationHooks& hooks);
    bool prepare(const RowAt& row, ExplorationHooks& hooks);
    bool tour(std::uint64_t index, const SystemState& before, ExplorationHooks& hooks);
    bool walk_level(const Bounds& bounds, Coverage& coverage, ExplorationHooks& hooks);
    bool show_states(std::uint64_t from, ExplorationHooks& hooks);

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
};

}  // namespace lastack
