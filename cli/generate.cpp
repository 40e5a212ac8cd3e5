#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "cli/checking.h"
#include "cli/output.h"
#include "cli/session.h"
#include "cli/suites.h"
#include "generators/suite.h"
#include "generators/vector_json.h"

namespace lastack {

SuiteOptions suite_options(const SuiteArguments& arguments) {
    SuiteOptions options;
    options.ip_versions = arguments.ip;
    options.iut = arguments.iut;
    options.look_us = static_cast<std::int64_t>(arguments.look * 1e6);
    return options;
}

void write_suite(const Suite& suite, const std::string& directory) {
    std::filesystem::create_directories(directory);
    for (const TestVector& vector : suite.vectors) {
        const std::string stem = (std::filesystem::path(directory) / file_stem(vector.id)).string();
        write_file(stem + ".json", to_json(vector));
        write_file(stem + ".pkt", to_packetdrill(vector));
        const std::vector<unsigned char> capture = to_pcapng(vector);
        write_file(stem + ".pcapng", std::string(capture.begin(), capture.end()));
    }
}

std::string suite_text(const Suite& suite) {
    std::string out = fmt::format("Test vectors: {} from {} traces (each end at which a claim shows, each IP\n"
                                  "  version; traces that are one exchange for a tester share a vector)\n",
                                  suite.vectors.size(), suite.traces);
    for (const NotMade& missing : suite.not_made)
        out += fmt::format("  none for {:<18} {}\n", missing.id + ":", missing.reason);
    return out;
}

std::string goals_text(const GoalReport& goals) {
    std::string never;
    for (const std::string& rule : goals.never_fired) never += (never.empty() ? "" : " ") + rule;
    return fmt::format("Coverage goals: {} (each rule in each state where it fires); rules that never fire: {}\n",
                       goals.goals.size(), never.empty() ? "none" : never) +
           (goals.coverage.complete ? ""
                                    : "  PARTIAL: there may be more; a limit was hit, or the run was interrupted\n");
}

int generate_verb(const GenerateArguments& arguments) {
    const Spec spec = read(arguments.check);
    require_tcp(spec);  // first: what cannot be made should not cost a check
    const CheckReport report = run_check(spec, arguments.check);
    const SuiteOptions options = suite_options(arguments.suite);
    Suite suite = make_suite(spec, report, options);
    if (arguments.suite.cover) {
        const GoalReport goals = run_cover(spec, arguments.check);
        add_goals(spec, goals, options, suite);
        std::fputs(goals_text(goals).c_str(), stdout);
    }
    write_suite(suite, arguments.directory);
    std::fputs(suite_text(suite).c_str(), stdout);
    if (!suite.vectors.empty()) fmt::print("written to {}: .json, .pkt and .pcapng of each\n", arguments.directory);
    return interrupted() ? exit_limit : exit_code_of(report);
}

}  // namespace lastack
