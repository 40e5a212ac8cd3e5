// `./dev measure parts`: where the time of a check goes. For each shipped spec, and for the catalogue of properties
// with each profile of the family: processor seconds of reading, of looking through the rules, of explorations, of
// claims that are decided afterwards or explore by themselves, and of the search for cheapest traces with the replay
// of all traces. Target: the search for cheapest traces is never the largest part.
//
// Checks of less than a tenth of a second are printed and not judged: there the clock decides.
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "bench/figures.h"
#include "checker/claims/check.h"
#include "checker/rules/rule_analysis.h"
#include "model/language/read_spec.h"
#include "model/settings.h"
#include "tests/places.h"

namespace {

using namespace lastack;
namespace fs = std::filesystem;

double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

struct Parts {
    double reading = 0, rules = 0, explorations = 0, claims = 0, cheapest = 0;
    double sum() const { return reading + rules + explorations + claims + cheapest; }
};

// Adds the time since it was asked last to what was going on.
class Watch {
public:
    void turn_to(double& part) {
        const double now = processor_seconds();
        if (part_ != nullptr) *part_ += now - since_;
        part_ = &part;
        since_ = now;
    }

private:
    double* part_ = nullptr;
    double since_ = 0;
};

Parts parts_of(const std::string& file, const std::string& profile) {
    Parts parts;
    double over = 0;
    Watch watch;
    watch.turn_to(parts.reading);
    const Spec spec = read_spec(file, profile);
    watch.turn_to(parts.rules);
    const Profile& subject = *spec.profile(spec.subject);
    analyse_rules(subject, limits_of(subject));
    watch.turn_to(parts.explorations);
    CheckOptions options;
    options.activity = [&](const std::string& what) {
        watch.turn_to(what.starts_with("claim ")      ? parts.claims
                      : what.starts_with("cheapest ") ? parts.cheapest
                                                      : parts.explorations);
    };
    check(spec, options);
    watch.turn_to(over);
    return parts;
}

bool print_parts(const std::string& name, const std::string& file, const std::string& profile) {
    const Parts parts = parts_of(file, profile);
    const double most = std::max({parts.rules, parts.explorations, parts.claims});
    const bool met = parts.sum() < 0.1 || parts.cheapest <= most;
    fmt::print("{:<34} {:>7.2f} {:>8.2f} {:>7.2f} {:>8.2f} {:>7.2f} {:>9.2f}  {}\n", name, parts.sum(), parts.reading,
               parts.rules, parts.explorations, parts.claims, parts.cheapest, met ? "" : "MISSED");
    std::fflush(stdout);
    return met;
}

}  // namespace

int main() {
    const fs::path specs = fs::path(lastack::testing::source_dir()) / "specs";
    fmt::print("{:<34} {:>7} {:>8} {:>7} {:>8} {:>7} {:>9}\n", "processor seconds", "all", "reading", "rules",
               "explored", "claims", "cheapest");
    std::vector<std::string> files;
    for (const auto& entry : fs::directory_iterator(specs)) {
        if (entry.path().extension() == ".spec" && entry.path().filename() != "properties.spec")
            files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    bool met = true;
    for (const std::string& file : files) met &= print_parts(fs::path(file).filename(), file, "");
    for (const char* profile : {"rfc793", "rfc9293", "rfc9293-literal", "rfc1337", "rfc5961", "linux", "lwip"})
        met &= print_parts(fmt::format("properties.spec, {}", profile), specs / "properties.spec", profile);
    return bench::line("cheapest traces are the largest part", met ? "never" : "somewhere", "never", met) ? 0 : 1;
}
