// Says of the connections of a capture how they ended, and whether a profile explains it.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <stdexcept>

#include "cli/session.h"
#include "cli/shipped_spec.h"
#include "cli/verbs.h"
#include "harness/capture_file.h"
#include "harness/judge.h"
#include "model/language/read_spec.h"
#include "report/judge_json.h"
#include "report/judge_text.h"

namespace lastack {

namespace {

namespace fs = std::filesystem;

// Where nobody names a spec.
std::string family_spec() {
    const std::string spec = shipped_spec("family.spec");
    if (spec.empty()) throw UsageError("no specs/family.spec is here: name a spec behind the capture");
    return spec;
}

std::vector<std::string> profiles_asked(const JudgeArguments& arguments, const Spec& spec) {
    if (arguments.profile == "any") return watchable_profiles(spec);
    if (arguments.profile.empty() && arguments.spec.empty()) return {"linux"};
    return {spec.subject};
}

class Report {
public:
    Report(const JudgeArguments& arguments, CloseJudge& judge, std::vector<std::string> profiles)
        : arguments_(arguments), judge_(judge), profiles_(std::move(profiles)) {
        if (arguments.json)
            std::fputs("{\"connections\": [\n", stdout);
        else
            std::fputs(judged_heading(profiles_.size() > 1).c_str(), stdout);
    }

    void add(const Connection& connection, std::int64_t now_ns) {
        const std::vector<ProfileJudgement> judgements = judge_.judge(connection, now_ns);
        ++tally_.connections;
        switch (verdict_of(judgements)) {
            case CloseVerdict::open: ++tally_.open; break;
            case CloseVerdict::explained: ++tally_.explained; break;
            case CloseVerdict::unexplained: ++tally_.unexplained; break;
            case CloseVerdict::unjudged: ++tally_.unjudged; break;
        }
        if (arguments_.json) {
            std::fputs(tally_.connections > 1 ? "," : "", stdout);
            std::fputs(judged_json(judge_, connection, judgements).text().c_str(), stdout);
            return;
        }
        std::fputs(judged_line(judge_, connection, judgements).c_str(), stdout);
        if (arguments_.verbose) std::fputs(judged_ladder(judge_, connection, judgements).c_str(), stdout);
    }

    // `problem`: why the capture was not read to its end; empty: it was.
    int finish(const std::string& problem) {
        if (arguments_.json) {
            JsonTree end = JsonTree::object();
            end.set("problem", problem);
            std::printf("], \"tally\": %s, \"ended\": %s}\n", tally_json(tally_).text().c_str(), end.text().c_str());
        } else {
            std::fputs(tally_text(tally_, profiles_).c_str(), stdout);
        }
        if (!problem.empty()) {
            std::fflush(stdout);
            std::fprintf(stderr, "lastack: %s\n", problem.c_str());
            return exit_bad_input;
        }
        if (interrupted()) return exit_limit;
        if (tally_.connections == 0) return exit_vacuous;
        if (tally_.unexplained > 0) return exit_conformance;
        return tally_.unjudged > 0 ? exit_inconclusive : exit_ok;
    }

    void count(FrameContent content) {
        ++tally_.packets;
        switch (content) {
            case FrameContent::tcp: ++tally_.tcp; break;
            case FrameContent::other: ++tally_.other; break;
            case FrameContent::fragment: ++tally_.fragments; break;
            case FrameContent::cut: ++tally_.cut; break;
            case FrameContent::damaged: ++tally_.damaged; break;
        }
    }

private:
    const JudgeArguments& arguments_;
    CloseJudge& judge_;
    std::vector<std::string> profiles_;
    CaptureTally tally_;
};

// Everything that the capture holds, up to its end, a damaged place or an interrupt. Returns what was wrong.
std::string read_all(CaptureFile& capture, Report& report, const ConnectionLimits& limits) {
    std::int64_t now_ns = 0;
    Connections connections(limits, [&](Connection&& one) { report.add(one, now_ns); });
    CapturedFrame frame;
    SeenSegment segment;
    std::string problem;
    try {
        const int link_type = capture.link_type();
        while (!interrupted() && capture.next(frame)) {
            const FrameContent content = read_frame(link_type, frame.bytes, frame.wire_length, segment);
            report.count(content);
            now_ns = std::max(now_ns, frame.at_ns);
            if (content == FrameContent::tcp) connections.add(segment, frame.number, frame.at_ns);
        }
    } catch (const CaptureError& error) {
        problem = error.what();
    }
    connections.finish();
    return problem;
}

}  // namespace

int judge_verb(const JudgeArguments& arguments) {
    const bool any = arguments.profile == "any";
    const std::string file = arguments.spec.empty() ? family_spec() : arguments.spec;
    const std::string subject = arguments.profile.empty() && arguments.spec.empty() ? "linux" : arguments.profile;
    const Spec spec = read_spec(file, any ? "" : subject, arguments.settings);
    const std::vector<std::string> profiles = profiles_asked(arguments, spec);
    try {
        CloseJudge judge(spec, profiles);
        CaptureFile capture(arguments.capture);
        if (!knows_link_type(capture.link_type())) {
            std::fprintf(stderr, "lastack: %s: frames of %s are not read; known are %s\n", arguments.capture.c_str(),
                         capture.link_type_name().c_str(), known_link_types);
            return exit_bad_input;
        }
        Report report(arguments, judge, profiles);
        ConnectionLimits limits;
        limits.connections = arguments.connections;
        return report.finish(read_all(capture, report, limits));
    } catch (const CaptureError& error) {
        std::fprintf(stderr, "lastack: %s\n", error.what());
        return exit_bad_input;
    } catch (const std::invalid_argument& error) {
        std::fprintf(stderr, "lastack: %s\n", error.what());
        return exit_bad_input;
    }
}

}  // namespace lastack
