// Suites that are made, driven and forgotten. Of a vector nothing is kept but its verdict; those that are refuted are
// told, and written where a file is named. While one batch is driven the next one is made.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <exception>
#include <functional>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <utility>

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

// What became of the vectors, whoever has driven them.
class Judged {
public:
    Judged(const std::string& suite, Output* refuted) : suite_(suite), refuted_(refuted) {}

    void add(const std::vector<TestVector>& vectors, const std::vector<TestRun>& runs) {
        const std::lock_guard lock(mutex_);
        for (std::size_t i = 0; i < runs.size(); ++i) add(vectors[i], runs[i]);
        progress_.activity(fmt::format("suite {}: {} vectors driven, {} refuted", suite_, tally_.all(),
                                       tally_.count[static_cast<std::size_t>(Verdict::fail)]));
    }
    // Once all are judged.
    const RunTally& tally() const { return tally_; }

private:
    void add(const TestVector& vector, const TestRun& run) {
        tally_.add(run.verdict, vector.refuted_expected);
        if (run.verdict != Verdict::fail) return;
        if (refuted_ != nullptr) refuted_->add(to_json_line(vector));
        if (++told_ > most_told) return;
        progress_.clear();
        std::fputs(runs_text({vector}, {run}).c_str(), stdout);
    }

    const std::string& suite_;
    Output* refuted_;
    std::mutex mutex_;
    ProgressLine progress_;
    RunTally tally_;
    std::size_t told_ = 0;
};

// From who makes vectors to one target, which has a thread.
class Stream {
public:
    // `made`: how many tests were made, by job; counted while vectors are taken.
    Stream(Target& target, const RunArguments& arguments, Judged& judged, std::span<const std::size_t> made)
        : target_(target), arguments_(arguments), judged_(judged), made_(made), driven_(made.begin(), made.end()),
          worker_([this] { work(); }) {}

    // False once it is interrupted.
    bool take(TestVector vector) {
        making_.push_back(std::move(vector));
        if (making_.size() == batch_size) hand_over(false);
        return !interrupted();
    }
    // Until all are judged. Nothing may be taken after it.
    void finish() {
        hand_over(true);
        worker_.join();
        if (broken_) std::rethrow_exception(broken_);
    }
    ~Stream() {
        if (worker_.joinable()) hand_over(true);  // somebody else threw
    }
    // So many tests, by job, were made and driven.
    const std::vector<std::size_t>& driven() const { return driven_; }

private:
    void hand_over(bool last) {
        std::vector<TestVector> done;  // who has made them frees them: memory of another thread's is dear to free
        std::unique_lock lock(mutex_);
        turn_.wait(lock, [this] { return waiting_.empty() || broken_; });
        if (broken_ && !last) std::rethrow_exception(broken_);
        done = std::exchange(done_, {});
        waiting_ = std::exchange(making_, {});
        made_before_.assign(made_.begin(), made_.end());
        last_ = last;
        turn_.notify_all();
    }

    void work() {
        try {
            std::vector<TestVector> vectors;
            std::vector<std::size_t> made;
            for (bool last = false; !last;) {
                {
                    std::unique_lock lock(mutex_);
                    turn_.wait(lock, [this] { return !waiting_.empty() || last_; });
                    std::move(vectors.begin(), vectors.end(), std::back_inserter(done_));
                    vectors = std::exchange(waiting_, {});
                    made = made_before_;
                    last = last_;
                    turn_.notify_all();
                }
                judged_.add(vectors,
                            drive_quietly(target_, vectors, arguments_.drive, [](std::size_t, std::size_t) {}));
                if (!interrupted()) driven_ = made;
            }
        } catch (...) {
            const std::lock_guard lock(mutex_);
            broken_ = std::current_exception();
            turn_.notify_all();
        }
    }

    Target& target_;
    const RunArguments& arguments_;
    Judged& judged_;
    std::span<const std::size_t> made_;
    std::vector<TestVector> making_;
    std::vector<std::size_t> driven_;  // the worker's, until it is done
    // Between the two.
    std::mutex mutex_;
    std::condition_variable turn_;
    std::vector<TestVector> waiting_, done_;
    std::vector<std::size_t> made_before_;  // the end of what waits
    bool last_ = false;
    std::exception_ptr broken_;
    std::jthread worker_;  // the last one: it begins at once
};

