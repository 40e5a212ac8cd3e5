// Traces for drawings: steps of a small system, chosen by what they say.
#pragma once

#include <stdexcept>
#include <string>

#include "checker/trace/plain_system.h"
#include "tests/spec_support.h"

namespace lastack::testing {

inline const Spec& drawn_spec() {
    static const Spec spec = spec_from(R"(
profile p "closes, with a timer" cites "RFC 9293 3.6" {
  states ESTABLISHED initial, FIN_WAIT_1, FIN_WAIT_2 final, CLOSE_WAIT final, CLOSING final
  timer rto = 1 s
  var got : 0..1
  segment FIN { seq 0; ack got; fin }
  segment ACK { seq 0; ack got }
  on call close
    rule close "CLOSE sends the FIN" cites "RFC 9293 3.10.4" ESTABLISHED -> FIN_WAIT_1 { send FIN; start rto }
  on timer rto
    rule again "the FIN is sent again" cites "RFC 9293 3.8.1" FIN_WAIT_1 { send FIN; start rto }
  on segment
    step fifth "check the ACK field"
      rule acked "our FIN is acknowledged" cites "RFC 9293 3.10.7.4 fifth"
        FIN_WAIT_1 [seg.ack == 1] -> FIN_WAIT_2 { stop rto }
    step eighth "check the FIN bit"
      rule fin "the peer's FIN" cites "RFC 9293 3.10.7.4 eighth"
        ESTABLISHED [seg.fin] -> CLOSE_WAIT { got := 1; send ACK; signal eof }
      rule both "both close" cites "RFC 9293 3.6" FIN_WAIT_1 [seg.fin] -> CLOSING { got := 1; send ACK; stop rto }
}
system calm "nothing is lost"
  ends p A, p B
  network 2 reorders
  calls A { close } B { close }
system lossy "everything may be"
  ends p A, p B
  network 2 loses duplicates
  calls A { close } B { close }
)");
    return spec;
}

class HandWalk {
public:
    explicit HandWalk(const std::string& system) : system_(drawn_spec(), system_named(drawn_spec(), system)) {
        trace_.system = system;
        trace_.initial = system_.initial();
    }
    // The first enabled step whose text has this part.
    HandWalk& take(const std::string& part) {
        for (const TraceStep& step : system_.steps(trace_.last())) {
            if (to_string(step, system_.vocabulary()).find(part) == std::string::npos) continue;
            trace_.steps.push_back(step);
            return *this;
        }
        throw std::out_of_range("no step that says " + part);
    }
    const PlainSystem& system() const { return system_; }
    const Trace& trace() const { return trace_; }

private:
    PlainSystem system_;
    Trace trace_;
};

}  // namespace lastack::testing
