#include "generators/walk_suite.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <iterator>
#include <mutex>
#include <set>
#include <string_view>
#include <thread>

#include "checker/suites/cover.h"
#include "checker/suites/siblings.h"
#include "checker/suites/tours.h"
#include "generators/diff_vector.h"
#include "generators/walk_vector.h"
#include "model/settings.h"

namespace lastack {

namespace {

// How a profile differs from the suite's own: goals of it are named with the setting.
struct Variation {
    std::string name;              // "/tcp_fin_timeout=61"
    std::set<std::string> timers;  // of another length

    bool concerns(const std::string& goal) const {
        return std::any_of(timers.begin(), timers.end(),
                           [&](const std::string& timer) { return goal.find("/" + timer + "/") != std::string::npos; });
    }
};

// Only the goals that are asked for; the others are taken for reached.
class OnlyGoals final : public Goals {
public:
    OnlyGoals(Goals& all, std::vector<bool> wanted) : all_(all), wanted_(std::move(wanted)) {
        names = all.names;
        sentences = all.sentences;
    }
    const std::vector<Offer>& offers(std::uint32_t vertex, std::uint32_t kind_before) override {
        here_.clear();
        for (const Offer& offer : all_.offers(vertex, kind_before))
            if (wanted_[offer.goal]) here_.push_back(offer);
        return here_;
    }
    std::uint32_t kind(std::uint32_t vertex, const LtsEdge& edge) override { return all_.kind(vertex, edge); }

private:
    Goals& all_;
    std::vector<bool> wanted_;
    std::vector<Offer> here_;
};

// Inputs in blocks that are asked for, and that were reached.
class Cells {
public:
    explicit Cells(const TesterGraph& graph)
        : inputs_(graph.alphabet().inputs.size()), asked_(graph.blocks() * inputs_), reached_(asked_.size()) {}

    // Is it new?
    bool ask(std::uint32_t block, std::uint32_t input) { return set(asked_, block, input); }
    bool reach(std::uint32_t block, std::uint32_t input) { return set(reached_, block, input); }
    bool is_reached(std::uint32_t block, std::uint32_t input) const { return reached_[block * inputs_ + input]; }

private:
    bool set(std::vector<bool>& of, std::uint32_t block, std::uint32_t input) const {
        const bool fresh = !of[block * inputs_ + input];
        of[block * inputs_ + input] = true;
        return fresh;
    }
    std::size_t inputs_;
    std::vector<bool> asked_, reached_;  // by block and input
};

class SuiteMaker {
public:
    SuiteMaker(const TesterGraph& graph, const std::string& suite, const WalkSuiteOptions& options,
               const Variation& variation, WalkSuiteResult& result)
        : graph_(graph), suite_(suite), options_(options), variation_(variation), result_(result), projector_(graph),
          time_(graph, longest_wait_us()), reduces_(options.reduce && !parts_of(suite).empty()) {}

    // `known`: what another system of the endpoint has goals for.
    void make(Goals& goals, const std::set<std::string>& known) {
        std::vector<bool> wanted(goals.size());
        for (std::size_t i = 0; i < goals.size(); ++i)
            wanted[i] = (options_.only.empty() || goals.names[i].find(options_.only) != std::string::npos) &&
                        !known.contains(goals.names[i]);
        result_.goals += static_cast<std::size_t>(std::count(wanted.begin(), wanted.end(), true));
        tell_size(result_.goals, result_.goals);
        OnlyGoals asked(goals, wanted);
        WalkOptions walk = walk_options();
        // What was lost with a cut walk is tried by shorter ones, down to one goal a walk.
        if (suite_ == "transitions") add_tours(goals, asked, wanted, walk);
        for (std::size_t longest = options_.longest; std::count(wanted.begin(), wanted.end(), true) > 0;
             longest = std::max<std::size_t>(longest / 4, 1)) {
            OnlyGoals left(goals, wanted);
            walk.longest = longest;
            Walks walks = walks_to(graph_, left, walk);
            if (reduces_) reduce(walks.walks, asked, wanted);
            for (const Walk& one : walks.walks)
                if (!ended_) add_walk(one, goals);
            add_siblings(walks.walks, asked);
            std::vector<bool> lost = wanted;
            for (const std::uint32_t one : reached_) lost[one] = false;
            if (longest > 1) {
                for (const std::uint32_t one : walks.missed) {
                    if (lost[one]) missed_.insert(one);
                    lost[one] = false;
                }
            }
            if (longest <= 1 || ended_) {
                for (std::uint32_t i = 0; i < goals.size(); ++i)
                    if (lost[i]) missed_.insert(i);
                break;
            }
            wanted = lost;
        }
        for (const std::uint32_t one : missed_) {
            if (reached_.contains(one)) continue;  // on the way to another goal, later
            const auto reason = reasons_.find(one);
            result_.suite.not_made.push_back(
                {goals.names[one] + variation_.name,
                 reason == reasons_.end() ? "no walk of a tester comes there in time" : reason->second});
        }
        result_.reached += reached_.size();
        for (const std::uint32_t one : reached_) result_.goal_names.push_back(goals.names[one] + variation_.name);
    }

