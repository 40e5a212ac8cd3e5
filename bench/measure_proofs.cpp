// `./dev measure proofs [PART...]`: proofs for every bound, and time, each figure beside its target.
//
//   proofs     the claims of rfc9293 behind each of six statements are proved by the command in one run, with the
//              processor time and the memory at the peak of that run
//   zones      the timed exploration of the normal, the simultaneous and the lossy close (two losses)
//   bounds     the running kernel under six settings beside what the model says of it; half a minute
//   condition  the weakest condition on TIME-WAIT, retransmission and delay, for three pairs of N and L
//
// Arguments name the parts to run; without any, all. Exit code 0 only where every part ran and met its targets.
#include <string>
#include <vector>

#include "bench/figures.h"
#include "bench/measured_child.h"
#include "bench/zone_parts.h"
#include "tests/places.h"

namespace {

using namespace lastack;
using bench::line;

constexpr double most_seconds = 60, most_bytes = 2e9;

struct Statement {
    std::string what;
    std::vector<std::string> claims;  // of specs/properties/safety.spec
};

const std::vector<Statement> statements{
    {"retries bounded", {"S03", "S03-b", "S04", "S04-b"}},
    {"TIME-WAIT only for who closed first", {"S01a", "S01c"}},
    {"one FIN number for a direction", {"S05", "S05-b"}},
    {"ways out of FIN-WAIT-1 and LAST-ACK", {"S09", "S10", "S02-a", "S02-b"}},
    {"agreement when all is quiet, no loss", {"S18"}},
    {"no half-open after a graceful close", {"S20"}},
};

bool measure(const Statement& statement) {
    std::vector<std::string> words{testing::command_path(), "prove",
                                   testing::source_dir() + "/specs/properties/safety.spec", "--profile", "rfc9293"};
    for (const std::string& claim : statement.claims) words.insert(words.end(), {"--claim", claim});
    const bench::Took took = bench::run_measured(words);
    bool met = line(statement.what, took.code == 0 ? "proved" : "not proved", "proved", took.code == 0);
    met &= line("  processor seconds", fmt::format("{:.1f}", took.cpu), "<= 60", took.cpu <= most_seconds);
    met &= line("  MB at the peak", fmt::format("{:.0f}", took.resident / 1e6), "<= 2000", took.resident <= most_bytes);
    return met;
}

bool measure_proofs() {
    bool met = true;
    for (const Statement& statement : statements) met &= measure(statement);
    return met;
}

}  // namespace

int main(int argc, char** argv) {
    bench::Parts parts{{"proofs", measure_proofs}};
    for (const auto& part : bench::zone_parts()) parts.push_back(part);
    return bench::run_parts(parts, {argv + 1, argv + argc});
}
