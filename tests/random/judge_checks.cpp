#include "tests/random/judge_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "checker/claims/check.h"
#include "checker/claims/liveness.h"
#include "generators/itf.h"
#include "model/language/read_spec.h"
#include "report/check_text.h"
#include "tests/random/brute_judge.h"

namespace lastack::testing {

namespace {

struct Wrong : std::runtime_error {
    using std::runtime_error::runtime_error;
};

template <class One, class Other>
void same(const One& one, const Other& other, const std::string& what) {
    if (one != other) throw Wrong(fmt::format("{}: {} where {} is right", what, one, other));
}

class LookingOn : public ExplorationHooks {
public:
    explicit LookingOn(bool each_step) : each_step_(each_step) {}
    Needs needs() const override { return {false, each_step_, false}; }

private:
    bool each_step_;
};

int depth_of(const BruteGraph& graph) {
    std::vector<int> depth(graph.nodes.size(), -1);
    depth[0] = 0;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        for (const BruteStep& step : graph.nodes[i].steps) {
            int& there = depth[static_cast<std::size_t>(step.to)];
            if (there < 0) there = depth[i] + 1;
        }
    }
    return *std::max_element(depth.begin(), depth.end());
}

void compare_counts(const Coverage& coverage, const BruteGraph& graph, const std::string& who) {
    same(coverage.complete, true, who + ", complete");
    same(coverage.states, graph.nodes.size(), who + ", states");
    same(coverage.transitions, graph.transitions, who + ", transitions");
    same(coverage.cuts, graph.cuts, who + ", cuts");
    same(coverage.depth, depth_of(graph), who + ", levels");
}

void compare_explorations(const Spec& spec, const SystemDecl& decl, const BruteGraph& graph) {
    struct Way {
        const char* name;
        int threads;
        bool each_step;
    };
    for (const Way& way : {Way{"one thread", 1, false}, Way{"two threads", 2, false}, Way{"step by step", 1, true}}) {
        System system(spec, decl);
        Explorer explorer(system);
        Bounds bounds;
        bounds.threads = way.threads;
        LookingOn hooks(way.each_step);
        compare_counts(explorer.run(bounds, hooks), graph, way.name);
    }
    const PlainCount plain = plain_explore(PlainSystem(spec, decl));
    same(plain.states, graph.nodes.size(), "plain system, states");
    same(plain.transitions, graph.transitions, "plain system, transitions");
}

Answer answer_of(const BruteAnswer& answer) {
    switch (answer.verdict) {
        case BruteAnswer::Verdict::holds: return Answer::holds;
        case BruteAnswer::Verdict::violated: return Answer::violated;
        default: return Answer::unknown;
    }
}

// The trace was replayed and judged before the check gave it away (it throws Disagreement otherwise).
void compare_trace(const PlainSystem& plain, const CheckResult& result, const BruteAnswer& right, bool tables,
                   const std::string& what) {
    if (right.fewest_steps) {
        if (!result.trace) throw Wrong(what + ": no trace");
        const Trace& fewest = result.fewest_steps ? *result.fewest_steps : *result.trace;
        same(static_cast<int>(fewest.steps.size()), *right.fewest_steps, what + ", fewest steps");
        const TraceCost cost = cost_of(*result.trace);
        if (tables && result.note.empty() &&
            std::array<int, 4>{cost.losses, cost.duplicates, cost.segments, cost.steps} != *right.cheapest)
            throw Wrong(fmt::format("{}: the trace costs {}, the cheapest {} {} {} {}", what, to_string(cost),
                                    (*right.cheapest)[0], (*right.cheapest)[1], (*right.cheapest)[2],
                                    (*right.cheapest)[3]));
    }
    if (!result.trace) return;
    const std::string text = to_itf(plain, *result.trace, "a trial");
    const Trace again = trace_from_itf(plain, text);
    if (!(again == *result.trace)) throw Wrong(what + ": the trace that is read back is another one");
    same(to_itf(plain, again, "a trial"), text, what + ", the trace written again");
}

struct Checking {
    const char* name;
    int threads = 1;
    bool symmetry = false, cheapest = true;
};

CheckReport checked(const Spec& spec, const Checking& way) {
    CheckOptions options;
    options.bounds.threads = way.threads;
    options.symmetry = way.symmetry;
    options.cheapest = way.cheapest;
    return check(spec, options);
}

void compare_answers(const Spec& spec, const std::vector<BruteAnswer>& right, const CheckReport& report,
                     const Checking& way) {
    const PlainSystem plain(spec, spec.systems[0]);
    for (std::size_t i = 0; i < right.size(); ++i) {
        const CheckResult& result = report.claims[i];
        const std::string what = fmt::format("claim {}, {}", result.claim->id, way.name);
        same(to_string(result.answer), to_string(answer_of(right[i])), what);
        compare_trace(plain, result, right[i], way.cheapest, what);
    }
}

// What a person reads, without the coverage, which has times.
std::string words_of(const Spec& spec, const CheckReport& report) {
    std::string text;
    for (const CheckResult& result : report.claims) {
        text += to_string(result.answer) + " " + result.note + "\n";
        if (result.trace) text += trace_text(spec, result);
    }
    return text;
}

// Nothing where the profile breaks its own declarations.
std::optional<BruteGraph> graph_of(const Spec& spec, const SystemDecl& decl) {
    try {
        return brute_graph(spec, decl, judged_states);
    } catch (const ModelError&) {
        return std::nullopt;
    }
}

void refused_as_well(const Spec& spec) {
    try {
        checked(spec, {"one thread"});
    } catch (const ModelError&) {
        return;
    }
    throw Wrong("the checker takes a profile that breaks its own declarations");
}

void compare_checks(const RandomSpec& random, JudgedChecks& count) {
    const Spec spec = parse_spec(random.text(), "random.spec");
    const SystemDecl& decl = spec.systems.at(0);
    const std::optional<BruteGraph> whole = graph_of(spec, decl);
    if (!whole) {
        refused_as_well(spec);
        ++count.refused;
        return;
    }
    const BruteGraph& graph = *whole;
    count.too_large += graph.too_large;
    if (graph.too_large) return;
    compare_explorations(spec, decl, graph);
    std::vector<BruteAnswer> right;
    for (const Claim& claim : spec.claims) right.push_back(brute_answer(graph, claim));
    const Checking first{"one thread"};
    const CheckReport report = checked(spec, first);
    compare_answers(spec, right, report, first);
    for (const Checking& way :
         {Checking{"two threads", 2}, Checking{"mirror images", 1, true}, Checking{"fewest steps", 1, false, false}})
        compare_answers(spec, right, checked(spec, way), way);
    const Spec once_more = parse_spec(random.text(), "random.spec");
    same(words_of(once_more, checked(once_more, first)), words_of(spec, report), "the same check again");

    count.mirrored += is_symmetric(spec, decl);
    count.cut += graph.cuts > 0;
    count.states += graph.nodes.size();
    count.transitions += graph.transitions;
    for (const CheckResult& result : report.claims) {
        ++count.claims;
        count.holds += result.answer == Answer::holds;
        count.violated += result.answer == Answer::violated;
        count.unknown += result.answer == Answer::unknown;
        count.traces += result.trace.has_value();
        count.lassos += result.trace && result.trace->loop_from >= 0;
    }
}

}  // namespace

std::string wrong_in_checks(const RandomSpec& random, JudgedChecks& count) {
    ++count.specs;
    try {
        compare_checks(random, count);
    } catch (const std::exception& error) {  // Wrong, and whatever the checker throws
        return error.what();
    }
    return "";
}

JudgedChecks judge_checks(std::uint64_t first, std::uint64_t last, const RandomKnobs& knobs) {
    JudgedChecks count;
    for (std::uint64_t seed = first; seed < last && count.failure.empty(); ++seed) {
        const RandomSpec random = random_spec(seed, knobs);
        const std::string wrong = wrong_in_checks(random, count);
        if (wrong.empty()) continue;
        const std::string kind = wrong.substr(wrong.find_first_of(",:") + 1);  // whichever claim it is of
        JudgedChecks ignored;
        count.failure =
            wrong + "\n" + failure_text(random, [&](const RandomSpec& spec) {
                const std::string now = wrong_in_checks(spec, ignored);
                return !now.empty() && now.find(kind.substr(0, kind.find_first_of("0123456789"))) != std::string::npos;
            });
    }
    return count;
}

}  // namespace lastack::testing
