// The vectors of a spec's claims (generators/suite.h) as a suite like those of walks: with a guarantee, in one stream,
// so that it is written, driven and scored as they are.
//
// Its goals are the claims that have a trace. Their vectors keep the limits of the systems that the claims are about.
#pragma once

#include "generators/walk_suite.h"

namespace lastack {

// Of the options those count that are about vectors: IP versions, units, waits, `only` (in the names of claims),
// `skip`, `tests`, `take`, `stop`. Throws SpecError where an end speaks another protocol than TCP, OutOfPatience where
// `stop` said so.
WalkSuiteResult make_claim_suite(const Spec& spec, const CheckReport& report, const WalkSuiteOptions& options);

}  // namespace lastack
