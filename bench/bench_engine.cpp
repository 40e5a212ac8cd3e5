// What the structures under the explorer do in a second, and how fast a plain hash table of states would be at best.
//
// Keys come at random and four of five were there before, much as with the states that steps lead to. Random is the
// worst order: a level is swept so that neighbours come together. `bound_*` is the yardstick: an open-addressing table
// of 64-bit keys that is large enough from the start, where one key is one state. The other figures count strips
// (up to 512 states each), words (up to 64) or what their name says.
#include <benchmark/benchmark.h>
#include <sys/prctl.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "checker/engine/column_images.h"
#include "checker/engine/explorer.h"
#include "checker/engine/levels.h"
#include "checker/engine/strip_store.h"
#include "checker/engine/sweep.h"
#include "model/language/read_spec.h"
#include "tests/checker/exploring.h"
#include "tests/places.h"

namespace {

using namespace lastack;

constexpr std::uint32_t strip_count = 1 << 20;             // about as many as for 126 million states of the yardstick
constexpr std::uint32_t state_count = 8 << 20;             // about as many as the yardstick's size m2 has
constexpr std::uint64_t rows = 1 << 13, blocks = 1 << 10;  // eight pairs of numbers for each strip
constexpr std::size_t batch = 64;                          // as in Inserter

// Numbers below `distinct`, in order of first use; four of five are known when they come.
std::vector<std::uint32_t> numbers_below(std::uint32_t distinct) {
    std::vector<std::uint32_t> list(std::size_t{distinct} * 5);
    std::mt19937 random(1);
    for (std::size_t i = 0; i < list.size(); ++i) {
        const auto known = static_cast<std::uint32_t>(i / 5 + 1);
        list[i] = i % 5 == 0 ? known - 1 : static_cast<std::uint32_t>(random()) % known;
    }
    return list;
}

const std::vector<std::uint32_t>& strip_numbers() {
    static const std::vector<std::uint32_t> made = numbers_below(strip_count);
    return made;
}

// A pair of numbers for each: scattered, no two the same.
StripKey key_of(std::uint32_t number) {
    const std::uint64_t pair = number * 0x9E3779B1ull % (rows * blocks);
    return {pair % rows, pair / rows, 0};
}

void count_items(benchmark::State& state, std::size_t each) {
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * each));
}

// ---- the bound

constexpr int table_bits = 24;

std::size_t place_in_table(std::uint64_t key) { return key * 0x9E3779B97F4A7C15ull >> (64 - table_bits); }

void insert(std::vector<std::uint64_t>& table, std::uint64_t key) {
    std::size_t at = place_in_table(key);
    while (table[at] != 0 && table[at] != key) at = (at + 1) & (table.size() - 1);
    table[at] = key;
}

void insert_one_by_one(std::vector<std::uint64_t>& table, const std::vector<std::uint32_t>& list) {
    for (const std::uint32_t number : list) insert(table, number + 1);
}

void insert_in_batches(std::vector<std::uint64_t>& table, const std::vector<std::uint32_t>& list) {
    for (std::size_t i = 0; i < list.size(); i += batch) {
        for (std::size_t k = i; k < i + batch; ++k) __builtin_prefetch(&table[place_in_table(list[k] + 1)], 1);
        for (std::size_t k = i; k < i + batch; ++k) insert(table, list[k] + 1);
    }
}

void bound_hash_insert(benchmark::State& state, decltype(insert_one_by_one) insert_all) {
    static const std::vector<std::uint32_t> list = numbers_below(state_count);
    std::vector<std::uint64_t> table(std::size_t{1} << table_bits);
    for (auto _ : state) {
        state.PauseTiming();
        std::fill(table.begin(), table.end(), 0);
        state.ResumeTiming();
        insert_all(table, list);
        benchmark::DoNotOptimize(table.data());
    }
    count_items(state, list.size());
}
BENCHMARK_CAPTURE(bound_hash_insert, plain, insert_one_by_one)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(bound_hash_insert, prefetched, insert_in_batches)->Unit(benchmark::kMillisecond);

// ---- strips

std::unique_ptr<StripStore> new_store(StripStore::Index index) {
    auto store = std::make_unique<StripStore>(index);
    store->reserve(rows, blocks, 1);
    return store;
}

void mark(StripStore& store, StripId id, std::uint32_t number) {
    store[id].row[number & 7].fresh |= 1ull << (number & 63);
}

void fill_one_by_one(StripStore& store) {
    Inserter inserter(store);
    for (const std::uint32_t number : strip_numbers()) {
        if (store.full()) store.grow();
        mark(store, inserter.find_or_add<false>(key_of(number)), number);
    }
}

