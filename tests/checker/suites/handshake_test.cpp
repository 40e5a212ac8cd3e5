// What the suite `handshake` has as goals: read off RFC 9293 3.10.1 to 3.10.7.4, for the profile rfc9293.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "checker/suites/goals.h"
#include "model/language/read_spec.h"
#include "model/plain.h"
#include "tests/places.h"

using namespace lastack;

namespace {

struct Opening {
    Spec spec = read_spec(testing::source_dir() + "/specs/rfc9293.spec", "");
    const Profile& profile = *spec.profile("rfc9293");
    TesterGraph graph{profile,
                      limits_of(profile, {{"data", 0}, {"retries", 1}, {"uto", 0}, {"buffer", 0}, {"repack", 0}}),
                      options()};

    static TesterOptions options() {
        TesterOptions options;
        options.start = "CLOSED";
        options.calls = {"open", "listen", "close", "abort"};
        return options;
    }
};

}  // namespace

TEST_CASE("from CLOSED on an endpoint comes to every state, and a SYN begins the peer's stream at unit 0" *
          doctest::test_suite("slow")) {
    const Opening opening;
    const TesterGraph& graph = opening.graph;
    CHECK(graph.lts().control_state(0) == "CLOSED");
    std::set<std::string> states;
    const auto next = static_cast<std::size_t>(opening.profile.variable("rcv_nxt"));
    for (std::uint32_t vertex = 0; vertex < graph.size(); ++vertex) {
        const std::string& state = graph.lts().control_state(vertex);
        states.insert(state);
        if (state == "SYN_RCVD") CHECK(graph.lts().state(vertex).values[next] == 1);
    }
    CHECK(states.size() == opening.profile.states.size());
}

TEST_CASE("the suite of openings has what 3.10 says of the states before a connection, and no other state's" *
          doctest::test_suite("slow")) {
    const Opening opening;
    const std::unique_ptr<Goals> goals = make_goals("handshake", opening.graph, 1);
    REQUIRE(goals);
    const std::set<std::string> names(goals->names.begin(), goals->names.end());
    for (const std::string goal :
         {"transitions/open/closed/open_active/syn-sent", "transitions/listen/closed/open_passive/listen",
          "transitions/close/syn-sent/close_unopened/closed", "transitions/abort/syn-received/abort/closed",
          "transitions/close/syn-received/close_opening/fin-wait-1",
          "transitions/syn/syn-sent/syn_sent_syn/syn-received",  // SYNs that cross
          "transitions/fin-ack/syn-received/established+fin/close-wait",
          "transitions/rst-ack/syn-received/rst_opening/listen", "transitions/rst-ack/syn-received/rst_opening/closed",
          "timers/ends/rto/syn-sent/opened+outstanding"}) {
        CAPTURE(goal);
        CHECK(names.contains(goal));
    }
    CHECK(std::none_of(names.begin(), names.end(), [](const std::string& name) {
        return name.starts_with("transitions/ack/closing/") || name.starts_with("transitions/ack/time-wait/");
    }));
}
