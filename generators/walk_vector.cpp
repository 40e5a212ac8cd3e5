#include "generators/walk_vector.h"

#include <algorithm>
#include <set>

namespace lastack {

namespace {

bool alike(const WalkStep& one, const WalkStep& other) {
    return one.vertex == other.vertex && one.input == other.input && one.edge == other.edge && one.late == other.late;
}

std::size_t alike_at_first(const std::vector<WalkStep>& one, const std::vector<WalkStep>& other) {
    return static_cast<std::size_t>(std::mismatch(one.begin(), one.end(), other.begin(), other.end(), alike).first -
                                    one.begin());
}

}  // namespace

struct WalkProjector::Beginnings {
    Beginnings(const PlainSystem& system, const ProjectionOptions& options) : projections(system, 0, options) {}
    Projections projections;
    std::vector<WalkStep> before;  // the walk that was projected last
};

WalkProjector::WalkProjector(const TesterGraph& graph)
    : graph_(graph), open_(graph.lts()), memo_(open_.system().profile(0), open_.system().limits(0)),
      trace_(open_trace(graph.lts())), taken_{0} {}

WalkProjector::~WalkProjector() = default;

void WalkProjector::follow(const Walk& walk) {
    const std::size_t same = alike_at_first(steps_, walk.steps);
    steps_.resize(same);
    taken_.resize(same + 1);
    trace_.steps.resize(taken_.back());
    for (std::size_t i = same; i < walk.steps.size(); ++i) {
        add_step(graph_.lts(), {walk.steps[i].input, walk.steps[i].edge}, memo_, trace_);
        steps_.push_back(walk.steps[i]);
        taken_.push_back(trace_.steps.size());
    }
}

Projection WalkProjector::make(const Walk& walk, const std::string& id, const std::string& sentence,
                               const WalkVectorOptions& options) {
    follow(walk);
    Claim claim;
    claim.id = id;
    claim.kind = Claim::Kind::reachable;
    claim.system = trace_.system;
    claim.sentence = sentence;
    Projection made;
    if (options.moments) made = project(walk, claim, options, options.moments);
    if (!made.vector) made = project(walk, claim, options, {});
    return made;
}

Projection WalkProjector::project(const Walk& walk, const Claim& claim, const WalkVectorOptions& options,
                                  std::optional<std::uint32_t> moments) {
    ProjectionOptions projection;
    projection.ip = options.ip;
    projection.unit_bytes = options.unit_bytes;
    projection.memo = &memo_;
    projection.moments = moments;
    projection.goes_on_in_the_same_state = projection.any_peer = true;
    Beginnings& kept =
        beginnings_.try_emplace({options.ip, options.unit_bytes, moments.has_value()}, open_.system(), projection)
            .first->second;
    std::set<std::size_t> late;
    for (std::size_t i = 0; i < steps_.size(); ++i)
        if (steps_[i].late) late.insert(taken_[i + 1] - 1);
    const std::size_t same = alike_at_first(kept.before, steps_);
    kept.before = steps_;
    return kept.projections.make(claim, trace_, late, std::max(options.look_us, walk.look_us), taken_[same]);
}

}  // namespace lastack
