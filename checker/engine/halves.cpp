#include "checker/engine/halves.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace lastack {

namespace {

constexpr Half halves_in_block = Half{1} << half_block_bits;
constexpr int too_many_losses = 15;

}  // namespace

Halves::Halves(System& system, int end) : system_(system), end_(end), index_(std::size_t{1} << index_bits_) {}

std::size_t Halves::place(LocalId local, BagId bag) const {
    const std::uint64_t key = std::uint64_t{local} << 40 ^ bag;
    return static_cast<std::size_t>(key * 0x9E3779B97F4A7C15ull >> (64 - index_bits_));
}

std::optional<Half> Halves::find(LocalId local, BagId bag) const {
    for (std::size_t at = place(local, bag); index_[at] != 0; at = (at + 1) & (index_.size() - 1)) {
        const Half half = index_[at] - 1;
        if (bag_[half] == bag && this->local(half) == local) return half;
    }
    return std::nullopt;
}

void Halves::widen_index() {
    ++index_bits_;
    const std::vector<std::uint32_t> old = std::move(index_);
    index_.assign(std::size_t{1} << index_bits_, 0);
    for (const std::uint32_t number : old) {
        if (number == 0) continue;
        std::size_t at = place(local(number - 1), bag_[number - 1]);
        while (index_[at] != 0) at = (at + 1) & (index_.size() - 1);
        index_[at] = number;
    }
}

Half Halves::find_or_add(LocalId local, BagId bag) {
    if (const auto known = find(local, bag)) return *known;
    if (local >= next_of_local_.size()) next_of_local_.resize(local + 1);
    Half& next = next_of_local_[local];
    if (next % halves_in_block == 0) {  // its last block is full, or there is none
        next = local_.size() * halves_in_block;
        if (next >= std::numeric_limits<std::uint32_t>::max() - halves_in_block)
            throw std::length_error("more than 2^32 pairs of a local state and what is in flight");
        local_.push_back(local);
        leaves_.push_back(0);
        costly_.push_back(0);
        kinds_.emplace_back();
        bag_.resize(next + halves_in_block);
        own_.resize(next + halves_in_block);
        receive_.resize((next + halves_in_block) * stride_);
        known_.push_back(0);
        known_receive_.resize(local_.size() * stride_);
    }
    const Half half = next++;
    bag_[half] = bag;
    if (++size_ * 2 > index_.size()) widen_index();
    std::size_t at = place(local, bag);
    while (index_[at] != 0) at = (at + 1) & (index_.size() - 1);
    index_[at] = static_cast<std::uint32_t>(half + 1);
    return half;
}

// What an outcome makes of the half. Segments that find no room are lost, where the network
// loses at all.
HalfStep Halves::after(const Outcome& outcome, Half half) {
    BagTable& bags = system_.bags(end_);
    BagId bag = bag_[half];
    int overflow = 0;
    for (int i = 0; i < outcome.sent_count; ++i) {
        const BagId put = bags.put(bag, outcome.sent[i]);
        if (put == BagTable::full)
            ++overflow;
        else
            bag = put;
    }
    const Network& network = system_.network();
    if (overflow > 0 && !network.loses) return {0, too_many_losses, 0, true};
    const int losses = network.loss_budget < 0 ? 0 : overflow;
    if (losses > 0) costly_[half >> half_block_bits] |= 1ull << (half & 63);
    return {find_or_add(outcome.after, bag), losses, 0, true};
}

// Halves of a block have much the same steps in the same order, so a step's kind is mostly
// the one behind the one found last.
KindId Halves::number_of(StepKind kind, std::uint64_t block) {
    auto& [list, numbers] = kinds_[block];
    if (++kind_ < list.size() && list[kind_] == kind) return static_cast<KindId>(kind_);
    const auto [place, fresh] = numbers.try_emplace(kind.word(), static_cast<KindId>(list.size()));
    if (fresh) {
        if (list.size() > HalfStep::most_kind)
            throw std::length_error("more than 2^26 kinds of steps in one block of halves");
        list.push_back(kind), ++kind_count_;
    }
    kind_ = place->second;
    return place->second;
}

Halves::Range Halves::store(const std::vector<HalfStep>& steps, Half half) {
    const Range range{static_cast<std::uint32_t>(steps_.size()), static_cast<std::uint32_t>(steps.size())};
    for (const HalfStep step : steps) steps_.push_back(numbered(step, half));
    return range;
}

