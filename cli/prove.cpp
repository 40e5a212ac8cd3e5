// Claims for every bound: exploration refutes, the prover proves, and what neither does is unknown.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "cli/checking.h"
#include "cli/output.h"
#include "cli/provenance.h"
#include "cli/proving.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "generators/suite.h"

namespace lastack {

namespace {

// CLAIM.N.smt2, a question each, and CLAIM.txt: what they are about.
void write_certificates(ProofReport& report, const std::string& directory) {
    std::filesystem::create_directories(directory);
    for (ProofResult& result : report.results) {
        if (!result.proof.proved || result.counterexample) continue;
        const std::filesystem::path stem = std::filesystem::path(directory) / file_stem(result.claim->id);
        std::string about =
            fmt::format("{}: {}\nProfile {}, system {}; {}\n\nInductive invariant\n", result.claim->id,
                        result.claim->sentence, report.subject, result.claim->system, proof_scope(result.proof));
        for (const std::string& lemma : result.proof.invariant) about += "  " + lemma + "\n";
        about += "\nQuestions, each unsat\n";
        result.files.push_back(stem.string() + ".txt");
        for (std::size_t i = 0; i < result.proof.certificate.size(); ++i) {
            const ProofQuery& query = result.proof.certificate[i];
            const std::string file = fmt::format("{}.{}.smt2", stem.string(), i + 1);
            write_file(file, "; " + query.name + "\n" + query.smtlib);
            about += fmt::format("  {} {}\n", std::filesystem::path(file).filename().string(), query.name);
            result.files.push_back(file);
        }
        write_file(result.files.front(), about);
    }
}

int exit_code_of(const ProofReport& report, const CheckReport& checked) {
    for (const CheckResult& result : checked.claims) {
        if (result.answer == Answer::violated && !result.as_expected) return exit_safety;
    }
    const bool open = std::any_of(report.results.begin(), report.results.end(),
                                  [](const ProofResult& result) { return result.answer() == "unknown"; });
    return open || interrupted() ? exit_limit : report.results.empty() ? exit_vacuous : exit_ok;
}

// Only those claims that are asked for and that a proof is for; exploring costs time.
CheckArguments arguments_of(const Spec& spec, const ProveArguments& arguments) {
    CheckArguments check;
    static_cast<SpecArguments&>(check) = arguments;
    check.max_states = arguments.max_states;
    check.systems = arguments.systems;
    check.claims = arguments.claims;
    for (const Claim& claim : spec.claims) {
        const bool here = arguments.systems.empty() || std::find(arguments.systems.begin(), arguments.systems.end(),
                                                                 claim.system) != arguments.systems.end();
        if (arguments.claims.empty() && here && why_not_provable(claim).empty()) check.claims.push_back(claim.id);
    }
    return check;
}

}  // namespace

int prove_verb(const ProveArguments& arguments) {
    const Spec spec = read(arguments);
    const CheckReport checked = run_check(spec, arguments_of(spec, arguments));
    ProofReport report = prove_checked(spec, checked, arguments.seconds, arguments.claims);
    if (arguments.claims.empty()) {
        for (const Claim& claim : spec.claims) report.left_out += !why_not_provable(claim).empty();
    }
    if (!arguments.certificate.empty()) write_certificates(report, arguments.certificate);
    if (arguments.json) {
        JsonTree tree = proof_json(report);
        set_provenance(tree, &spec);
        std::fputs(tree.text().c_str(), stdout);
    } else {
        say(proof_text(report, arguments.verbose) + traces_text(spec, checked, false));
    }
    return exit_code_of(report, checked);
}

}  // namespace lastack
