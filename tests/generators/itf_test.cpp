// Traces as ITF JSON: what stands in the file, that it comes back equal, and that a file that was tampered with does
// not.
#include "generators/itf.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "checker/claims/check.h"
#include "tests/generators/sample_vectors.h"
#include "tests/spec_support.h"

using namespace lastack;
using Json = nlohmann::ordered_json;

namespace {

const Spec& small_spec() {
    static const Spec spec = lastack::testing::spec_from(R"(
profile p "it closes" cites "RFC 9293 3.6" {
  states ESTABLISHED initial, FIN_WAIT_1, CLOSED final
  timer rto = 1 s
  timer idle = 1 s while state in {CLOSED}
  var sent : 0..2
  var told : flag
  var how : {open, graceful}
  segment FIN { seq sent; fin }
  on call close
    rule close "CLOSE sends the FIN" cites "RFC 9293 3.10.4"
      ESTABLISHED -> FIN_WAIT_1 { send FIN; sent := 1; start rto; returns closing }
  on timer rto
    rule over "it is abandoned" cites "RFC 9293 3.8.3"
      FIN_WAIT_1 -> CLOSED { signal timeout; set told; how := graceful }
}
system pair "two of them"
  ends p A, p B
  network 1 loses at most 1
  calls A { close } B { }
)");
    return spec;
}

const PlainSystem& pair() {
    static const PlainSystem system(small_spec(), *small_spec().system("pair"));
    return system;
}

// A calls close, the network loses the FIN, A's timer expires.
const Trace& short_trace() {
    static const Trace trace = [] {
        Trace made;
        made.system = "pair";
        made.initial = pair().initial();
        for (const auto kind : {TraceStep::Kind::call, TraceStep::Kind::lose, TraceStep::Kind::timer}) {
            for (const TraceStep& step : pair().steps(made.last())) {
                if (step.kind != kind) continue;
                made.steps.push_back(step);
                break;
            }
        }
        return made;
    }();
    return trace;
}

Json as_json(const Trace& trace) { return Json::parse(to_itf(pair(), trace)); }

// The message of the refusal; empty where the text is accepted.
std::string refusal_of_text(const std::string& text) {
    try {
        trace_from_itf(pair(), text);
    } catch (const TraceFormatError& error) {
        return error.what();
    }
    return "";
}

// What is said when the value at the pointer is another one.
std::string refusal(const std::string& pointer, const Json& value) {
    Json document = as_json(short_trace());
    document.at(Json::json_pointer(pointer)) = value;
    return refusal_of_text(document.dump());
}

std::string refusal_without(const std::string& parent, const std::string& member) {
    Json document = as_json(short_trace());
    document.at(Json::json_pointer(parent)).erase(member);
    return refusal_of_text(document.dump());
}

Json bigint(const std::string& digits) {
    Json object = Json::object();
    object["#bigint"] = digits;
    return object;
}

}  // namespace

TEST_CASE("the file has the shape of ITF: #meta, vars, and a value for each of them in each state") {
    REQUIRE(short_trace().steps.size() == 3);
    const Json document = as_json(short_trace());
    CHECK(document["#meta"]["format"] == "ITF");
    CHECK(document["states"].size() == 4);
    for (std::size_t i = 0; i < document["states"].size(); ++i) {
        const Json& state = document["states"][i];
        CHECK(state["#meta"]["index"] == i);
        CHECK(state.size() == document["vars"].size() + 1);
        for (const auto& name : document["vars"]) CHECK(state.contains(name.get<std::string>()));
    }
}

TEST_CASE("states say where the ends are, what is in flight and what led there") {
    const Json states = as_json(short_trace())["states"];
    CHECK(states[0]["A"]["state"] == "ESTABLISHED");
    CHECK(states[0]["step"]["kind"] == "start");
    CHECK(states[1]["A"]["state"] == "FIN_WAIT_1");
    CHECK(states[1]["A"]["variables"]["sent"] == bigint("1"));
    CHECK(states[1]["A"]["timers"]["#set"] == Json::array({"rto"}));
    CHECK(states[1]["step"]["kind"] == "call");
    CHECK(states[1]["step"]["name"] == "close");
    CHECK(states[1]["step"]["result"] == "closing");
    CHECK(states[1]["step"]["rules"] == Json::array({"close"}));
    CHECK(states[1]["from_A"].size() == 1);
    CHECK(states[1]["from_A"][0]["fin"] == true);
    CHECK(states[1]["from_A"][0]["has_ack"] == false);
    CHECK(states[2]["step"]["kind"] == "lose");
    CHECK(states[2]["step"]["end"] == "A");
    CHECK(states[2]["losses"] == bigint("1"));
    CHECK(states[2]["from_A"].empty());
    CHECK(states[3]["A"]["variables"]["told"] == true);
    CHECK(states[3]["A"]["variables"]["how"] == "graceful");
    CHECK(states[3]["A"]["timers"]["#set"].empty());  // idle runs, but that follows from the state
    CHECK(states[3]["step"]["signals"] == Json::array({"timeout"}));
}

