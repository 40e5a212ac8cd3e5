#include "checker/zones/condition.h"

#include <fmt/format.h>
#include <z3++.h>

#include <algorithm>
#include <ctime>
#include <random>

namespace lastack {

namespace {

constexpr std::int64_t no_cap_us = std::int64_t{10} * 365 * 24 * 3600 * 1'000'000;

class Refinement {
public:
    Refinement(const Spec& spec, const SystemDecl& decl, const Claim& claim, const ConditionOptions& options)
        : spec_(spec), decl_(decl), claim_(claim), options_(options) {
        for (const Parameter& each : options.parameters) {
            names_.names.push_back(each.name);
            variables_.push_back(context_.int_const(each.name.c_str()));
        }
        for (const int end : {0, 1}) names_.profile[end] = &profile_at(spec, decl, end);
    }

    void run(WeakestCondition& found) {
        search();
        prune();
        if (out_of_points_ || stopped_) {
            found.note = stopped_ ? "interrupted" : "more points would have to be tried";
        } else {
            found.complete = confirm(found);
        }
        found.regions = regions_;
        found.inside = holding_;
    }

private:
    z3::expr value(const Linear& linear) {
        z3::expr total = context_.int_val(linear.us);
        for (std::size_t i = 0; i < variables_.size(); ++i)
            total = total + context_.int_val(linear.factors[i]) * variables_[i];
        return total;
    }
    z3::expr holds(const Inequality& each) { return each.strict ? value(each.value) > 0 : value(each.value) >= 0; }
    z3::expr inside(const ViolatedRegion& region) {
        z3::expr all = context_.bool_val(true);
        for (const Inequality& each : region) all = all && holds(each);
        return all;
    }
    z3::expr domain() {
        z3::expr all = context_.bool_val(true);
        for (std::size_t i = 0; i < variables_.size(); ++i) {
            const Parameter& each = options_.parameters[i];
            all = all && variables_[i] >= context_.int_val(each.least_us) &&
                  variables_[i] <= context_.int_val(each.most_us);
        }
        return all;
    }
    z3::expr outside_of_all() {
        z3::expr all = domain();
        for (const ViolatedRegion& region : regions_) all = all && !inside(region);
        return all;
    }

    // Each parameter as small or as large as it can be.
    z3::expr corner(unsigned which) {
        z3::expr all = context_.bool_val(true);
        for (std::size_t i = 0; i < variables_.size(); ++i) {
            const Parameter& each = options_.parameters[i];
            all = all && variables_[i] == context_.int_val((which >> i & 1) != 0 ? each.most_us : each.least_us);
        }
        return all;
    }

    // A solution, drawn: each parameter near a random place of its range where that is possible.
    std::optional<std::vector<std::int64_t>> point(const z3::expr& wanted) {
        z3::solver solver(context_);
        solver.add(wanted);
        if (solver.check() != z3::sat) return std::nullopt;
        for (std::size_t i = 0; i < variables_.size(); ++i) {
            const Parameter& each = options_.parameters[i];
            std::uniform_int_distribution<std::int64_t> lot(each.least_us, each.most_us);
            const std::int64_t middle = lot(lots_), width = (each.most_us - each.least_us) / 10;
            solver.push();
            solver.add(variables_[i] >= context_.int_val(middle - width) &&
                       variables_[i] <= context_.int_val(middle + width));
            if (solver.check() != z3::sat) solver.pop();
        }
        solver.check();
        const z3::model model = solver.get_model();
        std::vector<std::int64_t> us;
        for (const z3::expr& variable : variables_) us.push_back(model.eval(variable, true).get_numeral_int64());
        return us;
    }