    // Each reaction, or each course where there is a choice, and behind it each identifier of what follows.
    void make_tests(const std::string& suite, const Identifiers& identifiers, std::uint32_t share = 0,
                    std::uint32_t shares = 1) {
        WalkOptions walk = walk_options();
        walk.longest = options_.longest;
        CompleteOptions complete;
        complete.each_input = suite == "exhaustive";
        complete.one_more = suite == "complete+1";
        complete.only_choices = suite == "choices";
        // Identified once and for all they would be tests of what nobody asked for.
        complete.chained = suite == "complete" && options_.only.empty();
        complete.share = share;
        complete.shares = shares;
        const std::string part = suite == suite_ ? "" : suite + "/";  // of a union
        complete.wanted = [&](std::uint32_t reaction) {
            const TesterGraph::Reaction& one = graph_.reactions()[reaction];
            return options_.only.empty() ||
                   cell_name(graph_, one.block, one.inputs.front()).find(options_.only) != std::string::npos;
        };
        tell_size(0, most_tests(graph_, identifiers, complete));
        MadeTests made{part, complete.chained, Cells(graph_)};
        const CompleteSummary summary = complete_tests(graph_, identifiers, walk, complete,
                                                       [&](const CompleteTest& test) { return make_test(test, made); });
        if (!part.empty()) {
            for (const auto& [name, reason] : made.unreached) result_.suite.not_made.push_back({name, reason});
            return;
        }
        result_.complete = summary;
        for (const auto& [reason, count] : made.failed)
            result_.suite.not_made.push_back({fmt::format("{} tests", count), reason});
    }

private:
    std::int64_t longest_wait_us() const { return options_.waits ? lastack::longest_wait_us(suite_) : 0; }
    void tell_size(std::size_t goals, std::size_t tests) const {
        if (options_.sized)
            options_.sized({graph_.size(), graph_.blocks(), graph_.alphabet().inputs.size(), graph_.reactions().size(),
                            goals, tests * options_.ip_versions.size()});
    }
    WalkOptions walk_options() const {
        WalkOptions walk;
        walk.longest_wait_us = longest_wait_us();
        walk.seed = options_.seed;
        walk.stop = options_.stop;
        return walk;
    }

    struct Reached {
        std::string name, sentence;
    };

    // What is known while tests of reactions are made.
    struct MadeTests {
        std::string part;  // of a union
        bool chained;      // tests of one cell do not come together
        Cells cells;
        std::vector<std::uint32_t> goals = {}, inputs = {};  // of the test before
        std::vector<Reached> here = {};                      // the same in words
        std::map<std::string, std::size_t> failed = {};
        std::map<std::string, std::string> unreached = {};  // of a union: cells, and why
    };

