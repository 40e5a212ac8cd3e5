#include "checker/engine/explorer.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "checker/engine/forecast.h"
#include "checker/engine/level_order.h"

namespace lastack {

namespace {

// Pieces of work that a thread takes: small enough for no thread to wait long for the last one.
constexpr std::size_t entries_at_a_time = 16;
constexpr std::size_t rows_at_a_time = 64;
constexpr std::size_t worth_sharing = 512;  // entries of a level: below, a second thread costs more than it gives

}  // namespace

Explorer::Explorer(System& system, int stages)
    : system_(system), layers_(system.network(), stages), store_(std::make_unique<StripStore>()) {
    halves_[0] = std::make_shared<Halves>(system, 0);
    halves_[1] = system.shares_tables() ? halves_[0] : std::make_shared<Halves>(system, 1);
}

void Explorer::begin(const Bounds& bounds, const Needs& needs) {
    needs_ = needs;
    needs_.every_step |= system_.packed();
    if (bounds.mirrored && (needs_.every_step || !system_.shares_tables()))
        throw std::logic_error("mirror images where each step counts, or where the ends are not alike");
    store_ = std::make_unique<StripStore>(system_.packed() ? StripStore::Index::hash : bounds.index);
    const Network& network = system_.network();
    tables_ = {{halves_[0].get(), halves_[1].get()},
               &layers_,
               bounds.mirrored,
               network.loss_budget >= 0,
               needs.idle_steps ? idle_seen_ : nullptr};
    team_ = std::make_unique<ThreadTeam>(static_cast<std::size_t>(std::max(bounds.threads, 1)));
    for (std::size_t i = 0; i < team_->size(); ++i) workers_.push_back(std::make_unique<SweepWorker>(tables_, *store_));
}

SystemState Explorer::state_at(const Levels::Place& place) const {
    const StripKey& key = store_->key(place.strip);
    const Half x = key.rows << Strip::row_bits | static_cast<unsigned>(place.row);
    const Half y = key.block << half_block_bits | static_cast<unsigned>(place.bit);
    SystemState state;
    state.end = {halves_[0]->local(x), halves_[1]->local(y)};
    state.bag = {halves_[0]->bag(x), halves_[1]->bag(y)};
    layers_.put_into(state, key.layer);
    return state;
}

std::optional<Levels::Place> Explorer::find(const SystemState& state) const {
    auto x = halves_[0]->find(state.end[0], state.bag[0]);
    auto y = halves_[1]->find(state.end[1], state.bag[1]);
    if (!x || !y) return std::nullopt;
    if (tables_.mirrored && *x > *y) std::swap(x, y);
    const StripId strip = store_->find({*x >> Strip::row_bits, *y >> half_block_bits, layers_.of(state)});
    const Levels::Place place{strip, static_cast<int>(*x & (Strip::rows - 1)), static_cast<int>(*y & 63)};
    if (strip == StripStore::none || !((*store_)[strip].row[place.row].seen >> place.bit & 1)) return std::nullopt;
    return place;
}

std::uint64_t Explorer::index_of(const RowAt& row, int bit) const {
    const Levels::Part& part = levels_.parts()[row.part];
    const Levels::Entry& entry = part.entries[row.entry];
    std::uint64_t index = part.first + entry.before;
    for (int i = 0; i < row.word; ++i) index += static_cast<unsigned>(std::popcount(part.words[entry.word + i]));
    const std::uint64_t below = part.words[entry.word + row.word] & ((1ull << bit) - 1);
    return index + static_cast<unsigned>(std::popcount(below));
}

// Room for all halves that there are, in the store and in what is noted of local states.
void Explorer::make_room() {
    store_->reserve(halves_[0]->blocks() * (64 / Strip::rows), halves_[1]->blocks(), layers_.count());
    if (store_->full()) store_->grow();
    for (int end = 0; end < 2; ++end) idle_seen_[end].resize(system_.machine(end).size());
}

void Explorer::add(const SystemState& state) {
    const Half x = halves_[0]->find_or_add(state.end[0], state.bag[0]);
    const Half y = halves_[1]->find_or_add(state.end[1], state.bag[1]);
    make_room();
    workers_[0]->put<false>(x, y >> half_block_bits, 1ull << (y & 63), layers_.of(state));
}

// The first list that a row lacks.
std::optional<Explorer::Lack> Explorer::lack(Half x, std::uint64_t block, std::uint64_t bits) const {
    const std::uint64_t x_block = x >> half_block_bits, x_bit = 1ull << (x & 63);
    const auto of_end_1 = [&](std::uint64_t missing, std::optional<SegmentId> segment) {
        const int bit = std::countr_zero(missing);
        return Lack{1, {block << half_block_bits | static_cast<unsigned>(bit), segment}, bit};
    };
    if ((halves_[0]->known(x_block) & x_bit) == 0) return Lack{0, {x, {}}, std::countr_zero(bits)};
    if (const std::uint64_t missing = bits & ~halves_[1]->known(block)) return of_end_1(missing, {});
    for (const Emission& sent : halves_[0]->emissions(x)) {
        if (const std::uint64_t missing = bits & ~halves_[1]->known_receive(block, sent.segment))
            return of_end_1(missing, sent.segment);
    }
    for (; bits != 0; bits &= bits - 1) {
        const int bit = std::countr_zero(bits);
        for (const Emission& sent : halves_[1]->emissions(block << half_block_bits | static_cast<unsigned>(bit))) {
            if ((halves_[0]->known_receive(x_block, sent.segment) & x_bit) == 0) return Lack{0, {x, sent.segment}, bit};
        }
    }
    return std::nullopt;
}

// Do hooks learn something from a state that needs a list for the first time? How an endpoint reacts does not depend on
// what it has in flight, except where that may forbid the reaction.
bool Explorer::tells_more(const Lack& lack) {
    const Network& network = system_.network();
    if (!network.loses || network.loss_budget >= 0) return true;
    const int end = system_.shares_tables() ? 0 : lack.end;
    const std::uint32_t input = lack.list.segment ? std::uint32_t{*lack.list.segment} + 1 : 0;
    return reactions_seen_[end].mark(halves_[end]->local(lack.list.half), input);
}

// Which of the states of a row the hooks must see step by step, although no list is missing.
std::uint64_t Explorer::must_show(Half x, std::uint64_t block, std::uint64_t bits) const {
    if (tables_.idle_seen &&
        !(idle_seen_[0][halves_[0]->local(x)] && idle_seen_[1][halves_[1]->local(block << half_block_bits)]))
        return bits;
    if (!tables_.costly) return 0;
    const bool costly = (halves_[0]->costly_of_block(x >> half_block_bits) >> (x & 63) & 1) != 0;
    return costly ? bits : bits & halves_[1]->costly_of_block(block);
}

template <bool shared>
void Explorer::sweep_entries(SweepWorker& worker, std::size_t begin, std::size_t end) {
    std::size_t number = levels_.first_part(levels_.count() - 1);
    for (; begin < end; ++begin) {
        while (begin >= levels_.parts()[number].entries.size()) {
            begin -= levels_.parts()[number].entries.size();
            end -= levels_.parts()[number].entries.size();
            ++number;
        }
        const Levels::Part& part = levels_.parts()[number];
        const Levels::Entry& entry = part.entries[begin];
        if (begin + 4 < part.entries.size()) store_->prefetch_key(part.entries[begin + 4].strip);
        const StripKey key = store_->key(entry.strip);
        std::uint8_t word = 0;
        for (unsigned rows = entry.rows; rows != 0; rows &= rows - 1, ++word) {
            const RowAt row{static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(begin),
                            static_cast<std::uint8_t>(std::countr_zero(rows)), word, part.words[entry.word + word]};
            worker.expand<shared>(row, key, false);
        }
    }
}

// Hands out `count` pieces of work to the workers, until all are done. False where a bound was hit.
template <class Work>
bool Explorer::share(std::size_t count, std::size_t at_a_time, const Bounds& bounds, Coverage& coverage, Work&& work) {
    std::uint64_t states = 0, expanded = 0;
    for (const auto& worker : workers_) {
        states += worker->states;
        expanded += worker->expanded;
    }
    // Each worker begins with a stretch of its own: neighbours in a level lead to the same strips, and two cores that
    // write to one cache line wait for each other. Who is done helps the others.
    struct alignas(64) Stretch {
        std::atomic<std::size_t> next{0};
        std::size_t end = 0;
    };
    const std::size_t sharing = workers_.size() == 1 || count < worth_sharing ? 1 : workers_.size();
    std::vector<Stretch> stretches(sharing);
    for (std::size_t i = 0; i < sharing; ++i) {
        stretches[i].next = count * i / sharing;
        stretches[i].end = count * (i + 1) / sharing;
    }
    std::atomic<std::uint64_t> found{states}, done{expanded};
    std::atomic<bool> stopped{false};
    const auto take_part = [&]<bool shared>(std::size_t number) {
        SweepWorker& worker = *workers_[number];
        std::size_t turn = 0;
        for (unsigned polls = 0; !stopped && !store_->full() && turn < sharing;) {
            Stretch& stretch = stretches[(number + turn) % sharing];
            const std::size_t begin = stretch.next.fetch_add(at_a_time);
            if (begin >= stretch.end) {
                ++turn;
                continue;
            }
            const std::uint64_t states_before = worker.states, expanded_before = worker.expanded;
            work.template operator()<shared>(worker, begin, std::min(begin + at_a_time, stretch.end));
            found += worker.states - states_before;
            done += worker.expanded - expanded_before;
            const bool poll = polls++ % 64 == 0 || found >= bounds.max_states;
            if (number == 0 && poll && !keep_going(bounds, found, done, coverage)) stopped = true;
        }
        worker.flush<shared>();
    };
    make_room();
    const auto left = [](const Stretch& stretch) { return stretch.next < stretch.end; };
    while (std::any_of(stretches.begin(), stretches.end(), left) && !stopped) {
        if (store_->full()) store_->grow();
        if (sharing == 1)
            take_part.template operator()<false>(0);
        else
            team_->run([&](std::size_t i) { take_part.template operator()<true>(i); });
        for (const auto& worker : workers_) worker->settle();
    }
    return !stopped;
}

// Expands the last level as far as lists are known; the workers note the other rows.
bool Explorer::sweep(const Bounds& bounds, Coverage& coverage) {
    for (const auto& half : halves_) half->tidy();
    std::size_t entries = 0;
    for (std::size_t i = levels_.first_part(levels_.count() - 1); i < levels_.parts().size(); ++i)
        entries += levels_.parts()[i].entries.size();
    return share(entries, entries_at_a_time, bounds, coverage,
                 [&]<bool shared>(SweepWorker& worker, std::size_t begin, std::size_t end) {
                     sweep_entries<shared>(worker, begin, end);
                 });
}

bool Explorer::sweep_rows(const std::vector<DeferredRow>& rows, const Bounds& bounds, Coverage& coverage) {
    const bool going = share(rows.size(), rows_at_a_time, bounds, coverage,
                             [&]<bool shared>(SweepWorker& worker, std::size_t begin, std::size_t end) {
                                 for (; begin < end; ++begin)
                                     worker.expand<shared>(rows[begin].at, key_of(rows[begin].at), rows[begin].shown);
                             });
    std::size_t again = 0;
    for (const auto& worker : workers_) again += worker->deferred.size();
    if (again >= rows.size()) throw std::logic_error("a list of a half is missing");
    return going;
}

// The rows that the workers noted, in order of the level; they forget them. What one worker noted is in a few runs that
// are in order: it worked through its own stretch of the level, and then helped others.
template <class Row>
std::vector<Row> Explorer::taken(std::vector<Row> SweepWorker::*rows) {
    std::vector<Row> all;
    for (const auto& worker : workers_) {
        std::vector<Row>& own = (*worker).*rows;
        all.insert(all.end(), own.begin(), own.end());
        own.clear();
    }
    for (auto run = std::is_sorted_until(all.begin(), all.end()); run != all.end();) {
        const auto end = std::is_sorted_until(run, all.end());
        std::inplace_merge(all.begin(), run, end);
        run = end;
    }
    return all;
}

template std::vector<RowAt> Explorer::taken(std::vector<RowAt> SweepWorker::*);
template std::vector<DeferredRow> Explorer::taken(std::vector<DeferredRow> SweepWorker::*);

// Makes what is fresh a level of its own, if it is anything. Returns the number of the first state that is new.
std::uint64_t Explorer::seal_level() {
    workers_[0]->flush<false>();
    const bool packed = system_.packed();
    const LevelOrder order(*store_, packed ? 0 : halves_[0]->blocks() * (64 / Strip::rows),
                           packed ? 0 : halves_[1]->blocks());
    std::size_t strips = 0;
    for (const auto& worker : workers_) strips += worker->dirty.size();
    std::vector<std::vector<FreshStrip>> lists(workers_.size());
    const auto sort_own = [&](std::size_t number) {
        lists[number] = order.sorted(workers_[number]->dirty);
        workers_[number]->dirty.clear();
    };
    std::vector<Levels::Part> parts(strips < worth_sharing ? 1 : workers_.size());
    std::vector<std::vector<std::size_t>> cuts;
    const auto seal_piece = [&](std::size_t piece) {
        const std::vector<StripId> own = order.merged(lists, cuts, piece);
        parts[piece] = Levels::seal(*store_, own.data(), own.data() + own.size());
    };
    if (parts.size() == 1) {
        for (std::size_t number = 0; number < workers_.size(); ++number) sort_own(number);
        cuts = order.cuts(lists, 1);
        seal_piece(0);
    } else {
        team_->run(sort_own);
        cuts = order.cuts(lists, parts.size());
        team_->run(seal_piece);
    }
    const std::uint64_t from = size();
    levels_.append(std::move(parts));
    return from;
}

bool Explorer::keep_going(const Bounds& bounds, std::uint64_t states, std::uint64_t expanded,
                          Coverage& coverage) const {
    const std::uint64_t taken = bytes();
    if (bounds.progress) {
        std::vector<std::uint64_t> sizes;
        for (int level = 0; level < levels_.count(); ++level)
            sizes.push_back(levels_.start(level + 1) - levels_.start(level));
        bounds.progress({states, states - expanded, levels_.count() - 1, taken, forecast_states(sizes)});
    }
    coverage.tables_full = !system_.packed() && bounds.max_table_bytes > 0 && table_bytes() >= bounds.max_table_bytes;
    coverage.out_of_memory = bounds.max_bytes > 0 && taken >= bounds.max_bytes;
    coverage.limited = states >= bounds.max_states || coverage.out_of_memory;
    coverage.interrupted = bounds.stop && bounds.stop();
    return !coverage.limited && !coverage.interrupted && !coverage.tables_full;
}

std::uint64_t Explorer::table_bytes() const {
    std::uint64_t sum = 0;
    for (int end = 0; end < (system_.shares_tables() ? 1 : 2); ++end)
        sum += halves_[end]->bytes() + system_.bags(end).bytes();
    return sum;
}

void Explorer::add_up(Coverage& coverage) const {
    coverage.states = size();
    coverage.mirrored = tables_.mirrored;
    coverage.without_tables = system_.packed();
    coverage.depth = levels_.count() - 1;
    for (const auto& worker : workers_) {
        coverage.transitions += worker->transitions;
        coverage.expanded += worker->expanded;
        coverage.cuts += worker->cuts;
    }
    coverage.bytes = bytes();
    for (int end = 0; end < 2; ++end) {
        coverage.locals[end] = system_.machine(end).size();
        coverage.bags[end] = system_.bags(end).size();
    }
}

}  // namespace lastack
