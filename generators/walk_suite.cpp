#include "generators/walk_suite.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "generators/diff_vector.h"
#include "generators/open_run.h"
#include "generators/vector_json.h"

namespace lastack {

namespace {

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

class SuiteMaker {
public:
    SuiteMaker(const TesterGraph& graph, const WalkSuiteOptions& options, WalkSuiteResult& result)
        : graph_(graph), options_(options), result_(result), open_(graph.lts()) {}

    void make(Goals& goals) {
        std::vector<bool> wanted(goals.size());
        for (std::size_t i = 0; i < goals.size(); ++i)
            wanted[i] = options_.only.empty() || goals.names[i].find(options_.only) != std::string::npos;
        result_.goals = static_cast<std::size_t>(std::count(wanted.begin(), wanted.end(), true));
        WalkOptions walk;
        walk.waits = options_.waits;
        walk.seed = options_.seed;
        walk.stop = options_.stop;
        // What was lost with a cut walk is tried by shorter ones, down to one goal a walk.
        for (std::size_t longest = options_.longest; !cut_short(wanted) && longest > 0; longest /= 4) {
            OnlyGoals left(goals, wanted);
            walk.longest = longest;
            const Walks walks = walks_to(graph_, left, walk);
            std::vector<bool> lost(goals.size());
            for (const Walk& one : walks.walks)
                if (!ended_) add(one, goals, lost);
            if (longest <= 1 || std::count(lost.begin(), lost.end(), true) == 0) {
                for (std::uint32_t i = 0; i < goals.size(); ++i)
                    if (wanted[i] && !reached_.contains(i)) missed_.insert(i);
                break;
            }
            for (const std::uint32_t one : walks.missed)
                if (wanted[one]) missed_.insert(one);
            wanted = lost;
        }
        for (const std::uint32_t one : missed_) {
            const auto reason = reasons_.find(one);
            result_.suite.not_made.push_back({goals.names[one], reason == reasons_.end()
                                                                    ? "no walk of a tester comes there in time"
                                                                    : reason->second});
        }
        result_.reached = reached_.size();
        for (const std::uint32_t one : reached_) result_.goal_names.push_back(goals.names[one]);
    }

    // Each reaction, and behind it each identifier of what follows.
    void make_complete(const Goals& goals) {
        const Identifiers identifiers(graph_, options_.waits);
        WalkOptions walk;
        walk.waits = options_.waits;
        walk.seed = options_.seed;
        walk.stop = options_.stop;
        std::vector<bool> lost(goals.size());
        result_.goals = goals.size();
        result_.complete = complete_tests(graph_, identifiers, walk, [&](const CompleteTest& test) {
            if (options_.only.empty() || goals.names[test.walk.goals.front()].find(options_.only) != std::string::npos)
                add(test.walk, goals, lost);
            return !ended_;
        });
        for (std::uint32_t i = 0; i < goals.size(); ++i) {
            if (lost[i]) result_.suite.not_made.push_back({goals.names[i], reasons_[i]});
        }
        result_.reached = reached_.size();
    }

private:
    static bool cut_short(const std::vector<bool>& wanted) {
        return std::find(wanted.begin(), wanted.end(), true) == wanted.end();
    }

    void add(const Walk& walk, const Goals& goals, std::vector<bool>& lost) {
        if (options_.stop && options_.stop()) throw OutOfPatience{};
        ++result_.suite.traces;
        std::vector<OpenStep> run;
        for (const WalkStep& step : walk.steps) run.push_back({step.input, step.edge});
        const Trace trace = trace_of(graph_.lts(), run);
        for (const int ip : options_.ip_versions) {
            const std::string reason = add_vector(walk, goals, trace, ip);
            if (reason.empty()) continue;
            for (const std::uint32_t goal : walk.goals) {
                lost[goal] = true;
                reasons_[goal] = reason;
            }
            return;
        }
        result_.steps += walk.steps.size() * options_.ip_versions.size();
        reached_.insert(walk.goals.begin(), walk.goals.end());
    }

    // Empty where it was made.
    std::string add_vector(const Walk& walk, const Goals& goals, const Trace& trace, int ip) {
        Claim claim;
        claim.id = fmt::format("{}/{}", result_.name, goals.names[walk.goals.front()]);
        claim.kind = Claim::Kind::reachable;
        claim.system = trace.system;
        claim.sentence = goals.sentences[walk.goals.front()];
        ProjectionOptions projection{ip, options_.unit_bytes, options_.look_us};
        projection.goes_on_in_the_same_state = projection.any_peer = true;
        Projection made = project(open_.system(), claim, trace, 0, projection);
        if (!made.vector) return made.reason;
        TestVector& vector = *made.vector;
        vector.id = fmt::format("{}/ipv{}", numbered(claim.id), ip);
        vector.claims.clear();
        for (const std::uint32_t goal : walk.goals)
            vector.claims.push_back({goals.names[goal], VectorClaim::Sense::goal, goals.sentences[goal]});
        std::erase(vector.clauses, "");
        try {
            to_json(vector);
        } catch (const std::invalid_argument& error) {
            return fmt::format("it has no place in the format of vectors: {}", error.what());
        }
        ++result_.vectors;
        if (options_.take)
            ended_ = !options_.take(std::move(vector));
        else
            result_.suite.vectors.push_back(std::move(vector));
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
    const WalkSuiteOptions& options_;
    WalkSuiteResult& result_;
    std::map<std::string, std::size_t> used_;
    OpenSystem open_;
    bool ended_ = false;
    std::set<std::uint32_t> reached_, missed_;
    std::map<std::uint32_t, std::string> reasons_;
};

}  // namespace

WalkSuiteResult make_walk_suite(const Profile& profile, const std::string& suite, const WalkSuiteOptions& options) {
    const auto known =
        std::find_if(walk_suites.begin(), walk_suites.end(), [&](const WalkSuite& one) { return one.name == suite; });
    if (known == walk_suites.end()) throw std::invalid_argument(fmt::format("no suite '{}'", suite));
    WalkSuiteResult result;
    result.name = suite;
    result.guarantee = known->guarantee;
    TesterOptions tester;
    tester.calls = calls_of_a_tester(profile);
    tester.each_segment = wants_each_segment(suite);
    tester.max_states = options.max_states;
    tester.stop = options.stop;
    const TesterGraph graph(profile, limits_of(profile, options.limits), tester);
    result.states = graph.size();
    result.told_apart = graph.blocks();
    result.reactions = graph.reactions().size();
    const std::unique_ptr<Goals> goals = make_goals(suite, graph, options.seed);
    SuiteMaker maker(graph, options, result);
    if (suite == "complete")
        maker.make_complete(*goals);
    else
        maker.make(*goals);
    return result;
}

}  // namespace lastack
