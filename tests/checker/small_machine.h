// An endpoint that is small enough to know by heart: A closes, B acknowledges. For tests about what is exercised.
#pragma once

#include <string>

namespace lastack::testing {

// `lossy`: A closes, the network loses. `restless`: B's application asks again and again, so that nothing ever ends.
// What is appended begins on a line of its own.
inline const std::string small_machine = R"(profile small "one side closes" cites "RFC 9293 3.6 case 1" {
  states ESTABLISHED initial, FIN_WAIT_1, FIN_WAIT_2 final, CLOSE_WAIT final, CLOSED final forgets
  limit retries = 1 in 0..5 "retransmissions of the FIN" cites "RFC 9293 3.8.3"
  timer rto = 1 s doubling to 60 s cites "RFC 6298 2.1, 5.5"
  var fin_sent, fin_got : 0..1
  var tries : 0..retries
  var asked : flag
  let acked = seg.has_ack and seg.ack == 1

  segment FIN { seq 0; ack fin_got; fin }
  segment ACK { seq fin_sent; ack fin_got }

  on call close
    rule close "CLOSE sends the FIN" cites "RFC 9293 3.10.4"
      ESTABLISHED -> FIN_WAIT_1 { send FIN; fin_sent := 1; start rto }

  on call ask
    rule ask "the application asks, again and again" cites "a test"
      any [not asked] { set asked }
      any [asked] { clear asked }

  on timer rto
    rule again "the FIN is sent again" cites "RFC 9293 3.8.1"
      FIN_WAIT_1 [tries < retries] { tries += 1; send FIN; start rto }
    rule give_up "after R2 the connection is abandoned" cites "RFC 9293 3.8.3"
      FIN_WAIT_1 [tries == retries] -> CLOSED { signal timeout }

  on segment
    step fifth "check the ACK field"
      rule fin_acked "our FIN is acknowledged" cites "RFC 9293 3.10.7.4 fifth"
        FIN_WAIT_1 [acked] -> FIN_WAIT_2 { stop rto }
    step eighth "check the FIN bit"
      rule fin "the peer's FIN" cites "RFC 9293 3.10.7.4 eighth"
        ESTABLISHED [seg.fin] -> CLOSE_WAIT { fin_got := 1; send ACK; signal eof }
      rule fin_again "the peer's FIN comes again: our ACK was lost" cites "RFC 9293 3.10.7.4 first; 3.9"
        CLOSE_WAIT [seg.fin] { send ACK }
        FIN_WAIT_2 [seg.fin] { send ACK }
      rule reset "a reset ends it" cites "RFC 9293 3.10.7.4 second; RFC 5961 3.2"
        CLOSE_WAIT [seg.rst and not seg.fin] -> CLOSED
      may rule fin_quiet "a FIN may be answered late, that is, never" cites "RFC 9293 3.8.6.3"
        CLOSE_WAIT [seg.fin] { drop }
}

system lossy "one side closes, the network loses"
  ends subject A, subject B
  network 1 loses
  calls A { close } B { }

system restless "one side closes, the other one asks"
  ends subject A, subject B
  network 1 loses
  calls A { close } B { ask }

)";

}  // namespace lastack::testing