TEST_CASE("a trace without steps comes back, too") {
    Trace empty = short_trace();
    empty.steps.clear();
    CHECK(trace_from_itf(pair(), to_itf(pair(), empty)) == empty);
}

TEST_CASE("what was written comes back equal, for each claim on the small systems of the shipped specs") {
    const Spec& spec = lastack::testing::shipped_spec("linux.spec");
    CheckOptions options;
    for (const Claim& claim : spec.claims) {
        if (claim.system != "lossy") options.only_claims.push_back(claim.id);
    }
    std::size_t traces = 0;
    for (const CheckResult& result : check(spec, options).claims) {
        if (!result.trace) continue;
        CAPTURE(result.claim->id);
        const PlainSystem system(spec, *spec.system(result.claim->system));
        const std::string text = to_itf(system, *result.trace, result.claim->sentence);
        CHECK(trace_from_itf(system, text) == *result.trace);
        CHECK(to_itf(system, trace_from_itf(system, text), result.claim->sentence) == text);
        ++traces;
    }
    CHECK(traces >= 10);
}

TEST_CASE("values that the profile does not have are refused at their place") {
    CHECK(refusal("/states/1/A/state", "TIME_WAIT")
              .starts_with("/states/1/A/state: 'TIME_WAIT' is none of: ESTABLISHED"));
    CHECK(refusal("/states/1/A/variables/sent", bigint("3")) ==
          "/states/1/A/variables/sent/#bigint: '3' is not a number in 0..2");
    CHECK(refusal("/states/1/A/variables/how", "aborted").starts_with("/states/1/A/variables/how: "));
    CHECK(refusal("/states/1/A/variables/told", bigint("1")) == "/states/1/A/variables/told: must be true or false");
    CHECK(refusal("/states/1/A/timers/#set", Json::array({"rto", "rto"})).find("twice") != std::string::npos);
    CHECK(refusal("/states/1/A/timers/#set", Json::array({"idle"})).starts_with("/states/1/A/timers/#set/0: "));
    CHECK(refusal("/states/1/from_A/0/seq", bigint("256")).starts_with("/states/1/from_A/0/seq/#bigint: "));
    CHECK(refusal("/states/1/from_A/0/ack", bigint("1")) == "/states/1/from_A/0/ack: must be 0 without the ACK bit");
    CHECK(refusal("/states/1/step/kind", "hang_up").starts_with("/states/1/step/kind: 'hang_up' is none of: call"));
    CHECK(refusal("/states/1/step/end", "C").starts_with("/states/1/step/end: "));
    CHECK(refusal("/states/0/step/rules", Json::array({"close"})).starts_with("/states/0/step: "));
    CHECK(refusal("/states/2/#meta/index", 7) == "/states/2/#meta/index: must be 2");
    const Json segment = as_json(short_trace())["states"][1]["from_A"][0];
    CHECK(refusal("/states/1/from_A", Json::array({segment, segment})).starts_with("/states/1/from_A: more than"));
}

TEST_CASE("integers are #bigint with plain digits, nothing else") {
    for (const char* digits : {"", "-1", "+1", "01", "1.0", "1e0", " 1", "0x1", "99999999999999999999"}) {
        CAPTURE(digits);
        CHECK(refusal("/states/1/losses", bigint(digits)).starts_with("/states/1/losses/#bigint: "));
    }
    CHECK(refusal("/states/1/losses", 1) == "/states/1/losses: must be an object");
}

TEST_CASE("what is missing, unknown, twice there or not JSON is refused") {
    CHECK(refusal_without("", "vars") == "the whole document: member 'vars' is missing");
    CHECK(refusal_without("/states/1", "from_B") == "/states/1: member 'from_B' is missing");
    CHECK(refusal_without("/states/1/A/variables", "sent") == "/states/1/A/variables: member 'sent' is missing");
    CHECK(refusal("/vars", Json::array({"A"})).starts_with("/vars: must be "));
    CHECK(refusal("/states", Json::array()) == "/states: must have a state");
    Json document = as_json(short_trace());
    document["states"][0]["colour"] = "red";
    CHECK(refusal_of_text(document.dump()) == "/states/0: unknown member 'colour'");
    document = as_json(short_trace());
    document["params"] = 1;
    CHECK(refusal_of_text(document.dump()) == "the whole document: unknown member 'params'");
    std::string text = to_itf(pair(), short_trace());
    CHECK(refusal_of_text(text.substr(0, text.size() / 2)).find("not JSON") != std::string::npos);
    CHECK(refusal_of_text("").find("not JSON") != std::string::npos);
    CHECK(refusal_of_text("[]") == "the whole document: must be an object");
    text.insert(1, "\"vars\": [],");
    CHECK(refusal_of_text(text) == "the whole document: member 'vars' occurs twice in one object");
}

