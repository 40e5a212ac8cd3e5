#include "report/explanation.h"

#include <fmt/format.h>

#include "report/check_text.h"

namespace lastack {

std::string place_of(const LikelyFault& fault) {
    return fault.where.source ? fmt::format("{}:{}", fault.where.source->name, fault.where.line) : "";
}

std::string explanations_text(const std::vector<TestVector>& vectors, const Explanations& explanations) {
    std::string text;
    for (const auto& [index, one] : explanations) {
        text += fmt::format("  {} again:\n    {}\n", vectors[index].id, one.again);
        if (one.profile_does_so) {
            text += "    the profile itself does so: the vector is not one of it\n";
        } else if (one.faults_tried && one.faults.empty()) {
            text += "    none of the mistakes that were tried looks like this\n";
        }
        for (const LikelyFault& fault : one.faults)
            text +=
                "    " +
                wrapped(fmt::format("looks like: {} ({}) \"{}\"", fault.id, place_of(fault), fault.sentence), 4, 6) +
                "\n";
    }
    return text;
}

}  // namespace lastack
