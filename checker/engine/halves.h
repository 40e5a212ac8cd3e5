// One half of a system: an endpoint together with what it has sent that is still in flight.
//
// Idea: a system state is a pair of halves. A step changes one half alone (a call, a timer, the network losing or
// doubling a segment), or takes a segment out of one half and lets the other receive it. So all that a step does is
// worked out once for each half, however many states the half is part of: on the models here there are 800 to 45,000
// halves under 0.1 to 126 million states.
//
// Halves get numbers in order of first use, in blocks of 64 with one local state each: the number's upper bits are the
// block, so that the states of 64 halves of one block beside one other half are one word of a bitmap (strip_store.h).
//
// Lists are filled by fill() and fill_receive(), on first use; all else only looks, and may be called by several
// threads while nobody fills. Cost: 16 bytes a half, 8 for each list and 8 for each step; a
// list for each segment received.
//
// What steps of a block's halves have in common as far as blocks are concerned is their kind; a block numbers its
// kinds, and a step has its number. So steps of many halves are gathered by kind without a search (column_images.h).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "model/system.h"

namespace lastack {

using Half = std::uint64_t;

constexpr int half_block_bits = 6;  // 64 halves a block

using KindId = std::uint32_t;  // of one block; at most HalfStep::most_kind

// A step as one half sees it. `cost` says what it spends of the budgets, see BudgetLayers in budget_layers.h.
class HalfStep {
public:
    static constexpr KindId most_kind = (1U << 26) - 1;
    static constexpr std::uint32_t cost_count =
        32;  // losses 0..14, or 15: more than any budget allows; duplicates 0..1

    HalfStep() = default;
    HalfStep(Half after, int losses, int duplicates, bool reaction, KindId kind = 0)
        : word_(after << 32 | std::uint64_t{kind} << 6 | std::uint64_t{reaction} << 5 |
                static_cast<unsigned>(duplicates) << 4 | static_cast<unsigned>(losses)) {}

    Half after() const { return word_ >> 32; }
    KindId kind() const { return word_ >> 6 & kind_mask; }  // of the block that it leaves
    std::uint32_t cost() const { return word_ & (cost_count - 1); }
    bool reaction() const {
        return word_ >> 5 & 1;
    }  // of the endpoint; else the network's: not there where it costs too much

    HalfStep of_kind(KindId kind) const {
        HalfStep step = *this;
        step.word_ = (word_ & ~(kind_mask << 6)) | std::uint64_t{kind} << 6;
        return step;
    }

private:
    static constexpr std::uint64_t kind_mask = most_kind;
    std::uint64_t word_ = 0;
};

// A segment that may arrive at the other half next, and what is left here then.
struct Emission {
    SegmentId segment = 0;
    KindId kind = 0;
    std::uint32_t rest = 0;
};

// What a step leads to and costs, for whole blocks.
class StepKind {
public:
    StepKind() = default;
    // `segment` is what arrives at the other half, for emissions; else 0. Whose step it was matters only where it may
    // cost too much.
    StepKind(Half after, std::uint32_t cost, bool reaction, SegmentId segment)
        : word_(after >> half_block_bits << 22 | std::uint64_t{segment} << 6 | std::uint64_t{cost} << 1 |
                (reaction && cost != 0)) {}

    std::uint64_t block() const { return word_ >> 22; }
    SegmentId segment() const { return static_cast<SegmentId>(word_ >> 6); }
    std::uint32_t cost() const { return word_ >> 1 & 31; }
    bool reaction() const { return word_ & 1; }
    std::uint64_t word() const { return word_; }
    auto operator<=>(const StepKind&) const = default;

private:
    std::uint64_t word_ = 0;
};

// A list of a half: its own ones, or its reactions to a segment of the other end.
struct ListOfHalf {
    Half half = 0;
    std::optional<SegmentId> segment;
};

class Halves {
public:
    // The system must outlive this.
    Halves(System& system, int end);

    Half find_or_add(LocalId local, BagId bag);
    std::optional<Half> find(LocalId local, BagId bag) const;

    // The local state is the same for all halves of a block.
    LocalId local(Half half) const { return local_[half >> half_block_bits]; }
    BagId bag(Half half) const { return bag_[half]; }
    std::size_t blocks() const { return local_.size(); }
    std::size_t size() const { return size_; }
    std::size_t bytes() const;

    // Works out a list where that was not done yet. True where it was not.
    bool fill(const ListOfHalf& list) {
        return list.segment ? fill_receive(list.half, *list.segment) : fill(list.half);
    }
    bool fill(Half half);
    bool fill_receive(Half half, SegmentId segment);

