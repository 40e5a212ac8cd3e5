#include "report/check_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "checker/claims/liveness.h"
#include "model/system.h"
#include "report/ladder.h"

namespace lastack {

namespace {

constexpr std::size_t columns = 80;

// What an answer covers: `lossy: 2 each way, loses duplicates reorders; data=1 retries=2`. Settings are named where
// they are not the profile's own.
std::string scope_text(const Spec& spec, const SystemDecl& decl) {
    const Network& network = decl.network;
    std::string text = fmt::format("  {}: {} each way", decl.name, network.capacity);
    const auto ability = [&](bool has, const std::string& word, int budget) {
        if (has) text += " " + word + (budget >= 0 ? fmt::format(" at most {}", budget) : "");
    };
    text += network.loses || network.duplicates || network.reorders ? "," : "";
    ability(network.loses, "loses", network.loss_budget);
    ability(network.duplicates, "duplicates", network.duplicate_budget);
    ability(network.reorders, "reorders", -1);
    text += ";";
    for (const auto& [name, value] : limits_at(spec, decl, 0)) {
        const Setting* setting = profile_at(spec, decl, 0).setting(name);
        if (!setting || setting->given) text += fmt::format(" {}={}", name, value);
    }
    return "  " + wrapped(text, 2, 4) + "\n";
}

// Why a system did not fit: what multiplies its states, and what to make smaller.
std::string growth_text(const SystemResult& system) {
    constexpr std::size_t shown = 8;
    const Growth& growth = *system.growth;
    std::string text = fmt::format("  {} grew to {} states at depth {}, {} of them waiting;", system.system->name,
                                   grouped(growth.states), growth.depth, grouped(growth.waiting));
    text += growth.drivers.empty() ? "" : " what drives it:";
    for (std::size_t i = 0; i < growth.drivers.size() && i < shown; ++i)
        text += fmt::format("{} {} x{:.1f}", i > 0 ? "," : "", growth.drivers[i].name, growth.drivers[i].factor);
    text += growth.drivers.empty() ? "" : ";";
    text += " smaller bounds to try:";
    for (std::size_t i = 0; i < growth.smaller.size(); ++i) text += (i > 0 ? ", " : " ") + growth.smaller[i];
    return "  " + wrapped(text, 2, 4) + "\n";
}

std::string systems_text(const Spec& spec, const CheckReport& report) {
    std::string out = fmt::format("  {:<16} {:>12} {:>14} {:>6} {:>9} {:>10}\n", "system", "states", "transitions",
                                  "depth", "CPU time", "states/s");
    for (const SystemResult& system : report.systems) {
        const Coverage& c = system.coverage;
        // Below the clock's grain a rate says nothing.
        const std::string rate =
            c.seconds < 0.05 ? "-" : fmt::format("{:.1f} M", static_cast<double>(c.states) / c.seconds / 1e6);
        out += fmt::format("  {:<16} {:>12} {:>14} {:>6} {:>7.2f} s {:>10}{}\n", clipped(system.system->name, 16),
                           grouped(c.states), grouped(c.transitions), c.depth, c.seconds, rate,
                           c.complete ? "" : "\n    PARTIAL: not all of its states");
        if (c.mirrored) out += "    a state and its mirror image count once\n";
        if (!system.not_mirrored.empty())
            out += "    " + wrapped("all states, mirror images too: " + system.not_mirrored, 4, 6) + "\n";
    }
    for (const SystemResult& system : report.systems) out += system.growth ? growth_text(system) : "";
    out += "Scope: segments in flight, what the network does, limits\n";
    for (const SystemResult& system : report.systems) out += scope_text(spec, *system.system);
    return out;
}

std::string expectation_text(const CheckResult& result) {
    if (result.expected.vacuous) return "true since nothing puts it to the test";
    std::string text = result.expected.holds ? "true" : "false";
    if (result.expected.shortest >= 0) text += fmt::format(", shown by a run of {} steps", result.expected.shortest);
    return text;
}

// What a claim takes for granted: `fair: weak timers, strong delivery at B`, `assuming` with its place.
std::string premises_text(const Claim& claim) {
    std::string text;
    for (const Fairness& fairness : claim.fairness) {
        static const char* const families[] = {"timers", "delivery", "call"};
        text += (text.empty() ? "fair: " : ", ") + std::string(fairness.strong ? "strong " : "weak ");
        const bool timer = fairness.family == Fairness::Family::timers && !fairness.name.empty();
        text += timer ? "timer" : families[static_cast<int>(fairness.family)];
        if (!fairness.name.empty()) text += " " + fairness.name;
        if (fairness.end >= 0) text += fairness.end == 0 ? " at A" : " at B";
    }
    if (claim.assuming) text += (text.empty() ? "" : "; ") + std::string("only runs that keep its assumption");
    return text;
}

// What is claimed in the file of a profile is not asked of who uses it, and a file of claims fits every profile of a
// family.
std::string no_claims_text(const Spec& spec) {
    std::string text =
        "  none: this file claims nothing about a system. Add claims, or use a file that has some, and say of which "
        "profile they are asked: --profile NAME, one of";
    for (const Profile& profile : spec.profiles) text += " " + profile.name;
    return "  " + wrapped(text, 2, 4) + "\n";
}

}  // namespace

std::string grouped(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (std::ptrdiff_t i = static_cast<std::ptrdiff_t>(digits.size()) - 3; i > 0; i -= 3)
        digits.insert(static_cast<std::size_t>(i), ",");
    return digits;
}

std::string clipped(const std::string& text, std::size_t width) {
    if (text.size() <= width) return text;
    return width < 3 ? std::string(width, '.') : text.substr(0, width - 3) + "...";
}

std::string wrapped(const std::string& text, std::size_t used, std::size_t indent) {
    std::string out;
    std::istringstream words(text);
    bool first = true;
    for (std::string word; words >> word; first = false) {
        if (!first && used + 1 + word.size() > columns) {
            out += "\n" + std::string(indent, ' ') + word;
            used = indent + word.size();
        } else {
            out += (first ? "" : " ") + word;
            used += word.size() + !first;
        }
    }
    return out;
}

std::string verdict_words(const CheckResult& result) {
    if (result.answer == Answer::unknown) return "not decided";
    const std::string plain = result.vacuous() && !result.trace ? "vacuous"
                              : result.answer == Answer::holds  ? "true"
                                                                : "false";
    if (result.as_expected) return plain == "true" ? plain : plain + ", as expected";
    return (result.is_open() ? "" : "SURPRISE: ") + plain;
}

std::string claim_text(const CheckResult& result) {
    std::string line = fmt::format("  {:<18} {:<14} ", verdict_words(result), result.claim->id);
    constexpr std::size_t indent = 36;
    const std::string how = result.trace ? fmt::format(" [{} steps]", result.trace->steps.size()) : "";
    if (line.size() > indent) line.replace(line.size() - 1, 1, "\n" + std::string(indent, ' '));
    line += wrapped(result.claim->sentence + how, indent, indent) + "\n";
    const auto more = [&](const std::string& text) {
        if (!text.empty()) line += std::string(indent, ' ') + wrapped(text, indent, indent + 2) + "\n";
    };
    if (!result.as_expected) more("expected: " + expectation_text(result));
    more(premises_text(*result.claim));
    if (!result.as_expected && result.vacuous()) {
        for (const std::string& premise : result.never_met) more("never true: " + premise);
    }
    more(result.note);
    return line;
}

std::string claims_tally_text(const CheckReport& report) {
    const Tally tally = tally_of(report);
    std::string out =
        fmt::format("  {} claims: {} as expected, {} not", report.claims.size(), tally.as_expected, tally.unexpected);
    out += tally.unknown > 0 ? fmt::format(", {} unknown\n", tally.unknown) : "\n";
    if (report.undecided.empty()) return out;
    std::string open = fmt::format("  not decided, behind the first answer that is not as expected: {} claims:",
                                   report.undecided.size());
    for (const Claim* claim : report.undecided) open += " " + claim->id;
    return out + "  " + wrapped(open, 2, 4) + "\n";
}

std::string explored_text(const Spec& spec, const CheckReport& report) {
    return fmt::format("Explored, profile {}\n", report.subject) + systems_text(spec, report);
}

std::string check_text(const Spec& spec, const CheckReport& report) {
    const Tally tally = tally_of(report);
    const std::size_t all = report.claims.size();
    std::string out;
    if (tally.unexpected > 0)
        out = fmt::format("SURPRISE: {} of {} claims of profile {} not as expected", tally.unexpected, all,
                          report.subject);
    else if (tally.unknown > 0 || !report.undecided.empty())
        out = fmt::format("Not all decided: {} of {} claims of profile {} left open, no surprise",
                          tally.unknown + report.undecided.size(), all + report.undecided.size(), report.subject);
    else if (all > 0)
        out = fmt::format("As expected: all {} claims of profile {}", all, report.subject);
    else
        out = fmt::format("Nothing was asked of profile {}", report.subject);
    out = wrapped(out, 0, 2) + "\n\nClaims\n";
    if (report.claims.empty() && report.undecided.empty()) out += no_claims_text(spec);
    for (const CheckResult& result : report.claims) out += claim_text(result);
    return out + claims_tally_text(report) + "\n" + explored_text(spec, report);
}

Tally tally_of(const CheckReport& report) {
    Tally tally;
    for (const CheckResult& result : report.claims)
        ++(result.as_expected ? tally.as_expected : result.is_open() ? tally.unknown : tally.unexpected);
    return tally;
}

std::string trace_text(const Spec& spec, const CheckResult& result) {
    const PlainSystem system(spec, *spec.system(result.claim->system));
    const bool witness = result.claim->kind == Claim::Kind::reachable;
    std::string out = wrapped(fmt::format("{} {}: \"{}\"", witness ? "Witness of" : "Counterexample to",
                                          result.claim->id, result.claim->sentence),
                              0, 2);
    // The runs of liveness claims are confirmed, but nobody looked for cheaper ones.
    const std::string least = is_liveness(result.claim->kind) ? "costs"
                              : result.note.empty()           ? "cheapest"
                                                              : "fewest steps";
    std::string about = fmt::format("{}: {}; system {}", least, to_string(result.cost), result.claim->system);
    if (!result.claim->cites.empty()) about += "; cites " + result.claim->cites;
    out += "\n  " + wrapped(about, 2, 4) + "\n\n";
    return out + ladder(system, *result.trace);
}

}  // namespace lastack
