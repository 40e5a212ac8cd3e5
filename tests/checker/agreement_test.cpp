// The fast explorer and the plain one count the same states, transitions and levels, on many small systems.
#include <doctest/doctest.h>

#include "checker/plain_system.h"
#include "tests/checker/exploring.h"

namespace lastack {

namespace {

using namespace testing;
using Calls = std::vector<std::string>;

// Capacity, then: loses, duplicates, reorders, at most how many losses and duplications.
constexpr Network in_order(int capacity) { return {capacity, false, false, false, -1, -1}; }
constexpr Network losing_queue(int capacity, int losses = -1) { return {capacity, true, false, false, losses, -1}; }
constexpr Network doubling_queue(int capacity, int duplicates) {
    return {capacity, false, true, false, -1, duplicates};
}
constexpr Network bag(int capacity) { return {capacity, false, false, true, -1, -1}; }
constexpr Network rough_bag(int capacity, int losses = -1, int duplicates = -1) {
    return {capacity, true, true, true, losses, duplicates};
}

const Calls all{"send", "recv", "close", "shutdown_wr", "abort"};
const Calls closing{"close", "shutdown_wr"};

struct Small {
    const char *file, *at_a, *at_b;
    Network network;
    Calls calls_a, calls_b;
    int data = 0, retries = 0;
};

void agree(const Small& small) {
    const Spec& spec = shipped_spec(small.file);
    SystemDecl decl;
    decl.name = "small";
    decl.profile[0] = small.at_a;
    decl.profile[1] = small.at_b;
    decl.network = small.network;
    decl.calls[0] = small.calls_a;
    decl.calls[1] = small.calls_b;
    decl.limits = {{"data", small.data}, {"retries", small.retries}};
    for (const Limit& limit : spec.profile(decl.profile[0] == "subject" ? spec.subject : decl.profile[0])->limits) {
        if (limit.name == "buffer" || limit.name == "repack" || limit.name == "uto") decl.limits[limit.name] = 0;
    }
    const Coverage fast = explore(spec, decl);
    const PlainCount plain = plain_explore(PlainSystem(spec, decl));
    CHECK(fast.complete);
    CHECK(fast.states == plain.states);
    CHECK(fast.transitions == plain.transitions);
    CHECK(fast.depth == plain.depth);
    CHECK(plain.states > 20);      // not trivial
    CHECK(plain.states < 40'000);  // and not a burden for whoever runs the tests
}

void agree_on(const std::vector<Small>& systems) {
    for (std::size_t i = 0; i < systems.size(); ++i) {
        CAPTURE(i);
        agree(systems[i]);
    }
}

}  // namespace

TEST_CASE("rfc9293: fast and plain exploration agree") {
    const char* file = "rfc9293.spec";
    const char* rfc = "rfc9293";
    agree_on({
        {file, rfc, rfc, in_order(1), all, all, 0, 0},
        {file, rfc, rfc, losing_queue(1), closing, closing, 0, 1},
        {file, rfc, rfc, in_order(2), closing, closing, 0, 1},
        {file, rfc, rfc, doubling_queue(2, 1), {"close"}, closing, 0, 0},
        {file, rfc, rfc, bag(2), closing, {"close"}, 0, 0},
        {file, rfc, rfc, rough_bag(1), {"send", "close"}, {"recv", "close"}, 1, 0},
        {file, rfc, rfc, rough_bag(2, 1, 1), {"close"}, {"close"}, 0, 0},
        {file, rfc, rfc, rough_bag(1), all, all, 0, 1},
        {file, rfc, rfc, losing_queue(2, 1), {"send", "close", "abort"}, {"recv", "close"}, 1, 0},
        {file, rfc, rfc, losing_queue(2), closing, {"abort"}, 0, 1},
        {file, rfc, rfc, bag(2), {"send", "shutdown_wr"}, {"send", "recv", "close"}, 1, 0},
        {file, rfc, rfc, rough_bag(2, 0, 2), {"send", "close"}, {"recv"}, 1, 1},
        {file, rfc, rfc, doubling_queue(3, -1), {"close"}, {"shutdown_wr"}, 0, 1},
    });
}

TEST_CASE("linux: fast and plain exploration agree") {
    const char* file = "linux.spec";
    const char* kernel = "linux";
    agree_on({
        {file, kernel, kernel, in_order(1), closing, closing, 0, 1},
        {file, kernel, kernel, rough_bag(1), {"close", "shutdown_wr", "abort"}, {"close"}, 0, 0},
        {file, kernel, kernel, bag(2), {"close"}, {"close"}, 0, 0},
        {file, kernel, kernel, rough_bag(2, 1, 1), {"close"}, {"close"}, 0, 0},
        {file, kernel, kernel, losing_queue(1), {"send", "shutdown_wr"}, {"recv", "close"}, 1, 1},
        {file, kernel, kernel, losing_queue(2, 1), {"close"}, {}, 0, 1},
        {file, kernel, kernel, rough_bag(1), all, all, 0, 1},
        {file, kernel, kernel, losing_queue(2, 1), {"send", "close", "abort"}, {"recv", "close"}, 1, 0},
        {file, kernel, kernel, bag(2), {"send", "shutdown_wr"}, {"send", "recv", "close"}, 1, 0},
        {file, kernel, kernel, rough_bag(2, 2, 0), {"send", "close"}, {"recv"}, 1, 1},
        {file, kernel, kernel, doubling_queue(3, -1), {"close"}, {"shutdown_wr"}, 0, 1},
    });
}

TEST_CASE("tcpclose: fast and plain exploration agree") {
    const char* file = "bench/tcpclose.spec";
    const char* model = "tcpclose";
    agree_on({
        {file, model, model, rough_bag(1), all, all, 0, 0},
        {file, model, model, in_order(1), all, all, 0, 1},
        {file, model, model, rough_bag(2, 2, 1), {"close"}, {"abort"}, 0, 1},
        {file, model, model, doubling_queue(2, -1), {"send", "close"}, {"shutdown_wr"}, 1, 0},
        {file, model, model, rough_bag(1), {"send", "close"}, {"shutdown_wr"}, 1, 0},
        {file, model, model, losing_queue(2, 2), {"send", "close"}, {"close"}, 1, 0},
    });
}

TEST_CASE("Two different profiles at the ends: fast and plain exploration agree") {
    agree_on({
        {"linux.spec", "linux", "rfc9293", losing_queue(1), {"close"}, closing, 0, 1},
        {"linux.spec", "account", "linux", rough_bag(1), closing, {"close"}, 0, 1},
    });
}

}  // namespace lastack
