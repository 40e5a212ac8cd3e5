// Idea: a part of the state multiplies the space by (distinct states) / (distinct states after the part is projected
// away). To estimate the quotient, states are sampled by a hash of what every projection of a group keeps: all states
// that agree in it are in the sample or none is, so that numerator and denominator are thinned alike (the idea of
// consistent sampling, Broder's min-wise sketches, Compression and Complexity of Sequences 1997). There are five
// groups, by the word of the state that the projection changes: either end, either direction, the counts under
// budgets.
//
// Deviation: where so few values are kept that a sample would be tiny, it is taken more densely, up to a bound.
// Cost: five hashes for each state explored, and a sorted list of at most twice `sample_size` states for each part.
#include "checker/engine/growth.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>

namespace lastack {

namespace {

constexpr std::uint64_t sample_size = 400'000;  // for each of five groups
constexpr std::uint64_t least_sample = 20'000;
constexpr double worth_telling = 1.005;
constexpr std::size_t drivers_with_advice = 6;

enum Group { end_a, end_b, flight_a, flight_b, budgets, groups };

// The state without the word of the group.
SystemState without(SystemState state, int group) {
    switch (group) {
        case end_a: state.end[0] = 0; break;
        case end_b: state.end[1] = 0; break;
        case flight_a: state.bag[0] = 0; break;
        case flight_b: state.bag[1] = 0; break;
        default: state.losses = state.duplicates = 0;
    }
    return state;
}

// The parts of a state that samples are chosen and compared by.
using Parts = std::array<std::uint64_t, 4>;

Parts parts_of(const SystemState& state) {
    return {std::uint64_t{state.end[0]} << 32 | state.end[1], state.bag[0], state.bag[1],
            std::uint64_t{state.losses} << 8 | state.duplicates};
}

std::uint64_t mixed(const SystemState& state) {  // the finalizer of MurmurHash3, after each part
    std::uint64_t x = 0;
    for (const std::uint64_t part : parts_of(state)) {
        x ^= part;
        x = (x ^ x >> 33) * 0xFF51AFD7ED558CCDull;
        x = (x ^ x >> 33) * 0xC4CEB9FE1A85EC53ull;
        x ^= x >> 33;
    }
    return x;
}

std::vector<SystemState> sample(const Explorer& explorer, int group) {
    std::vector<SystemState> chosen;
    const std::uint64_t least = std::min(least_sample, explorer.size());
    for (std::uint64_t thin = explorer.size() / sample_size + 1;; thin /= 4) {
        chosen.clear();
        for (std::uint64_t i = 0; i < explorer.size() && chosen.size() < 2 * sample_size; ++i) {
            const SystemState state = explorer.state(i);
            if (thin <= 1 || mixed(without(state, group)) % thin == 0) chosen.push_back(state);
        }
        if (thin <= 1 || chosen.size() >= least) return chosen;
    }
}

// For each local state of an end, the first one that is equal to it after `forget`.
std::vector<LocalId> merged_locals(const Machine& machine, const std::function<void(EndState&)>& forget) {
    std::map<EndState, LocalId> first;
    std::vector<LocalId> merged(machine.size());
    for (LocalId local = 0; local < machine.size(); ++local) {
        EndState state = machine.decode(local);
        forget(state);
        merged[local] = first.try_emplace(std::move(state), local).first->second;
    }
    return merged;
}

class Estimate {
public:
    Estimate(const System& system, const Explorer& explorer) : system_(system), explorer_(explorer) {}

    std::vector<GrowthDriver> drivers() {
        for (int end = 0; end < 2; ++end) parts_of_end(end);
        for (int end = 0; end < 2; ++end) {
            const std::vector<SystemState> states = sample(explorer_, flight_a + end);
            measure("in flight from " + name(end), states,
                    [&](const SystemState& state) { return without(state, flight_a + end); });
        }
        const Network& network = system_.network();
        if (network.loss_budget >= 0 || network.duplicate_budget >= 0) {
            const std::vector<SystemState> states = sample(explorer_, budgets);
            measure("losses and duplicates so far", states,
                    [](const SystemState& state) { return without(state, budgets); });
        }
        std::stable_sort(drivers_.begin(), drivers_.end(),
                         [](const GrowthDriver& a, const GrowthDriver& b) { return a.factor > b.factor; });
        return std::move(drivers_);
    }

private:
    static std::string name(int end) { return end == 0 ? "A" : "B"; }