bool Halves::fill(Half half) {
    const std::uint64_t bit = 1ull << (half & 63);
    if (known_[half >> half_block_bits] & bit) return false;
    const LocalId local_state = local(half);
    const BagId flight = bag(half);
    const Network& network = system_.network();
    BagTable& bags = system_.bags(end_);
    std::vector<HalfStep> steps;
    bool leaves = false;
    for (const Outcome& outcome : system_.machine(end_).spontaneous(local_state)) {
        steps.push_back(after(outcome, half));
        leaves |= steps.back().cost() != 0 || steps.back().after() != half;
    }
    const auto takes = bags.takes(flight);
    const Range emissions{static_cast<std::uint32_t>(sent_.size()), static_cast<std::uint32_t>(takes.size())};
    for (const BagTable::Take take : std::vector(takes.begin(), takes.end())) {
        leaves = true;
        const Half rest = find_or_add(local_state, take.rest);
        const KindId kind = number_of({rest, 0, false, take.segment}, half >> half_block_bits);
        sent_.push_back({take.segment, kind, static_cast<std::uint32_t>(rest)});
        if (network.loses) steps.emplace_back(rest, network.loss_budget >= 0, 0, false);
        if (!network.duplicates) continue;
        const BagId twice = bags.twice(flight, take.segment);
        if (twice != BagTable::full)
            steps.emplace_back(find_or_add(local_state, twice), 0, network.duplicate_budget >= 0, false);
    }
    own_[half] = {store(steps, half), emissions};
    known_[half >> half_block_bits] |= bit;
    if (leaves) leaves_[half >> half_block_bits] |= bit;
    return true;
}

// A table for more segments: the rows of each block, re-laid.
void Halves::widen_receive(std::size_t wide) {
    std::vector<Received> wider(bag_.size() * wide);
    std::vector<std::uint64_t> known(blocks() * wide);
    for (std::size_t block = 0; block < blocks(); ++block) {
        std::copy_n(receive_.begin() + block * stride_ * 64, stride_ * 64, wider.begin() + block * wide * 64);
        std::copy_n(known_receive_.begin() + block * stride_, stride_, known.begin() + block * wide);
    }
    receive_ = std::move(wider);
    known_receive_ = std::move(known);
    stride_ = wide;
}

bool Halves::fill_receive(Half half, SegmentId segment) {
    if (segment >= stride_) widen_receive(std::max<std::size_t>(stride_ * 2, segment + 1));
    const std::uint64_t bit = 1ull << (half & 63);
    if (known_receive(half >> half_block_bits, segment) & bit) return false;
    std::vector<HalfStep> steps;
    for (const Outcome& outcome : system_.machine(end_).receive(local(half), segment, system_.sent_by(1 - end_)))
        steps.push_back(after(outcome, half));
    receive_[cell(half, segment)] =
        steps.size() == 1 ? Received(numbered(steps[0], half)) : Received(store(steps, half));
    known_receive_[(half >> half_block_bits) * stride_ + segment] |= bit;
    return true;
}

void Halves::tidy() {
    if (steps_.size() < tidy_steps_ + tidy_steps_ / 4) return;
    std::vector<HalfStep> steps;
    std::vector<Emission> sent;
    steps.reserve(steps_.size());
    sent.reserve(sent_.size());
    const auto move = [](Range& range, auto& to, const auto& from) {
        const auto first = static_cast<std::uint32_t>(to.size());
        to.insert(to.end(), from.begin() + range.first, from.begin() + range.first + range.count);
        range.first = first;
    };
    for (Own& own : own_) {
        move(own.internal, steps, steps_);
        move(own.emissions, sent, sent_);
    }
    for (Received& list : receive_) {
        if (!list.is_range()) continue;
        Range range = list.range();
        move(range, steps, steps_);
        list = Received(range);
    }
    steps_ = std::move(steps);
    sent_ = std::move(sent);
    tidy_steps_ = steps_.size();
}

std::size_t Halves::bytes() const {
    return local_.capacity() * (sizeof(LocalId) + 24 + sizeof(kinds_[0])) + kind_count_ * 64 +
           bag_.capacity() * sizeof(BagId) + index_.capacity() * 4 + own_.capacity() * sizeof(Own) +
           receive_.capacity() * sizeof(Received) + known_receive_.capacity() * 8 +
           steps_.capacity() * sizeof(HalfStep) + sent_.capacity() * sizeof(Emission);
}

}  // namespace lastack
