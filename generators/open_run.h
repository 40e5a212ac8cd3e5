// A run of one endpoint in an open environment, as a trace of a system: the way from the graphs of checker/compare and
// checker/suites to test vectors.
//
// End 0 is the endpoint. End 1 is the environment, which stays in the first state of the same profile and whose
// sendings are steps of their own.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "checker/compare/endpoint_lts.h"
#include "checker/trace/plain_system.h"
#include "model/plain_memo.h"

namespace lastack {

// The name of the system that such a run belongs to.
inline constexpr const char* open_system = "open";

struct OpenStep {
    std::uint32_t input = 0;  // of the alphabet
    LtsEdge edge;             // that was taken
};

// The trace of no steps.
Trace open_trace(const EndpointLts& lts);
// A step behind those that it has, after what the environment sends for it. Replayed as trace_of does.
void add_step(const EndpointLts& lts, const OpenStep& step, PlainMemo& memo, Trace& trace);
// Replayed with the plain interpreter (`memo` is of its profile and limits), from vertex 0. Throws std::logic_error
// where that does not know a reaction of the run: a bug.
Trace trace_of(const EndpointLts& lts, const std::vector<OpenStep>& run, PlainMemo& memo);

class OpenSystem {
public:
    explicit OpenSystem(const EndpointLts& lts);
    OpenSystem(const OpenSystem&) = delete;
    OpenSystem& operator=(const OpenSystem&) = delete;
    const PlainSystem& system() const { return *system_; }

private:
    Spec spec_;
    SystemDecl decl_;
    std::unique_ptr<PlainSystem> system_;  // refers to both
};

}  // namespace lastack
