// Text of the tester's in several segments: what a piece is, what is let pass, and where nothing is cut.
#include "generators/pieces.h"

#include <doctest/doctest.h>

#include "tests/generators/sample_vectors.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

// Text with a FIN, acknowledged at once; then a wait that counts from it and one that counts from what came before.
TestVector asked() {
    TestVector vector = normal_close();
    VectorStep text = send_step(data_of(0, 0, 100));
    text.expect = {{ack_of(0, 100), at_once, "text"}};
    text.states = {"ESTABLISHED"};
    VectorStep more = send_step(data_of(100, 0, 100));
    more.segment.fin = true;
    more.expect = {{ack_of(0, 201), at_once, "fin"}};
    VectorStep wait = wait_step("delay", 1, {100'000, 200'000});
    wait.window.since.event = Anchor::Event::action;
    Alternative late;
    late.segment = ack_of(0, 201);
    late.window = {0, 50'000, {Anchor::Event::completion, 0}};
    wait.alternatives.push_back(late);
    vector.steps = {text, more, wait};
    return vector;
}

}  // namespace

TEST_CASE("text comes in pieces, the last of which has the FIN and what was expected") {
    const TestVector made = in_pieces(asked(), 40);
    REQUIRE(made.steps.size() == 7);
    const std::vector<WireSegment> sent{data_of(0, 0, 40),   data_of(40, 0, 40),  data_of(80, 0, 20),
                                        data_of(100, 0, 40), data_of(140, 0, 40), data_of(180, 0, 20)};
    for (std::size_t i = 0; i < sent.size(); ++i) {
        WireSegment wanted = sent[i];
        wanted.fin = i == 5;
        CHECK(made.steps[i].segment == wanted);
        CHECK(made.steps[i].expect.empty() == (i != 2 && i != 5));
    }
    CHECK(made.steps[0].states.empty());
    CHECK(made.steps[2].states == std::vector<std::string>{"ESTABLISHED"});
    CHECK(made.steps[5].expect == asked().steps[1].expect);
}

TEST_CASE("what is acknowledged between the pieces is let pass, and nothing else") {
    const TestVector made = in_pieces(asked(), 40);
    REQUIRE(made.steps[0].alternatives.size() == 1);
    CHECK(made.steps[0].alternatives[0].segment == ack_of(0, 40));
    CHECK(made.steps[0].alternatives[0].then == Alternative::Then::go_on);
    REQUIRE(made.steps[2].alternatives.size() == 2);  // late
    CHECK(made.steps[2].alternatives[1].segment == ack_of(0, 80));
    CHECK(made.steps[4].alternatives[0].segment == ack_of(0, 180));
}

TEST_CASE("windows count from the last piece of the step that they counted from") {
    const TestVector made = in_pieces(asked(), 40);
    CHECK(made.steps[6].window.since == Anchor{Anchor::Event::action, 5});
    CHECK(made.steps[6].alternatives[0].window.since == Anchor{Anchor::Event::completion, 2});
}

TEST_CASE("text is whole where it is not taken at once, in order and as a whole") {
    const auto whole = [](const TestVector& vector) { return in_pieces(vector, 40) == vector; };
    TestVector vector = asked();
    vector.steps.resize(1);
    CHECK_FALSE(whole(vector));
    CHECK(in_pieces(vector, 100) == vector);  // one piece
    TestVector later = vector;
    later.steps[0].expect.clear();
    CHECK(whole(later));
    TestVector dropped = vector;
    dropped.steps[0].expect[0].segment.ack = 0;
    CHECK(whole(dropped));
    TestVector again = vector;  // old text, acknowledged once more
    again.steps.push_back(again.steps[0]);
    CHECK(in_pieces(again, 50).steps.size() == 3);
    TestVector hole = vector;  // fills what lies before text that is there already
    hole.steps.insert(hole.steps.begin(), send_step(data_of(100, 0, 100)));
    CHECK(whole(hole));
    TestVector blocked = vector;
    blocked.steps.insert(blocked.steps.begin(), call_step("recv_wait", "blocked", 100));
    blocked.steps[1].returned = "text";
    CHECK(whole(blocked));
    TestVector closed = vector;
    closed.begin = TestVector::Begin::closed;
    CHECK(whole(closed));
    TestVector more_said = vector;  // acknowledges something, too
    more_said.steps[0].segment.ack = 1;
    CHECK(whole(more_said));
    TestVector shuts = vector;
    shuts.steps[0].segment.zero_window = true;
    CHECK(whole(shuts));
    TestVector edge = vector;
    edge.steps[0].segment.from_right = true;
    CHECK(whole(edge));
}