TEST_CASE("a trace of another system or other profiles is refused") {
    CHECK(refusal("/#meta/system", "other") == "/#meta/system: a trace of system 'other', not of 'pair'");
    CHECK(refusal("/#meta/profiles", Json::array({"p", "q"})) == "/#meta/profiles: must be [\"p\", \"p\"]");
    CHECK(refusal("/#meta/format", "XYZ").starts_with("/#meta/format: "));
}

// Two ends that answer each other for ever; windows open and shut, and B's segments belong to another incarnation.
TEST_CASE("a lasso keeps its loop: the index of the state that follows on the last one") {
    static const Spec spec = lastack::testing::spec_from(R"(
profile p "it is sent again and again" cites "RFC 9293 3.8.1" {
  states ESTABLISHED initial, CLOSED final
  timer rto = 1 s while state == ESTABLISHED
  segment ACK { seq 0; ack 0 }
  on timer rto
    rule again "again" cites "RFC 9293 3.8.1" ESTABLISHED { send ACK }
}
system pair "one talks"
  ends p A, p B
  network 1 loses
  calls A { } B { }
)");
    const PlainSystem system(spec, *spec.system("pair"));
    Trace lasso;
    lasso.system = "pair";
    lasso.initial = system.initial();
    for (const std::string part : {"A's timer rto", "loses", "A's timer rto", "loses"}) {
        for (const TraceStep& step : system.steps(lasso.last())) {
            if (to_string(step, system.vocabulary()).find(part) == std::string::npos) continue;
            lasso.steps.push_back(step);
            break;
        }
    }
    REQUIRE(lasso.steps.size() == 4);
    for (const int from : {0, 1, 2}) {
        lasso.loop_from = from;
        const std::string text = to_itf(system, lasso);
        if (from == 1) {  // step 1 loses what is in flight, and the trace ends with nothing in flight
            CHECK_THROWS_WITH_AS(trace_from_itf(system, text),
                                 "/loop: the last state is not the same as state 1, before the loop", TraceFormatError);
            continue;
        }
        CHECK(Json::parse(text)["loop"] == from + 1);
        CHECK(trace_from_itf(system, text) == lasso);
    }
    Json document = Json::parse(to_itf(system, lasso));
    for (const Json& wrong : {Json(0), Json(5), Json(-1), Json("1"), Json(1.5)}) {
        document["loop"] = wrong;
        CHECK_THROWS_WITH_AS(trace_from_itf(system, document.dump()), "/loop: must be an integer in 1..4",
                             TraceFormatError);
    }
}

TEST_CASE("a window of 0 and the era are in the file where a profile knows them, and come back") {
    static const Spec spec = lastack::testing::spec_from(R"(
profile p "it has no room" cites "RFC 9293 3.8.6" {
  states ESTABLISHED initial, CLOSED final
  var full : flag = true
  segment ACK { seq 0; ack 0; zero_window full; era 1 }
  on call close
    rule close "closes" cites "RFC 9293 3.10.4" ESTABLISHED -> CLOSED { send ACK }
}
system pair "one closes"
  ends p A, p B
  network 1
  calls A { close } B { }
)");
    const PlainSystem system(spec, *spec.system("pair"));
    Trace trace;
    trace.system = "pair";
    trace.initial = system.initial();
    trace.steps.push_back(system.steps(trace.initial).at(0));
    const std::string text = to_itf(system, trace);
    const Json sent = Json::parse(text)["states"][1]["from_A"][0];
    CHECK(sent["zero_window"] == true);
    CHECK(sent["era"] == bigint("1"));
    CHECK(trace_from_itf(system, text) == trace);
    CHECK_FALSE(as_json(short_trace())["states"][1]["from_A"][0].contains("zero_window"));
}

TEST_CASE("a vector is a trace of one state behind each step, with what must and what may come") {
    const Json document = Json::parse(to_itf(lastack::testing::long_story()));
    REQUIRE(document["states"].size() == 10);  // the opening and nine steps
    CHECK(document["#meta"]["format"] == "ITF");
    const Json &start = document["states"][0], &half_close = document["states"][5], &fin = document["states"][7];
    for (const auto& name : document["vars"])
        CHECK_MESSAGE(start.contains(name.get<std::string>()), name.get<std::string>());
    CHECK(start["step"]["kind"] == "start");
    CHECK(start["iut"]["#set"] == Json::array({"ESTABLISHED"}));
    CHECK(half_close["step"]["name"] == "shutdown_wr");
    CHECK(half_close["must_come"][0]["segment"]["fin"] == true);
    CHECK(half_close["must_come"][0]["segment"]["seq"] == bigint("200"));
    CHECK(document["states"][1]["may_come"][0]["latest_us"] == bigint("250000"));
    CHECK(document["states"][1]["may_come"][0]["then"] == "go_on");
    CHECK(fin["iut"]["#set"] == Json::array({"TIME_WAIT"}));
    CHECK(fin["signals"]["#set"] == Json::array({"eof"}));
    CHECK(fin["earliest_us"] == bigint("180000"));  // behind the retransmission
}
