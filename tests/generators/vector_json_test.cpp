#include "generators/vector_json.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "model/spec.h"
#include "tests/generators/sample_vectors.h"
#include "tests/places.h"
#include "tests/support.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

// `text` with the first occurrence of `from` replaced.
std::string with(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    REQUIRE_MESSAGE(at != std::string::npos, from);
    return text.replace(at, from.size(), to);
}

// Why the reader refuses; empty where it does not.
std::string refusal(const std::string& text) {
    try {
        vector_from_json(text);
    } catch (const VectorFormatError& error) {
        return error.what();
    }
    return "";
}

// A line for each vector: "valid" or "refused". The validator is other people's and reads only docs/vector-schema.json.
std::string judged_by_schema(const std::vector<std::string>& vectors) {
    static const char* const script = R"python(import json, sys
try:
    import jsonschema
except ImportError:
    print("the Python module jsonschema is missing: ./dev setup installs it (python3-jsonschema)"); sys.exit(3)
with open(sys.argv[1]) as schema_file: schema = json.load(schema_file)
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
for name in sys.argv[2:]:
    with open(name) as vector_file: vector = json.load(vector_file)
    print("valid" if validator.is_valid(vector) else "refused")
)python";
    const TemporaryDirectory directory;
    std::string command = "/usr/bin/python3 -c " + quoted(script) + " " +
                          quoted(lastack::testing::source_dir() + "/docs/vector-schema.json");
    for (std::size_t i = 0; i < vectors.size(); ++i)
        command += " " + quoted(directory.write(std::to_string(i) + ".json", vectors[i]));
    int code = 0;
    std::string output = run(command, &code);
    REQUIRE_MESSAGE(code == 0, output);
    return output;
}

TestVector without_steps() {
    TestVector vector;
    vector.id = "empty";
    return vector;
}

struct Broken {
    std::string from, to, reason;
};

// Edits of the normal close, each with the reader's whole answer: of what stands before the steps.
std::vector<Broken> broken_heads() {
    return {
        {"lastack-vector/2", "lastack-vector/4",
         "/format: 'lastack-vector/4' is none of: lastack-vector/2, lastack-vector/3"},
        {"lastack-vector/2", "lastack-vector/3", "the whole document: member 'begin' is missing"},
        {"\"id\"", "\"begin\": \"closed\", \"id\"", "/begin: unknown member"},
        {"lastack-vector/2", "lastack-vector/1", "/format: made by an older lastack: format 1; generate it again"},
        {"\"W01/A\"", "\"\"", "/id: must not be empty"},
        {"\"W01/A\"", "7", "/id: must be a string"},
        {"\"sense\": \"witness\"", "\"sense\": \"wish\"",
         "/claims/0/sense: 'wish' is none of: witness, counterexample, goal"},
        {"\"sense\": \"witness\",", "", "/claims/0: member 'sense' is missing"},
        {"\"id\": \"W01\"", "\"id\": \"\"", "/claims/0/id: must not be empty"},
        {"\"rules\": {", "\"rules\": {\"odd\": 1, ", "/rules/odd: must be a string"},
        {"\"buffer\": 1", "\"buffer\": \"1\"", "/limits/buffer: must be an integer"},
        {"\"buffer\": 1", "\"buffer\": 2147483648", "/limits/buffer: 2147483648 is not in"},
        {"\"limits\": {", "\"refuted_expected\": 1, \"limits\": {", "/refuted_expected: must be true or false"},
        {"\"settled_states\": []", "\"settled_states\": [\"DONE\"]", "/settled_states/0: 'DONE' is none of: "},
        {"\"goal\": \"the normal close, seen by the side that closes first\",", "",
         "the whole document: member 'goal' is missing"},
        {"\"goal\"", "\"a/b~\": 1, \"goal\"", "/a~1b~0: unknown member"},
        {"\"settings\": []", "\"settings\": {}", "/settings: must be an array"},
        {"\"settings\": []", "\"settings\": [{\"name\": \"x\"}]", "/settings/0: member 'value' is missing"},
        {"\"settings\": []", "\"settings\": [{\"name\": \"x`\", \"value\": \"\"}]",
         "/settings/0/name: must be letters, digits, '_', '.', '-'"},
        {"\"settings\": []", "\"settings\": [{\"name\": \"x\", \"value\": \"$(y)\"}]",
         "/settings/0/value: must be letters, digits, spaces, or one of _.-+:,/"},
        {"\"settings\": []", "\"settings\": [{\"name\": \"x\", \"value\": \"1\\n\"}]",
         "/settings/0/value: must be letters, digits, spaces, or one of _.-+:,/"},
        {"\"ip\": 4", "\"ip\": 5", "/ip: must be 4 or 6"},
        {"\"ip\": 4", "\"ip\": \"4\"", "/ip: must be an integer"},
        {"\"unit_bytes\": 100", "\"unit_bytes\": 0", "/unit_bytes: 0 is not in 1..65455"},
        {"\"window\": 65535", "\"window\": 65536", "/window: 65536 is not in 0..65535"},
        {"\"options\": []", "\"options\": [\"cookie\"]",
         "/options/0: 'cookie' is none of: sack, timestamps, window_scale"},
        {"\"options\": []", "\"options\": [\"sack\", \"sack\"]", "/options: 'sack' stands there twice"},
        {"\"tester_isn\": 1", "\"tester_isn\": 4294967296", "/tester_isn: 4294967296 is not in 0..4294967295"},
        {"\"tester_isn\": 1", "\"tester_isn\": -1", "/tester_isn: -1 is not in 0..4294967295"},
        {"\"tester_isn\": 1", "\"tester_isn\": 18446744073709551615",
         "/tester_isn: 18446744073709551615 is not in 0..4294967295"},
        {"\"settle_us\": 20000", "\"settle_us\": 0.5", "/settle_us: must be an integer"},
    };
}