// In three passes, each of which asks for the memory that the next one reads.
void fill_in_batches(StripStore& store) {
    const auto& list = strip_numbers();
    Inserter inserter(store);
    StripId found[batch];
    for (std::size_t i = 0; i < list.size(); i += batch) {
        if (store.full()) store.grow();
        for (std::size_t k = 0; k < batch; ++k) store.prefetch(key_of(list[i + k]));
        for (std::size_t k = 0; k < batch; ++k) {
            found[k] = inserter.find_or_add<false>(key_of(list[i + k]));
            store.prefetch_row(found[k], list[i + k] & 7);
        }
        for (std::size_t k = 0; k < batch; ++k) mark(store, found[k], list[i + k]);
    }
}

void strips(benchmark::State& state, StripStore::Index index, void (*fill)(StripStore&)) {
    for (auto _ : state) {
        state.PauseTiming();
        auto store = new_store(index);
        state.ResumeTiming();
        fill(*store);
        state.PauseTiming();
        store.reset();
        state.ResumeTiming();
    }
    count_items(state, strip_numbers().size());
}
BENCHMARK_CAPTURE(strips, direct, StripStore::Index::direct, fill_one_by_one)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(strips, direct_prefetched, StripStore::Index::direct, fill_in_batches)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(strips, hash, StripStore::Index::hash, fill_one_by_one)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(strips, hash_prefetched, StripStore::Index::hash, fill_in_batches)->Unit(benchmark::kMillisecond);

// The same where the system is told to give this process no huge pages.
void strips_on_small_pages(benchmark::State& state, StripStore::Index index, void (*fill)(StripStore&)) {
    if (prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0) != 0)
        return state.SkipWithError("the system does not say which pages it gives");
    strips(state, index, fill);
    prctl(PR_SET_THP_DISABLE, 0, 0, 0, 0);
}
BENCHMARK_CAPTURE(strips_on_small_pages, direct_prefetched, StripStore::Index::direct, fill_in_batches)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(strips_on_small_pages, hash_prefetched, StripStore::Index::hash, fill_in_batches)
    ->Unit(benchmark::kMillisecond);

// All strips of a store gained a word: they become a level. Counts words.
void levels_seal(benchmark::State& state) {
    const auto store = new_store(StripStore::Index::direct);
    Inserter inserter(*store);
    std::vector<StripId> ids;
    for (std::uint32_t number = 0; number < strip_count; ++number)
        ids.push_back(inserter.find_or_add<false>(key_of(number)));
    for (auto _ : state) {
        state.PauseTiming();
        for (const StripId id : ids) {
            (*store)[id].row[id & 7].seen = 0;
            const StripKey& key = store->key(id);
            inserter.put<false>({key.rows << Strip::row_bits | (id & 7), key.block, 1ull << (id & 63), key.layer});
        }
        inserter.flush<false>();
        state.ResumeTiming();
        benchmark::DoNotOptimize(Levels::seal(*store, ids.data(), ids.data() + ids.size()).states);
    }
    count_items(state, strip_count);
}
BENCHMARK(levels_seal)->Unit(benchmark::kMillisecond);

// ---- an exploration of 2 million states, and what it worked with

struct Word {
    int level = 0;
    std::uint64_t block = 0;  // of end 1
    Half half = 0;            // of end 0
    std::uint64_t bits = 0;
    auto order() const { return std::tuple(level, block, half); }
};

class Explored {
public:
    static const Explored& m1() {
        static const Explored one;
        return one;
    }

    const Explorer& explorer() const { return explorer_; }
    const Halves& halves(int end) const { return *halves_[end]; }
    // The words that are swept, in the order of a sweep. Halves have numbers of their own here.
    const std::vector<Word>& words() const { return words_; }
    const std::vector<SystemState>& some_states() const { return some_; }

private:
    Explored()
        : spec_(read_spec(lastack::testing::source_dir() + "/specs/bench/tcpclose-sizes.spec")),
          system_(spec_, *spec_.system("m1")), explorer_(system_) {
        explorer_.run({});
        for (int end = 0; end < 2; ++end) halves_[end] = std::make_unique<Halves>(system_, end);
        std::vector<Word> bits;
        for (std::uint64_t index = 0; index < explorer_.size(); ++index) {
            const SystemState state = explorer_.state(index);
            const Half x = halves_[0]->find_or_add(state.end[0], state.bag[0]);
            const Half y = halves_[1]->find_or_add(state.end[1], state.bag[1]);
            bits.push_back({explorer_.depth_of(index), y >> half_block_bits, x, 1ull << (y & 63)});
            halves_[1]->fill(y);
            if (index % 16 == 0) some_.push_back(state);
        }
        std::sort(bits.begin(), bits.end(), [](const Word& a, const Word& b) { return a.order() < b.order(); });
        for (const Word& bit : bits) {
            if (!words_.empty() && words_.back().order() == bit.order())
                words_.back().bits |= bit.bits;
            else
                words_.push_back(bit);
        }
        std::shuffle(some_.begin(), some_.end(), std::mt19937(1));
    }

