// The matrix of answers: in which cell a segment of a vector is, what a stack did there, where two stacks differ; what
// a profile answers.
#include "report/matrix.h"

#include <doctest/doctest.h>

#include "report/html_report.h"
#include "report/html_sections.h"
#include "tests/harness/hand_vectors.h"
#include "tests/model/rfc_end.h"

using namespace lastack;

namespace {

using Ack = MatrixRow::Ack;
using Seq = MatrixRow::Seq;
using Mark = MatrixAnswer::Mark;

const MatrixRow plain_fin{false, false, false, true, Ack::nothing_new, Seq::next};
const MatrixCell fin_when_open{"ESTABLISHED", plain_fin};

// What a run has when each step is as planned, up to one.
TestRun as_planned(const TestVector& vector, std::size_t steps) {
    TestRun run;
    run.verdict = Verdict::pass;
    for (std::size_t i = 0; i < steps; ++i) {
        const VectorStep& step = vector.steps[i];
        const int at = static_cast<int>(i);
        if (step.kind == VectorStep::Kind::send)
            run.observed.push_back({0, at, Observed::Kind::sent, step.segment, ""});
        for (const Expected& one : step.expect)
            run.observed.push_back({0, at, Observed::Kind::received, one.segment, "expected"});
        if (!step.states.empty()) run.observed.push_back({0, at, Observed::Kind::state, {}, step.states.front()});
    }
    return run;
}

// The first step is answered with a reset.
TestRun reset_at_first(const TestVector& vector) {
    TestRun run;
    run.verdict = Verdict::fail;
    run.failed_step = 0;
    run.reason = "RST came";
    run.observed = {{0, 0, Observed::Kind::sent, vector.steps[0].segment, ""},
                    {1, 0, Observed::Kind::received, hand::rst(0), "not allowed"}};
    return run;
}

// "ACK 2" for each answer, in words.
std::string answers_in(const MatrixSide& side, const MatrixCell& cell) {
    std::string text;
    const auto found = side.cells.find(cell);
    if (found == side.cells.end()) return "none";
    for (const MatrixAnswer& one : found->second)
        text += (text.empty() ? "" : "; ") + one.text + " " + std::to_string(one.count) +
                (one.mark == Mark::refuted ? " refuted" : "");
    return text;
}

}  // namespace

TEST_CASE("each segment of a vector is in the cell that its plan says, with what the stack did") {
    const TestVector passive = hand::passive_close(), active = hand::active_close();
    const MatrixSide side = stack_side(
        {passive, active, passive}, {"it", {as_planned(passive, 3), as_planned(active, 3), reset_at_first(passive)}});
    CHECK(side.name == "it");
    CHECK(answers_in(side, fin_when_open) == "RST 1 refuted; ACK \u2192 CLOSE-WAIT 1");
    // The ACK of the FIN, and a FIN that acknowledges nothing new any more.
    CHECK(answers_in(side, {"FIN_WAIT_1", {false, false, false, false, Ack::all, Seq::next}}) == "\u2192 FIN-WAIT-2 1");
    CHECK(answers_in(side, {"FIN_WAIT_2", plain_fin}) == "ACK \u2192 TIME-WAIT 1");
    CHECK(answers_in(side, {"LAST_ACK", {false, false, false, false, Ack::all, Seq::next}}) == "\u2192 CLOSED 1");
    CHECK(side.cells.size() == 4);
    CHECK(side.cells.at(fin_when_open).front().why == "RST came");
    CHECK(side.cells.at(fin_when_open).front().vector == 2);
}

TEST_CASE("a segment is in no cell where the plan does not say what the end expects, or in which state it is") {
    using namespace hand;
    // Text whose acknowledgment is late: then nobody knows whether 100 or 0 is next.
    const TestVector late = vector_of("late", {then(send(data(0, 0)), {}, "ESTABLISHED"),
                                               then(send(fin(100, 0)), {ack(0, 101)}, "CLOSE_WAIT"),
                                               then(send(fin(100, 0)), {ack(0, 101)}, "CLOSE_WAIT")});
    const MatrixSide side = stack_side({late}, {"it", {as_planned(late, 3)}});
    CHECK(answers_in(side, fin_when_open) == "none");
    CHECK(answers_in(side, {"CLOSE_WAIT", {false, false, false, true, Ack::nothing_new, Seq::left}}) == "ACK 1");
    TestVector vague = passive_close();
    vague.steps[0].states = {"CLOSE_WAIT", "CLOSED"};
    vague.steps.push_back(send(fin(0, 0)));
    CHECK(stack_side({vague}, {"it", {as_planned(vague, 1)}}).cells.size() == 1);
    // Beyond the window counts from its right edge.
    WireSegment beyond = ack(0, 0);
    beyond.from_right = true;
    const TestVector far = vector_of("far", {then(send(beyond), {ack(0, 0)}, "ESTABLISHED")});
    CHECK(answers_in(stack_side({far}, {"it", {as_planned(far, 1)}}),
                     {"ESTABLISHED", {false, false, false, false, Ack::nothing_new, Seq::beyond}}) == "ACK 1");
    // What was not reached, or never began, says nothing.
    TestRun skipped = as_planned(late, 0);
    skipped.verdict = Verdict::skipped;
    CHECK(stack_side({late}, {"it", {skipped}}).cells.empty());
}

