#include "checker/zones/projection.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <numeric>

namespace lastack {

namespace {

// The later instant minus the earlier one is at most this.
struct Bound {
    Linear most;
    bool strict = false;
};

Linear sum(const Linear& a, const Linear& b) {
    Linear total = a;
    for (std::size_t i = 0; i < total.factors.size(); ++i) total.factors[i] += b.factors[i];
    total.us += b.us;
    return total;
}

// Is this nowhere more, whatever the parameters are? They are not negative.
bool nowhere_more(const Bound& a, const Bound& b) {
    bool equal = a.most.us == b.most.us;
    if (a.most.us > b.most.us) return false;
    for (std::size_t i = 0; i < a.most.factors.size(); ++i) {
        if (a.most.factors[i] > b.most.factors[i]) return false;
        equal = equal && a.most.factors[i] == b.most.factors[i];
    }
    return !(equal && b.strict && !a.strict);
}

Linear in_lowest_terms(Linear linear) {
    std::int64_t divisor = std::abs(linear.us);
    for (const std::int64_t factor : linear.factors) divisor = std::gcd(divisor, factor);
    if (divisor <= 1) return linear;
    linear.us /= divisor;
    for (std::int64_t& factor : linear.factors) factor /= divisor;
    return linear;
}

using Pair = std::pair<int, int>;  // earlier, later

void add(std::vector<Bound>& bounds, const Bound& bound) {
    for (const Bound& each : bounds)
        if (nowhere_more(each, bound)) return;
    std::erase_if(bounds, [&](const Bound& each) { return nowhere_more(bound, each); });
    bounds.push_back(bound);
}

}  // namespace

Linear Parameters::value_of(const TimeCondition& condition) const {
    Linear value;
    value.factors.assign(names.size(), 0);
    const Duration& duration = condition.duration;
    std::string name = duration.kind == Duration::Kind::delay && condition.latest ? "delay" : "";
    std::int64_t factor = 1;
    if (duration.kind == Duration::Kind::timer) {
        const TimerDecl& timer = profile[duration.end]->timers[static_cast<std::size_t>(duration.timer)];
        name = timer.name;
        if (timer.cap_us > 0) factor = std::int64_t{1} << duration.doublings;
    }
    const auto place = std::find(names.begin(), names.end(), name);
    if (place == names.end() || duration.kind == Duration::Kind::fixed)
        value.us = condition.us;
    else
        value.factors[static_cast<std::size_t>(place - names.begin())] = factor;
    return value;
}

std::vector<Inequality> solvable_where(const std::vector<TimeCondition>& conditions, int instants,
                                       const Parameters& parameters) {
    std::map<Pair, std::vector<Bound>> bounds;
    for (const TimeCondition& each : conditions) {
        Bound bound{parameters.value_of(each), each.strict};
        if (each.at_least) {
            for (std::int64_t& factor : bound.most.factors) factor = -factor;
            bound.most.us = -bound.most.us;
            add(bounds[{each.later, each.earlier}], bound);
        } else {
            add(bounds[{each.earlier, each.later}], bound);
        }
    }
    std::vector<Bound> left;
    for (int gone = instants - 1; gone >= 0; --gone) {
        std::map<Pair, std::vector<Bound>> next;
        for (const auto& [pair, list] : bounds) {
            if (pair.first == gone && pair.second == gone)
                for (const Bound& bound : list) add(left, bound);
            else if (pair.first != gone && pair.second != gone)
                for (const Bound& bound : list) add(next[pair], bound);
        }
        for (const auto& [in, first] : bounds) {
            if (in.second != gone || in.first == gone) continue;
            for (const auto& [out, second] : bounds) {
                if (out.first != gone || out.second == gone) continue;
                for (const Bound& a : first) {
                    for (const Bound& b : second) {
                        const Bound both{sum(a.most, b.most), a.strict || b.strict};
                        if (in.first == out.second)
                            add(left, both);
                        else
                            add(next[{in.first, out.second}], both);
                    }
                }
            }
        }
        bounds = std::move(next);
    }
    std::vector<Inequality> found;
    for (const Bound& bound : left) {
        const bool trivial = std::all_of(bound.most.factors.begin(), bound.most.factors.end(),
                                         [](std::int64_t factor) { return factor >= 0; }) &&
                             (bound.strict ? bound.most.us > 0 : bound.most.us >= 0);
        if (!trivial) found.push_back({in_lowest_terms(bound.most), bound.strict});
    }
    return found;
}

}  // namespace lastack
