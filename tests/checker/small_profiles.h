// Small endpoints for the tests of comparisons. Each differs from another one in a way that a reader can see.
#pragma once

#include <string>

#include "model/spec.h"

namespace lastack::testing {

// A FIN is acknowledged, and so is one that comes again; CLOSE sends a FIN. States tell what happened.
inline const std::string by_states = R"(
profile by_states "what happened is a state" {
  states ESTABLISHED initial, FIN_WAIT_1, CLOSE_WAIT, LAST_ACK
  segment FIN { seq 0; ack 0; fin }
  segment ACK { seq 0; ack 1 }
  on call close
    rule close "CLOSE sends the FIN" cites "RFC 9293 3.10.4"
      ESTABLISHED -> FIN_WAIT_1 { send FIN }
      CLOSE_WAIT -> LAST_ACK { send FIN }
  on segment
    step eighth
      rule fin "the peer's FIN" cites "RFC 9293 3.10.7.4 eighth"
        ESTABLISHED [seg.fin] -> CLOSE_WAIT { send ACK; signal eof }
        FIN_WAIT_1 [seg.fin] -> LAST_ACK { send ACK; signal eof }
      rule fin_again "it comes again" cites "RFC 9293 3.10.7.4 eighth"
        CLOSE_WAIT, LAST_ACK [seg.fin] { send ACK }
}
)";

// The same told by flags: other states, other names, and a counter that nobody can see.
inline const std::string by_flags = R"(
profile by_flags "what happened is a flag" {
  states ESTABLISHED initial
  var closed, fin_got : flag
  var unseen : 0..1
  segment GOODBYE { seq 0; ack 0; fin }
  segment HEARD { seq 0; ack 1 }
  on call close
    rule bye "CLOSE sends the FIN" cites "RFC 9293 3.10.4"
      ESTABLISHED [not closed] { set closed; send GOODBYE }
  on segment
    step any_text
      rule noise "a segment without FIN is counted" cites "RFC 9293 3.10.7.4"
        ESTABLISHED [not seg.fin] { unseen := 1 - unseen }
    step eighth
      rule first_fin "the peer's FIN" cites "RFC 9293 3.10.7.4 eighth"
        ESTABLISHED [seg.fin and not fin_got] { set fin_got; send HEARD; signal eof }
      rule other_fin "it comes again" cites "RFC 9293 3.10.7.4 eighth"
        ESTABLISHED [seg.fin and fin_got] { send HEARD }
}
)";

inline const std::string deaf = R"(
profile deaf extends by_states "a FIN that comes again is ignored" { drop rule fin_again }
)";

// It may, but need not, acknowledge the first FIN.
inline const std::string lazy = R"(
profile lazy extends by_states "the first FIN need not be acknowledged" {
  on segment step eighth
    may rule fin_silent "its acknowledgment may be left out" cites "RFC 9293 3.8.6.3"
      ESTABLISHED [seg.fin] -> CLOSE_WAIT { signal eof }
}
)";

// send; then recv or close, whichever the application likes: a.(b+c).
inline const std::string open_choice = R"(
profile open_choice "after send both calls are possible" {
  states ESTABLISHED initial, CLOSE_WAIT, CLOSED
  on call send
    rule send "text" cites "RFC 9293 3.10.2" ESTABLISHED -> CLOSE_WAIT
  on call recv
    rule recv "text" cites "RFC 9293 3.10.3" CLOSE_WAIT -> CLOSED
  on call close
    rule close "end" cites "RFC 9293 3.10.4" CLOSE_WAIT -> CLOSED
}
)";

// send decides, where nobody sees it, which of the two will be possible: a.b+a.c. The same exchanges.
inline const std::string early_choice = R"(
profile early_choice "send decides what is possible" {
  states ESTABLISHED initial, CLOSE_WAIT, LAST_ACK, CLOSED
  on call send
    rule send "recv will be possible" cites "RFC 9293 3.10.2" ESTABLISHED -> CLOSE_WAIT
    may rule send_other "close will be possible" cites "RFC 9293 3.10.2" ESTABLISHED -> LAST_ACK
  on call recv
    rule recv "text" cites "RFC 9293 3.10.3" CLOSE_WAIT -> CLOSED
  on call close
    rule close "end" cites "RFC 9293 3.10.4" LAST_ACK -> CLOSED
}
)";

// Calls in a row; only the third one tells these two apart.
inline std::string three_calls(const std::string& name, const std::string& result) {
    return "profile " + name + R"( "three calls" {
  states ESTABLISHED initial, FIN_WAIT_1, FIN_WAIT_2, CLOSED
  on call send
    rule send "first" cites "RFC 9293 3.10.2" ESTABLISHED -> FIN_WAIT_1
  on call recv
    rule recv "second" cites "RFC 9293 3.10.3" FIN_WAIT_1 -> FIN_WAIT_2
  on call close
    rule close "third" cites "RFC 9293 3.10.4" FIN_WAIT_2 -> CLOSED { returns )" +
           result + " }\n}\n";
}

// Counts what arrives up to 2. The second one has no guard, so a third FIN leaves the range of its counter.
inline const std::string counters = R"(
profile guarded "counts up to 2" {
  states ESTABLISHED initial
  var count : 0..2
  on segment
    step eighth
      rule fin "counted" cites "RFC 9293 3.10.7.4 eighth"
        ESTABLISHED [seg.fin and count < 2] { count += 1 }
}
profile unguarded "counts" {
  states ESTABLISHED initial
  var count : 0..2
  on segment
    step eighth
      rule fin "counted" cites "RFC 9293 3.10.7.4 eighth"
        ESTABLISHED [seg.fin] { count += 1 }
}
)";

inline const std::string all_small_profiles = by_states + by_flags + deaf + lazy + open_choice + early_choice +
                                              three_calls("ends_ok", "ok") + three_calls("ends_pipe", "pipe") +
                                              counters;

}  // namespace lastack::testing
