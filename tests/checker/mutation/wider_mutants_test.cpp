// The wider mutants of an endpoint that is known by heart: which there are, and what they change.
#include "checker/mutation/wider_mutants.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "checker/mutation/mutation.h"
#include "checker/mutation/rule_print.h"
#include "tests/checker/small_machine.h"
#include "tests/spec_support.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

using Operator = Mutant::Operator;

const Profile& small() {
    static const Spec spec = spec_from(small_machine);
    return *spec.profile("small");
}

std::set<std::string> ids_of(Operator op) {
    std::set<std::string> ids;
    for (const Mutant& mutant : mutants_of(small(), {op})) ids.insert(mutant.id);
    return ids;
}

Profile changed_by(const std::string& id) {
    for (const Mutant& mutant : mutants_of(small(), all_operators))
        if (mutant.id == id) return mutated(small(), mutant);
    FAIL("no mutant " << id);
    return {};
}

}  // namespace

TEST_CASE("all operators together: each mutant has a name of its own, and differs in its rule or in a timer") {
    std::set<std::string> ids;
    const RulePrints prints(small());
    for (const Mutant& mutant : mutants_of(small(), all_operators)) {
        CAPTURE(mutant.id);
        CHECK(ids.insert(mutant.id).second);
        const std::set<std::string> differing = prints.differing(mutated(small(), mutant));
        const bool of_rule = mutant.op != Operator::duration && mutant.op != Operator::number;
        if (of_rule) CHECK(differing == std::set<std::string>{mutant.rule_name});
        if (mutant.op == Operator::duration) CHECK(differing.empty());
        if (mutant.op == Operator::number) CHECK(differing.size() >= 1);
    }
    CHECK(ids.size() > 100);
}

TEST_CASE("claims are scored with the six operators that they were always scored with") {
    CHECK(MutationOptions{}.operators == claim_operators);
    CHECK(claim_operators.size() == 6);
    for (const Mutant& mutant : mutants_of(small())) CHECK_FALSE(mutant.change);
}

TEST_CASE("operators are named by their words; without a word the caller's own are taken") {
    CHECK(operators_named({"field", "rule"}, claim_operators) ==
          std::vector<Operator>{Operator::rule, Operator::field});
    CHECK(operators_named({}, claim_operators) == claim_operators);
    std::set<std::string> words;
    for (const Operator op : all_operators) CHECK(words.insert(to_string(op)).second);
}

TEST_CASE("the state that follows may be each other one that something leads to") {
    const std::set<std::string> expected{
        "close: -> CLOSED, not FIN_WAIT_1",         "close: -> CLOSE_WAIT, not FIN_WAIT_1",
        "close: -> FIN_WAIT_2, not FIN_WAIT_1",     "fin: -> CLOSED, not CLOSE_WAIT",
        "fin: -> FIN_WAIT_1, not CLOSE_WAIT",       "fin: -> FIN_WAIT_2, not CLOSE_WAIT",
        "fin_acked: -> CLOSED, not FIN_WAIT_2",     "fin_acked: -> CLOSE_WAIT, not FIN_WAIT_2",
        "fin_acked: -> FIN_WAIT_1, not FIN_WAIT_2", "give_up: -> CLOSE_WAIT, not CLOSED",
        "give_up: -> FIN_WAIT_1, not CLOSED",       "give_up: -> FIN_WAIT_2, not CLOSED",
        "reset: -> CLOSE_WAIT, not CLOSED",         "reset: -> FIN_WAIT_1, not CLOSED",
        "reset: -> FIN_WAIT_2, not CLOSED"};
    CHECK(ids_of(Operator::state) == expected);
    const Profile wrong = changed_by("fin: -> CLOSED, not CLOSE_WAIT");
    CHECK(Player(wrong).get(fin(0, 0)).after.state == wrong.state("CLOSED"));
}

TEST_CASE("SEQ and ACK of a sent segment are off by one, either way") {
    const Reaction right = Player(small()).call("close");
    REQUIRE(right.sent.size() == 1);
    CHECK(right.sent[0].seq == 0);
    CHECK(right.sent[0].ack == 0);
    CHECK(Player(changed_by("close: effect 1 (send FIN) with SEQ + 1")).call("close").sent[0].seq == 1);
    CHECK(Player(changed_by("close: effect 1 (send FIN) with ACK + 1")).call("close").sent[0].ack == 1);
    CHECK(ids_of(Operator::field).contains("fin_again case 2: effect 1 (send ACK) with ACK - 1"));
}

TEST_CASE("each flag of a sent segment is turned round, in that one place") {
    const Profile bare = changed_by("close: effect 1 (send FIN) without FIN");
    CHECK_FALSE(Player(bare).call("close").sent[0].fin);
    Player again(bare);
    again.call("close");
    CHECK(again.expire("rto").sent[0].fin);  // the rule `again` sends the segment of that name as it was
    CHECK(Player(changed_by("close: effect 1 (send FIN) with RST")).call("close").sent[0].rst);
    CHECK_FALSE(Player(changed_by("close: effect 1 (send FIN) without ACK")).call("close").sent[0].has_ack);
}

TEST_CASE("what is not the same when repeated happens twice") {
    CHECK(Player(changed_by("close: effect 1 (send FIN) twice")).call("close").sent.size() == 2);
    const std::set<std::string> ids = ids_of(Operator::twice);
    CHECK(ids.contains("again: effect 1 (tries += 1) twice"));
    CHECK_FALSE(ids.contains("close: effect 2 (fin_sent := 1) twice"));
}

TEST_CASE("a timer that runs is not started anew, or takes half or twice as long") {
    CHECK(ids_of(Operator::rearm) == std::set<std::string>{"again: effect 3 (start rto) only where it does not run",
                                                           "close: effect 3 (start rto) only where it does not run"});
    CHECK(Player(changed_by("close: effect 3 (start rto) only where it does not run")).call("close").started.size() ==
          1);
    CHECK(changed_by("timer rto: twice as long").timers[0].earliest_us == 2'000'000);
    CHECK(changed_by("timer rto: half as long").timers[0].latest_us == 500'000);
    CHECK(changed_by("timer rto: half as long").timers[0].cap_us == 30'000'000);
}

TEST_CASE("a case is left out in one of its states, or matches in one more") {
    CHECK(ids_of(Operator::ignore).contains("ask case 1: not in FIN_WAIT_1"));
    const Profile more = changed_by("reset: also in FIN_WAIT_2");
    Player player(more);
    player.call("close");
    player.get(ack(0, 1));
    REQUIRE(player.state() == "FIN_WAIT_2");
    player.get(rst(0));
    CHECK(player.state() == "CLOSED");
}

TEST_CASE("guards: turned round, without one condition, a bound the other way") {
    CHECK(ids_of(Operator::negate).contains("fin: guard turned round"));
    CHECK(ids_of(Operator::bound) == std::set<std::string>{"again: bound 1 of 'tries < retries' - 1",
                                                           "fin_acked: bound 1 of 'seg.ack == 1' + 1",
                                                           "give_up: bound 1 of 'tries == retries' + 1"});
    const Profile changed = changed_by("again: bound 1 of 'tries < retries' - 1");
    Player impatient(changed, {{"retries", 1}});
    impatient.call("close");
    CHECK(impatient.ways_of_timer("rto").empty());
}

TEST_CASE("a call returns another result") {
    CHECK(Player(small()).call("close").result == "ok");
    CHECK(Player(changed_by("close: returns pipe")).call("close").result == "pipe");
}
