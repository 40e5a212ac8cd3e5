// Suites that are made, driven and forgotten. Of a vector nothing is kept but its verdict; those that are refuted are
// told, and written where a file is named. While one batch is driven the next one is made.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <future>
#include <optional>

#include "cli/checking.h"
#include "cli/named_suites.h"
#include "cli/output.h"
#include "cli/requirement.h"
#include "cli/session.h"
#include "cli/suites.h"
#include "cli/verbs.h"
#include "generators/numbers.h"
#include "generators/suite_file.h"
#include "generators/vector_json.h"
#include "report/check_text.h"
#include "report/run_text.h"

namespace lastack {

namespace {

constexpr std::size_t batch_size = 2'000;
constexpr std::size_t most_told = 5;  // refuted vectors that are told in full

class Stream {
public:
    Stream(Target& target, const RunArguments& arguments, const std::string& suite, Output* refuted)
        : target_(target), arguments_(arguments), suite_(suite), refuted_(refuted) {}

    // False once it is interrupted.
    bool take(TestVector vector) {
        batch_.push_back(std::move(vector));
        if (batch_.size() == batch_size) turn();
        return !interrupted();
    }
    void finish() {
        turn();
        wait();
    }
    const RunTally& tally() const { return tally_; }

private:
    void turn() {
        wait();
        driven_ = std::move(batch_);
        batch_.clear();
        at_work_ = std::async(std::launch::async, [this] {
            return drive_quietly(target_, driven_, arguments_.drive.longest, [](std::size_t, std::size_t) {});
        });
    }

    void wait() {
        if (!at_work_.valid()) return;
        const std::vector<TestRun> runs = at_work_.get();
        for (std::size_t i = 0; i < runs.size(); ++i) judge(driven_[i], runs[i]);
        progress_.activity(fmt::format("suite {}: {} vectors driven, {} refuted", suite_, tally_.all(),
                                       tally_.count[static_cast<std::size_t>(Verdict::fail)]));
    }

    void judge(const TestVector& vector, const TestRun& run) {
        tally_.add(vector, run);
        if (run.verdict != Verdict::fail) return;
        if (refuted_ != nullptr) refuted_->add(to_json_line(vector));
        if (++told_ > most_told) return;
        progress_.clear();
        std::fputs(runs_text({vector}, {run}).c_str(), stdout);
    }

    Target& target_;
    const RunArguments& arguments_;
    const std::string& suite_;
    Output* refuted_;
    ProgressLine progress_;
    std::vector<TestVector> batch_, driven_;
    std::future<std::vector<TestRun>> at_work_;
    RunTally tally_;
    std::size_t told_ = 0;
};

}  // namespace

int run_stream(const RunArguments& arguments) {
    if (arguments.spec.empty()) throw UsageError("--suite is made from a profile: name its spec with --spec");
    if (!arguments.vectors.empty()) throw UsageError("--suite makes the vectors: name no files of them");
    if (arguments.json) throw UsageError("--json is for files of vectors; a stream keeps nothing of them");
    if (!arguments.beside.empty()) throw UsageError("--beside is for files of vectors, as --json is");
    if (!arguments.reports.empty()) throw UsageError("--report is for files of vectors, as --json is");
    require_part(arguments.walks);
    const Spec spec = read_for_suites(arguments, arguments.walks.suites);
    CheckArguments check;
    static_cast<SpecArguments&>(check) = arguments;
    const Profile& profile = *spec.profile(spec.subject);
    std::string why;
    const auto target = choose_target(arguments.drive, &spec, why);
    std::fputs(target_text(*target, why).c_str(), stdout);
    std::optional<Output> refuted;
    if (!arguments.refuted.empty()) {
        refuted.emplace(arguments.refuted);
        refuted->add(suite_head(suite_named(arguments.walks.suites.front()), profile));
    }
    int code = exit_ok;
    for (const std::string& name : arguments.walks.suites) {
        Stream stream(*target, arguments, name, refuted ? &*refuted : nullptr);
        WalkSuiteOptions options = walk_options(profile, arguments.walks, {4});
        options.skip = arguments.from;
        options.sized = [&](const SuiteSize& size) {
            std::fputs((size_text(name, size) + "\n").c_str(), stdout);
            std::fflush(stdout);
        };
        std::optional<Numbers> numbers;
        if (arguments.walks.numbers) numbers.emplace(*arguments.walks.numbers);
        options.take = [&](TestVector vector) {
            if (numbers) numbers->put(vector);
            return stream.take(std::move(vector));
        };
        std::size_t tests = arguments.from;
        options.tests = &tests;
        bool whole = true;
        try {
            make_named_suite({spec, check, arguments.walks.suites}, name, options);
        } catch (const OutOfPatience&) {
            whole = false;
        }
        stream.finish();
        std::fputs(("  " + wrapped(name + ": " + suite_named(name).guarantee, 2, 4) + "\n").c_str(), stdout);
        std::fputs(tally_text(stream.tally()).c_str(), stdout);
        if (!whole || interrupted())
            fmt::print("  interrupted behind test {}: --from {} goes on there\n", tests, tests);
        code = code_of_required(arguments.drive.require, stream.tally(), exit_code_of(stream.tally()));
        if (code != exit_ok && code != exit_inconclusive) break;
    }
    if (refuted) refuted->finish();
    return code;
}

}  // namespace lastack
