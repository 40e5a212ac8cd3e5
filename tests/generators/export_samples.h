// Small specs with what an export could get wrong.
#pragma once

#include <string>

namespace lastack::testing {

// A bit of everything that an export could get wrong: choices beside plain rules and in calls, a derived timer that
// reads another one, a guard that reads whether the expired timer runs, nested effects after `drop`, what is forgotten,
// a history, two profiles with states, variables and limits of their own, and names that are words of Promela and
// Murphi.
inline const std::string every_effect = R"(
profile parent "a close with every kind of effect" {
  states ESTABLISHED initial, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT, LAST_ACK, TIME_WAIT, CLOSED final forgets
  limit retries = 2 in 0..5
  timer rto = 1 s doubling to 60 s
  timer chan = 5 s
  timer linger = 60 s while state == TIME_WAIT and not running chan
  var sent, got : 0..2
  var tries : 0..retries
  var record : { calm, hasty }
  var init : flag
  history was : { open, good, bad } "how it ended"
  let acked = seg.has_ack and seg.ack == sent
  segment FIN { seq 0; ack got; fin }
  segment ACK { seq sent; ack got }
  segment RST { seq sent; rst }

  on call close
    rule close "CLOSE" cites "RFC 9293 3.10.4"
      ESTABLISHED -> FIN_WAIT_1
        { send FIN; sent := 1; start rto; if record == hasty { start chan; send ACK } else { set init } }
      CLOSE_WAIT -> LAST_ACK { send FIN; sent := 1; start rto }
  on call ruleset
    may rule begin "two ways" cites "RFC 9293 3.10"
      ESTABLISHED [record == calm] { record := hasty }
      ESTABLISHED [record == calm] { record := hasty; send ACK; start chan }
  on timer rto
    rule again "sent again" cites "RFC 9293 3.8.1"
      FIN_WAIT_1, LAST_ACK [tries < retries] { tries += 1; send FIN; start rto; init := tries == 1 }
    rule give_up "given up" cites "RFC 9293 3.8.3"
      FIN_WAIT_1, LAST_ACK [tries == retries] -> CLOSED { was := bad; send RST }
  on timer chan
    rule end "an expired timer does not run" cites "RFC 9293 3.8.4"
      any but CLOSED [not running chan or init] { send ACK; clear init }
  on timer linger
    rule over "2 MSL are over" cites "RFC 9293 3.6.1"
      TIME_WAIT -> CLOSED { was := good }
  on segment
    step do
      rule refuse "refused" cites "RFC 9293 3.10.7.1"
        CLOSED [not seg.rst] { send RST with seq seg.ack; drop }
    step second
      rule reset "reset" cites "RFC 9293 3.10.7.4 second"
        any but CLOSED [seg.rst] -> CLOSED { was := bad; drop }
      may rule deaf "a reset that is not heard" cites "RFC 9293 3.10.7.4 second"
        ESTABLISHED, CLOSE_WAIT [seg.rst] { if init { drop } else { set init } }
        TIME_WAIT [seg.rst] { drop }
    step fifth
      rule acked "our FIN is acknowledged" cites "RFC 9293 3.10.7.4 fifth"
        FIN_WAIT_1 [acked] -> FIN_WAIT_2 { stop rto }
        LAST_ACK [acked] -> CLOSED { stop all; was := good; drop }
    step eighth
      rule fin "the peer's FIN" cites "RFC 9293 3.10.7.4 eighth"
        ESTABLISHED [seg.fin and got == 0] -> CLOSE_WAIT { got += 1; send ACK }
        FIN_WAIT_1, FIN_WAIT_2 [seg.fin and got == 0] -> TIME_WAIT
          { got += 1; send ACK; stop all; if init { start chan; if record == hasty { clear init } else { got := 2 } } }
        TIME_WAIT, CLOSE_WAIT [not (seg.fin implies got == 0)] { send ACK }
      may rule fin_late "its ACK comes later" cites "RFC 9293 3.8.6.3"
        ESTABLISHED [seg.fin and got == 0 and not running chan] -> CLOSE_WAIT { got := 1; start chan }
}

profile child extends parent "another limit, a state and a variable more" {
  states LISTEN final
  replace limit retries = 1 in 0..9
  var more : 0..3 = 1
  on call close
    rule late "two segments in one step" cites "RFC 9293 3.10.4"
      FIN_WAIT_2 [more < 3] { more += 2; send ACK; send ACK }
      FIN_WAIT_2 [more == 3] -> LISTEN
}

system bag
  ends parent A, child B
  network 2 loses duplicates reorders
  calls A { close } B { close }

system queue "in order, with budgets"
  ends parent A, child B
  network 3 loses at most 1 duplicates at most 1
  calls A { close ruleset } B { close }

system lossless "a full direction cuts the step"
  ends child A, child B
  network 2 duplicates
  calls A { close ruleset } B { ruleset }
  limit retries = 0

system silent "nothing can happen"
  ends parent A, parent B
  network 1 reorders
  calls A { } B { }
)";

// What the complete endpoint brought: an end that starts elsewhere, a variable that entering CLOSED does not forget,
// and the window and the era in a segment. A connection is opened, used up and opened once more.
inline const std::string second_life = R"(
profile twice "opens, closes, opens again" {
  states ESTABLISHED initial, SYN_SENT, FIN_WAIT_1, CLOSE_WAIT, CLOSED final forgets
  stream from 1
  timer rto = 1 s
  var seen : 0..1
  var stuffed : flag
  kept life : 0..1
  history ended : flag
  segment SYN { seq 0; syn; era life }
  segment OK  { seq 0; ack 1; syn; era life }
  segment ACK { seq 1; ack 1; zero_window stuffed; era life }
  segment FIN { seq 1; ack seen; fin; zero_window seen == 1; era life }
  on call connect
    rule connect "OPEN" cites "RFC 9293 3.10.1" CLOSED [life == 0] -> SYN_SENT { send SYN; start rto }
  on call close
    rule close "CLOSE" cites "RFC 9293 3.10.4" ESTABLISHED -> FIN_WAIT_1 { send FIN; start rto }
  on timer rto
    rule again "again, or not" cites "RFC 9293 3.8.1"
      SYN_SENT -> CLOSED { life := 1; set ended }
      FIN_WAIT_1 [not stuffed] { send FIN; start rto }
      FIN_WAIT_1 [stuffed] -> CLOSED
  on segment
    step all
      rule open "another one opens" cites "RFC 9293 3.10.7.2"
        CLOSED [seg.syn and not seg.has_ack] -> ESTABLISHED { send OK }
      rule opened "it is open" cites "RFC 9293 3.10.7.3" SYN_SENT [seg.syn and seg.has_ack] -> ESTABLISHED { stop rto }
      rule fin "FIN" cites "RFC 9293 3.10.7.4 eighth"
        ESTABLISHED [seg.fin] -> CLOSE_WAIT { seen := 1; stuffed := seg.zero_window; send ACK }
        CLOSE_WAIT [seg.fin and life == 0] { set stuffed; send ACK }
      rule acked "ACK" cites "RFC 9293 3.10.7.4 fifth"
        FIN_WAIT_1 [seg.zero_window] { set stuffed }
        FIN_WAIT_1 [seg.has_ack and not seg.zero_window] -> CLOSED { life := 1 }
}
system both_closed
  ends twice A, twice B
  network 2 loses reorders
  calls A { connect close } B { close }
  starts A in CLOSED, B in CLOSED
system one_open
  ends twice A, twice B
  network 1 loses duplicates
  calls A { close } B { close }
  starts B in CLOSE_WAIT
)";

}  // namespace lastack::testing
