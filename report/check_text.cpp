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

std::string answer_text(const CheckResult& result) {
    const bool looks_for = result.claim->kind == Claim::Kind::reachable;
    if (result.vacuous() && !result.trace) return "vacuous";
    if (!result.trace) return to_string(result.answer);
    const auto steps = result.trace->steps.size();
    return looks_for ? fmt::format("witness in {}", steps) : fmt::format("violated in {}", steps);
}

std::string expectation_text(const CheckResult& result) {
    if (result.expected.vacuous) return "vacuous";
    std::string text = result.expected.holds ? "holds" : "violated";
    if (result.expected.shortest >= 0) text += fmt::format(" in {}", result.expected.shortest);
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

std::string claim_line(const CheckResult& result) {
    const std::string mark = result.as_expected ? "ok" : result.is_open() ? "??" : "!!";
    std::string line = fmt::format("  {} {:<14} {:<14} ", mark, result.claim->id, answer_text(result));
    line += wrapped(result.claim->sentence, line.size(), line.size()) + "\n";
    if (!result.as_expected) line += fmt::format("     {:<14} expected: {}\n", "", expectation_text(result));
    constexpr std::size_t indent = 20;
    const auto more = [&](const std::string& text) {
        if (!text.empty()) line += std::string(indent, ' ') + wrapped(text, indent, indent + 2) + "\n";
    };
    more(premises_text(*result.claim));
    if (!result.as_expected && result.vacuous()) {
        for (const std::string& premise : result.never_met) more("never true: " + premise);
    }
    more(result.note);
    return line;
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

std::string check_text(const Spec& spec, const CheckReport& report) {
    std::string out = fmt::format("Explored, profile {}\n", report.subject) + systems_text(spec, report) + "\nClaims\n";
    if (report.claims.empty() && report.undecided.empty()) out += no_claims_text(spec);
    for (const CheckResult& result : report.claims) out += claim_line(result);
    const Tally tally = tally_of(report);
    out +=
        fmt::format("  {} claims: {} as expected, {} not", report.claims.size(), tally.as_expected, tally.unexpected);
    out += tally.unknown > 0 ? fmt::format(", {} unknown\n", tally.unknown) : "\n";
    if (report.undecided.empty()) return out;
    std::string open = fmt::format("  not decided, behind the first answer that is not as expected: {} claims:",
                                   report.undecided.size());
    for (const Claim* claim : report.undecided) open += " " + claim->id;
    return out + "  " + wrapped(open, 2, 4) + "\n";
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
