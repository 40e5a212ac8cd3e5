#include "generators/vector_json.h"
#include "report/diff_text.h"

namespace lastack {

namespace {

constexpr const char* letters[2] = {"a", "b"};

template <class Range>
JsonTree texts(const Range& range) {
    JsonTree array = JsonTree::array();
    for (const auto& one : range) array.add(one);
    return array;
}

const Vocabulary& words_of(const Comparison& comparison) { return comparison.lts[0]->profile().vocabulary; }

JsonTree answers_json(const Comparison& comparison, const std::vector<Response>& answers) {
    JsonTree array = JsonTree::array();
    for (const Response& answer : answers) {
        JsonTree one = JsonTree::object();
        one.set("does", to_string((*comparison.observations)[answer.observation], words_of(comparison), true));
        one.set("rules", texts(answer.rules));
        array.add(std::move(one));
    }
    return array;
}

JsonTree distinction_json(const Comparison& comparison, const Distinction& found) {
    JsonTree steps = JsonTree::array();
    for (std::size_t i = 0; i < found.steps.size(); ++i) {
        const Distinction::Step& step = found.steps[i];
        JsonTree one = JsonTree::object();
        one.set("input", to_string(comparison.alphabet->inputs[step.input], words_of(comparison)));
        one.set("does", to_string((*comparison.observations)[step.observation], words_of(comparison)));
        for (const int side : {0, 1}) {
            if (found.waited[0] || found.waited[1]) break;  // the runs have not the same number of steps
            one.set(std::string("rules_") + letters[side],
                    texts(comparison.lts[side]->rules(found.run[side].edges[i])));
        }
        if (step.mover >= 0) one.set("chooses", letters[step.mover]);
        steps.add(std::move(one));
    }
    JsonTree tree = JsonTree::object();
    tree.set("only_choices", found.branching);
    tree.set("only_in_time", found.in_time);
    tree.set("steps", std::move(steps));
    tree.set("input", to_string(comparison.alphabet->inputs[found.input], words_of(comparison)));
    for (const int side : {0, 1}) {
        tree.set(std::string("states_") + letters[side], texts(found.states[side]));
        tree.set(letters[side], answers_json(comparison, found.answers[side]));
        if (found.in_time)
            tree.set(std::string("timer_started_after_") + letters[side], std::uint64_t{found.started_after[side]});
    }
    return tree;
}

std::string verdict_name(Comparison::Verdict verdict) {
    switch (verdict) {
        case Comparison::Verdict::bisimilar: return "bisimilar";
        case Comparison::Verdict::same_inside: return "same_inside";
        case Comparison::Verdict::different: return "different";
        default: return "undecided";
    }
}

JsonTree side_json(const Comparison& comparison, int side) {
    const EndpointLts& lts = *comparison.lts[side];
    JsonTree tree = JsonTree::object();
    tree.set("profile", lts.profile().name);
    JsonTree limits = JsonTree::object();
    for (const auto& [name, value] : lts.limits()) {
        if (!lts.profile().setting(name)) limits.set(name, value);  // settings stand among the declared differences
    }
    tree.set("limits", std::move(limits));
    tree.set("complete", lts.complete());
    tree.set("local_states", std::uint64_t{lts.size()});
    if (comparison.partition.rounds.empty()) return tree;
    tree.set("edges", std::uint64_t{lts.edge_count()});
    tree.set("blocks", std::uint64_t{side == 0 ? comparison.partition.blocks_a : comparison.partition.blocks_b});
    return tree;
}

JsonTree vectors_json(const DiffReport& report, int side) {
    JsonTree array = JsonTree::array();
    for (const Projection& projection : report.vectors[side]) {
        JsonTree one = JsonTree::object();
        if (projection.vector) {
            one.set("id", projection.vector->id);
            one.set("vector", JsonTree::parsed(to_json(*projection.vector)));
        } else {
            one.set("reason", projection.reason);
        }
        array.add(std::move(one));
    }
    return array;
}

}  // namespace

JsonTree diff_json(const DiffReport& report) {
    const Comparison& comparison = *report.comparison;
    JsonTree tree = JsonTree::object();
    tree.set("verdict", verdict_name(comparison.verdict));
    tree.set("partial", comparison.interrupted);
    for (const int side : {0, 1})
        if (comparison.lts[side]) tree.set(letters[side], side_json(comparison, side));
    JsonTree alphabet = JsonTree::object();
    alphabet.set("inputs", std::uint64_t{comparison.alphabet->inputs.size()});
    alphabet.set("calls", std::uint64_t{comparison.alphabet->calls});
    alphabet.set("timers", std::uint64_t{comparison.alphabet->timers});
    alphabet.set("highest_unit", comparison.alphabet->highest_unit);
    alphabet.set("longest", comparison.alphabet->longest);
    alphabet.set("stands_for_segments", std::uint64_t{comparison.alphabet->all_segments});
    tree.set("alphabet", std::move(alphabet));
    tree.set("pairs", std::uint64_t{comparison.pairs});
    tree.set("all_pairs", comparison.all_pairs);
    tree.set("out_of_ranges", std::uint64_t{comparison.out_of_ranges.count});
    if (comparison.distinction) tree.set("distinction", distinction_json(comparison, *comparison.distinction));
    if (report.trial && report.trial->tried) {
        JsonTree trial = JsonTree::object();
        trial.set("tells_apart", report.trial->shows).set("is_shortest", report.trial->shortest);
        if (!report.trial->shortest) trial.set("shortest_is_not_played", report.trial->reason);
        tree.set("trial", std::move(trial));
    }
    JsonTree further = JsonTree::array();
    for (const Distinction& found : comparison.further) further.add(distinction_json(comparison, found));
    tree.set("further", std::move(further));
    JsonTree declared = JsonTree::array();
    for (const DeclaredDifference& one : report.declared) {
        JsonTree entry = JsonTree::object();
        entry.set("kind", one.kind).set("name", one.name).set("a", one.of_a).set("b", one.of_b);
        declared.add(std::move(entry));
    }
    tree.set("declared", std::move(declared));
    for (const int side : {0, 1}) tree.set(std::string("vectors_") + letters[side], vectors_json(report, side));
    return tree;
}

}  // namespace lastack
