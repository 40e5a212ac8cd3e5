// Named predicates of claims: what they stand for is put in where they are used.
#include <doctest/doctest.h>

#include "model/language/read_spec.h"
#include "tests/model/language/language_text.h"

using namespace lastack;
using namespace lastack::test;

namespace {

std::string with(const std::string& predicates, const std::string& body) {
    return tiny() + tiny_system() + predicates + "\nclaim c1 \"a sentence\" cites \"W05\" on pair " + body;
}

// What an expression says, without places.
std::string told(const Expr& expr) {
    const bool binds = expr.op == Op::each || expr.op == Op::some;
    std::string text = std::to_string(static_cast<int>(expr.op)) + ":" + std::to_string(expr.value) + ":" +
                       std::to_string(expr.index) + ":" + (binds ? "" : expr.name) + ":" + std::to_string(expr.end) +
                       (expr.next ? "n" : "") + (expr.counts ? "c" : "");
    for (const int state : expr.states) text += " s" + std::to_string(state);
    for (const Expr& arg : expr.args) text += " (" + told(arg) + ")";
    return text;
}

// Both ways of writing make the same claim, of which only the names of bound ends may differ.
void same(const std::string& predicates, const std::string& used, const std::string& written) {
    CAPTURE(used);
    CHECK(told(parse_spec(with(predicates, used), "t").claims.at(0).stages.at(0)) ==
          told(parse_spec(with("", written), "t").claims.at(0).stages.at(0)));
}

}  // namespace

TEST_CASE("a parameter is an end, states, a value, a condition or a name") {
    same("predicate over(e) = e in {FIN_WAIT_2, CLOSED}", "invariant over(A) and not over(B)",
         "invariant A in {FIN_WAIT_2, CLOSED} and not B in {FIN_WAIT_2, CLOSED}");
    same("predicate moves(e, FROM, TO, why) \"one edge\" = e in FROM and not next e in FROM implies next e in TO and "
         "why",
         "step each e: moves(e, FIN_WAIT_1, {FIN_WAIT_2, CLOSED}, e gets [seg.has_ack] or e expires rto)",
         "step each e: e in FIN_WAIT_1 and not next e in FIN_WAIT_1 implies next e in {FIN_WAIT_2, CLOSED} and "
         "(e gets [seg.has_ack] or e expires rto)");
    same("predicate tried(e, n) = e.tries >= n + 1 or e gets [seg.ack == n]", "step tried(A, retries - 1)",
         "step A.tries >= retries - 1 + 1 or A gets [seg.ack == retries - 1]");
    same("predicate does(e, call, timer, rule, signal, result, var, other) = e calls call or e expires timer or "
         "e fires rule or e signals signal or e returns result or e.var == e.var or e runs other",
         "step does(B, close, rto, again, acked, ok, tries, idle)",
         "step B calls close or B expires rto or B fires again or B signals acked or B returns ok or "
         "B.tries == B.tries or B runs idle");
}

TEST_CASE("a predicate without parameters, one used by another one, and one that is a number") {
    same("predicate over = A in CLOSED and B in CLOSED", "invariant not over or quiet",
         "invariant not (A in CLOSED and B in CLOSED) or quiet");
    same("predicate all(S) = both(A, S) and both(B, S)\npredicate both(e, S) = e in S and still\npredicate still = "
         "quiet",
         "invariant all({CLOSED, FIN_WAIT_2})",
         "invariant (A in {CLOSED, FIN_WAIT_2} and quiet) and (B in {CLOSED, FIN_WAIT_2} and quiet)");
    same("predicate left(e) = retries - e.tries", "invariant left(A) > left(B) + 1",
         "invariant retries - A.tries > retries - B.tries + 1");
}

TEST_CASE("predicates stand in every kind of claim, in assumptions, and in files that are used") {
    const std::string over = "predicate over(e) = e in CLOSED";
    CHECK(mistake(with(over, "reachable over(A) then over(B) then A gets [seg.fin]")) == "none");
    CHECK(mistake(with(over, "leads over(A) to over(B) fair timers")) == "none");
    CHECK(mistake(with(over, "assuming not over(A) invariant over(B)")) == "none");
    CHECK(mistake(with("", "step moves(A) predicate moves(e) = next e in CLOSED")) == "none");  // declared below
}