// And of what stands in them.
std::vector<Broken> broken_steps() {
    return {
        {"\"kind\": \"call\"", "\"kind\": \"hang_up\"", "/steps/0/kind: 'hang_up' is none of: call, send, wait"},
        {"\"call\": \"close\"", "\"call\": \"Close\"",
         "/steps/0/call: 'Close' is none of: send, recv, close, shutdown_wr, shutdown_rd, shutdown_rdwr, abort"},
        {"\"call\": \"close\"", "\"call\": \"send\"", "/steps/0: member 'bytes' is missing"},
        {"\"call\": \"close\"", "\"bytes\": 1, \"call\": \"close\"", "/steps/0/bytes: unknown member"},
        {"\"call\": \"close\"", "\"timer\": \"rto\", \"call\": \"close\"", "/steps/0/timer: unknown member"},
        {"\"result\": \"ok\"", "\"result\": \"would_block\"",
         "/steps/0/result: 'would_block' is none of: ok, eof, reset, timeout, refused, pipe, not_connected, closing"},
        {"\"result\": \"ok\"", "\"result\": \"ok\", \"other_results\": [\"fine\"]",
         "/steps/0/other_results/0: 'fine' is none of: "},
        {"\"len\": 0", "\"len\": 0, \"from_right\": true", "/steps/0/expect/0/segment/from_right: unknown member"},
        {"\"rule\": \"close_active\"", "\"optional\": 1, \"rule\": \"close_active\"",
         "/steps/0/expect/0/optional: must be true or false"},
        {"\"rule\": \"close_active\"", "\"since\": 0, \"rule\": \"close_active\"",
         "/steps/0/expect/0/since: must be an object"},
        {"\"rule\": \"close_active\"", "\"since\": {\"event\": \"dawn\"}, \"rule\": \"close_active\"",
         "/steps/0/expect/0/since/event: 'dawn' is none of: opening, action, completion"},
        {"\"rule\": \"close_active\"", "\"since\": {\"event\": \"action\"}, \"rule\": \"close_active\"",
         "/steps/0/expect/0/since: member 'step' is missing"},
        {"\"rule\": \"close_active\"", "\"since\": {\"event\": \"opening\", \"step\": 0}, \"rule\": \"close_active\"",
         "/steps/0/expect/0/since/step: unknown member"},
        {"\"signals\": []", "\"signals\": [], \"signals_optional\": \"yes\"",
         "/steps/0/signals_optional: must be true or false"},
        {"\"states\": [\"FIN_WAIT_1\"]", "\"states\": [], \"other_states\": [\"GONE\"]",
         "/steps/0/other_states/0: 'GONE' is none of: "},
        {"\"result\": \"ok\"", "\"result\": \"fine\"",
         "/steps/0/result: 'fine' is none of: ok, eof, reset, timeout, refused, pipe, not_connected, closing"},
        {"\"flags\": \"FIN,ACK\"", "\"flags\": \"ACK,FIN\"",
         "/steps/0/expect/0/segment/flags: 'ACK,FIN' is not a list of SYN,FIN,RST,ACK in this order"},
        {"\"seq\": 0", "\"seq\": 4294967296",
         "/steps/0/expect/0/segment/seq: 4294967296 is not in -4294967295..4294967295"},
        {"\"len\": 0", "\"len\": -1", "/steps/0/expect/0/segment/len: -1 is not in 0..65455"},
        {"\"len\": 0", "\"len\": 0, \"psh\": true", "/steps/0/expect/0/segment/psh: unknown member"},
        {"\"earliest_us\": 0", "\"earliest_us\": -1", "/steps/0/expect/0/earliest_us: -1 is not in 0..1000000000000"},
        {"\"FIN_WAIT_1\"", "\"FIN-WAIT-1\"", "/steps/0/states/0: 'FIN-WAIT-1' is none of: "},
        {"\"signals\": []", "\"signals\": [\"data\"]", "/steps/0/signals/0: 'data' is none of: eof, reset, timeout"},
        {"\"note\": \"A: close\"", "\"note\": null", "/steps/0/note: must be a string"},
        {"\"rules\": [", "\"rules\": [[], ", "/steps/0/rules/0: must be a string"},
        {"\"steps\": [", "\"steps\": [[], ", "/steps/0: must be an object"},
    };
}

