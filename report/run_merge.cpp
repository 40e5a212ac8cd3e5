#include "report/run_merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "generators/json_tree.h"

namespace lastack {
namespace {

constexpr std::array verdicts = {Verdict::pass, Verdict::fail, Verdict::inconclusive, Verdict::error, Verdict::skipped};

JsonTree tree_of(const std::string& file, const std::string& text) {
    try {
        return JsonTree::parsed(text);
    } catch (const std::exception& problem) {
        const std::string what = problem.what();  // behind the library's name for it
        const std::size_t name = what.find("] ");
        throw MergeError(
            fmt::format("{}: no JSON: {}", file, name == std::string::npos ? what : what.substr(name + 2)));
    }
}

MergedRun run_of(const std::string& file, const JsonTree& tree) {
    MergedRun run;
    run.vector = tree.text_at("vector");
    run.reason = tree.text_at("reason");
    run.expected_refuted = tree.flag_at("expected_refuted");
    run.other_course = tree.flag_at("other_course");
    const std::string word = tree.text_at("verdict");
    const auto verdict =
        std::find_if(verdicts.begin(), verdicts.end(), [&](Verdict one) { return to_string(one) == word; });
    if (run.vector.empty() || verdict == verdicts.end())
        throw MergeError(fmt::format("{}: a run without a vector or with the verdict '{}'", file, word));
    run.verdict = *verdict;
    return run;
}

}  // namespace

MergedRuns merge_runs(const std::vector<std::pair<std::string, std::string>>& reports) {
    struct Entry {
        MergedRun run;
        JsonTree tree;
        std::string file;
    };
    std::map<std::string, Entry> all;  // by the vector's name
    std::optional<JsonTree> head;
    for (const auto& [file, text] : reports) {
        JsonTree tree = tree_of(file, text);
        if (tree.text_at("target").empty() || !tree.has_list("runs"))
            throw MergeError(fmt::format("{}: not what lastack run --json prints", file));
        for (JsonTree& one : tree.take_list("runs")) {
            MergedRun run = run_of(file, one);
            if (const auto twin = all.find(run.vector); twin != all.end())
                throw MergeError(fmt::format("{}: {} is in {}, too", file, run.vector, twin->second.file));
            all.emplace(run.vector, Entry{run, std::move(one), file});
        }
        if (!head)
            head = std::move(tree);
        else if (head->text() != tree.text())
            throw MergeError(
                fmt::format("{}: of another target, kernel, version or spec than {}", file, reports.front().first));
    }
    MergedRuns merged;
    if (!head) return merged;
    merged.description = head->text_at("description");
    JsonTree list = JsonTree::array();
    for (auto& [name, entry] : all) {
        merged.runs.push_back(std::move(entry.run));
        list.add(std::move(entry.tree));
    }
    head->set("runs", std::move(list));
    merged.json = head->text();
    return merged;
}

}  // namespace lastack