    TestTaken make_test(const CompleteTest& test, MadeTests& made) {
        const auto block = [&](std::size_t i) { return graph_.reactions()[test.walk.goals[i]].block; };
        if (test.walk.goals != made.goals || test.inputs != made.inputs) {
            made.goals = test.walk.goals;
            made.inputs = test.inputs;
            made.here.clear();
            for (std::size_t i = 0; i < test.inputs.size(); ++i) {
                made.here.push_back({made.part + cell_name(graph_, block(i), test.inputs[i]),
                                     cell_sentence(graph_, block(i), test.inputs[i])});
                if (made.cells.ask(block(i), test.inputs[i])) ++result_.goals;
            }
            if (!made.chained) used_.clear();  // a stream has millions
        }
        const std::string reason = add(test.walk, made.here);
        if (!reason.empty()) {
            if (test.chained) return TestTaken::not_made;
            ++made.failed[reason];
        }
        for (std::size_t i = 0; i < test.inputs.size(); ++i) {
            const std::string& name = made.here[i].name;
            if (!reason.empty()) {
                if (!made.part.empty() && !made.cells.is_reached(block(i), test.inputs[i]))
                    made.unreached[name] = reason;
            } else if (made.cells.reach(block(i), test.inputs[i])) {
                ++result_.reached;
                if (!made.part.empty()) result_.goal_names.push_back(name);  // a stream has millions
                made.unreached.erase(name);
            }
        }
        if (ended_) return TestTaken::enough;
        return reason.empty() ? TestTaken::made : TestTaken::not_made;
    }

    // What is lost with a cut tour, other walks may reach that go by other ways.
    void add_tours(Goals& goals, Goals& asked, std::vector<bool>& wanted, WalkOptions walk) {
        OnlyGoals all(goals, wanted);
        walk.longest = options_.longest;
        const Walks tours = tours_to(graph_, all, walk);
        for (const Walk& one : tours.walks)
            if (!ended_) add_walk(one, goals);
        add_siblings(tours.walks, asked);
        const auto is_lost = [&](std::uint32_t goal) { return !reached_.contains(goal); };
        for (const Walk& one : walks_to(graph_, all, walk).walks)
            if (!ended_ && std::any_of(one.goals.begin(), one.goals.end(), is_lost)) add_walk(one, goals);
        for (const std::uint32_t one : reached_) wanted[one] = false;
    }

    // Those that are needed for what is wanted; each has all its goals, first those that no walk before it has.
    void reduce(std::vector<Walk>& walks, Goals& asked, const std::vector<bool>& wanted) const {
        std::vector<Coverer> coverers;
        for (const Walk& walk : walks) {
            coverers.push_back({goals_reached(asked, walk), walk.steps.size()});
            std::erase_if(coverers.back().reaches, [&](std::uint32_t goal) { return !wanted[goal]; });
        }
        const std::vector<bool> kept = greedy_cover(coverers);
        std::vector<Walk> needed;
        std::vector<bool> known(asked.size());
        for (const std::uint32_t one : reached_) known[one] = true;
        for (std::size_t i = 0; i < walks.size(); ++i) {
            if (!kept[i]) continue;
            std::vector<std::uint32_t> reaches = goals_reached(asked, walks[i]);
            std::stable_partition(reaches.begin(), reaches.end(), [&](std::uint32_t goal) { return !known[goal]; });
            for (const std::uint32_t goal : reaches) known[goal] = true;
            needed.push_back(std::move(walks[i]));
            needed.back().goals = std::move(reaches);
        }
        walks = std::move(needed);
    }

    // The walks on other courses. Of a union those that are needed: each goal is reached on each course once.
    void add_siblings(const std::vector<Walk>& walks, Goals& asked) {
        std::vector<Walk> siblings;
        std::vector<Coverer> coverers;
        std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> numbers;  // of a goal on a course
        std::vector<bool> known(asked.size());
        for (Walk walk : walks) {
            if (reduces_) std::erase_if(walk.goals, [&](std::uint32_t goal) { return known[goal]; });
            for (const std::uint32_t goal : walk.goals) known[goal] = true;
            for (Walk& one : siblings_of(graph_, asked, time_, walk)) {
                coverers.push_back({{}, one.steps.size()});
                for (const std::uint32_t goal : one.goals) {
                    const auto next = static_cast<std::uint32_t>(numbers.size());
                    const auto place = numbers.try_emplace({goal, course_of(one)}, next).first;
                    coverers.back().reaches.push_back(place->second);
                }
                siblings.push_back(std::move(one));
            }
        }
        const std::vector<bool> kept = reduces_ ? greedy_cover(coverers) : std::vector<bool>(siblings.size(), true);
        for (std::size_t i = 0; i < siblings.size(); ++i) {
            if (!kept[i]) continue;
            if (ended_) return;
            if (reduces_) list_all(siblings[i], asked);
            const std::size_t before = result_.vectors;
            add_walk(siblings[i], asked);
            result_.siblings += result_.vectors - before;
        }
    }

