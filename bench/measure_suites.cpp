// `./dev measure suites`: what suites with a guarantee reach, what they cost, and whether they ever cry wolf.
//
//   matrix     cells of 7 synchronized states, 8 sets of flags and 5 positions that `matrix` of linux visits
//   reactions  reactions that a tester can reach and that `reactions` exercises, and steps beside one access path each
//   complete   vectors and time of `complete` of linux, and steps beside the W method
//   methods    steps that other methods take for the same: identifiers that each state chooses freely and those of the
//              SPY method beside harmonised ones, and tours of least cost through all reactions (no targets)
//   stream     vectors of `exhaustive` of linux that are made, driven on `sim` and judged a second by two threads, and
//              memory
//   times      seconds in which `default` and `full` of linux are made, and `default` and what of `complete` waits for
//              nothing are driven on the running kernel
//   scenarios  what the tests of other stacks look at (tests/checker/suites/scenarios.tsv) and `full` of linux contains
//   mutants    of the mistakes of specs/mutants, and of a sample of the first-order mutants of rfc9293 and of linux
//              (150 each, drawn by lot with seed 1), how many that could be killed `full` kills
//   alarms     vectors that refute the profile that they were made of: the family, all `may` both ways, three seeds
//
// Limits are those of an end that is driven. Arguments name the parts to run; without any, all. Exit code 0 only where
// every part ran and met its targets.
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "bench/figures.h"
#include "bench/measured_child.h"
#include "bench/suite_methods.h"
#include "checker/suites/tours.h"
#include "generators/walk_suite.h"
#include "harness/driver.h"
#include "harness/suite_mutation.h"
#include "harness/targets.h"
#include "model/language/read_spec.h"
#include "tests/checker/suites/scenarios.h"
#include "tests/places.h"

