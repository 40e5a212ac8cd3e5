// Good input: what the reader of a spec gets.
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "model/language/read_spec.h"
#include "model/segment.h"
#include "tests/model/language/language_text.h"
#include "tests/places.h"

using namespace lastack;
using namespace lastack::test;

TEST_CASE("a profile keeps its declarations in the order of the text") {
    const Spec spec = parse_spec(tiny(), "tiny.spec");
    REQUIRE(spec.profiles.size() == 1);
    CHECK(spec.subject == "tiny");
    const Profile& profile = spec.profiles[0];
    CHECK(profile.title == "one side closes");
    CHECK(profile.cites == "RFC 9293 3.6");
    CHECK(profile.state("ESTABLISHED") == 0);
    CHECK(profile.state("CLOSED") == 3);
    CHECK(profile.state("TIME_WAIT") == -1);
    CHECK(profile.initial_state() == 0);
    CHECK(profile.states[3].final);
    CHECK(profile.states[3].forgets);
    CHECK(profile.limits[0].value == 3);
    CHECK(profile.limits[0].high == 15);
    CHECK(profile.limits[0].text == "before giving up");
}

TEST_CASE("durations are microseconds, exactly") {
    const Spec spec = parse_spec(tiny("timer a = 67.5 s timer b = 4 min timer c = 250 us to 2ms"), "t");
    const Profile& profile = spec.profiles[0];
    const TimerDecl& rto = profile.timers[0];
    CHECK(rto.earliest_us == 1'000'000);
    CHECK(rto.latest_us == 1'500'000);
    CHECK(rto.cap_us == 60'000'000);
    CHECK(profile.timers[2].earliest_us == 67'500'000);
    CHECK(profile.timers[2].latest_us == 67'500'000);
    CHECK(profile.timers[2].cap_us == 0);
    CHECK(profile.timers[3].latest_us == 240'000'000);
    CHECK(profile.timers[4].earliest_us == 250);
    CHECK(profile.timers[4].latest_us == 2'000);
}

TEST_CASE("a timer with 'while' is derived from the state") {
    const Spec spec = parse_spec(tiny(), "t");
    const Profile& profile = spec.profiles[0];
    CHECK_FALSE(profile.timers[0].runs_while.has_value());
    REQUIRE(profile.timers[1].runs_while.has_value());
    CHECK(profile.timers[1].runs_while->op == Op::state_in);
    CHECK(profile.timers[1].runs_while->states == std::vector<int>{2});
}

TEST_CASE("variables have types, ranges and first values") {
    const Spec spec = parse_spec(tiny("var far : 2..7 var near : 2..7 = 5 var on : flag = true"), "t");
    const Profile& profile = spec.profiles[0];
    const auto variable = [&](const char* name) {
        return profile.variables[static_cast<std::size_t>(profile.variable(name))];
    };
    CHECK(variable("tries").high.op == Op::limit);
    CHECK(variable("tries").high.name == "retries");
    CHECK(variable("mode").enumerators == std::vector<std::string>{"quick", "slow"});
    CHECK(variable("mode").initial == 1);
    CHECK(variable("closed").flag);
    CHECK_FALSE(variable("closed").history);
    CHECK(variable("seen").history);
    CHECK(variable("far").initial == 2);
    CHECK(variable("near").initial == 5);
    CHECK(variable("on").initial == 1);
}

TEST_CASE("a segment has an ACK bit where its ACK is given") {
    const Spec spec = parse_spec(tiny("segment RST { seq 1 + 2; rst }"), "t");
    const Profile& profile = spec.profiles[0];
    CHECK(profile.segments[0].fin);
    CHECK(profile.segments[0].ack.has_value());
    CHECK(profile.segments[1].rst);
    CHECK_FALSE(profile.segments[1].ack.has_value());
    CHECK(profile.segments[1].seq->op == Op::add);
}

TEST_CASE("a case has its states, guard, target and effects") {
    const Spec spec = parse_spec(tiny(), "t");
    const Profile& profile = spec.profiles[0];
    const Rule* again = profile.rule("again");
    REQUIRE(again);
    CHECK(again->sentence == "the FIN goes out again");
    CHECK(again->cites == "3.8.1");
    const Case& only = again->cases.at(0);
    CHECK(only.from == std::vector<int>{1});
    CHECK(only.to == -1);
    CHECK(only.guard->op == Op::not_);
    CHECK(only.guard->args[0].op == Op::eq);  // the let is put in
    REQUIRE(only.effects.size() == 3);
    CHECK(only.effects[0].kind == Effect::Kind::assign);
    CHECK(only.effects[0].value->op == Op::add);
    CHECK(only.effects[1].kind == Effect::Kind::send);
    CHECK(only.effects[1].ack->value == 1);
    CHECK_FALSE(only.effects[1].len.has_value());
    CHECK(only.effects[2].kind == Effect::Kind::start);
    CHECK(only.effects[2].index == profile.timer("rto"));
}

TEST_CASE("effects may branch") {
    const Spec spec = parse_spec(tiny(), "t");
    const Case& only = spec.profiles[0].rule("acked")->cases.at(0);
    REQUIRE(only.effects.size() == 3);
    CHECK(only.effects[0].kind == Effect::Kind::stop_all);
    const Effect& branch = only.effects[1];
    CHECK(branch.kind == Effect::Kind::branch);
    CHECK(branch.value->op == Op::field);
    CHECK(branch.then.at(0).kind == Effect::Kind::assign);
    CHECK(branch.then.at(0).value->value == 1);
    CHECK(branch.otherwise.at(0).name == "acked");
    CHECK(only.effects[2].kind == Effect::Kind::drop);
}

TEST_CASE("'any but' takes all other states, in the order of their declaration") {
    const Spec spec = parse_spec(
        tiny("on call abort may rule abort \"a\" cites \"b\" any but CLOSED, FIN_WAIT_1 -> CLOSED { returns gone }"),
        "t");
    const Rule* abort = spec.profiles[0].rule("abort");
    CHECK(abort->may);
    CHECK(abort->cases[0].from == std::vector<int>{0, 2});
    CHECK(abort->cases[0].to == 3);
    CHECK(abort->cases[0].effects[0].kind == Effect::Kind::result);
}

TEST_CASE("'and' binds more than 'or', 'or' more than 'implies', sums lean to the left") {
    const Spec spec = parse_spec(tiny("on call x rule x \"a\" cites \"b\" CLOSED [closed or closed and closed implies "
                                      "3 - 1 - 1 == 1] { clear closed }"),
                                 "t");
    const Expr& guard = *spec.profiles[0].rule("x")->cases[0].guard;
    REQUIRE(guard.op == Op::implies);
    REQUIRE(guard.args[0].op == Op::or_);
    CHECK(guard.args[0].args[1].op == Op::and_);
    const Expr& difference = guard.args[1].args[0];
    REQUIRE(difference.op == Op::subtract);
    CHECK(difference.args[0].op == Op::subtract);
    CHECK(difference.args[1].value == 1);
}

TEST_CASE("places count lines and characters from 1") {
    const Spec spec = parse_spec(tiny(), "t");
    const Where& where = spec.profiles[0].rule("close")->where;
    CHECK(where.line == 13);
    CHECK(where.column == 8);
    CHECK(where.length == 5);
}

TEST_CASE("line ends of either kind, comments, UTF-8 and a missing last line end are fine") {
    std::string text =
        "# \xE2\x86\x92 a comment\n" + tiny("setting note = \"\xC3\xA9\xE2\x82\xAC \\\"quoted\\\"\" # end");
    while (text.back() == '\n') text.pop_back();
    std::string other_ends;
    for (const char byte : text) other_ends += byte == '\n' ? "\r\n" : std::string(1, byte);
    for (const std::string& each : {text, other_ends, "\xEF\xBB\xBF" + text}) {
        const Spec spec = parse_spec(each, "t");
        CHECK(spec.profiles[0].settings[0].value == "\xC3\xA9\xE2\x82\xAC \"quoted\"");
    }
}

TEST_CASE("settings are kept as text") {
    const Spec spec = parse_spec(
        tiny("setting net.ipv4.tcp_fin_timeout = 60 \"seconds\" cites \"ip-sysctl\" setting tcp_congestion = cubic"),
        "t");
    CHECK(spec.profiles[0].settings[0].name == "net.ipv4.tcp_fin_timeout");
    CHECK(spec.profiles[0].settings[0].value == "60");
    CHECK(spec.profiles[0].settings[0].cites == "ip-sysctl");
    CHECK(spec.profiles[0].settings[1].value == "cubic");
}

TEST_CASE("states are spelled as in the RFC for people") {
    CHECK(state_label("FIN_WAIT_1") == "FIN-WAIT-1");
    CHECK(state_label("SYN_RCVD") == "SYN-RECEIVED");
    CHECK(state_label("CLOSED") == "CLOSED");
}

TEST_CASE("segments are written with their flags first") {
    Segment fin;
    fin.seq = 1;
    fin.fin = fin.has_ack = true;
    CHECK(to_string(fin, {}) == "FIN,ACK seq=1 ack=0");
    Segment data;
    data.len = 1;
    data.has_ack = true;
    CHECK(to_string(data, {}) == "DATA,ACK seq=0 ack=0 len=1");
    Segment reset;
    reset.seq = 2;
    reset.rst = true;
    CHECK(to_string(reset, {}) == "RST seq=2");
    CHECK(flags_of(data, {}) == "DATA,ACK");
}

TEST_CASE("the shipped specs are read, each with itself as the subject") {
    for (const char* name : {"rfc9293", "linux"}) {
        const Spec spec = read_spec(std::string(lastack::testing::source_dir() + "/specs/") + name + ".spec");
        CHECK(spec.subject == name);
        CHECK(spec.systems.size() > 0);
        CHECK(spec.claims.size() > 0);
    }
}

TEST_CASE("the example of the language's page can be read") {
    std::ifstream file(lastack::testing::source_dir() + "/docs/spec-language.md");
    std::stringstream page;
    page << file.rdbuf();
    const std::string text = page.str();
    const std::string fence = "```spec\n";
    const std::size_t begin = text.find(fence);
    REQUIRE(begin != std::string::npos);
    const std::size_t end = text.find("```", begin + fence.size());
    const Spec spec = parse_spec(text.substr(begin + fence.size(), end - begin - fence.size()), "example.spec");
    CHECK(spec.profiles.size() == 2);
    CHECK(spec.claims.size() >= 3);
}

TEST_CASE("files in memory find each other by name, and none is looked for on disk") {
    const std::string part = "profile p \"x\" cites \"RFC 9293\" { states ESTABLISHED initial final }\n";
    const std::string top = "use \"../parts/p.spec\"\nsystem s \"y\" ends p A, p B network 1 calls A { } B { }\n";
    CHECK(parse_spec({{"a/top.spec", top}, {"parts/p.spec", part}}, "a/top.spec").systems.size() == 1);
    // Behind a symbolic link the other name is not what the text says; the only file that is called so is meant.
    CHECK(parse_spec({{"link.spec", top}, {"/far/away/p.spec", part}}, "link.spec").systems.size() == 1);
    CHECK_THROWS_WITH_AS(parse_spec({{"a/top.spec", top}, {"b/p.spec", part}, {"c/p.spec", part}}, "a/top.spec"),
                         doctest::Contains("a/top.spec:1:5: error: cannot read 'parts/p.spec': it was not given"),
                         SpecError);
    const std::string shipped = lastack::testing::source_dir() + "/specs/linux.spec";  // which is there
    CHECK_THROWS_AS(parse_spec({{"top.spec", "use \"" + shipped + "\"\n"}}, "top.spec"), SpecError);
    CHECK_THROWS_AS(parse_spec(std::vector<SourceText>{}, shipped), SpecError);
}