    Spec spec_;
    System system_;
    Explorer explorer_;
    std::unique_ptr<Halves> halves_[2];
    std::vector<Word> words_;
    std::vector<SystemState> some_;
};

// Each word of the exploration, put into a store that has them all: what a step that leads to known states costs.
void worker_put_known(benchmark::State& state) {
    const Explored& explored = Explored::m1();
    StripStore store;
    const BudgetLayers layers(Network{}, 1);
    const SweepTables tables{{&explored.halves(0), &explored.halves(1)}, &layers, false, false, nullptr};
    SweepWorker worker(tables, store);
    store.reserve(explored.halves(0).blocks() * (64 / Strip::rows), explored.halves(1).blocks(), layers.count());
    const auto put_all = [&] {
        for (const Word& word : explored.words()) worker.put<false>({word.half, word.block, word.bits, 0});
        worker.inserter.flush<false>();
    };
    put_all();
    for (auto _ : state) put_all();
    count_items(state, explored.words().size());
}
BENCHMARK(worker_put_known)->Unit(benchmark::kMillisecond);

// The words of the exploration in the order of its sweeps; `hits`: which share of them was in the cache.
void images_of_sweep(benchmark::State& state) {
    const Explored& explored = Explored::m1();
    constexpr Image::Received met{std::numeric_limits<SegmentId>::max(), 0, 0};  // left in an image to know it again
    std::size_t hits = 0, all = 0;
    for (auto _ : state) {
        ColumnImages images(explored.halves(1));
        for (const Word& word : explored.words()) {
            Image& image = images.of(word.block, word.bits);
            if (image.arrivals.empty())
                image.arrivals.push_back(met);
            else
                ++hits;
        }
        all += explored.words().size();
    }
    state.counters["hits"] = static_cast<double>(hits) / static_cast<double>(all);
    count_items(state, explored.words().size());
}
BENCHMARK(images_of_sweep)->Unit(benchmark::kMillisecond);

// One and the same word, asked for again.
void images_hit(benchmark::State& state) {
    const Explored& explored = Explored::m1();
    ColumnImages images(explored.halves(1));
    const Word& word = explored.words()[explored.words().size() / 2];
    for (auto _ : state) benchmark::DoNotOptimize(images.of(word.block, word.bits).parts.data());
    count_items(state, 1);
}
BENCHMARK(images_hit);

// Each word is worked out although it may be known: what is known is forgotten first.
void images_miss(benchmark::State& state) {
    const Explored& explored = Explored::m1();
    ColumnImages images(explored.halves(1));
    for (auto _ : state) {
        for (const Word& word : explored.words()) images.of(word.block, word.bits).known = false;
    }
    count_items(state, explored.words().size());
}
BENCHMARK(images_miss)->Unit(benchmark::kMillisecond);

// From a number to a state's place, for all states in order.
void levels_place_in_order(benchmark::State& state) {
    const Explorer& explorer = Explored::m1().explorer();
    for (auto _ : state) {
        for (std::uint64_t index = 0; index < explorer.size(); ++index) benchmark::DoNotOptimize(explorer.place(index));
    }
    count_items(state, explorer.size());
}
BENCHMARK(levels_place_in_order)->Unit(benchmark::kMillisecond);

void levels_place_at_random(benchmark::State& state) {
    const Explorer& explorer = Explored::m1().explorer();
    std::mt19937_64 random(1);
    for (auto _ : state) benchmark::DoNotOptimize(explorer.place(random() % explorer.size()));
    count_items(state, 1);
}
BENCHMARK(levels_place_at_random);

void halves_find(benchmark::State& state) {
    const Explored& explored = Explored::m1();
    for (auto _ : state) {
        for (const SystemState& one : explored.some_states())
            benchmark::DoNotOptimize(explored.halves(1).find(one.end[1], one.bag[1]));
    }
    count_items(state, explored.some_states().size());
}
BENCHMARK(halves_find)->Unit(benchmark::kMillisecond);

}  // namespace
