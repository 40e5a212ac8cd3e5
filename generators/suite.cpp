#include "generators/suite.h"

#include <fmt/format.h>

#include <algorithm>

#include "generators/project.h"

namespace lastack {

Suite make_suite(const Spec& spec, const CheckReport& report, const SuiteOptions& options) {
    Suite suite;
    for (const CheckResult& result : report.claims) {
        if (!result.trace) continue;
        ++suite.traces;
        const PlainSystem system(spec, *spec.system(result.claim->system));
        for (int end = 0; end < 2; ++end) {
            for (const int ip : options.ip_versions) {
                Projection projection = project(system, *result.claim, *result.trace, end, {ip, options.unit_bytes});
                if (projection.vector) {
                    suite.vectors.push_back(std::move(*projection.vector));
                } else if (ip == options.ip_versions.front()) {
                    suite.not_made.push_back(
                        {fmt::format("{}/{}", result.claim->id, end == 0 ? "A" : "B"), projection.reason});
                }
            }
        }
    }
    return suite;
}

std::string file_stem(const TestVector& vector) {
    std::string stem = vector.id;
    std::replace(stem.begin(), stem.end(), '/', '.');
    return stem;
}

}  // namespace lastack
