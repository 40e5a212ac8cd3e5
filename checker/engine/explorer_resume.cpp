// How an exploration is written between two levels, and goes on from there: the explorer's side of a checkpoint.
#include "checker/engine/checkpoint.h"
#include "checker/engine/explorer.h"
#include "checker/engine/snapshot.h"

namespace lastack {

namespace {

constexpr std::uint64_t SweepWorker::*counts[] = {&SweepWorker::states, &SweepWorker::transitions, &SweepWorker::cuts,
                                                  &SweepWorker::expanded};

// Ends that are alike have the same halves, and what has no tables has none.
int half_tables(const System& system) { return system.packed() ? 0 : system.shares_tables() ? 1 : 2; }

}  // namespace

std::uint8_t Explorer::form() const {
    return static_cast<std::uint8_t>(unsigned{system_.packed()} | unsigned{tables_.mirrored} << 1);
}

void Explorer::save_tables(ByteWriter& out, double seconds) const {
    save_system(system_, out);
    for (int end = 0; end < half_tables(system_); ++end) save_halves(*halves_[end], system_, end, out);
    for (std::uint64_t SweepWorker::*const count : counts) {
        std::uint64_t sum = 0;
        for (const auto& worker : workers_) sum += (*worker).*count;
        out.put(sum);
    }
    out.put(static_cast<std::uint64_t>(seconds * 1e6));
    for (const std::vector<std::uint8_t>& seen : idle_seen_) out.put(std::vector<bool>(seen.begin(), seen.end()));
    for (const PairMarks& seen : reactions_seen_) seen.save(out);
}

void Explorer::load_tables(ByteReader& in) {
    load_system(system_, in);
    for (int end = 0; end < half_tables(system_); ++end) load_halves(*halves_[end], system_, end, in);
    for (std::uint64_t SweepWorker::*const count : counts) (*workers_[0]).*count = in.get<std::uint64_t>();
    seconds_before_ = static_cast<double>(in.get<std::uint64_t>()) / 1e6;
    for (int end = 0; end < 2; ++end) {
        const std::vector<bool> seen = in.get_bits();
        in.require(seen.size() <= system_.machine(end).size());
        idle_seen_[end].assign(seen.begin(), seen.end());
    }
    for (PairMarks& seen : reactions_seen_) seen.load(in);
}

void Explorer::load_levels(ByteReader& in) {
    make_room();
    std::vector<Levels::Part> level;
    for (std::uint64_t parts = in.get_count(1); parts > 0; --parts) {
        Levels::Part part = load_part(*store_, *halves_[0], *halves_[1], system_, layers_.count(), in);
        if (!level.empty() && part.level != level.back().level) levels_.append(std::exchange(level, {}));
        in.require(part.level == levels_.count());
        level.push_back(std::move(part));
    }
    levels_.append(std::move(level));
    in.require(in.left() == 0 && levels_.size() == workers_[0]->states);
    shown_.assign(store_->size(), true);
}

}  // namespace lastack
