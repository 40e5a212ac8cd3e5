#include "cli/walk.h"
#include "fuzz/readers.h"
#include "fuzz/small_pair.h"
#include "generators/itf.h"
#include "report/ladder.h"
#include "report/mermaid.h"
#include "report/svg_ladder.h"

namespace lastack::fuzz {

namespace {

void check_written(const Trace& trace) {
    if (trace_from_itf(small_pair(), to_itf(small_pair(), trace)) != trace)
        contradiction("a trace that was written is another one");
}

}  // namespace

void read_trace_file(std::string_view bytes) {
    Trace trace;
    try {
        trace = trace_from_itf(small_pair(), std::string(bytes));
    } catch (const TraceFormatError&) {
        return;
    }
    check_written(trace);
    SteppedWalk walk(small_pair());
    try {
        walk.replay(trace);
    } catch (const WalkError&) {
        return;  // it has the form of a trace, and is none of this system
    }
    ladder(small_pair(), trace);
    mermaid(small_pair(), trace);
    svg_ladder(small_pair(), trace);
    walk.go_to(walk.length() / 2);
    check_written(walk.so_far());
    if (walk.events().empty()) return;
    walk.take(1);
    check_written(walk.so_far());
}

}  // namespace lastack::fuzz