    // For which halves of a block that was done: a bit for each.
    std::uint64_t known(std::uint64_t block) const { return known_[block]; }
    std::uint64_t known_receive(std::uint64_t block, SegmentId segment) const {
        return segment < stride_ ? known_receive_[block * stride_ + segment] : 0;
    }

    bool has(const ListOfHalf& list) const {
        const std::uint64_t block = list.half >> half_block_bits;
        return ((list.segment ? known_receive(block, *list.segment) : known(block)) >> (list.half & 63) & 1) != 0;
    }

    // Calls and timers of the endpoint, then what the network may do to what is in flight.
    std::span<const HalfStep> internal(Half half) const { return view(own_[half].internal); }
    std::span<const Emission> emissions(Half half) const {
        const Range range = own_[half].emissions;
        return {sent_.data() + range.first, range.count};
    }
    std::span<const HalfStep> receive(Half half, SegmentId segment) const {
        const Received& list = receive_[cell(half, segment)];
        return list.is_range() ? view(list.range()) : list.only();
    }

    void prefetch_receive(Half half, SegmentId segment) const { __builtin_prefetch(&receive_[cell(half, segment)]); }

    // By number: the kinds of all steps in the lists of a block's halves.
    std::span<const StepKind> kinds(std::uint64_t block) const { return kinds_[block].list; }

    // Lays the lists of neighbouring halves side by side, where many came since the last time: what is read together
    // should come from memory together.
    void tidy();

    // Does a step of this half alone, or the arrival of what it sent, lead elsewhere or is cut? Known with its lists.
    bool leaves(Half half) const { return leaves_[half >> half_block_bits] >> (half & 63) & 1; }
    std::uint64_t leaves_of_block(std::uint64_t block) const { return leaves_[block]; }

    // Halves with a reaction that a budget may forbid: a bit for each half of the block. Grows with the lists.
    std::uint64_t costly_of_block(std::uint64_t block) const { return costly_[block]; }

private:
    struct Range {  // of a pool
        std::uint32_t first = 0, count = 0;
    };
    struct Own {  // lists that are read together
        Range internal, emissions;
    };
    // Nearly every reaction has one way to go: that one stands here itself, which saves a second miss of the cache.
    // Else it stands for a range: the cost is one that no step has.
    class Received {
    public:
        Received() = default;
        explicit Received(HalfStep only) : only_(only) {}
        explicit Received(Range range) : only_(range.first, 15, 1, false, range.count) {}
        bool is_range() const { return only_.cost() == HalfStep::cost_count - 1; }
        Range range() const { return {static_cast<std::uint32_t>(only_.after()), only_.kind()}; }
        std::span<const HalfStep> only() const { return {&only_, 1}; }

    private:
        HalfStep only_;
    };
    std::span<const HalfStep> view(Range range) const { return {steps_.data() + range.first, range.count}; }
    // Side by side for the halves of a block: they are asked for one after the other.
    std::size_t cell(Half half, SegmentId segment) const {
        return ((half >> half_block_bits) * stride_ + segment) << half_block_bits | (half & 63);
    }
    std::size_t place(LocalId local, BagId bag) const;
    void widen_index();
    void widen_receive(std::size_t wide);
    HalfStep after(const Outcome& outcome, Half half);
    KindId number_of(StepKind kind, std::uint64_t block);
    HalfStep numbered(HalfStep step, Half half) {
        return step.of_kind(number_of({step.after(), step.cost(), step.reaction(), 0}, half >> half_block_bits));
    }
    Range store(const std::vector<HalfStep>& steps, Half half);
    void note_leaving(Half half) { leaves_[half >> half_block_bits] |= 1ull << (half & 63); }

    System& system_;
    int end_;
    std::size_t size_ = 0;
    std::vector<LocalId> local_;                          // by block
    std::vector<std::uint64_t> leaves_, costly_, known_;  // by block: a bit for each half
    std::vector<BagId> bag_;                              // by half
    std::vector<Half> next_of_local_;  // by local state: the next free number in its last block, or a multiple of 64
    int index_bits_ = 12;
    std::vector<std::uint32_t> index_;          // open addressing: number + 1, 0 is empty
    std::vector<Own> own_;                      // by half
    std::vector<Received> receive_;             // by cell()
    std::vector<std::uint64_t> known_receive_;  // block * stride_ + segment: a bit for each half
    std::size_t stride_ = 16;
    struct Kinds {
        std::vector<StepKind> list;
        std::unordered_map<std::uint64_t, KindId> numbers;  // by word
    };
    std::vector<Kinds> kinds_;  // by block
    std::size_t kind_ = 0;      // the one found last
    std::size_t kind_count_ = 0;
    std::vector<HalfStep> steps_;
    std::vector<Emission> sent_;
    std::size_t tidy_steps_ = 0;  // how many there were then
};

}  // namespace lastack