const std::vector<Broken>& broken_vectors() {
    static const std::vector<Broken> all = [] {
        std::vector<Broken> both = broken_heads();
        const std::vector<Broken> steps = broken_steps();
        both.insert(both.end(), steps.begin(), steps.end());
        return both;
    }();
    return all;
}

// What makes a vector one that could not be read back the same; steps by their place.
std::vector<std::function<void(TestVector&)>> spoils_of(std::size_t call, std::size_t send, std::size_t wait) {
    const Anchor ahead{Anchor::Event::action, static_cast<int>(wait)}, opening{Anchor::Event::opening, 0},
        nowhere{Anchor::Event::completion, -1};
    return {
        [](TestVector& v) { v.id.clear(); },
        [](TestVector& v) { v.ip = 5; },
        [](TestVector& v) { v.unit_bytes = 0; },
        [](TestVector& v) { v.window = 65536; },
        [](TestVector& v) { v.settle_us = -1; },
        [](TestVector& v) { v.options = {"fast_open"}; },
        [](TestVector& v) {
            v.options = {"sack", "sack"};
        },
        [](TestVector& v) {
            v.settings = {{"tcp sack", "1"}};
        },
        [](TestVector& v) {
            v.settings = {{"tcp_sack", "1; reboot"}};
        },
        [](TestVector& v) { v.limits.edit()["data"] = std::numeric_limits<int>::min(); },
        [](TestVector& v) { v.settled_states = {"ASLEEP"}; },
        [](TestVector& v) { v.claims.at(0).id.clear(); },
        [=](TestVector& v) { v.steps[call].segment.seq = 1; },
        [=](TestVector& v) { v.steps[call].window.latest_us = 1; },
        [=](TestVector& v) { v.steps[call].call = "sleep"; },
        [=](TestVector& v) { v.steps[call].call = "listen"; },
        [=](TestVector& v) { v.steps[call].result = "fine"; },
        [=](TestVector& v) { v.steps[call].other_results = {"fine"}; },
        [=](TestVector& v) { v.steps[call].bytes = -1; },
        [=](TestVector& v) { v.steps[send].call = "close"; },
        [=](TestVector& v) { v.steps[send].result = "eof"; },
        [=](TestVector& v) { v.steps[send].bytes = 1; },
        [=](TestVector& v) { v.steps[send].other_results = {"eof"}; },
        [=](TestVector& v) { v.steps[send].segment.ack_from_right = true; },
        [=](TestVector& v) { v.steps[send].segment.len = -1; },
        [=](TestVector& v) { v.steps[send].segment.seq = std::int64_t{1} << 32; },
        [=](TestVector& v) { v.steps[wait].segment.fin = true; },
        [=](TestVector& v) {
            v.steps[wait].window = {2, 1, {}};
        },
        [=](TestVector& v) { v.steps[wait].window.since = ahead; },
        [=](TestVector& v) { v.steps[wait].window.since = opening; },
        [=](TestVector& v) { v.steps[wait].window.since = nowhere; },
        [=](TestVector& v) { v.steps[wait].returned = "yes"; },
        [=](TestVector& v) { v.steps[wait].signals = {"data"}; },
        [=](TestVector& v) {
            v.steps[wait].states = {"CLOSED", "CLOSED"};
        },
        [=](TestVector& v) { v.steps[wait].other_states = {"ASLEEP"}; },
        [=](TestVector& v) {
            v.steps[wait].expect.push_back({{}, {2, 1, {}}, "r", false});
        },
        [=](TestVector& v) {
            v.steps[wait].alternatives.push_back({{}, {}, Alternative::Then::go_on, "r"});
            v.steps[wait].alternatives.back().segment.from_right = true;
        },
    };
}

}  // namespace