TEST_CASE("a retransmission that comes meanwhile is no answer; two stacks differ where their answers do") {
    const TestVector passive = hand::passive_close();
    TestRun again = as_planned(passive, 3);
    again.observed.insert(again.observed.begin() + 1,
                          {0, 0, Observed::Kind::received, hand::data(0, 0), "allowed by rto"});
    const TargetRuns one{"one", {again}}, same{"two", {as_planned(passive, 3)}},
        other{"three", {reset_at_first(passive)}};
    CHECK(told_apart({passive}, one, same).empty());
    // An answer that the plan leaves open is one.
    TestRun twice = as_planned(passive, 3);
    twice.observed.insert(twice.observed.begin() + 1, {0, 0, Observed::Kind::received, hand::ack(0, 0), "allowed"});
    CHECK(told_apart({passive}, one, {"four", {twice}}) == std::set<MatrixCell>{fin_when_open});
    CHECK(told_apart({passive}, one, other) == std::set<MatrixCell>{fin_when_open});
}

TEST_CASE("a profile answers the usual rows by its rules; what it has no place for has no cell") {
    const Profile& profile = lastack::testing::rfc();
    const MatrixSide side = profile_side(profile, usual_rows());
    CHECK(answers_in(side, fin_when_open) == "ACK \u2192 CLOSE-WAIT or \u2192 CLOSE-WAIT 0");
    CHECK(answers_in(side, {"ESTABLISHED", {false, true, false, false, Ack::none, Seq::next}}) == "\u2192 CLOSED 0");
    CHECK(answers_in(side, {"ESTABLISHED", {false, false, false, false, Ack::unsent, Seq::next}}) == "ACK 0");
    CHECK(answers_in(side, {"ESTABLISHED", {false, false, false, false, Ack::all, Seq::next}}) == "none");
    CHECK(answers_in(side, {"FIN_WAIT_1", {false, false, false, false, Ack::all, Seq::next}}) == "\u2192 FIN-WAIT-2 0");
    CHECK(side.ways.at("TIME_WAIT") != "");
}

TEST_CASE("the page has each stack's answers side by side, marks what differs, and shows both exchanges") {
    const TestVector passive = hand::passive_close();
    const std::vector<TestVector> vectors{passive};
    const std::vector<TestRun> runs{as_planned(passive, 3)};
    const std::vector<TargetRuns> beside{{"other:1", {reset_at_first(passive)}}};
    ReportItem item;
    item.id = "passive";
    const std::string page =
        html_text({"1.2.3", "hand", "a stack"}, {item}, {nullptr, nullptr, &vectors, &runs, "one", &beside});
    const auto has = [&](const std::string& part) { return page.find(part) != std::string::npos; };
    CHECK(has("<tr class=\"news\"><th scope=\"row\">FIN,ACK <small>next</small></th><td class=\"news\">"
              "<div><b>one</b> ACK \u2192 CLOSE-WAIT</div>"
              "<div><b>other:1</b> <span class=\"refuted\" title=\"RST came\"><a href=\"#vector-0\">refuted: RST</a>"
              "</span></div><div class=\"apart\">\u2260 differs</div></td>"));
    CHECK(has("only rows where something differs or was refuted (1)"));
    CHECK(has("<details class=\"item k-true\" id=\"vector-0\">"));
    CHECK(has("<th scope=\"col\">observed on one</th><th scope=\"col\">observed on other:1</th>"));
    CHECK(has("<dt>on other:1</dt><dd>SURPRISE: differs: RST came</dd>"));
    CHECK(has("<dt>beside it</dt><dd>other:1</dd>"));
}

TEST_CASE("what a page has no room for is left out from what is no news") {
    HtmlBudget budget{10};
    CHECK(html_fitting({{6, false}, {5, true}, {5, false}, {3, true}}, budget) ==
          std::vector<bool>{false, true, false, true});
    std::vector<TestVector> vectors;
    std::vector<TestRun> runs;
    std::vector<ReportItem> items(8'000);
    for (std::size_t i = 0; i < items.size(); ++i) {
        vectors.push_back(hand::passive_close());
        items[i].id = std::string(200, 'v');
        runs.push_back(as_planned(vectors.back(), 3));
    }
    items.back().kind = ReportItem::Kind::surprise;
    const std::string page = html_text({"1.2.3", "hand", "a stack"}, items, {nullptr, nullptr, &vectors, &runs, "it"});
    CHECK(page.size() < 3'000'000);
    CHECK(page.find("more are left out here") != std::string::npos);
    CHECK(page.find("id=\"vector-7999\"") != std::string::npos);
    CHECK(page.find("<small>\u00d78000</small>") != std::string::npos);  // the matrix has all
}
