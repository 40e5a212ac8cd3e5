// `./dev measure properties`: every profile of the family against every property, and what that is worth.
//
// For each profile: all claims of specs/properties.spec, each answer beside the expected one, with its scope, the
// states explored and the time of that exploration. Then the two incarnations (specs/incarnations.spec), what no system
// of a profile exercises, the mutation score of the claims for rfc9293, and the counts of spin and rumur for one system
// of each profile. Exit code 0 only where every answer is the expected one, and both tools count the same.
//
// Two processes at a time share the work, a profile or a tool's count each, so that each time is that of one thread.
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "checker/claims/check.h"
#include "checker/coverage/coverage.h"
#include "checker/mutation/mutation.h"
#include "generators/murphi.h"
#include "generators/promela.h"
#include "model/language/read_spec.h"
#include "report/coverage_text.h"
#include "report/mutation_text.h"
#include "tests/checker/exploring.h"
#include "tests/generators/other_checkers.h"
#include "tests/places.h"
#include "tests/support.h"

namespace {

using namespace lastack;

const std::vector<std::string> family{"rfc793", "rfc9293", "rfc9293-literal", "rfc1337", "rfc5961", "linux", "lwip"};
const std::string specs = lastack::testing::source_dir() + "/specs/";

std::string answer_text(const CheckResult& result) {
    std::string text = result.vacuous() ? "vacuous" : to_string(result.answer);
    if (result.trace) text += fmt::format(" in {}", result.trace->steps.size());
    return text;
}

std::string expected_text(const Expectation& expected) {
    std::string text = expected.vacuous ? "vacuous" : expected.holds ? "holds" : "violated";
    if (expected.shortest >= 0) text += fmt::format(" in {}", expected.shortest);
    return text;
}

bool check_all(const Spec& spec) {
    bool good = true;
    for (const CheckResult& result : check(spec, {}).claims) {
        good &= result.as_expected;
        fmt::print("{} {:<16} {:<15} {:<16} {:<16} {:<14} {:>11} {:>7.2f} s\n", result.as_expected ? "ok" : "!!",
                   result.claim->id, spec.subject, answer_text(result), expected_text(result.expected),
                   result.claim->system, result.coverage.states, result.coverage.seconds);
    }
    return good;
}

// Each rule dropped in turn. `lastack mutate` has finer mistakes, too; they take an hour.
bool mutants() {
    const Spec spec = read_spec(specs + "properties.spec", "rfc9293");
    MutationOptions options;
    options.operators = {Mutant::Operator::rule};
    options.bounds.max_states = 800'000;
    fmt::print("{}\n", mutation_text(mutation_score(spec, options), false));
    return true;
}

bool same_counts(const std::string& profile, const std::string& system) {
    const Spec spec = read_spec(specs + "properties.spec", profile);
    const SystemDecl& decl = *spec.system(system);
    const Coverage count = testing::explore(spec, decl);
    fmt::print("{:<16} {:<10} {:>9} states {:>9} transitions", profile, system, count.states, count.transitions);
    bool same = true;
    const auto compare = [&](const std::string& tool, auto counted, const std::string& model, std::uint64_t extra) {
        if (!testing::checker_present(tool)) {
            fmt::print("  {}: not installed", tool);
            same = false;
            return;
        }
        const testing::OtherCount theirs = counted(model);
        const bool equal = theirs.states == count.states && theirs.transitions == count.transitions + extra;
        fmt::print("  {}: {}", tool, equal ? "the same" : fmt::format("{} {}", theirs.states, theirs.transitions));
        same &= equal;
    };
    compare("spin", testing::spin_counts, to_promela(spec, decl), count.cuts + 1);
    compare("rumur", testing::rumur_counts, to_murphi(spec, decl), 0);
    fmt::print("\n");
    return same;
}

// A piece of work that prints what it finds, and says whether that is as expected.
struct Task {
    int weight = 0;  // who takes longest begins first
    std::function<bool()> work;
    std::string file = {};  // what it printed
    pid_t process = 0;
    bool over = false, good = false;
};

std::vector<Task> all_tasks() {
    std::vector<Task> tasks;
    for (const std::string& profile : family)
        tasks.push_back({3, [profile] { return check_all(read_spec(specs + "properties.spec", profile)); }});
    for (const char* other : {"properties/literal.spec", "incarnations.spec", "lwip.spec"})
        tasks.push_back({3, [other] { return check_all(read_spec(specs + other)); }});
    for (const std::string& profile : family) {
        tasks.push_back({2, [profile] {
                             const Spec spec = read_spec(specs + "properties.spec", profile);
                             fmt::print("{}\n", coverage_text(rule_use(spec, {})));
                             return true;
                         }});
    }
    tasks.push_back({4, mutants});
    for (const std::string& profile : family)
        tasks.push_back({1, [profile] { return same_counts(profile, "polite"); }});
    tasks.push_back({1, [] { return same_counts("rfc9293", "opening"); }});
    return tasks;
}

void start(Task& task) {
    task.process = fork();
    if (task.process < 0) throw std::runtime_error("cannot fork");
    if (task.process > 0) return;
    bool good = false;
    try {
        if (std::freopen(task.file.c_str(), "w", stdout) == nullptr) throw std::runtime_error("cannot write a file");
        good = task.work();
    } catch (const std::exception& error) {
        fmt::print("{}\n", error.what());
    }
    std::fflush(stdout);
    _exit(good ? 0 : 1);
}

// Runs all, two at a time; returns whether all are good. What they print comes out in their order, which is also the
// order of `tasks`; it is counted by lines, each of which says at its beginning whether an answer is the expected one.
class SideBySide {
public:
    explicit SideBySide(std::vector<Task> tasks) : tasks_(std::move(tasks)) {
        for (std::size_t i = 0; i < tasks_.size(); ++i) tasks_[i].file = here_.write(std::to_string(i), "");
    }

