#include "generators/project.h"

#include <fmt/format.h>

#include <utility>

#include "generators/beginning.h"
#include "generators/projector.h"
#include "generators/vector_json.h"
#include "model/settings.h"

namespace lastack {

namespace {

constexpr std::int64_t sent_again_us = 1'000'000;  // a SYN,ACK without an answer, RFC 6298 2.1

}  // namespace

Projections::Projections(const PlainSystem& system, int end, const ProjectionOptions& options)
    : system_(system), end_(end), options_(options), citations_(system.profile(end)),
      projector_(std::make_unique<Projector>(system, end, options)) {
    const Profile& profile = system.profile(end);
    common_.endpoint = end == 0 ? "A" : "B";
    common_.profile = common_.subject = profile.name;
    std::map<std::string, int>& limits = common_.limits.edit();
    for (const Limit& limit : profile.limits) limits[limit.name] = system.limits(end).at(limit.name);
    common_.unproduced = unproduced_limits(profile, system.limits(end));
    for (const Setting& setting : profile.settings) {
        common_.settings.edit().emplace_back(setting.name, setting.value);
        if (!setting.offers.empty() && setting.number.value_or(0) != 0)
            common_.options.edit().push_back(setting.offers);
    }
    common_.ip = options.ip;
    common_.unit_bytes = options.unit_bytes;
    // Close to where 32 bits wrap, and where the sign bit flips.
    common_.tester_isn = options.ip == 4 ? 0x7ffffff0u : 0xfffffff0u;
}

Projections::~Projections() = default;

Projection Projections::make(const Claim& claim, const Trace& trace, const std::set<std::size_t>& late,
                             std::int64_t look_us, std::size_t alike) {
    Projection result;
    const Beginning beginning = beginning_of(system_, trace, options_.any_peer);
    result.reason = beginning.why_none;
    if (!std::exchange(followed_, result.reason.empty())) alike = 0;
    if (!result.reason.empty()) return result;
    TestVector vector = common_;
    vector.begin = beginning.begin;
    try {
        result.reason = projector_->run(trace, late, alike);
        if (result.reason.empty() && projector_->is_replaced() && look_us >= sent_again_us)
            result.reason = "what takes the place of the connection is not followed";
        if (!result.reason.empty()) return result;
        projector_->give(vector, look_us);
    } catch (const TooManyCourses& problem) {
        result.reason = problem.what();
        return result;
    } catch (const ModelError&) {
        result.reason = "a timer may end by then of which the profile counts no further end";
        return result;
    }
    vector.id = fmt::format("{}/{}/ipv{}", claim.id, vector.endpoint, options_.ip);
    vector.goal = claim.sentence;
    const bool witness = claim.kind == Claim::Kind::reachable;
    vector.claims = {
        {claim.id, witness ? VectorClaim::Sense::witness : VectorClaim::Sense::counterexample, claim.sentence}};
    vector.refuted_expected = claim.refuted_at.find(vector.endpoint) != std::string::npos;
    vector.system = claim.system;
    citations_.put(claim, vector);
    result.reason = why_not_carried(vector);
    if (result.reason.empty()) result.vector = std::move(vector);
    return result;
}

Projection project(const PlainSystem& system, const Claim& claim, const Trace& trace, int end,
                   const ProjectionOptions& options) {
    return Projections(system, end, options).make(claim, trace, options.late, options.look_us, 0);
}

}  // namespace lastack