TEST_CASE("what an argument means does not depend on the names that the predicate binds") {
    same("predicate alone(p) = each e: e in CLOSED or p in CLOSED", "invariant each e: alone(e)",
         "invariant each e: each f: f in CLOSED or e in CLOSED");
    same("predicate pair(c) = each e, p: e in CLOSED implies c", "invariant each p: pair(p in FIN_WAIT_1)",
         "invariant each p: each e, q: e in CLOSED implies p in FIN_WAIT_1");
}

TEST_CASE("mistakes in a predicate itself") {
    CHECK(mistake(with("predicate p(e) = x in CLOSED and e in CLOSED", "invariant quiet")) == "unknown end 'x'");
    CHECK(marked(with("predicate p(e) = x in CLOSED and e in CLOSED", "invariant quiet")) == "x");
    // The end of who uses it is none of its own.
    CHECK(mistake(with("predicate p = e in CLOSED", "invariant each e: p")) == "unknown end 'e'");
    CHECK(mistake(with("predicate p(e, n) = e in CLOSED", "invariant quiet")) == "parameter 'n' of 'p' is not used");
    CHECK(mistake(with("predicate p(e, e) = e in CLOSED", "invariant quiet")) == "'e' already names a parameter");
    CHECK(mistake(with("predicate p(A) = A in CLOSED", "invariant quiet")) == "'A' already names an end");
    CHECK(mistake(with("predicate p(e) = each e: e in CLOSED", "invariant quiet")) == "'e' already names an end");
    CHECK(mistake(with("predicate p = quiet predicate p = quiet", "invariant quiet")) ==
          "predicate 'p' is already declared");
    CHECK(mistake(with("predicate quiet = A in CLOSED", "invariant quiet")) == "'quiet' is a word of conditions");
    CHECK(mistake(with("predicate retries = quiet", "invariant quiet")) ==
          "'retries' already names a limit or a value of profile 'tiny'");
    CHECK(mistake(with("predicate a = b predicate b = c predicate c = not b", "invariant quiet")) ==
          "a predicate is made of itself: b -> c -> b");
}

TEST_CASE("mistakes where a predicate is used") {
    const std::string over = "predicate over(e, S) = e in S";
    CHECK(mistake(with(over, "invariant ovr(A, CLOSED)")) == "unknown predicate 'ovr' | did you mean 'over'?");
    CHECK(marked(with(over, "invariant ovr(A, CLOSED)")) == "ovr");
    CHECK(mistake(with(over, "invariant over(A)")) == "'over' takes 2 arguments, not 1 | its form is over(e, S)");
    CHECK(mistake(with(over, "invariant over")) == "'over' takes 2 arguments, not 0 | its form is over(e, S)");
    CHECK(mistake(with(over, "invariant over(C, CLOSED)")) == "unknown end 'C'");
    CHECK(marked(with(over, "invariant over(C, CLOSED)")) == "C");
    CHECK(mistake(with(over, "invariant over(A, quiet and quiet)")) ==
          "'S' stands for states: give it one, or several in braces");
    CHECK(mistake(with(over, "invariant over(A.tries, CLOSED)")) == "'e' stands for a name: give it one");
    CHECK(mistake(with("predicate p(c) = not c", "invariant p({CLOSED})")) ==
          "'c' stands for a value or a condition, not for states");
    CHECK(mistake(with("predicate p(n) = A gets [seg.ack == n]", "step p(A.tries)")) ==
          "'n' stands in brackets, where only 'seg', the end's own names and fixed values may be read");
    CHECK(mistake(with("predicate p(e) = e calls close", "invariant p(A)")) ==
          "what happens in a step belongs to 'step', 'reachable', 'leads' and 'acyclic' claims");
    CHECK(marked(with("predicate p(e) = e calls close", "invariant p(A)")) == "p(A)");
}

TEST_CASE("a mistake in what a predicate says is shown there, with the claim that uses it") {
    const std::string text = with("predicate p(e) = e in ROUND", "invariant p(A)");
    CHECK(mistake(text).find("unknown state 'ROUND' | seen in claim 'c1', which uses 'p' at test.spec:") == 0);
    CHECK(marked(text) == "ROUND");
}

TEST_CASE("predicates that double what they use end with a message, soon") {
    std::string doubling = "predicate p0 = quiet\n";
    for (int i = 1; i < 60; ++i) {
        const std::string below = "p" + std::to_string(i - 1);
        doubling += "predicate p" + std::to_string(i) + " = " + below + " and " + below + "\n";
    }
    CHECK(mistake(with(doubling, "invariant p59")) == "this claim is too large once its predicates are put in");
}