// The streams of a suite: one, to which all jobs hand over. Where the target is played here each job has one to itself,
// so that no job waits for what another one's vectors take.
class Streams {
public:
    Streams(Target& target, const Spec& spec, const RunArguments& arguments, Judged& judged,
            const std::vector<std::size_t>& made)
        : arguments_(arguments) {
        const bool each = made.size() > 1 && target.name() == "sim";
        for (std::size_t job = 1; each && job < made.size(); ++job) {
            std::string why;
            targets_.push_back(choose_target(arguments.drive, &spec, why));
        }
        const std::span<const std::size_t> all(made);
        for (std::size_t i = 0; i <= targets_.size(); ++i) {
            Target& own = i == 0 ? target : *targets_[i - 1];
            streams_.push_back(std::make_unique<Stream>(own, arguments, judged, each ? all.subspan(i, 1) : all));
        }
    }

    std::function<bool(TestVector)> take(std::size_t number) {
        std::shared_ptr<Numbers> numbers;
        if (const auto seed = arguments_.walks.numbers)
            numbers = std::make_shared<Numbers>(*seed + static_cast<std::uint32_t>(number));
        return [numbers, &stream = *streams_[number]](TestVector vector) {
            if (numbers) numbers->put(vector);
            return stream.take(std::move(vector));
        };
    }
    std::size_t count() const { return streams_.size(); }
    void finish() {
        for (const std::unique_ptr<Stream>& stream : streams_) stream->finish();
    }
    std::vector<std::size_t> driven() const {
        std::vector<std::size_t> all;
        for (const std::unique_ptr<Stream>& stream : streams_)
            all.insert(all.end(), stream->driven().begin(), stream->driven().end());
        return all;
    }

private:
    const RunArguments& arguments_;
    std::vector<std::unique_ptr<Target>> targets_;  // of the jobs behind the first
    std::vector<std::unique_ptr<Stream>> streams_;
};

void require_jobs(const RunArguments& arguments, const std::string& suite) {
    const auto jobs = static_cast<std::size_t>(arguments.jobs);
    if (jobs > 1 && !tests_reactions(suite))
        throw UsageError(fmt::format("--jobs: suite '{}' is made by one thread", suite));
    if (!arguments.from.empty() && arguments.from.size() != jobs)
        throw UsageError(
            fmt::format("--from: a number for each of {} jobs is wanted, not {}", jobs, arguments.from.size()));
}

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
        WalkSuiteOptions options = walk_options(profile, arguments.walks, {4});
        require_jobs(arguments, name);
        std::vector<std::size_t> tests = arguments.from;
        tests.resize(static_cast<std::size_t>(arguments.jobs));
        Judged judged(name, refuted ? &*refuted : nullptr);
        Streams streams(*target, spec, arguments, judged, tests);
        options.jobs = arguments.jobs;
        options.skips = tests;
        options.skip = tests.front();
        options.sized = [&](const SuiteSize& size) {
            std::fputs((size_text(name, size) + "\n").c_str(), stdout);
            std::fflush(stdout);
        };
        options.take = streams.take(0);
        for (std::size_t i = 0; streams.count() > 1 && i < streams.count(); ++i)
            options.takes.push_back(i == 0 ? options.take : streams.take(i));
        options.tests = &tests.front();
        options.tests_of_jobs = &tests;
        bool whole = true;
        try {
            make_named_suite({spec, check, arguments.walks.suites}, name, options);
        } catch (const OutOfPatience&) {
            whole = false;
        }
        streams.finish();
        std::fputs(("  " + wrapped(name + ": " + suite_named(name).guarantee, 2, 4) + "\n").c_str(), stdout);
        std::fputs(tally_text(judged.tally()).c_str(), stdout);
        if (!whole || interrupted())
            fmt::print("  interrupted behind test {0}: --from {0} goes on there\n", fmt::join(streams.driven(), ","));
        code = code_of_required(arguments.drive.require, judged.tally(), exit_code_of(judged.tally()));
        if (code != exit_ok && code != exit_inconclusive) break;
    }
    if (refuted) refuted->finish();
    return code;
}

}  // namespace lastack