    // What its first choice does.
    std::uint32_t course_of(const Walk& walk) const {
        const auto choice = std::find_if(walk.steps.begin(), walk.steps.end(), [&](const WalkStep& step) {
            return !graph_.is_settled(step.vertex, step.input);
        });
        return choice->edge.label;
    }

    static void list_all(Walk& walk, Goals& asked) {
        for (const std::uint32_t goal : goals_reached(asked, walk))
            if (std::find(walk.goals.begin(), walk.goals.end(), goal) == walk.goals.end()) walk.goals.push_back(goal);
    }

    void add_walk(const Walk& walk, const Goals& goals) {
        std::vector<Reached> here;
        for (const std::uint32_t goal : walk.goals)
            here.push_back({goals.names[goal] + variation_.name, goals.sentences[goal]});
        const std::string reason = add(walk, here);
        if (reason.empty()) {
            reached_.insert(walk.goals.begin(), walk.goals.end());
            return;
        }
        for (const std::uint32_t goal : walk.goals) reasons_[goal] = reason;
    }

    // A vector for each IP version; empty where they were made, else why not.
    std::string add(const Walk& walk, const std::vector<Reached>& goals) {
        if (options_.stop && options_.stop()) throw OutOfPatience{};
        if (is_passed_over(options_, result_)) return "";
        for (const int ip : options_.ip_versions) {
            std::string reason = add_vector(walk, goals, ip);
            if (!reason.empty()) return reason;
        }
        result_.steps += walk.steps.size() * options_.ip_versions.size();
        return "";
    }

    // Empty where it was made.
    std::string add_vector(const Walk& walk, const std::vector<Reached>& goals, int ip) {
        const std::string id = fmt::format("{}/{}", result_.name, goals.front().name);
        Projection made = projector_.make(walk, id, goals.front().sentence,
                                          {ip, options_.unit_bytes, options_.look_us, options_.moments});
        if (!made.vector) return made.reason;
        TestVector& vector = *made.vector;
        vector.id = fmt::format("{}/ipv{}", numbered(id), ip);
        vector.claims.clear();
        for (const Reached& goal : goals) vector.claims.push_back({goal.name, VectorClaim::Sense::goal, goal.sentence});
        ended_ = !hand_out(std::move(vector), options_, result_);
        return "";
    }

    // A reaction has several tests of `complete`, one for each identifier.
    std::string numbered(const std::string& id) {
        const std::size_t number = ++used_[id];
        return number <= options_.ip_versions.size()
                   ? id
                   : fmt::format("{}/{}", id, (number - 1) / options_.ip_versions.size() + 1);
    }