TEST_CASE("what was written reads back as an equal vector") {
    for (const TestVector& vector : {normal_close(), long_story(), long_story(6), without_steps()}) {
        CHECK(vector_from_json(to_json(vector)) == vector);
        CHECK(to_json(vector_from_json(to_json(vector))) == to_json(vector));
    }
}

TEST_CASE("members stand in a fixed order, the format first, a line each") {
    const std::string text = to_json(normal_close());
    CHECK(text.rfind("{\n  \"format\": \"lastack-vector/2\",\n  \"id\": \"W01/A\",\n  \"goal\": \"the normal close, "
                     "seen by the side that closes first\",\n",
                     0) == 0);
    CHECK(text.back() == '\n');
    std::size_t last = 0;
    for (const char* name : {"format",   "claims", "clauses", "rules",        "profile",   "subject",        "limits",
                             "settings", "ip",     "window",  "tester_isn",   "settle_us", "settled_states", "steps",
                             "call",     "result", "expect",  "alternatives", "states",    "signals",        "note"}) {
        const std::size_t at = text.find("\"" + std::string(name) + "\":");
        CAPTURE(name);
        CHECK(at != std::string::npos);
        CHECK(at > last);
        last = at;
    }
}

TEST_CASE("each flaw is refused with its JSON pointer and reason") {
    const std::string good = to_json(normal_close());
    REQUIRE(refusal(good).empty());
    for (const Broken& broken : broken_vectors()) {
        const std::string reason = refusal(with(good, broken.from, broken.to));
        CAPTURE(broken.to);
        CHECK(reason.rfind(broken.reason, 0) == 0);
    }
}

