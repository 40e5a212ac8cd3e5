// A small profile for the target `sim`: its rules fit on a screen, so that what a test expects can be read off here.
#pragma once

#include <string>

#include "model/language/read_spec.h"
#include "model/spec.h"

namespace hand {

inline const std::string tiny_text = R"(
profile tiny "a small endpoint" cites "RFC 9293 3.6" {
states ESTABLISHED initial, FIN_WAIT_1, FIN_WAIT_2, CLOSING, TIME_WAIT, CLOSE_WAIT, LAST_ACK, CLOSED final forgets
limit data    = 2 in 0..3
limit retries = 2 in 0..15
timer rto       = 1 s doubling to 60 s
timer patience  = 300 s while state == FIN_WAIT_2 and rcv_nxt < 4
timer time_wait = 60 s to 62 s
var snd_una, snd_nxt : 0..data+1
var rcv_nxt : 0..4
var tries : 0..retries
segment ACK   { seq snd_nxt; ack rcv_nxt }
segment FIN   { seq snd_nxt; ack rcv_nxt; fin }
segment DATA  { seq snd_nxt; ack rcv_nxt; len 1 }
segment RESET { seq snd_nxt; ack rcv_nxt; rst }

on call send
  rule send "text goes out" cites "RFC 9293 3.10.2"
    ESTABLISHED, CLOSE_WAIT [snd_nxt < data] { send DATA; snd_nxt += 1; if not running rto { start rto } }
on call close
  rule close_active "the first FIN" cites "RFC 9293 3.10.4"
    ESTABLISHED -> FIN_WAIT_1 { send FIN; snd_nxt += 1; if not running rto { start rto } }
  rule close_passive "the second FIN" cites "RFC 9293 3.10.4"
    CLOSE_WAIT -> LAST_ACK { send FIN; snd_nxt += 1; if not running rto { start rto } }
on call shutdown_wr
  rule half_close "a FIN only" cites "RFC 9293 3.6"
    ESTABLISHED -> FIN_WAIT_1 { send FIN; snd_nxt += 1; if not running rto { start rto } }
on call abort
  rule abort "a reset" cites "RFC 9293 3.10.5"                any but CLOSED -> CLOSED { send RESET }

on timer rto
  rule again "the FIN goes out again" cites "RFC 9293 3.8.1"
    FIN_WAIT_1, CLOSING, LAST_ACK [tries < retries] { tries += 1; send FIN with seq snd_una; start rto }
  rule text_again "text goes out again" cites "RFC 9293 3.8.1"
    ESTABLISHED, CLOSE_WAIT [tries < retries] { tries += 1; send DATA with seq snd_una; start rto }
  rule give_up "enough" cites "RFC 9293 3.8.3"
    ESTABLISHED, CLOSE_WAIT, FIN_WAIT_1, CLOSING, LAST_ACK [tries == retries] -> CLOSED { signal timeout }
on timer patience
  rule enough "nothing came for long" cites "RFC 9293 3.6"     FIN_WAIT_2 -> CLOSED
on timer time_wait
  rule two_msl "2 MSL are over" cites "RFC 9293 3.10.8"       TIME_WAIT -> CLOSED

on segment
  step first "check sequence number"
    rule unacceptable "beyond what is next" cites "RFC 9293 3.10.7.4 first"
      any but CLOSED [seg.seq > rcv_nxt] { send ACK; drop }
  step second "check RST"
    rule reset "a reset ends it" cites "RFC 9293 3.10.7.4 second"
      any but CLOSED [seg.rst] -> CLOSED { signal reset; drop }
  step fifth "check ACK"
    rule acked "progress" cites "RFC 9293 3.10.7.4 fifth"
      any but CLOSED [seg.ack > snd_una and seg.ack <= snd_nxt] 
        { snd_una := seg.ack; tries := 0; if snd_una == snd_nxt { stop rto } else { start rto } }
  step fifth_fin "is our FIN acknowledged?"
    rule fin_acked "our FIN is acknowledged" cites "RFC 9293 3.10.7.4 fifth"
      FIN_WAIT_1 [snd_una == snd_nxt] -> FIN_WAIT_2
      CLOSING    [snd_una == snd_nxt] -> TIME_WAIT { start time_wait }
      LAST_ACK   [snd_una == snd_nxt] -> CLOSED { drop }
  step seventh "text"
    rule text "text in order" cites "RFC 9293 3.10.7.4 seventh"
      ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2 [seg.len == 1 and seg.seq == rcv_nxt] { rcv_nxt += 1; send ACK }
    may rule text_twice "acknowledged twice" cites "RFC 9293 3.10.7.4 seventh"
      ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2 [seg.len == 1 and seg.seq == rcv_nxt] { rcv_nxt += 1; send ACK; send ACK }
  step eighth "check FIN"
    rule fin "the peer's FIN" cites "RFC 9293 3.10.7.4 eighth"
      ESTABLISHED [seg.fin and seg.seq + seg.len == rcv_nxt] -> CLOSE_WAIT { rcv_nxt += 1; send ACK; signal eof }
      FIN_WAIT_1  [seg.fin and seg.seq + seg.len == rcv_nxt] -> CLOSING { rcv_nxt += 1; send ACK; signal eof }
      FIN_WAIT_2  [seg.fin and seg.seq + seg.len == rcv_nxt] -> TIME_WAIT
        { rcv_nxt += 1; send ACK; signal eof; start time_wait }
    rule fin_again "2 MSL again" cites "RFC 9293 3.10.7.4 eighth"
      TIME_WAIT [seg.fin] { send ACK; start time_wait }
}
)";

inline lastack::Profile tiny_profile() { return lastack::parse_spec(tiny_text, "tiny.spec").profiles.at(0); }

}  // namespace hand