namespace {

using namespace lastack;
using bench::line;

Profile shipped(const std::string& name) {
    const Spec spec = read_spec(testing::source_dir() + "/specs/" + name + ".spec", "");
    return *spec.profile(spec.subject);
}

WalkSuiteOptions as_driven(const Profile& profile) {
    WalkSuiteOptions options;
    options.limits = limits_of_a_driven_end(profile);
    return options;
}

bool at_most(const std::string& what, double figure, double most, const std::string& unit, int digits = 1) {
    return line(what, fmt::format("{:.{}f}{}", figure, digits, unit), fmt::format("<= {:g}{}", most, unit),
                figure <= most);
}

bool matrix() {
    WalkSuiteOptions options = as_driven(shipped("linux"));
    options.waits = false;
    for (const auto& [limit, value] : {std::pair("window", 3), std::pair("data", 3), std::pair("retries", 0)})
        options.limits[limit] = value;
    options.take = [](const TestVector&) { return true; };
    const WalkSuiteResult made = make_walk_suite(shipped("linux"), "matrix", options);
    const std::set<std::string> flags = {"fin", "fin-ack", "rst", "rst-ack", "syn", "syn-ack", "data-ack", "ack"};
    const std::set<std::string> states = {"established", "fin-wait-1", "fin-wait-2", "closing",
                                          "time-wait",   "close-wait", "last-ack"};
    std::set<std::string> cells;
    for (const std::string& goal : made.goal_names) {
        const std::size_t way = goal.rfind('/');
        const std::string cell = goal.substr(0, way);
        const std::size_t one = cell.find('/'), two = cell.rfind('/');
        if (flags.contains(cell.substr(0, one)) && states.contains(cell.substr(one + 1, two - one - 1)))
            cells.insert(cell);
    }
    fmt::print("{} goals (a cell in one way into its state), {} reached by {} vectors\n", made.goals, made.reached,
               made.vectors);
    return line("cells that matrix of linux visits", std::to_string(cells.size()), "280", cells.size() == 280);
}

TesterGraph tester_graph(const Profile& profile, const std::map<std::string, int>& limits) {
    TesterOptions tester;
    for (const Handler& handler : profile.handlers)
        if (handler.trigger == Trigger::call) tester.calls.push_back(handler.name);
    return TesterGraph(profile, limits_of(profile, limits), tester);
}

// Steps of the cheapest walk to each reaction, one after the other.
std::size_t access_steps(const Profile& profile, const WalkSuiteOptions& options, std::set<std::uint32_t>& reachable) {
    const TesterGraph graph = tester_graph(profile, options.limits);
    const std::vector<std::optional<Walk>> access = access_walks(graph, {});
    std::size_t steps = 0;
    for (std::uint32_t i = 0; i < graph.reactions().size(); ++i) {
        const std::optional<Walk>& walk = access[graph.reactions()[i].block];
        if (!walk) continue;
        reachable.insert(i);
        steps += walk->steps.size() + 1;
    }
    return steps;
}

bool reactions() {
    bool met = true;
    for (const std::string name : {"linux", "rfc9293"}) {
        const Profile profile = shipped(name);
        WalkSuiteOptions options = as_driven(profile);
        options.take = [](const TestVector&) { return true; };
        const WalkSuiteResult made = make_walk_suite(profile, "reactions", options);
        std::set<std::uint32_t> reachable;
        const std::size_t each = access_steps(profile, options, reachable);
        std::map<std::string, std::size_t> reasons;
        for (const NotMade& one : made.suite.not_made) ++reasons[one.reason];
        for (const auto& [reason, count] : reasons) fmt::print("{} not: {}\n", count, reason);
        // Out of a tester's reach is what timers do not let it come to, and a segment at the very edge of a window that
        // the endpoint has moved and not said so.
        std::size_t in_reach = made.goals;
        for (const auto& [reason, count] : reasons)
            if (reason.starts_with("no walk of a tester") || reason.starts_with("where the window ends is not known"))
                in_reach -= count;
        met &= line(name + ", of the reactions in reach", fmt::format("{} of {}", made.reached, in_reach), "all",
                    made.reached == in_reach);
        met &= at_most(name + ", steps of one path each", static_cast<double>(made.steps) / static_cast<double>(each),
                       1.0 / 3, "", 2);
    }
    return met;
}

// No targets: what the choice of the methods costs, by the example of rfc9293.
bool methods() {
    const std::string name = "rfc9293";
    const Profile profile = shipped(name);
    WalkSuiteOptions options = as_driven(profile);
    const TesterGraph graph = tester_graph(profile, options.limits);
    const bench::MethodSteps steps = bench::method_steps(graph);
    fmt::print("{}, complete: {} tests of {} steps by harmonised identifiers, {} of {} by free ones (H): {:.2f}\n",
               name, steps.tests_harmonised, steps.harmonised, steps.tests_free, steps.free,
               static_cast<double>(steps.free) / static_cast<double>(steps.harmonised));
    const bench::ChainSteps chains = bench::chain_steps(graph);
    fmt::print("{}, complete: {} tests of {} steps singly (HSI), {} of {} chained (SPY): {:.2f}\n", name,
               chains.single.tests, chains.single.steps, chains.chained.tests, chains.chained.steps,
               static_cast<double>(chains.chained.steps) / static_cast<double>(chains.single.steps));
    const std::unique_ptr<Goals> goals = make_goals("transitions", graph, 1);
    const std::size_t nearest_new = walks_to(graph, *goals, {}).steps(), toured = tours_to(graph, *goals, {}).steps();
    fmt::print("{}, transitions: {} steps to the nearest new goal each time, {} by a flow of least cost: {:.2f}\n",
               name, nearest_new, toured, static_cast<double>(toured) / static_cast<double>(nearest_new));
    const bench::TourSteps tours = bench::least_tours(graph);
    options.take = [](const TestVector&) { return true; };
    const WalkSuiteResult made = make_walk_suite(profile, "reactions", options);
    // Not the same reactions: a flow knows neither choices nor time, and more of them are in its reach.
    const auto each = [](std::size_t all, std::size_t of) {
        return static_cast<double>(all) / static_cast<double>(of);
    };
    const double nearest = each(made.steps, made.reached), least = each(tours.required + tours.between, tours.required);
    fmt::print("{}, reactions: {} reached in {} steps, {:.2f} each; by tours of least cost the {} certain ones in {}, "
               "{:.2f} each: {:.2f}\n",
               name, made.reached, made.steps, nearest, tours.required, tours.required + tours.between, least,
               nearest / least);
    return true;
}

bool complete() {
    WalkSuiteOptions options = as_driven(shipped("linux"));
    options.take = [](const TestVector&) { return true; };
    const std::clock_t begin = std::clock();
    const WalkSuiteResult made = make_walk_suite(shipped("linux"), "complete", options);
    const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    const CompleteSummary& of = made.complete;
    fmt::print(
        "{} reactions, {} with a choice (each course is identified once for its rules), {} out of reach in time\n",
        of.reactions, of.open, of.out_of_reach);
    bool met = at_most("complete of linux, vectors", static_cast<double>(made.vectors), 200'000, "", 0);
    met &= at_most("complete of linux, made in", seconds, 180, " s");
    met &= at_most("of the steps of the W method", static_cast<double>(of.steps) / static_cast<double>(of.w_steps), 0.7,
                   "", 2);
    return met;
}

bench::Took command(const std::vector<std::string>& arguments) {
    std::vector<std::string> words{testing::command_path()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return bench::run_measured(words);
}

// What is driven before the first vector (the endpoint's graph) is the same for both, so it drops out of the
// difference.
bool stream() {
    const std::string spec = testing::source_dir() + "/specs/linux.spec";
    double most = 0;
    const auto driven_in = [&](int seconds) {
        const bench::Took took = command({"run", "--suite", "exhaustive", "--spec", spec, "--target", "sim", "--jobs",
                                          "2", "--timeout", fmt::format("{}s", seconds)});
        most = std::max(most, took.resident);
        const auto count = [&](const std::string& what) {
            const std::size_t end = took.output.find(what), begin = took.output.rfind(' ', end - 2);
            return end == std::string::npos ? 0.0 : std::stod(took.output.substr(begin + 1));
        };
        if (count(" refuted (") > 0) throw std::runtime_error("exhaustive of linux refutes linux");
        return count(" confirmed") + count(" inconclusive");
    };
    const int shorter = 30, longer = 60;
    const double rate = (driven_in(longer) - driven_in(shorter)) / (longer - shorter);
    bool met = line("exhaustive of linux, vectors a second", fmt::format("{:.0f}", rate), ">= 50000", rate >= 50'000);
    return at_most("exhaustive of linux, memory", most / 1e6, 500, " MB", 0) && met;
}

bool times() {
    const testing::TemporaryDirectory here;
    const std::string out = here.path().string(), spec = testing::source_dir() + "/specs/linux.spec";
    const auto made_in = [&](const std::string& suite) {
        return command({"generate", spec, "--suite", suite, "--ip", "4", "-o", out}).cpu;
    };
    bool met = at_most("default of linux, made in", made_in("default"), 5, " s");
    met &= at_most("full of linux, made in", made_in("full"), 90, " s");
    command({"generate", spec, "--suite", "complete", "--no-waits", "--ip", "4", "-o", out});
    const auto driven_in = [&](const std::string& suite) {
        const bench::Took driven = command({"run", out + "/" + suite + ".jsonl", "--target", "linux"});
        if (driven.code == 77) throw TargetUnavailable("the running kernel cannot be driven here");
        return driven.wall;
    };
    met &= at_most("default of linux, on the kernel in", driven_in("default"), 10, " s");
    return at_most("complete of linux without waits, on the kernel in", driven_in("complete"), 30, " s") && met;
}

bool scenarios() {
    WalkSuiteOptions options = as_driven(shipped("linux"));
    std::set<std::string> reached;
    options.take = [&](const TestVector& vector) {
        for (const VectorClaim& claim : vector.claims) reached.insert(claim.id);
        return true;
    };
    make_walk_suite(shipped("linux"), "full", options);
    std::size_t of_one_endpoint = 0;
    const std::vector<testing::Scenario> all = testing::scenarios();
    for (const testing::Scenario& one : all) {
        of_one_endpoint += one.reason.empty();
        if (!one.reason.empty()) fmt::print("{}, {}: {}\n", one.number, one.sentence, one.reason);
    }
    const std::vector<std::string> missing = not_contained(all, reached, "");
    for (const std::string& one : missing) fmt::print("not contained: {}\n", one);
    return line(fmt::format("of {} scenarios those that an endpoint can show", all.size()),
                fmt::format("{} in full", of_one_endpoint - std::min(missing.size(), of_one_endpoint)),
                std::to_string(of_one_endpoint), missing.empty());
}

// Profiles that extend rfc9293, of specs/mutants. `specs` keeps them.
std::vector<SuiteMutant> written_mutants(std::vector<Spec>& specs) {
    const std::filesystem::path folder = testing::source_dir() + "/specs/mutants";
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().extension() == ".spec") files.push_back(entry.path().string());
    std::sort(files.begin(), files.end());
    for (const std::string& file : files) specs.push_back(read_spec(file, ""));
    std::vector<SuiteMutant> mutants;
    for (std::size_t i = 0; i < specs.size(); ++i) {
        for (const Profile& profile : specs[i].profiles)
            if (profile.parent == "rfc9293" && profile.where.source && profile.where.source->name == files[i])
                mutants.push_back(written_mutant(profile));
    }
    return mutants;
}

// Survivors are told one by one: those that no vector can be made for do not count here.
bool score(const std::string& what, const Profile& profile, const std::vector<SuiteMutant>& mutants,
           const std::vector<TestVector>& vectors, const std::map<std::string, int>& limits, double least) {
    SuiteMutationOptions options;
    options.limits = limits;
    const SuiteMutationReport report = score_suites(profile, mutants, {{"full", vectors}}, options);
    std::size_t killed = report.suites[0].killed, missed = 0;
    for (const SuiteMutantResult& one : report.mutants) {
        if (one.kills[0] || !one.could_be_killed()) continue;
        fmt::print("{}: {}: {}\n", one.id, to_string(*one.survival), one.reason);
        if (one.exchange) {
            for (const TellingExchange::Step& step : one.exchange->steps)
                fmt::print("    {} -> {}\n", step.input, step.answer);
            fmt::print("    {} -> {}, not {}\n", one.exchange->input, one.exchange->original, one.exchange->mutant);
        }
        missed += *one.survival == Survival::missed;
    }
    for (const std::string& alarm : report.suites[0].left_out) fmt::print("false alarm: {}\n", alarm);
    const double share =
        killed + missed == 0 ? 0 : 100.0 * static_cast<double>(killed) / static_cast<double>(killed + missed);
    return line(what, fmt::format("{:.1f} % ({} of {})", share, killed, killed + missed),
                fmt::format(">= {:g} %", least), share >= least && report.suites[0].left_out.empty());
}

bool mutants() {
    constexpr std::size_t sample = 150;
    bool met = true;
    for (const std::string name : {"rfc9293", "linux"}) {
        const Profile profile = shipped(name);
        const WalkSuiteOptions options = as_driven(profile);
        const std::vector<TestVector> full = make_walk_suite(profile, "full", options).suite.vectors;
        std::vector<Spec> specs;
        if (name == "rfc9293")
            met &= score("full of rfc9293, of the mistakes of specs/mutants", profile, written_mutants(specs), full,
                         options.limits, 100);
        const std::vector<SuiteMutant> all = suite_mutants(profile, all_operators);
        met &= score(fmt::format("full of {}, of {} of {} mutants", name, sample, all.size()), profile,
                     sample_of(all, sample, 1), full, options.limits, 99);
    }
    return met;
}

bool alarms() {
    bool met = true;
    for (const std::string name : {"rfc793", "rfc1337", "rfc5961", "rfc9293-literal", "rfc9293", "linux", "lwip"}) {
        const Profile profile = shipped(name);
        std::size_t refuted = 0, driven = 0;
        for (const unsigned seed : {1U, 2U, 3U}) {
            WalkSuiteOptions options = as_driven(profile);
            options.seed = seed;
            const WalkSuiteResult made = make_walk_suite(profile, "default", options);
            for (const auto may : {SimPlay::May::never, SimPlay::May::always}) {
                const auto target =
                    make_sim_target(profile, limits_of(profile), {may, {}, {}, SimPlay::Expiry::middle, false, seed});
                DriveOptions drive_options;
                drive_options.longest_us = std::int64_t{1} << 50;
                for (const TestRun& run : drive(*target, made.suite.vectors, drive_options)) {
                    if (run.verdict == Verdict::fail && ++refuted == 1)
                        fmt::print("{}: {}\n", run.vector_id, run.reason);
                    ++driven;
                }
            }
        }
        met &= line(name + fmt::format(", of {} runs refuted", driven), std::to_string(refuted), "0", refuted == 0);
    }
    return met;
}

}  // namespace

int main(int argc, char** argv) {
    // A child's memory at the peak is at least what this process had when it began, so that part comes first.
    return bench::run_parts({{"stream", stream},
                             {"matrix", matrix},
                             {"reactions", reactions},
                             {"complete", complete},
                             {"methods", methods},
                             {"times", times},
                             {"scenarios", scenarios},
                             {"mutants", mutants},
                             {"alarms", alarms}},
                            {argv + 1, argv + argc});
}