    TimedAnswer decide(const std::vector<std::int64_t>& us) {
        TimeTable table;
        for (std::size_t i = 0; i < us.size(); ++i) {
            const std::string& name = options_.parameters[i].name;
            if (name == "delay") {
                table.delay_to_us = us[i];
                table.delay_from_us = std::min(us[i], std::max<std::int64_t>(decl_.network.delay_from_us, 0));
                continue;
            }
            bool doubles = false;
            for (const Profile* profile : names_.profile) {
                const int timer = profile->timer(name);
                doubles = doubles || (timer >= 0 && profile->timers[static_cast<std::size_t>(timer)].cap_us > 0);
            }
            table.timers[name] = {us[i], us[i], doubles ? no_cap_us : 0};
        }
        ++tried_;
        out_of_points_ = tried_ > options_.most_points;
        stopped_ = options_.bounds.stop && options_.bounds.stop();
        TimedAnswer answer = decide_timed(spec_, decl_, claim_, options_.bounds, table);
        if (!answer.found && !answer.complete) stopped_ = true;
        return answer;
    }
    bool over() const { return out_of_points_ || stopped_; }

    // All durations for which the run of this answer exists: with its steps in any order that their causes allow, or,
    // where that promises too much, in their own.
    void take_out(const TimedAnswer& answer) {
        const int instants = instants_of(answer);
        std::vector<TimeCondition> causal;
        for (const TimeCondition& each : answer.conditions)
            if (!each.interleaving) causal.push_back(each);
        const ViolatedRegion wide = solvable_where(causal, instants, names_);
        const auto promised = point(inside(wide) && outside_of_all());
        const bool kept = promised && decide(*promised).found;
        regions_.push_back(kept ? wide : solvable_where(answer.conditions, instants, names_));
    }
    static int instants_of(const TimedAnswer& answer) {
        int most = 0;
        for (const TimeCondition& each : answer.conditions) most = std::max({most, each.earlier, each.later});
        return most + 1;
    }

    bool try_point(const z3::expr& wanted) {
        const auto us = point(wanted);
        if (!us) return false;
        const TimedAnswer answer = decide(*us);
        if (over()) return true;
        if (!answer.found) {
            holding_.push_back({*us, false, std::nullopt});
            return false;
        }
        take_out(answer);
        return true;
    }

    // Until nothing that is tried is violated: anywhere, then just beyond each face of what was taken out.
    void search() {
        constexpr int anywhere = 2, each_face = 2;
        const unsigned corners = 1U << std::min<std::size_t>(variables_.size(), 4);
        for (unsigned i = 0; i < corners && !over(); ++i) try_point(corner(i) && outside_of_all());
        for (bool found = true; found && !over();) {
            found = false;
            holding_.clear();
            for (int i = 0; i < anywhere && !found && !over(); ++i) found = try_point(outside_of_all());
            if (found) continue;
            prune();
            for (std::size_t r = 0; r < regions_.size() && !found; ++r) {
                for (std::size_t f = 0; f < regions_[r].size() && !found; ++f) {
                    for (int i = 0; i < each_face && !found && !over(); ++i) found = try_point(beyond(r, f));
                }
            }
        }
    }

    // Just beyond one face of a region, and inside of its others.
    z3::expr beyond(std::size_t region, std::size_t face) {
        z3::expr all = outside_of_all();
        for (std::size_t i = 0; i < regions_[region].size(); ++i) {
            const Inequality& each = regions_[region][i];
            all = all && (i == face ? value(each.value) >= context_.int_val(-options_.step_us) : holds(each));
        }
        return all;
    }

    bool possible(const z3::expr& wanted) {
        z3::solver solver(context_);
        solver.add(wanted);
        return solver.check() != z3::unsat;
    }

