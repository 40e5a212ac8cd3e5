#include "report/proof_text.h"

#include <fmt/format.h>

#include "report/check_text.h"

namespace lastack {

namespace {

const char* environment_text(Environment environment) {
    switch (environment) {
        case Environment::anyone: return "any peer";
        case Environment::peer: return "the peer of the system";
        case Environment::lossless: break;
    }
    return "the peer of the system, nothing is lost";
}

std::string result_text(const ProofResult& result, bool verbose) {
    std::string out = fmt::format("  {:<12} {:<9} {}\n", result.claim->id, result.answer(), result.claim->sentence);
    const auto line = [&](const std::string& text) { out += "      " + wrapped(text, 6, 8) + "\n"; };
    if (result.counterexample) {
        line(fmt::format("by a run of {} steps of {}, which the plain interpreter replays",
                         result.counterexample->trace ? result.counterexample->trace->steps.size() : 0,
                         result.claim->system));
        return out;
    }
    const Proof& proof = result.proof;
    if (!proof.proved) {
        for (const std::string& tried : proof.tried) line(tried);
        if (result.explored) line("exploration within the bounds of " + result.claim->system + " refutes nothing");
        return out;
    }
    line(proof_scope(proof));
    line(fmt::format("{:.1f} s; {} lemmas; {} questions, each unsat for a fresh solver, too", proof.seconds,
                     proof.invariant.size(), proof.certificate.size()));
    for (const std::string& lemma : proof.invariant)
        if (verbose) line(lemma);
    if (!result.files.empty()) line("certificate: " + result.files.front() + " and beside it");
    return out;
}

}  // namespace

std::string proof_scope(const Proof& proof) {
    return fmt::format("{}; {}", environment_text(proof.environment), fmt::join(proof.limits, ", "));
}

std::string proof_text(const ProofReport& report, bool verbose) {
    std::string out = fmt::format("Profile {}: claims for every bound\n", report.subject);
    std::size_t proved = 0, violated = 0;
    for (const ProofResult& result : report.results) {
        out += result_text(result, verbose);
        proved += result.answer() == "proved";
        violated += result.answer() == "violated";
    }
    out +=
        fmt::format("{} proved, {} violated, {} unknown", proved, violated, report.results.size() - proved - violated);
    out += report.left_out > 0 ? fmt::format("; {} of other forms left out\n", report.left_out) : "\n";
    if (proved > 0) {
        out += "Scope: " +
               wrapped("whatever is in flight is among all that was ever sent (any number, lost, doubled, in any "
                       "order), or anything at all (any peer); limits as told at each claim; docs/proofs.md",
                       7, 2) +
               "\n";
    }
    return out;
}

std::string unbounded_text(const ProofReport& report) {
    std::string out, open;
    for (const ProofResult& result : report.results) {
        if (result.answer() == "proved") {
            out += fmt::format("  {:<12} {}\n", result.claim->id,
                               wrapped("for every bound: " + proof_scope(result.proof), 15, 15));
        } else if (!result.counterexample) {
            open += (open.empty() ? "" : ", ") + result.claim->id;
        }
    }
    if (!open.empty()) out += "  " + wrapped("within the bounds only: " + open, 2, 4) + "\n";
    return "For every bound (docs/proofs.md)\n" + (out.empty() ? "  nothing was asked\n" : out);
}

JsonTree unbounded_json(const ProofReport& report) {
    JsonTree claims = JsonTree::array();
    for (const ProofResult& result : report.results) {
        const Proof& proof = result.proof;
        JsonTree one = JsonTree::object();
        one.set("id", result.claim->id).set("system", result.claim->system).set("answer", result.answer());
        if (result.counterexample && result.counterexample->trace)
            one.set("counterexample_steps", static_cast<std::uint64_t>(result.counterexample->trace->steps.size()));
        if (proof.proved) {
            one.set("environment", proof.environment == Environment::anyone ? "any"
                                   : proof.environment == Environment::peer ? "peer"
                                                                            : "lossless");
            one.set("limits", JsonTree::list(proof.limits)).set("invariant", JsonTree::list(proof.invariant));
            std::vector<std::string> questions;
            for (const ProofQuery& query : proof.certificate) questions.push_back(query.name);
            one.set("questions", JsonTree::list(questions)).set("seconds", proof.seconds);
            if (!result.files.empty()) one.set("certificate", JsonTree::list(result.files));
        } else if (!result.counterexample) {
            one.set("tried", JsonTree::list(proof.tried)).set("explored", result.explored);
        }
        claims.add(std::move(one));
    }
    return claims;
}

JsonTree proof_json(const ProofReport& report) {
    JsonTree tree = JsonTree::object();
    tree.set("profile", report.subject).set("claims", unbounded_json(report));
    tree.set("left_out", static_cast<std::uint64_t>(report.left_out));
    return tree;
}

}  // namespace lastack
