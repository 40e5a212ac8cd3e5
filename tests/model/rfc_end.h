// An end of specs/rfc9293.spec, for tests that play it by hand. The SYN is unit 0 of a stream, text begins at unit 1.
#pragma once

#include "tests/spec_support.h"

namespace lastack::testing {

inline const Profile& rfc() { return *shipped_spec("rfc9293.spec").profile("rfc9293"); }

// The same segment from an end that has no room: it offers a window of 0.
inline Segment shut(Segment segment) {
    segment.zero_window = true;
    return segment;
}

inline Segment syn() {
    Segment segment;
    segment.syn = true;
    return segment;
}
inline Segment syn_ack() {
    Segment segment = ack(0, 1);
    segment.syn = true;
    return segment;
}

// An end that has no connection yet.
inline Player unopened() {
    Player player(rfc());
    Reaction start;
    start.after = plain_initial(rfc(), "CLOSED");
    player.go(start);
    return player;
}

}  // namespace lastack::testing