    // Faces that the others or the ranges imply, and regions inside of others, say nothing.
    void prune() {
        for (ViolatedRegion& region : regions_) {
            for (std::size_t i = 0; i < region.size();) {
                ViolatedRegion rest = region;
                rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
                if (possible(domain() && inside(rest) && !holds(region[i])))
                    ++i;
                else
                    region = std::move(rest);
            }
        }
        for (std::size_t r = 0; r < regions_.size();) {
            z3::expr alone = domain() && inside(regions_[r]);
            for (std::size_t other = 0; other < regions_.size(); ++other)
                if (other != r) alone = alone && !inside(regions_[other]);
            if (possible(alone))
                ++r;
            else
                regions_.erase(regions_.begin() + static_cast<std::ptrdiff_t>(r));
        }
        loosen();
    }

    // A face that can go without taking in anything new: the other regions have what is behind it.
    void loosen() {
        for (std::size_t r = 0; r < regions_.size(); ++r) {
            for (std::size_t i = 0; i < regions_[r].size();) {
                ViolatedRegion rest = regions_[r];
                rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
                if (possible(outside_of_all() && inside(rest)))
                    ++i;
                else
                    regions_[r] = std::move(rest);
            }
        }
    }

    // From the inside: at each face of each region the claim is violated.
    bool confirm(WeakestCondition& found) {
        for (const ViolatedRegion& region : regions_) {
            for (const Inequality& face : region) {
                const auto us =
                    point(domain() && inside(region) && value(face.value) <= context_.int_val(options_.step_us));
                if (!us) continue;
                TimedAnswer answer = decide(*us);
                if (!answer.found) {
                    found.note = "a run that was generalised does not exist where it should";
                    return false;
                }
                found.outside.push_back({*us, true, std::move(answer.trace)});
            }
        }
        return !over();
    }

    const Spec& spec_;
    const SystemDecl& decl_;
    const Claim& claim_;
    const ConditionOptions& options_;
    z3::context context_;
    std::vector<z3::expr> variables_;
    Parameters names_;
    std::vector<ViolatedRegion> regions_;
    std::vector<TriedPoint> holding_;
    std::mt19937 lots_{1};
    int tried_ = 0;
    bool out_of_points_ = false, stopped_ = false;
};

// "4 rto + delay": the terms with that sign.
std::string terms(const Linear& linear, const std::vector<Parameter>& parameters, bool positive) {
    std::string text;
    const auto add = [&](const std::string& term) { text += (text.empty() ? "" : " + ") + term; };
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const std::int64_t factor = positive ? linear.factors[i] : -linear.factors[i];
        if (factor > 0) add((factor == 1 ? "" : std::to_string(factor) + " ") + parameters[i].name);
    }
    const std::int64_t us = positive ? linear.us : -linear.us;
    if (us > 0) add(fmt::format("{} s", static_cast<double>(us) / 1e6));
    return text.empty() ? "0" : text;
}

// What holds where the inequality does not.
std::string denied(const Inequality& each, const std::vector<Parameter>& parameters) {
    return terms(each.value, parameters, false) + (each.strict ? " >= " : " > ") + terms(each.value, parameters, true);
}

}  // namespace

WeakestCondition weakest_condition(const Spec& spec, const SystemDecl& decl, const Claim& claim,
                                   const ConditionOptions& options) {
    const std::clock_t begun = std::clock();
    WeakestCondition found;
    found.parameters = options.parameters;
    for (const Parameter& each : options.parameters) {
        const bool known = each.name == "delay" || profile_at(spec, decl, 0).timer(each.name) >= 0 ||
                           profile_at(spec, decl, 1).timer(each.name) >= 0;
        if (!known) throw SpecError(claim.where, "no timer is called '" + each.name + "', and it is not 'delay'");
    }
    Refinement(spec, decl, claim, options).run(found);
    found.seconds = static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
    return found;
}

std::vector<std::string> condition_lines(const WeakestCondition& condition) {
    std::vector<std::string> lines;
    for (const ViolatedRegion& region : condition.regions) {
        std::string line;
        for (const Inequality& face : region) line += (line.empty() ? "" : " or ") + denied(face, condition.parameters);
        lines.push_back(line.empty() ? "never" : line);
    }
    return lines;
}

}  // namespace lastack
