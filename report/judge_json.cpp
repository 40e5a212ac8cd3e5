#include "report/judge_json.h"

namespace lastack {

namespace {

JsonTree passing_json(const Passing& passing) {
    JsonTree tree = JsonTree::object();
    tree.set("packet", passing.packet).set("time_ns", passing.at_ns).set("from", passing.from == 0 ? "A" : "B");
    tree.set("segment", to_string(passing));
    if (passing.before) tree.set("outstanding", true);
    if (passing.inferred) tree.set("not_captured", true);
    return tree;
}

JsonTree step_json(const WatchedEnd& end, const EndJudgement::Step& step) {
    JsonTree tree = JsonTree::object();
    if (step.trigger == Trigger::call) tree.set("call", step.name);
    if (step.trigger == Trigger::timer) tree.set("timer", step.name);
    if (step.arrived >= 0 && end.passing_of[step.arrived] < 0)
        tree.set("gets_missed", true);
    else if (step.arrived >= 0)
        tree.set("gets", end.passing_of[step.arrived]);
    if (!step.sent.empty()) {
        JsonTree sent = JsonTree::array();
        for (const int one : step.sent) sent.add(end.passing_of[one]);
        tree.set("sends", std::move(sent));
    }
    tree.set("rules", JsonTree::list(step.rules)).set("state", step.state);
    return tree;
}

JsonTree end_json(const Connection& connection, const WatchedEnd& end) {
    JsonTree tree = JsonTree::object();
    const EndJudgement& judgement = end.judgement;
    const bool explained = judgement.verdict == EndJudgement::Verdict::explained;
    tree.set("seen", end.watched).set("explained", explained);
    if (explained) tree.set("state", judgement.state).set("other_states", JsonTree::list(judgement.other_states));
    if (end.delayed) tree.set("if_delays_varied_much", true);
    if (end.reordered) tree.set("captured_out_of_order", true);
    if (end.late.passing >= 0) {
        JsonTree late = JsonTree::object();
        late.set("passing", end.late.passing).set("by_ns", end.late.by_ns);
        tree.set("late", std::move(late));
    }
    if (end.missed) tree.set("missed", passing_json(*end.missed));
    if (judgement.verdict == EndJudgement::Verdict::unexplained) {
        JsonTree near = JsonTree::object();
        near.set("segment", flags_of(judgement.nearest.segment, Vocabulary())).set("state", judgement.nearest.state);
        near.set("rules", JsonTree::list(judgement.nearest.rules));
        tree.set("no_behaviour", passing_json(connection.passings[end.passing_of[judgement.at]]));
        tree.set("nearest", std::move(near));
    }
    JsonTree steps = JsonTree::array();
    for (const EndJudgement::Step& step : judgement.steps) steps.add(step_json(end, step));
    tree.set("begins", judgement.begins).set("steps", std::move(steps));
    return tree;
}

}  // namespace

JsonTree judged_json(const CloseJudge& judge, const Connection& connection,
                     const std::vector<ProfileJudgement>& judgements) {
    JsonTree tree = JsonTree::object();
    tree.set("connection", connection.number).set("verdict", word_for(verdict_of(judgements)));
    tree.set("A", to_string(connection.end[0])).set("B", to_string(connection.end[1]));
    tree.set("first_packet", connection.first_packet).set("last_packet", connection.last_packet);
    tree.set("packets", connection.packets).set("doubled", connection.doubled);
    tree.set("text_A", connection.text[0]).set("text_B", connection.text[1]);
    tree.set("sent_again_A", connection.again[0]).set("sent_again_B", connection.again[1]);
    if (connection.closed_first) {
        tree.set("closed_first", *connection.closed_first == 0 ? "A" : "B");
        tree.set("by", connection.first_was_reset ? "RST" : "FIN");
    }
    if (connection.missing) tree.set("some_not_captured", true);
    JsonTree passings = JsonTree::array();
    for (const Passing& passing : connection.passings) passings.add(passing_json(passing));
    tree.set("close", std::move(passings));
    JsonTree profiles = JsonTree::array();
    for (std::size_t i = 0; i < judgements.size(); ++i) {
        const ProfileJudgement& one = judgements[i];
        JsonTree profile = JsonTree::object();
        profile.set("profile", one.profile).set("verdict", word_for(one.verdict));
        if (!one.why.empty()) profile.set("why", one.why);
        if (one.verdict == CloseVerdict::unexplained) profile.set("confirmed", one.confirmed);
        profile.set("A", end_json(connection, one.end[0])).set("B", end_json(connection, one.end[1]));
        JsonTree resets = JsonTree::array();
        for (const ResetReason& reason : reset_reasons(judge.profile(i), connection, one)) {
            JsonTree reset = JsonTree::object();
            reset.set("packet", connection.passings[reason.passing].packet);
            reset.set("from", reason.from == 0 ? "A" : "B");
            reset.set("rule", reason.rule).set("sentence", reason.sentence);
            resets.add(std::move(reset));
        }
        profile.set("resets", std::move(resets));
        profiles.add(std::move(profile));
    }
    tree.set("profiles", std::move(profiles));
    return tree;
}

JsonTree tally_json(const CaptureTally& tally) {
    JsonTree tree = JsonTree::object();
    tree.set("packets", tally.packets).set("tcp", tally.tcp).set("other", tally.other);
    tree.set("fragments", tally.fragments).set("cut", tally.cut).set("damaged", tally.damaged);
    tree.set("connections", tally.connections).set("explained", tally.explained);
    tree.set("unexplained", tally.unexplained).set("unjudged", tally.unjudged).set("open", tally.open);
    return tree;
}

}  // namespace lastack