TEST_CASE("what the schema cannot say is refused by the reader") {
    CHECK(refusal(with(to_json(normal_close()), "\"earliest_us\": 0", "\"earliest_us\": 50000")) ==
          "/steps/0/expect/0/latest_us: the window ends before it begins");
    CHECK(refusal(with(to_json(long_story()), "\"step\": 4", "\"step\": 5")) ==
          "/steps/5/since/step: step 5 is not an earlier step");
    CHECK(refusal(with(to_json(normal_close()), "\"goal\"", "\"id\": \"W01/A\", \"goal\"")) ==
          "the whole document: member 'id' occurs twice in one object");
}

TEST_CASE("text that is not JSON is refused, whatever it is") {
    for (const std::string& text : std::vector<std::string>{"", "{", "[]", "null", "7", "{} x", "\xff\xfe",
                                                            std::string(100'000, '['), std::string("\0", 1)}) {
        CHECK_FALSE(refusal(text).empty());
    }
    const std::string good = to_json(long_story());
    for (std::size_t size = 0; size + 2 < good.size(); size += 97) CHECK_FALSE(refusal(good.substr(0, size)).empty());
    CHECK(refusal("[]") == "the whole document: must be an object");
}

TEST_CASE("damaged text is refused or is a vector that can be written again") {
    std::mt19937 random(1071);
    const std::string good = to_json(long_story());
    int taken = 0;
    for (int i = 0; i < 2'000; ++i) {
        std::string text = good;
        for (auto n = 1 + random() % 3; n > 0; --n) text[random() % text.size()] = static_cast<char>(random() % 128);
        try {
            const TestVector vector = vector_from_json(text);
            CHECK(vector_from_json(to_json(vector)) == vector);
            ++taken;
        } catch (const VectorFormatError&) {
        }
    }
    CHECK(taken > 0);  // a change inside of a number or a note
    CHECK(taken < 1'500);
}

TEST_CASE("the reader and the schema know the same states") {
    TestVector vector = normal_close();
    vector.steps[0].states = known_states;
    const std::string all = to_json(vector);
    CHECK(vector_from_json(all) == vector);
    CHECK(judged_by_schema({all, with(all, "\"TIME_WAIT\"", "\"TIME-WAIT\"")}) == "valid\nrefused\n");
}

TEST_CASE("a vector that could not be read back is not written") {
    TestVector vector = normal_close();
    vector.steps[0].timer = "rto";  // of a wait, in a call
    CHECK_THROWS_WITH_AS(to_json(vector),
                         "vector 'W01/A' cannot be written: a step has a field that is not of its kind",
                         std::invalid_argument);
    vector = normal_close();
    vector.steps[1].states = {"ASLEEP"};
    CHECK_THROWS_AS(to_json(vector), std::invalid_argument);
    vector = normal_close();
    vector.goal = "\xff";
    CHECK_THROWS_AS(to_json(vector), std::invalid_argument);
}

TEST_CASE("whatever would not come back is not written, field by field") {
    const TestVector whole = long_story();
    const auto of_kind = [&](VectorStep::Kind kind) {
        const auto step = std::find_if(whole.steps.begin(), whole.steps.end(),
                                       [kind](const VectorStep& one) { return one.kind == kind; });
        REQUIRE(step != whole.steps.end());
        return static_cast<std::size_t>(step - whole.steps.begin());
    };
    const auto spoils =
        spoils_of(of_kind(VectorStep::Kind::call), of_kind(VectorStep::Kind::send), of_kind(VectorStep::Kind::wait));
    to_json(whole);
    for (std::size_t i = 0; i < spoils.size(); ++i) {
        TestVector vector = whole;
        spoils[i](vector);
        INFO("spoil " << i);
        CHECK(vector != whole);
        CHECK_THROWS_AS(to_json(vector), std::invalid_argument);
    }
}

TEST_CASE("the schema takes what lastack writes and refuses what its reader refuses") {
    std::vector<std::string> vectors = {to_json(normal_close()), to_json(long_story()), to_json(long_story(6)),
                                        to_json(without_steps())};
    std::string expected = "valid\nvalid\nvalid\nvalid\n";
    for (const Broken& broken : broken_vectors()) {
        vectors.push_back(with(vectors[0], broken.from, broken.to));
        expected += "refused\n";
    }
    CHECK(judged_by_schema(vectors) == expected);
}

TEST_CASE("the example of docs/vectors.md is what lastack writes") {
    const std::string page = read_file(lastack::testing::source_dir() + "/docs/vectors.md");
    const std::string fence = "```json\n";
    const std::size_t from = page.find(fence) + fence.size();
    REQUIRE(from > fence.size());
    CHECK(page.substr(from, page.find("```", from) - from) == to_json(normal_close()));
}

TEST_CASE("a segment stands on one line") {
    const std::string text = to_json(normal_close());
    CHECK(text.find("          \"segment\": {\"flags\": \"FIN,ACK\", \"seq\": 0, \"ack\": 0, \"len\": 0},\n") !=
          std::string::npos);
    CHECK(text.find("\n  \"settings\": [],\n") != std::string::npos);
}

TEST_CASE("segments as people read them") {
    CHECK(to_string(fin_of(100, 0)) == "FIN,ACK seq=101 ack=1");
    CHECK(to_string(data_of(0, 0, 100)) == "DATA,ACK seq=1 ack=1 len=100");
    CHECK(to_string(WireSegment{.seq = 2, .rst = true, .has_ack = false}) == "RST seq=3");
    CHECK(to_string(WireSegment{.seq = -1, .syn = true}) == "SYN,ACK seq=0 ack=1");
    CHECK(to_string(WireSegment{.seq = 0, .from_right = true}) == "ACK seq=right ack=1");
    CHECK(to_string(WireSegment{.seq = -1, .from_right = true}) == "ACK seq=right-1 ack=1");
    CHECK(to_string(WireSegment{.seq = 1, .from_right = true}) == "ACK seq=right+1 ack=1");
}

TEST_CASE("the bound of a run's time adds the late ends of windows and the settling") {
    CHECK(duration_bound_us(normal_close()) == 40'000 + 40'000 + 20'000);
    // send at once; write 40 ms; FIN 40 ms; retransmission 450 ms after it; ACK 40 ms; TIME-WAIT 61 s; RST 40 ms;
    // settle 20 ms
    CHECK(duration_bound_us(long_story()) == 40'000 + 40'000 + 450'000 + 40'000 + 61'000'000 + 40'000 + 20'000);
    CHECK(duration_bound_us(TestVector{}) == 20'000);
}

TEST_CASE("a wait counts from its reference: time that has passed since is not waited again") {
    TestVector vector = normal_close();
    vector.steps = {call_step("close"), wait_step("rto", 0, {900'000, 1'000'000}),
                    wait_step("fin_wait_2", 0, {2'000'000, 2'000'000})};
    CHECK(duration_bound_us(vector) == 2'000'000 + 20'000);
    vector.steps[2].window.since.step = 1;
    CHECK(duration_bound_us(vector) == 3'000'000 + 20'000);
    vector.steps[2].window.since = {};
    CHECK(duration_bound_us(vector) == 3'000'000 + 20'000);
    vector.steps[2].window.since = {Anchor::Event::opening, -1};
    CHECK(duration_bound_us(vector) == 2'000'000 + 20'000);
    vector.steps[2].window.since = {Anchor::Event::action, 1};
    CHECK(duration_bound_us(vector) == 2'000'000 + 20'000);
}

TEST_CASE("a window of 0 is written where it is one, comes back, and is known to the schema") {
    TestVector vector = normal_close();
    const std::string without = to_json(vector);
    CHECK(without.find("zero_window") == std::string::npos);
    vector.steps[1].segment.zero_window = true;
    vector.steps[2].expect[0].segment.zero_window = true;
    const std::string text = to_json(vector);
    CHECK(text.find(R"({"flags": "ACK", "seq": 0, "ack": 1, "len": 0, "zero_window": true})") != std::string::npos);
    CHECK(vector_from_json(text) == vector);
    CHECK(vector_from_json(with(without, "\"len\": 0}", "\"len\": 0, \"zero_window\": false}")) == normal_close());
    CHECK(refusal(with(text, "\"zero_window\": true", "\"zero_window\": 1")) ==
          "/steps/1/segment/zero_window: must be true or false");
    CHECK(judged_by_schema({text}) == "valid\n");
}

TEST_CASE("where SEQ counts from the right edge of the window the vector says so, and only of what the tester sends") {
    TestVector vector = normal_close();
    vector.steps[1].segment.seq = -1;
    vector.steps[1].segment.from_right = true;
    const std::string text = to_json(vector);
    CHECK(text.find(R"({"flags": "ACK", "seq": -1, "ack": 1, "len": 0, "from_right": true})") != std::string::npos);
    CHECK(vector_from_json(text) == vector);
    CHECK(judged_by_schema({text}) == "valid\n");
    vector.steps[2].expect[0].segment.ack_from_right = true;
    CHECK(vector_from_json(to_json(vector)) == vector);
    CHECK(judged_by_schema({to_json(vector)}) == "valid\n");
    vector.steps[2].expect[0].segment.from_right = true;
    CHECK_THROWS_AS(to_json(vector), std::invalid_argument);
    vector.steps[2].expect[0].segment.from_right = false;
    vector.steps[1].segment.ack_from_right = true;
    CHECK_THROWS_AS(to_json(vector), std::invalid_argument);
}

TEST_CASE("a window counts from the opening, from an action or from a completion, and the file says from which") {
    TestVector vector = long_story();
    const std::string text = to_json(vector);
    CHECK(text.find(R"("since": {"event": "completion", "step": 4})") != std::string::npos);
    CHECK(text.find(R"("since": {"event": "action", "step": 0})") != std::string::npos);
    CHECK(text.find(R"("since": {"event": "opening"})") != std::string::npos);
    CHECK(to_json(normal_close()).find("since") == std::string::npos);  // each counts from its own action
    vector.steps[5].window.since = {Anchor::Event::completion, -1};     // of which step?
    CHECK_THROWS_AS(to_json(vector), std::invalid_argument);
}

TEST_CASE("what a call returns that had blocked is written where it is so, and its words are those of the schema") {
    TestVector vector;
    vector.id = "waits";
    vector.endpoint = "A";
    VectorStep waits, text;
    waits.call = "recv_wait";
    waits.bytes = 100;
    waits.result = "blocked";
    text.kind = VectorStep::Kind::send;
    text.segment.len = 100;
    text.returned = "text";
    text.returned_optional = true;
    vector.steps = {waits, text};
    const std::string written = to_json(vector);
    CHECK(vector_from_json(written) == vector);
    CHECK(written.find("\"returned\": \"text\"") != std::string::npos);
    const nlohmann::json schema =
        nlohmann::json::parse(read_file(source_dir() + "/docs/vector-schema.json")).at("definitions");
    for (const auto& word : schema.at("outcome").at("properties").at("returned").at("enum")) {
        vector.steps[1].returned = word.get<std::string>();
        CHECK(vector_from_json(to_json(vector)) == vector);
    }
    std::set<std::string> calls;
    for (const auto& form : schema.at("step").at("oneOf")) {
        if (!form.at("properties").contains("call")) continue;
        for (const auto& call : form.at("properties").at("call").at("enum")) calls.insert(call.get<std::string>());
    }
    CHECK(calls == std::set<std::string>(vector_calls.begin(), vector_calls.end()));
    for (const auto& word : schema.at("result").at("enum")) {
        vector.steps[0].result = word.get<std::string>();
        CHECK(vector_from_json(to_json(vector)) == vector);
    }
}
