// Many small systems of shipped profiles, in all shapes a network has: for tests that explore each of them in two ways.
#pragma once

#include <string>
#include <vector>

#include "tests/spec_support.h"

namespace lastack::testing {

using Calls = std::vector<std::string>;

// Capacity, then: at most how many losses and duplications.
constexpr Network in_order(int capacity) { return {capacity, false, false, false, -1, -1}; }
constexpr Network losing_queue(int capacity, int losses = -1) { return {capacity, true, false, false, losses, -1}; }
constexpr Network doubling_queue(int capacity, int duplicates) {
    return {capacity, false, true, false, -1, duplicates};
}
constexpr Network bag(int capacity) { return {capacity, false, false, true, -1, -1}; }
constexpr Network rough_bag(int capacity, int losses = -1, int duplicates = -1) {
    return {capacity, true, true, true, losses, duplicates};
}

struct Small {
    const char *file, *at_a, *at_b;
    Network network;
    Calls calls_a, calls_b;
    int data = 0, retries = 0;
};

// Windows, repacking and user timeouts are left out, as in most of the shipped systems.
inline SystemDecl decl_of(const Small& small) {
    const Spec& spec = shipped_spec(small.file);
    SystemDecl decl;
    decl.name = "small";
    decl.profile[0] = small.at_a;
    decl.profile[1] = small.at_b;
    decl.network = small.network;
    decl.calls[0] = small.calls_a;
    decl.calls[1] = small.calls_b;
    decl.limits = {{"data", small.data}, {"retries", small.retries}};
    for (const Limit& limit : spec.profile(decl.profile[0])->limits) {
        if (limit.name == "buffer" || limit.name == "repack" || limit.name == "uto") decl.limits[limit.name] = 0;
    }
    return decl;
}

inline const Calls all_calls{"send", "recv", "close", "shutdown_wr", "abort"};
inline const Calls closing{"close", "shutdown_wr"};

inline const std::vector<Small> small_rfc9293{
    {"rfc9293.spec", "rfc9293", "rfc9293", in_order(1), all_calls, all_calls, 0, 0},
    {"rfc9293.spec", "rfc9293", "rfc9293", losing_queue(1), closing, closing, 0, 1},
    {"rfc9293.spec", "rfc9293", "rfc9293", in_order(2), closing, closing, 0, 1},
    {"rfc9293.spec", "rfc9293", "rfc9293", doubling_queue(2, 1), {"close"}, closing, 0, 0},
    {"rfc9293.spec", "rfc9293", "rfc9293", bag(2), closing, {"close"}, 0, 0},
    {"rfc9293.spec", "rfc9293", "rfc9293", rough_bag(1), {"send", "close"}, {"recv", "close"}, 1, 0},
    {"rfc9293.spec", "rfc9293", "rfc9293", rough_bag(2, 1, 1), {"close"}, {"close"}, 0, 0},
    {"rfc9293.spec", "rfc9293", "rfc9293", rough_bag(1), all_calls, all_calls, 0, 1},
    {"rfc9293.spec", "rfc9293", "rfc9293", losing_queue(2, 1), {"send", "close", "abort"}, {"recv", "close"}, 1, 0},
    {"rfc9293.spec", "rfc9293", "rfc9293", losing_queue(2), closing, {"abort"}, 0, 1},
    {"rfc9293.spec", "rfc9293", "rfc9293", bag(2), {"send", "shutdown_wr"}, {"send", "recv", "close"}, 1, 0},
    {"rfc9293.spec", "rfc9293", "rfc9293", rough_bag(2, 0, 2), {"send", "close"}, {"recv"}, 1, 1},
    {"rfc9293.spec", "rfc9293", "rfc9293", doubling_queue(3, -1), {"close"}, {"shutdown_wr"}, 0, 1},
};

inline const std::vector<Small> small_linux{
    {"linux.spec", "linux", "linux", in_order(1), closing, closing, 0, 1},
    {"linux.spec", "linux", "linux", rough_bag(1), {"close", "shutdown_wr", "abort"}, {"close"}, 0, 0},
    {"linux.spec", "linux", "linux", bag(2), {"close"}, {"close"}, 0, 0},
    {"linux.spec", "linux", "linux", rough_bag(2, 1, 1), {"close"}, {"close"}, 0, 0},
    {"linux.spec", "linux", "linux", losing_queue(1), {"send", "shutdown_wr"}, {"recv", "close"}, 1, 1},
    {"linux.spec", "linux", "linux", losing_queue(2, 1), {"close"}, {}, 0, 1},
    {"linux.spec", "linux", "linux", rough_bag(1), all_calls, all_calls, 0, 1},
    {"linux.spec", "linux", "linux", losing_queue(2, 1), {"send", "close", "abort"}, {"recv", "close"}, 1, 0},
    {"linux.spec", "linux", "linux", bag(2), {"send", "shutdown_wr"}, {"send", "recv", "close"}, 1, 0},
    {"linux.spec", "linux", "linux", rough_bag(2, 2, 0), {"send", "close"}, {"recv"}, 1, 1},
    {"linux.spec", "linux", "linux", doubling_queue(3, -1), {"close"}, {"shutdown_wr"}, 0, 1},
};

inline const std::vector<Small> small_tcpclose{
    {"bench/tcpclose.spec", "tcpclose", "tcpclose", rough_bag(1), all_calls, all_calls, 0, 0},
    {"bench/tcpclose.spec", "tcpclose", "tcpclose", in_order(1), all_calls, all_calls, 0, 1},
    {"bench/tcpclose.spec", "tcpclose", "tcpclose", rough_bag(2, 2, 1), {"close"}, {"abort"}, 0, 1},
    {"bench/tcpclose.spec", "tcpclose", "tcpclose", doubling_queue(2, -1), {"send", "close"}, {"shutdown_wr"}, 1, 0},
    {"bench/tcpclose.spec", "tcpclose", "tcpclose", rough_bag(1), {"send", "close"}, {"shutdown_wr"}, 1, 0},
    {"bench/tcpclose.spec", "tcpclose", "tcpclose", losing_queue(2, 2), {"send", "close"}, {"close"}, 1, 0},
};

// Two different profiles at the ends.
inline const std::vector<Small> small_mixed{
    {"linux.spec", "linux", "rfc9293", losing_queue(1), {"close"}, closing, 0, 1},
    {"linux.spec", "account", "linux", rough_bag(1), closing, {"close"}, 0, 1},
};

inline std::vector<Small> all_small_systems() {
    std::vector<Small> all;
    for (const auto* some : {&small_rfc9293, &small_linux, &small_tcpclose, &small_mixed})
        all.insert(all.end(), some->begin(), some->end());
    return all;
}

}  // namespace lastack::testing
