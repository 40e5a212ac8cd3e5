#include "report/segment_fates.h"

#include <algorithm>
#include <stdexcept>

namespace lastack {

namespace {

class Following {
public:
    explicit Following(const PlainSystem& system) : capacity_(system.decl().network.capacity) {}

    void add(const TraceStep& step) {
        const std::size_t at = found.sent.size();
        found.sent.emplace_back();
        found.concerned.push_back(-1);
        if (step.kind != TraceStep::Kind::call && step.kind != TraceStep::Kind::timer) network(step, at);
        for (const Segment& segment : step.sent) {
            const bool full = static_cast<int>(flying_[step.end].size()) >= capacity_;
            const int id = depart(step.end, segment, at, -1);
            if (full) {
                land(id, SegmentFate::Fate::refused, at);
            }
            found.sent.back().push_back(id);
        }
    }

    SegmentFates found;

private:
    int depart(int from, const Segment& segment, std::size_t at, int copy_of) {
        const int id = static_cast<int>(found.all.size());
        found.all.push_back({from, segment, at, copy_of, SegmentFate::Fate::in_flight, 0});
        flying_[from].push_back(id);
        return id;
    }

    void land(int id, SegmentFate::Fate fate, std::size_t at) {
        found.all[id].fate = fate;
        found.all[id].ends = at;
        std::erase(flying_[found.all[id].from], id);
    }

    void network(const TraceStep& step, std::size_t at) {
        const int sender = step.kind == TraceStep::Kind::deliver ? 1 - step.end : step.end;
        const auto& flying = flying_[sender];
        const auto match =
            std::find_if(flying.begin(), flying.end(), [&](int id) { return found.all[id].segment == step.segment; });
        if (match == flying.end()) throw std::invalid_argument("a step on a segment that is not in flight");
        const int id = *match;
        found.concerned.back() = id;
        if (step.kind == TraceStep::Kind::duplicate)
            depart(sender, step.segment, at, id);
        else
            land(id, step.kind == TraceStep::Kind::lose ? SegmentFate::Fate::lost : SegmentFate::Fate::arrives, at);
    }

    int capacity_;
    std::vector<int> flying_[2];  // ids, the oldest first
};

}  // namespace

bool SegmentFates::at_once(const SegmentFate& one) const {
    return one.copy_of < 0 && one.fate == SegmentFate::Fate::arrives && one.ends == one.departs + 1 &&
           static_cast<int>(one.ends) != loop_from && &one == &all[sent[one.departs].back()];
}

SegmentFates segment_fates(const PlainSystem& system, const Trace& trace) {
    Following following(system);
    for (const TraceStep& step : trace.steps) following.add(step);
    following.found.loop_from = trace.loop_from;
    return std::move(following.found);
}

}  // namespace lastack
