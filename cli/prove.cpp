#include <fmt/format.h>

#include <algorithm>

#include <cstdio>

#include "checker/proof/prover.h"
#include "cli/checking.h"
#include "cli/session.h"
#include "cli/verbs.h"

namespace lastack {

int prove_verb(const ProveArguments& arguments) {
    const Spec spec = read_and_analyse(arguments);
    std::vector<const Claim*> claims;
    for (const Claim& claim : spec.claims) {
        const bool named = arguments.claims.empty() ||
                           std::find(arguments.claims.begin(), arguments.claims.end(), claim.id) != arguments.claims.end();
        const bool here = arguments.systems.empty() || std::find(arguments.systems.begin(), arguments.systems.end(), claim.system) != arguments.systems.end();
        if (named && here) claims.push_back(&claim);
    }
    ProofOptions options;
    options.time = std::chrono::milliseconds(static_cast<long>(arguments.seconds * 1000));
    options.stop = interrupted;
    for (const Proof& proof : prove(spec, claims, options)) {
        fmt::print("{} {} {:.1f}\n", proof.claim->id, proof.proved ? "proved" : "unknown", proof.seconds);
        if (arguments.verbose) {
        for (const auto& line : proof.limits) fmt::print("   {}\n", line);
        for (const auto& line : proof.invariant) fmt::print("   {}\n", line);
        }
        for (const auto& line : proof.tried) fmt::print("   {}\n", line);
    }
    return 0;
}

}  // namespace lastack
