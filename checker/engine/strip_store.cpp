#include "checker/engine/strip_store.h"

#include <sys/mman.h>

#include <new>

namespace lastack {

namespace {

// Where an array for all pairs of numbers would take more than this, and is this thin, the index is hashed.
constexpr std::uint64_t small_index = 1 << 24;  // entries of 4 bytes
constexpr std::uint64_t thin = 32;              // entries for each strip

constexpr StripId most_strips = StripId{1} << 30;

constexpr std::size_t huge_page = 2 << 20;

std::size_t whole_pages(std::size_t bytes) { return (bytes + huge_page - 1) / huge_page * huge_page; }

// Zeroed memory from the system, given out page by page as it is used, huge pages where there are any (Linux lays
// ranges of whole ones where they fit, from 6.7 on): fewer misses of the TLB, measured in bench/bench_engine.cpp, and
// fewer faults. Null where so many addresses are not to be had.
void* map_zeroed(std::size_t bytes) {
    bytes = whole_pages(bytes);
    void* at = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED) return nullptr;
    ::madvise(at, bytes, MADV_HUGEPAGE);
    return at;
}

void unmap(void* at, std::size_t bytes) {
    if (at) ::munmap(at, whole_pages(bytes));
}

}  // namespace

StripStore::StripStore(Index index, int most_load)
    : direct_(index != Index::hash), may_change_(index == Index::automatic), most_load_(most_load) {
    // A limit on addresses (ulimit -v, strict overcommit) makes the range smaller, not the exploration impossible.
    for (most_strips_ = most_strips; !strips_; most_strips_ /= 2) {
        if (most_strips_ < 1024) throw std::bad_alloc();
        strips_ = static_cast<Strip*>(map_zeroed(most_strips_ * (sizeof(Strip) + sizeof(StripKey) + 1)));
        if (strips_) break;
    }
    keys_ = reinterpret_cast<StripKey*>(strips_ + most_strips_);
    fresh_rows_ = reinterpret_cast<std::uint8_t*>(keys_ + most_strips_);
    index_again();
}

StripStore::~StripStore() {
    unmap(slots_, slot_count_ * sizeof(StripId));
    unmap(strips_, most_strips_ * (sizeof(Strip) + sizeof(StripKey) + 1));
}

void StripStore::reserve(std::uint64_t rows, std::uint64_t blocks, std::uint32_t layers) {
    if (!direct_ || (rows <= row_room_ && blocks <= block_room_ && layers <= layers_)) return;
    while (row_room_ < rows) row_room_ = row_room_ * 5 / 4 + 8;
    while (block_room_ < blocks) block_room_ = block_room_ * 5 / 4 + 8;
    layers_ = layers;
    const std::uint64_t entries = row_room_ * block_room_ * layers_;
    if (may_change_ && entries > small_index && entries / thin > size()) {
        direct_ = false;
        while ((std::uint64_t{size()} + 1) * 100 >= (std::uint64_t{1} << bits_) * static_cast<unsigned>(most_load_))
            ++bits_;
    }
    index_again();
}

void StripStore::grow() {
    ++bits_;
    index_again();
}

// The old index goes before the new one comes: the keys are with the strips.
void StripStore::index_again() {
    std::vector<StripId> used;
    for (std::size_t at = 0; at < slot_count_; ++at) {
        if (slots_[at] != 0) used.push_back(slots_[at]);
    }
    unmap(slots_, slot_count_ * sizeof(StripId));
    slots_ = nullptr;
    slot_count_ = direct_ ? row_room_ * block_room_ * layers_ : std::size_t{1} << bits_;
    slots_ = static_cast<StripId*>(map_zeroed(slot_count_ * sizeof(StripId)));
    if (!slots_) throw std::bad_alloc();
    for (const StripId number : used) {
        std::size_t at = place(key(number - 1));
        while (slots_[at] != 0) at = next(at);
        slots_[at] = number;
    }
}

StripId StripStore::find(const StripKey& key) const {
    if (direct_ && (key.rows >= row_room_ || key.block >= block_room_ || key.layer >= layers_)) return none;
    for (std::size_t at = place(key);; at = next(at)) {
        const StripId found = slots_[at];
        if (found == 0) return none;
        if (direct_ || this->key(found - 1) == key) return found - 1;
    }
}

std::uint64_t StripStore::bytes() const {
    return slot_count_ * sizeof(StripId) + std::uint64_t{size()} * (sizeof(Strip) + sizeof(StripKey) + 1);
}

}  // namespace lastack
