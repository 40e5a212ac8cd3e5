#include "generators/tchecker.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "checker/zones/timed_system.h"

namespace lastack {

namespace {

// The clocks of each location under names that stay: of a timer its own, of what is in flight its place.
std::vector<std::string> names_of(TimedSystem& system, int location) {
    std::vector<std::string> names;
    int places[2] = {0, 0};
    for (const RunningClock& clock : system.clocks(location)) {
        const Duration& of = clock.duration;
        const char end = of.end == 0 ? 'A' : 'B';
        names.push_back(
            of.kind == Duration::Kind::timer
                ? fmt::format("{}_{}", end, system.profile(of.end).timers[static_cast<std::size_t>(of.timer)].name)
                : fmt::format("{}_flight{}", end, places[of.end]++));
    }
    return names;
}

// Copies in an order in which none is overwritten before it is copied. Places in flight move up or down by one in a
// step, so that one of the two directions always does.
std::string assignments(const TimedMove& move, const std::vector<std::string>& before,
                        const std::vector<std::string>& after) {
    std::vector<std::pair<std::string, std::string>> copies;
    std::string resets;
    for (std::size_t k = 0; k < after.size(); ++k) {
        if (move.from[k] == 0) {
            resets += after[k] + "=0;";
        } else if (const std::string& old = before[static_cast<std::size_t>(move.from[k] - 1)]; old != after[k]) {
            copies.emplace_back(after[k], old);
        }
    }
    std::string text;
    while (!copies.empty()) {
        bool progress = false;
        for (std::size_t i = 0; i < copies.size() && !progress; ++i) {
            bool read = false;
            for (const auto& other : copies) read = read || (&other != &copies[i] && other.second == copies[i].first);
            if (read) continue;
            text += copies[i].first + "=" + copies[i].second + ";";
            copies.erase(copies.begin() + static_cast<std::ptrdiff_t>(i));
            progress = true;
        }
        if (!progress) throw std::logic_error("clocks of a step change places");
    }
    text += resets;
    if (!text.empty()) text.pop_back();
    return text;
}

std::string attributes(const std::string& first, const std::string& provided, const std::string& done,
                       const char* condition) {
    std::string text = first;
    const auto add = [&](const std::string& part) { text += (text.empty() ? "" : " : ") + part; };
    if (!provided.empty()) add(std::string(condition) + ": " + provided);
    if (!done.empty()) add("do: " + done);
    return "{" + text + "}";
}

}  // namespace

std::string to_tchecker(const Spec& spec, const SystemDecl& decl, std::size_t most_locations,
                        const std::function<bool()>& stop) {
    if (!decl.network.timed())
        throw SpecError(decl.where, "system '" + decl.name + "' does not count time",
                        "give its network a delay: 'network 2 delay 0 ms to 100 ms'");
    TimedSystem system(spec, decl);
    system.initial();
    std::set<std::string> clocks;
    std::string locations, edges;
    for (int i = 0; i < system.locations(); ++i) {
        if (system.locations() > static_cast<int>(most_locations) || (stop && stop()))
            throw SpecError(decl.where, fmt::format("system '{}' has more than {} locations, or it was interrupted",
                                                    decl.name, most_locations));
        const std::vector<std::string> names = names_of(system, i);
        clocks.insert(names.begin(), names.end());
        std::string invariant;
        const std::vector<RunningClock>& running = system.clocks(i);
        for (std::size_t k = 0; k < running.size(); ++k) {
            if (!running[k].forced)
                throw SpecError(decl.where, "timer " + names[k] +
                                                " may be due without a rule that takes its end: "
                                                "TChecker has no word for that");
            invariant += (invariant.empty() ? "" : " && ") + fmt::format("{}<={}", names[k], running[k].latest_us);
        }
        locations +=
            fmt::format("location:system:l{}{}\n", i, attributes(i == 0 ? "initial:" : "", invariant, "", "invariant"));
        for (const TimedMove& move : system.moves(i)) {
            std::string guard;
            if (move.expires > 0)
                guard = fmt::format("{}>={}", names[static_cast<std::size_t>(move.expires - 1)],
                                    running[static_cast<std::size_t>(move.expires - 1)].earliest_us);
            if (move.at_once > 0)
                guard += (guard.empty() ? "" : " && ") +
                         fmt::format("{}==0", names[static_cast<std::size_t>(move.at_once - 1)]);
            edges +=
                fmt::format("edge:system:l{}:l{}:step{}\n", i, move.target,
                            attributes("", guard, assignments(move, names, names_of(system, move.target)), "provided"));
        }
    }
    std::string out = fmt::format("# {} of {}, by lastack; times in microseconds\nsystem:{}\n\nevent:step\n", decl.name,
                                  spec.subject, decl.name);
    for (const std::string& clock : clocks) out += "clock:1:" + clock + "\n";
    return out + "\nprocess:system\n" + locations + edges;
}

}  // namespace lastack