    const TesterGraph& graph_;
    const std::string& suite_;
    const WalkSuiteOptions& options_;
    const Variation& variation_;
    WalkSuiteResult& result_;
    std::map<std::string, std::size_t> used_;
    WalkProjector projector_;
    TimedSteps time_;
    bool reduces_;
    bool ended_ = false;
    std::set<std::uint32_t> reached_, missed_;
    std::map<std::uint32_t, std::string> reasons_;
};

// A goal's name up to its first part of its own, "calls/send"; and without the way into its state,
// "calls/send/closed/pipe".
std::string call_of(const std::string& goal, bool in_union) {
    const std::size_t begin = in_union ? goal.find('/') + 1 : 0;
    return goal.substr(0, goal.find('/', begin) + 1);
}
std::string without_way(const std::string& goal, bool in_union) {
    const std::size_t state = call_of(goal, in_union).size(), way = goal.find('/', state);
    const std::size_t after = way == std::string::npos ? way : goal.find('/', way + 1);
    return after == std::string::npos ? goal : goal.substr(0, way) + goal.substr(after);
}

// What another system has goals for is asked for once more in each control state only: that it goes on as ever.
void leave_out_variants(const std::vector<std::string>& goals, bool in_union, std::set<std::string>& known) {
    std::set<std::string> calls, seen;
    for (const std::string& goal : known) calls.insert(call_of(goal, in_union));
    for (const std::string& goal : goals) {
        if (!known.contains(goal) && calls.contains(call_of(goal, in_union)) &&
            !seen.insert(without_way(goal, in_union)).second)
            known.insert(goal);
    }
}

void add_share(WalkSuiteResult share, WalkSuiteResult& into) {
    into.goals += share.goals;
    into.reached += share.reached;
    into.vectors += share.vectors;
    into.steps += share.steps;
    into.suite.traces += share.suite.traces;
    for (const auto& [clause, count] : share.by_clause) into.by_clause[clause] += count;
    std::move(share.goal_names.begin(), share.goal_names.end(), std::back_inserter(into.goal_names));
    std::move(share.suite.not_made.begin(), share.suite.not_made.end(), std::back_inserter(into.suite.not_made));
    into.complete.add(share.complete);
}

// Each thread makes its share; where all hand out to the same, one at a time does.
void make_side_by_side(const TesterGraph& graph, const std::string& suite, const WalkSuiteOptions& options,
                       const Variation& variation, WalkSuiteResult& result) {
    const Identifiers identifiers(graph, options.waits);
    const auto count = static_cast<std::size_t>(options.jobs);
    std::vector<WalkSuiteResult> shares(count);
    std::vector<std::exception_ptr> problems(count);
    std::mutex mutex;
    std::atomic<bool> ended = false;
    const auto work = [&](std::size_t job) {
        WalkSuiteOptions own = options;
        own.skip = job < options.skips.size() ? options.skips[job] : 0;
        std::size_t tests = own.skip;
        own.tests = &tests;
        if (job > 0) own.sized = nullptr;
        own.take = [&](TestVector vector) {
            std::unique_lock lock(mutex, std::defer_lock);
            if (options.takes.empty()) lock.lock();
            if (options.tests_of_jobs) options.tests_of_jobs->at(job) = tests;
            const auto& take = options.takes.empty() ? options.take : options.takes[job];
            if (ended || !take(std::move(vector))) ended = true;
            return !ended;
        };
        shares[job].name = result.name;
        try {
            SuiteMaker(graph, suite, own, variation, shares[job])
                .make_tests(suite, identifiers, static_cast<std::uint32_t>(job), static_cast<std::uint32_t>(count));
        } catch (...) {
            problems[job] = std::current_exception();
            ended = true;
        }
    };
    {
        std::vector<std::jthread> threads;
        for (std::size_t job = 0; job < count; ++job) threads.emplace_back(work, job);
    }
    for (WalkSuiteResult& share : shares) add_share(std::move(share), result);
    for (const std::exception_ptr& problem : problems)
        if (problem) std::rethrow_exception(problem);
}

// What of the suite begins in one state; nothing where the profile has no such state. Its goals are known from then on;
// in a system of its own, those that are known are left out, but for those that the variation concerns.
void add_part(const Profile& profile, const std::string& suite, const std::string& start,
              const WalkSuiteOptions& options, bool own_system, const Variation& variation,
              std::set<std::string>& known, WalkSuiteResult& result) {
    if (!start.empty() && profile.state(start) < 0) return;
    TesterOptions tester;
    tester.start = start;
    tester.calls = calls_of_a_tester(profile, !start.empty());
    tester.each_segment = start.empty() && wants_each_segment(suite);
    tester.max_states = options.max_states;
    tester.stop = options.stop;
    const TesterGraph graph(profile, limits_of(profile, options.limits), tester);
    result.states += graph.size();
    result.told_apart += graph.blocks();
    result.reactions += graph.reactions().size();
    for (std::uint32_t vertex = 0; vertex < graph.size(); ++vertex) {
        for (const LtsEdge& edge : graph.lts().edges(vertex))
            result.firing.insert(graph.lts().rules(edge).begin(), graph.lts().rules(edge).end());
    }
    if (tests_reactions(suite) && options.jobs > 1) return make_side_by_side(graph, suite, options, variation, result);
    SuiteMaker maker(graph, suite, options, variation, result);
    if (tests_reactions(suite)) return maker.make_tests(suite, Identifiers(graph, options.waits));
    const std::unique_ptr<Goals> goals = make_goals(suite, graph, options.seed);
    if (!goals) throw std::invalid_argument(fmt::format("suite '{}' is not made of walks", suite));
    if (!variation.name.empty()) {
        std::set<std::string> same = known;
        std::erase_if(same, [&](const std::string& goal) { return variation.concerns(goal); });
        return maker.make(*goals, same);
    }
    if (own_system) leave_out_variants(goals->names, !parts_of(suite).empty(), known);
    maker.make(*goals, own_system ? known : std::set<std::string>{});
    known.insert(goals->names.begin(), goals->names.end());
    if (suite == "full" && start.empty() && !own_system) maker.make_tests("choices", Identifiers(graph, options.waits));
}

// Limits that are driven in one suite only make a system each, beside that of the others: all at once would multiply
// the states. `default` has none.
void add_own_systems(const Profile& profile, const std::string& suite, const WalkSuiteOptions& options,
                     std::set<std::string>& known, WalkSuiteResult& result) {
    if (suite == "default") return;
    const std::vector<std::string> parts = parts_of(suite);
    for (const Limit& limit : profile.limits) {
        if (!limit.driven || options.limits.contains(limit.name)) continue;
        for (const std::string& in : limit.driven_in) {
            const bool inside = std::find(parts.begin(), parts.end(), in) != parts.end();
            if (suite != in && !inside) continue;
            WalkSuiteOptions own = options;
            own.limits[limit.name] = *limit.driven;
            // As a part of a union its goals have its name before theirs.
            const std::string of_it = inside ? in + "," : in;
            for (const std::string& start : starts_of(of_it))
                add_part(profile, of_it, start, own, true, {}, known, result);
        }
    }
}

void add_variations(const Profile& profile, const std::string& suite, const WalkSuiteOptions& options,
                    std::set<std::string>& known, WalkSuiteResult& result) {
    for (const SettingGiven& given : options.also_under) {
        Profile other = profile;
        Problems problems;
        configure(other, {given}, problems);
        problems.throw_if_any();
        Variation variation{"/" + given.name + "=" + given.value, {}};
        for (std::size_t i = 0; i < other.timers.size(); ++i) {
            const TimerDecl &now = other.timers[i], &before = profile.timers[i];
            if (now.earliest_us != before.earliest_us || now.latest_us != before.latest_us)
                variation.timers.insert(now.name);
        }
        for (const std::string& start : starts_of(suite))
            add_part(other, suite, start, options, true, variation, known, result);
    }
}

}  // namespace

bool waits(const TestVector& vector) {
    return std::any_of(vector.steps.begin(), vector.steps.end(), [](const VectorStep& step) {
        return step.kind == VectorStep::Kind::wait && step.timer != "pause";
    });
}

std::map<std::string, int> limits_of_a_driven_end(const Profile& profile) {
    std::map<std::string, int> limits;
    for (const Limit& one : profile.limits)
        if (one.driven && one.driven_in.empty()) limits[one.name] = *one.driven;
    return limits;
}

bool is_passed_over(const WalkSuiteOptions& options, WalkSuiteResult& result) {
    if (++result.suite.traces <= options.skip) return true;
    if (options.tests != nullptr) *options.tests = result.suite.traces;
    return false;
}

bool hand_out(TestVector vector, const WalkSuiteOptions& options, WalkSuiteResult& result) {
    std::vector<std::string_view> clauses;
    for (const auto& [rule, clause] : vector.rules) {
        if (std::find(clauses.begin(), clauses.end(), clause) != clauses.end()) continue;
        clauses.push_back(clause);
        ++result.by_clause[clause];
    }
    ++result.vectors;
    if (options.take) return options.take(std::move(vector));
    result.suite.vectors.push_back(std::move(vector));
    return true;
}

WalkSuiteResult make_walk_suite(const Profile& profile, const std::string& suite, const WalkSuiteOptions& options) {
    const WalkSuite known = suite_named(suite);
    WalkSuiteResult result;
    result.name = known.name;
    result.guarantee = known.guarantee;
    std::set<std::string> goals;
    for (const std::string& start : starts_of(suite))
        add_part(profile, suite, start, options, false, {}, goals, result);
    add_own_systems(profile, suite, options, goals, result);
    add_variations(profile, suite, options, goals, result);
    return result;
}

}  // namespace lastack
