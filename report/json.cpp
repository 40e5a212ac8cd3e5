#include "report/json.h"

#include "checker/trace/plain_system.h"
#include "generators/vector_reading.h"
#include "model/plain.h"
#include "report/check_text.h"
#include "report/goal_tally.h"
#include "report/run_text.h"

namespace lastack {

namespace {

JsonTree coverage_json(const Coverage& coverage) {
    JsonTree tree = JsonTree::object();
    tree.set("states", coverage.states).set("transitions", coverage.transitions).set("depth", coverage.depth);
    tree.set("complete", coverage.complete).set("limited", coverage.limited).set("interrupted", coverage.interrupted);
    tree.set("cut_steps", coverage.cuts).set("cpu_seconds", coverage.seconds).set("bytes", coverage.bytes);
    tree.set("out_of_memory", coverage.out_of_memory).set("mirror_images_once", coverage.mirrored);
    JsonTree locals = JsonTree::array();
    for (const std::size_t count : coverage.locals) locals.add(static_cast<std::uint64_t>(count));
    tree.set("local_states", std::move(locals));
    return tree;
}

JsonTree cost_json(const TraceCost& cost) {
    JsonTree tree = JsonTree::object();
    tree.set("losses", cost.losses).set("duplicates", cost.duplicates);
    return std::move(tree.set("segments", cost.segments).set("steps", cost.steps));
}

JsonTree growth_json(const Growth& growth) {
    JsonTree drivers = JsonTree::array();
    for (const GrowthDriver& driver : growth.drivers) {
        JsonTree one = JsonTree::object();
        one.set("part", driver.name).set("factor", driver.factor);
        drivers.add(std::move(one));
    }
    JsonTree tree = JsonTree::object();
    tree.set("states", growth.states).set("waiting", growth.waiting).set("depth", growth.depth);
    return std::move(tree.set("drivers", std::move(drivers)).set("smaller_bounds", JsonTree::list(growth.smaller)));
}

JsonTree trace_json(const PlainSystem& system, const Trace& trace) {
    JsonTree steps = JsonTree::array();
    for (const TraceStep& step : trace.steps) {
        JsonTree one = JsonTree::object();
        one.set("step", to_string(step, system.vocabulary())).set("rules", JsonTree::list(step.rules));
        one.set("A", describe(system.profile(0), system.limits(0), step.after.end[0]));
        one.set("B", describe(system.profile(1), system.limits(1), step.after.end[1]));
        steps.add(std::move(one));
    }
    return steps;
}

JsonTree claim_json(const Spec& spec, const CheckResult& result) {
    JsonTree tree = JsonTree::object();
    const Expectation& expectation = result.expected;
    tree.set("id", result.claim->id).set("sentence", result.claim->sentence).set("cites", result.claim->cites);
    if (const Where& where = result.claim->where; where.source)
        tree.set("file", where.source->name).set("line", where.line);
    tree.set("system", result.claim->system).set("profile", result.profile).set("answer", to_string(result.answer));
    tree.set("expected", expectation.vacuous ? "vacuous" : expectation.holds ? "holds" : "violated");
    tree.set("as_expected", result.as_expected).set("vacuous", result.vacuous());
    if (result.vacuous()) tree.set("never_met", JsonTree::list(result.never_met));
    if (result.expected.shortest >= 0) tree.set("expected_shortest", result.expected.shortest);
    if (!result.note.empty()) tree.set("note", result.note);
    tree.set("scope", coverage_json(result.coverage));
    if (result.trace) {
        tree.set("trace_steps", static_cast<std::uint64_t>(result.trace->steps.size()));
        tree.set("trace_cost", cost_json(result.cost));
        if (result.trace->loop_from >= 0) tree.set("trace_loop_from", result.trace->loop_from);
        tree.set("trace", trace_json(PlainSystem(spec, *spec.system(result.claim->system)), *result.trace));
    }
    return tree;
}

JsonTree observed_json(const Observed& seen) {
    static const char* const kinds[] = {"call", "sent", "received", "state", "signal", "silence"};
    JsonTree tree = JsonTree::object();
    tree.set("at_us", seen.at_us).set("step", seen.step).set("kind", kinds[static_cast<int>(seen.kind)]);
    if (seen.kind == Observed::Kind::sent || seen.kind == Observed::Kind::received)
        tree.set("segment", to_string(seen.segment));
    if (!seen.text.empty()) tree.set("text", seen.text);
    return tree;
}

JsonTree claims_json(const TestVector& vector) {
    JsonTree list = JsonTree::array();
    for (const VectorClaim& claim : vector.claims) {
        JsonTree one = JsonTree::object();
        one.set("id", claim.id).set("sense", sense_text(claim.sense)).set("sentence", claim.sentence);
        list.add(std::move(one));
    }
    return list;
}

JsonTree settings_json(const TestVector& vector) {
    JsonTree tree = JsonTree::object();
    for (const auto& [name, value] : vector.settings) tree.set(name, value);
    return tree;
}

JsonTree limits_json(const TestVector& vector) {
    JsonTree tree = JsonTree::object();
    for (const auto& [name, value] : vector.limits) tree.set(name, value);
    return tree;
}

JsonTree rules_json(const TestVector& vector, int step) {
    JsonTree list = JsonTree::array();
    for (const auto& [rule, clause] : rules_behind(vector, step)) {
        JsonTree one = JsonTree::object();
        one.set("rule", rule).set("clause", clause);
        list.add(std::move(one));
    }
    return list;
}

void put_explanation(JsonTree& run, const Explanation& explained) {
    run.set("again", explained.again);
    if (!explained.faults_tried) return;
    run.set("profile_does_so", explained.profile_does_so);
    JsonTree faults = JsonTree::array();
    for (const LikelyFault& fault : explained.faults) {
        JsonTree one = JsonTree::object();
        one.set("id", fault.id).set("operator", fault.op).set("sentence", fault.sentence).set("place", place_of(fault));
        faults.add(std::move(one));
    }
    run.set("likely_faults", std::move(faults));
}

}  // namespace

JsonTree check_json(const Spec& spec, const CheckReport& report) {
    JsonTree tree = JsonTree::object();
    tree.set("format", "lastack-report/1").set("profile", report.subject);
    JsonTree systems = JsonTree::array();
    for (const SystemResult& system : report.systems) {
        JsonTree one = JsonTree::object();
        one.set("name", system.system->name).set("scope", coverage_json(system.coverage));
        one.set("rules_not_fired", JsonTree::list(system.rules_not_fired));
        if (system.growth) one.set("growth", growth_json(*system.growth));
        systems.add(std::move(one));
    }
    tree.set("systems", std::move(systems));
    JsonTree claims = JsonTree::array();
    for (const CheckResult& result : report.claims) claims.add(claim_json(spec, result));
    tree.set("claims", std::move(claims));
    const Tally tally = tally_of(report);
    JsonTree counts = JsonTree::object();
    counts.set("as_expected", static_cast<std::uint64_t>(tally.as_expected));
    counts.set("unexpected", static_cast<std::uint64_t>(tally.unexpected));
    counts.set("unknown", static_cast<std::uint64_t>(tally.unknown));
    tree.set("counts", std::move(counts));
    if (report.undecided.empty()) return tree;
    JsonTree undecided = JsonTree::array();
    for (const Claim* claim : report.undecided) undecided.add(claim->id);
    tree.set("undecided", std::move(undecided));
    return tree;
}

JsonTree runs_json(const Target& target, const std::vector<TestVector>& vectors, const std::vector<TestRun>& runs,
                   const std::string& fallback, const Explanations& explained) {
    JsonTree tree = JsonTree::object();
    tree.set("target", target.name()).set("description", target.description());
    if (!fallback.empty()) tree.set("fallback", fallback);
    JsonTree list = JsonTree::array();
    const std::vector<bool> others = on_other_courses(vectors, runs);
    for (std::size_t i = 0; i < runs.size(); ++i) {
        JsonTree one = JsonTree::object();
        one.set("vector", runs[i].vector_id).set("goal", vectors[i].goal).set("claims", claims_json(vectors[i]));
        one.set("profile", vectors[i].profile).set("endpoint", vectors[i].endpoint).set("ip", vectors[i].ip);
        one.set("settings", settings_json(vectors[i])).set("limits", limits_json(vectors[i]));
        one.set("verdict", to_string(runs[i].verdict)).set("word", word_for(runs[i].verdict));
        one.set("expected_refuted", vectors[i].refuted_expected);
        if (others[i]) one.set("other_course", true);
        if (!runs[i].went_on_as.empty()) one.set("went_on_as", runs[i].went_on_as);
        if (!runs[i].reason.empty()) one.set("reason", runs[i].reason);
        if (!runs[i].tries_before.empty()) one.set("tries_before", JsonTree::list(runs[i].tries_before));
        if (runs[i].verdict == Verdict::fail) one.set("planned_by", rules_json(vectors[i], runs[i].failed_step));
        if (const auto found = explained.find(i); found != explained.end()) put_explanation(one, found->second);
        one.set("duration_us", runs[i].duration_us);
        JsonTree observed = JsonTree::array();
        for (const Observed& seen : runs[i].observed) observed.add(observed_json(seen));
        one.set("observed", std::move(observed));
        list.add(std::move(one));
    }
    tree.set("runs", std::move(list));
    return tree;
}

}  // namespace lastack