    bool run() {
        std::vector<Task*> waiting;
        for (Task& task : tasks_) waiting.push_back(&task);
        std::stable_sort(waiting.begin(), waiting.end(),
                         [](const Task* a, const Task* b) { return a->weight > b->weight; });
        std::size_t next = 0;
        for (std::size_t over = 0; over < tasks_.size(); ++over) {
            for (; next < waiting.size() && next < over + 2; ++next) start(*waiting[next]);
            int status = 0;
            const pid_t process = wait(&status);
            for (Task& task : tasks_) {
                if (task.process != process) continue;
                task.over = true;
                task.good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
            }
            print_what_is_over();
        }
        return std::all_of(tasks_.begin(), tasks_.end(), [](const Task& task) { return task.good; });
    }

private:
    void print_what_is_over() {
        for (; printed_ < tasks_.size() && tasks_[printed_].over; ++printed_) {
            const std::string text = lastack::testing::read_file(tasks_[printed_].file);
            fmt::print("{}", text);
            count(text);
        }
        if (printed_ > family.size() + 2 && !counted_) {
            fmt::print("\n{} properties, {} profiles: {} answers, {} as expected\n\n", properties_.size(),
                       family.size(), answers_, expected_);
            counted_ = true;
        }
        std::fflush(stdout);
    }
    void count(const std::string& text) {
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line) && !counted_;) {
            if (!line.starts_with("ok ") && !line.starts_with("!! ")) continue;
            ++answers_;
            expected_ += line.starts_with("ok ");
            properties_.insert(line.substr(3, line.find(' ', 3) - 3));
        }
    }

    lastack::testing::TemporaryDirectory here_;
    std::vector<Task> tasks_;
    std::size_t printed_ = 0, answers_ = 0, expected_ = 0;
    std::set<std::string> properties_;
    bool counted_ = false;
};

}  // namespace

int main() {
    const auto start = std::chrono::steady_clock::now();
    fmt::print("   {:<16} {:<15} {:<16} {:<16} {:<14} {:>11} {:>9}\n", "property", "profile", "result", "expected",
               "system", "states", "CPU");
    std::fflush(stdout);
    const bool good = SideBySide(all_tasks()).run();
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
    fmt::print("\n{}: {:.0f} s of wall time\n",
               good ? "every answer is as expected, and all counts agree" : "NOT as expected", time.count());
    return good ? 0 : 1;
}