    void parts_of_end(int end) {
        const std::vector<SystemState> states = sample(explorer_, end_a + end);
        const Machine& machine = system_.machine(end);
        const auto part = [&](const std::string& what, const std::function<void(EndState&)>& forget) {
            const std::vector<LocalId> merged = merged_locals(machine, forget);
            measure(what, states, [&](SystemState state) {
                state.end[end] = merged[state.end[end]];
                return state;
            });
        };
        part("state of " + name(end), [](EndState& state) { state.state = 0; });
        part("timers of " + name(end), [](EndState& state) { state.armed.clear(); });
        const std::vector<Variable>& variables = machine.profile().variables;
        for (std::size_t i = 0; i < variables.size(); ++i)
            part(name(end) + "." + variables[i].name, [i](EndState& state) { state.values[i] = 0; });
    }

    // `project` leads to a state that stands for all that differ in this part only.
    template <class Project>
    void measure(const std::string& what, const std::vector<SystemState>& states, Project&& project) {
        std::vector<Parts> kept;
        for (const SystemState& state : states) kept.push_back(parts_of(project(state)));
        if (states.empty()) return;
        std::sort(kept.begin(), kept.end());
        const auto distinct = std::unique(kept.begin(), kept.end()) - kept.begin();
        const double factor = static_cast<double>(states.size()) / static_cast<double>(distinct);
        if (factor >= worth_telling) drivers_.push_back({what, factor});
    }

    const System& system_;
    const Explorer& explorer_;
    std::vector<GrowthDriver> drivers_;
};

void limits_in(const Expr& expr, std::set<std::string>& names) {
    if (expr.op == Op::limit) names.insert(expr.name);
    for (const Expr& arg : expr.args) limits_in(arg, names);
}

// Bounds that the part depends on and that can be smaller.
std::vector<std::string> advice(const System& system, const GrowthDriver& driver) {
    const Network& network = system.network();
    if (driver.name.starts_with("in flight"))
        return network.capacity > 1 ? std::vector<std::string>{"network capacity"} : std::vector<std::string>{};
    if (driver.name.starts_with("losses")) return {"losses and duplicates at most"};
    std::vector<std::string> result;
    if (driver.name[1] != '.') return result;
    const Machine& machine = system.machine(driver.name[0] == 'A' ? 0 : 1);
    const Profile& profile = machine.profile();
    const Variable& variable = profile.variables[profile.variable(driver.name.substr(2))];
    std::set<std::string> names;
    limits_in(variable.low, names);
    limits_in(variable.high, names);
    for (const Limit& limit : profile.limits) {
        if (names.contains(limit.name) && machine.limits().at(limit.name) > limit.low)
            result.push_back("limit " + limit.name);
    }
    return result;
}

}  // namespace

Growth growth_of(const System& system, const Explorer& explorer, const Coverage& coverage) {
    Growth growth;
    growth.states = coverage.states;
    growth.waiting = coverage.states - coverage.expanded;
    growth.depth = coverage.depth;
    growth.drivers = Estimate(system, explorer).drivers();
    std::size_t asked = 0;
    for (const GrowthDriver& driver : growth.drivers) {
        if (++asked > drivers_with_advice) break;
        for (const std::string& bound : advice(system, driver)) {
            if (std::find(growth.smaller.begin(), growth.smaller.end(), bound) == growth.smaller.end())
                growth.smaller.push_back(bound);
        }
    }
    if (growth.smaller.empty()) growth.smaller.push_back("fewer calls");
    return growth;
}

}  // namespace lastack
