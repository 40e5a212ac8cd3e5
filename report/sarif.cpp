#include <fmt/format.h>

#include <map>

#include "generators/json_tree.h"
#include "report/report_items.h"

namespace lastack {

namespace {

using Kind = ReportItem::Kind;

constexpr const char* schema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

JsonTree message(const std::string& text) {
    JsonTree tree = JsonTree::object();
    tree.set("text", text);
    return tree;
}

// FNV-1a, 64 bits (Fowler, Noll, Vo): what is found again is the same claim or vector of the same profile, wherever its
// line has moved and however long its trace is.
std::string fingerprint(const std::string& text) {
    std::uint64_t hash = 14'695'981'039'346'656'037U;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211U;
    return fmt::format("{:016x}", hash);
}

// A URI reference: what is no letter, digit or one of "-._~/" is escaped (RFC 3986 2.1).
std::string uri(const std::string& path) {
    std::string out;
    for (const char c : path) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           std::string("-._~/").find(c) != std::string::npos;
        out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

JsonTree place(const Where& where) {
    JsonTree artifact = JsonTree::object();
    artifact.set("uri", uri(where.source->name));
    JsonTree region = JsonTree::object();
    region.set("startLine", where.line).set("startColumn", where.column).set("endColumn", where.column + where.length);
    JsonTree physical = JsonTree::object();
    physical.set("artifactLocation", std::move(artifact)).set("region", std::move(region));
    return physical;
}

JsonTree location(const ReportItem& one) {
    JsonTree tree = JsonTree::object();
    if (one.where.source) tree.set("physicalLocation", place(one.where));
    JsonTree logical = JsonTree::object();
    logical.set("fullyQualifiedName", one.group + ": " + one.id);
    JsonTree list = JsonTree::array();
    list.add(std::move(logical));
    return std::move(tree.set("logicalLocations", std::move(list)));
}

JsonTree code_flow(const ReportItem& one) {
    JsonTree steps = JsonTree::array();
    for (const std::string& step : one.steps) {
        JsonTree at = JsonTree::object();
        if (one.where.source) at.set("physicalLocation", place(one.where));
        at.set("message", message(step));
        JsonTree location = JsonTree::object();
        location.set("location", std::move(at));
        steps.add(std::move(location));
    }
    JsonTree thread = JsonTree::object();
    thread.set("locations", std::move(steps));
    JsonTree threads = JsonTree::array();
    threads.add(std::move(thread));
    JsonTree flow = JsonTree::object();
    flow.set("threadFlows", std::move(threads));
    JsonTree flows = JsonTree::array();
    flows.add(std::move(flow));
    return flows;
}

// A result is about what does not pass; what was not driven is none.
bool is_result(const ReportItem& one) { return one.kind != Kind::as_expected && one.kind != Kind::skipped; }

JsonTree result(const ReportHead& head, const ReportItem& one, int rule) {
    JsonTree tree = JsonTree::object();
    tree.set("ruleId", one.id).set("ruleIndex", rule);
    const bool open = one.kind == Kind::inconclusive;
    if (open) tree.set("kind", "open");
    tree.set("level", open ? "none" : "error");
    tree.set("message", message(one.sentence + ": " + one.said));
    JsonTree locations = JsonTree::array();
    locations.add(location(one));
    tree.set("locations", std::move(locations));
    if (!one.steps.empty()) tree.set("codeFlows", code_flow(one));
    JsonTree prints = JsonTree::object();
    prints.set("lastack/v1", fingerprint(head.profile + '\n' + one.group + '\n' + one.id));
    return std::move(tree.set("partialFingerprints", std::move(prints)));
}

}  // namespace

std::string sarif_text(const ReportHead& head, const std::vector<ReportItem>& items) {
    JsonTree rules = JsonTree::array(), results = JsonTree::array();
    std::map<std::string, int> known;
    bool error = false;
    for (const ReportItem& one : items) {
        error = error || one.kind == Kind::error;
        if (!is_result(one)) continue;
        const auto [rule, fresh] = known.try_emplace(one.id, static_cast<int>(known.size()));
        if (fresh) {
            JsonTree told = JsonTree::object();
            told.set("id", one.id).set("shortDescription", message(one.sentence));
            if (!one.cites.empty()) told.set("help", message(one.cites));
            rules.add(std::move(told));
        }
        results.add(result(head, one, rule->second));
    }
    JsonTree driver = JsonTree::object();
    driver.set("name", "lastack").set("version", head.version).set("rules", std::move(rules));
    JsonTree tool = JsonTree::object();
    tool.set("driver", std::move(driver));
    JsonTree invocation = JsonTree::object();
    invocation.set("executionSuccessful", !error);
    JsonTree invocations = JsonTree::array();
    invocations.add(std::move(invocation));
    JsonTree properties = JsonTree::object();
    properties.set("profile", head.profile).set("target", head.target);
    JsonTree run = JsonTree::object();
    run.set("tool", std::move(tool)).set("columnKind", "unicodeCodePoints").set("invocations", std::move(invocations));
    run.set("results", std::move(results)).set("properties", std::move(properties));
    JsonTree runs = JsonTree::array();
    runs.add(std::move(run));
    JsonTree tree = JsonTree::object();
    tree.set("$schema", schema).set("version", "2.1.0");
    tree.set("runs", std::move(runs));
    return tree.text();
}

}  // namespace lastack
