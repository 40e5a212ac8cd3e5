#include "checker/proof/certificate.h"

#include <z3++.h>

#include "checker/proof/watchdog.h"

namespace lastack {

Rechecked recheck(const std::string& smtlib, std::chrono::milliseconds time, const std::function<bool()>& stop) {
    z3::context context;
    const Watchdog watchdog(context, std::chrono::steady_clock::now() + time, stop);
    try {
        z3::solver solver(context);
        solver.from_string(smtlib.c_str());
        switch (solver.check()) {
            case z3::unsat: return Rechecked::unsat;
            case z3::sat: return Rechecked::sat;
            case z3::unknown: break;
        }
    } catch (const z3::exception&) {
        return Rechecked::unknown;
    }
    return Rechecked::unknown;
}

}  // namespace lastack
