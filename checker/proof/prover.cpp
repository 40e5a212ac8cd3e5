#include "checker/proof/prover.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <set>

#include "checker/proof/certificate.h"
#include "checker/proof/learning.h"
#include "checker/proof/watchdog.h"
#include "model/system.h"

namespace lastack {

namespace {

using Clock = std::chrono::steady_clock;

struct Try {
    Environment environment;
    Freedom freedom;
};
constexpr std::array tries{
    Try{Environment::anyone, Freedom::every},   Try{Environment::anyone, Freedom::switched},
    Try{Environment::peer, Freedom::switched},  Try{Environment::peer, Freedom::given},
    Try{Environment::lossless, Freedom::given},
};

const char* environment_name(Environment environment) {
    switch (environment) {
        case Environment::anyone: return "any peer";
        case Environment::peer: return "the pair";
        case Environment::lossless: break;
    }
    return "the pair without loss";
}

std::string to_string(const Try& one) {
    const char* const limits = one.freedom == Freedom::every      ? "every limit free"
                               : one.freedom == Freedom::switched ? "limits in their ranges, or 0 where set so"
                                                                  : "limits as given";
    return fmt::format("{}, {}", environment_name(one.environment), limits);
}

// From the declared lowest value on; a switch has both of its values.
LimitRange unbounded(const Limit& limit) {
    const bool is_switch = limit.low == 0 && limit.high == 1;
    return {limit.low, is_switch ? std::optional<int>(1) : std::nullopt};
}

LimitRanges ranges_at(const Spec& spec, const SystemDecl& decl, int end, Freedom freedom) {
    const Profile& profile = profile_at(spec, decl, end);
    LimitRanges ranges;
    for (const auto& [name, value] : limits_at(spec, decl, end)) ranges[name] = {value, value};
    if (freedom == Freedom::given) return ranges;
    for (const Limit& limit : profile.limits) {
        const auto set = decl.limits.find(limit.name);
        if (freedom == Freedom::switched && set != decl.limits.end() && set->second == 0) continue;
        ranges[limit.name] = freedom == Freedom::every ? unbounded(limit) : LimitRange{limit.low, limit.high};
    }
    for (const Setting& setting : profile.settings) {
        if (setting.readable()) ranges[setting.name] = {setting.low, setting.high};
    }
    return ranges;
}

// The next wider ranges of a limit: all values, then the declared ones.
std::vector<LimitRange> wider(const Limit& limit, const LimitRange& now) {
    const LimitRange all = unbounded(limit), declared{limit.low, limit.high};
    std::vector<LimitRange> result;
    for (const LimitRange& one : {all, declared}) {
        if (one.high != now.high || one.low != now.low) result.push_back(one);
        if (one.high == now.high && one.low == now.low) break;
    }
    return result;
}

std::vector<std::string> told(const LimitRanges (&ranges)[2], bool same) {
    std::vector<std::string> words;
    for (const int end : {0, 1}) {
        if (end == 1 && same) continue;
        const std::string whose = same ? "" : end == 0 ? " at A" : " at B";
        for (const auto& [name, range] : ranges[end]) {
            if (range.fixed()) {
                words.push_back(fmt::format("{} = {}{}", name, range.low, whose));
            } else if (range.high) {
                words.push_back(fmt::format("{} in {}..{}{}", name, range.low, *range.high, whose));
            } else {
                words.push_back(fmt::format("{} >= {}{}", name, range.low, whose));
            }
        }
    }
    return words;
}

bool says_quiet(const Expr& expr) {
    return sort_of(expr.op) == Sort::network_state ||
           std::any_of(expr.args.begin(), expr.args.end(), [](const Expr& arg) { return says_quiet(arg); });
}
bool says_quiet(const Claim& claim) {
    return std::any_of(claim.stages.begin(), claim.stages.end(), [](const Expr& stage) { return says_quiet(stage); });
}

// The claims of one system.
class SystemProofs {
public:
    SystemProofs(const Spec& spec, const SystemDecl& decl, std::vector<Proof*> proofs, const ProofOptions& options)
        : spec_(spec), decl_(decl), proofs_(std::move(proofs)), options_(options), began_(Clock::now()),
          deadline_(began_ + options.time),
          of_flight_(!decl.network.loses && std::all_of(proofs_.begin(), proofs_.end(),
                                                        [](const Proof* one) { return says_quiet(*one->claim); })) {}

    void run() {
        if (!each_try(Tier::states) || open().empty()) return;
        // Where it is kept what is in flight clauses say more than lemmas that do not speak of it.
        const bool clauses_first = sessions_.back()->one.environment == Environment::lossless;
        if (clauses_first) learn(*sessions_.back());
        if (each_try(Tier::literals) && !clauses_first && !open().empty()) learn(*sessions_.back());
    }

private:
    // False: the time was over.
    bool each_try(Tier tier) {
        for (std::size_t i = 0; i < tries.size() && !open().empty(); ++i) {
            if (over()) {
                for (Proof* proof : open()) proof->tried.push_back(to_string(tries[i]) + ": the time was over");
                return false;
            }
            if (tries[i].environment == Environment::lossless ? decl_.network.loses : of_flight_) continue;
            attempt(session_of(i), tier);
        }
        return true;
    }

    struct Session;
    Session& session_of(std::size_t number) {
        for (const std::unique_ptr<Session>& session : sessions_)
            if (session->number == number) return *session;
        sessions_.push_back(std::make_unique<Session>(spec_, decl_, number, deadline_, options_.stop));
        return *sessions_.back();
    }

    bool over() const { return Clock::now() >= deadline_ || (options_.stop && options_.stop()); }
    std::vector<Proof*> open() const {
        std::vector<Proof*> result;
        for (Proof* proof : proofs_) {
            if (!proof->proved) result.push_back(proof);
        }
        return result;
    }

    struct Session {
        Session(const Spec& spec, const SystemDecl& decl, std::size_t try_number, Clock::time_point deadline,
                const std::function<bool()>& stop)
            : number(try_number), one(tries[try_number]), ranges{ranges_at(spec, decl, 0, one.freedom),
                                                                 ranges_at(spec, decl, 1, one.freedom)},
              candidate_options{one.environment, ends_alike(spec, decl),
                                [deadline, stop] { return Clock::now() >= deadline || (stop && stop()); }},
              runs(spec, decl, candidate_options),
              kinds(one.environment == Environment::lossless ? runs.kinds() : std::vector<Expr>{}),
              formula(spec, decl, ranges, kinds), watchdog(formula.context(), deadline, stop),
              inductive(formula, one.environment, candidate_options.stop) {}
        std::size_t number;  // of `tries`
        Try one;
        LimitRanges ranges[2];
        CandidateOptions candidate_options;
        RefutingRuns runs;
        std::vector<Expr> kinds;  // of segments in flight
        PairFormula formula;
        Watchdog watchdog;
        Inductive inductive;
    };

    static std::string name_of(const Session& session, const Lemma& lemma) {
        const PlainSystem& plain = session.formula.plain();
        return lastack::to_string(lemma, plain.profile(lemma.end), plain.profile(1 - lemma.end),
                                  session.formula.alike());
    }

    void attempt(Session& session, Tier tier) {
        const std::string what = to_string(session.one) + (tier == Tier::states ? "" : ", more lemmas");
        const auto give_up = [&](const std::string& why) {
            for (Proof* proof : open()) proof->tried.push_back(fmt::format("{}: {}", what, why));
        };
        try {
            std::vector<Lemma> found =
                candidates(session.formula.plain(), session.candidate_options, session.runs, tier);
            // What holds with any peer and wider limits holds here, and may be what the runs here do not suggest.
            if (tier == Tier::states && &session != sessions_.front().get()) {
                const std::vector<Lemma>& known = sessions_[sessions_.size() - 2]->inductive.lemmas();
                std::set<std::string> names;
                for (const Lemma& lemma : found) names.insert(name_of(session, lemma));
                for (const Lemma& lemma : known) {
                    if (names.insert(name_of(session, lemma)).second) found.push_back(lemma);
                }
            }
            session.inductive.keep_inductive(std::move(found));
            for (Proof* proof : open()) {
                if (const auto needed = session.inductive.follows(*proof->claim)) {
                    conclude(*proof, session, *needed);
                } else {
                    proof->tried.push_back(
                        fmt::format("{}: does not follow from {} lemmas", what, session.inductive.lemmas().size()));
                }
            }
        } catch (const SolverGaveUp& error) {
            give_up(error.what());
        } catch (const z3::exception& error) {  // an interrupt between two questions
            give_up(error.msg());
        }
    }

    void learn(Session& session) {
        const std::string what = to_string(session.one) + ", clauses learned";
        const std::vector<Expr> made = predicates(session.formula.plain(), session.runs, session.kinds);
        const std::vector<Valuation> shown = session.runs.shown(made);
        for (Proof* proof : open()) {
            const auto give_up = [&](const std::string& why) {
                proof->tried.push_back(fmt::format("{}: {}", what, why));
            };
            try {
                Learning learning(session.formula, session.inductive, made, shown);
                std::optional<std::vector<Lemma>> learned = learning.learn(*proof->claim);
                if (!learned) {
                    give_up(fmt::format("{} predicates do not tell it from what is reached", made.size()));
                    continue;
                }
                session.inductive.keep_inductive(std::move(*learned));
                if (const auto needed = session.inductive.follows(*proof->claim)) conclude(*proof, session, *needed);
            } catch (const SolverGaveUp& error) {
                give_up(error.what());
            } catch (const z3::exception& error) {  // an interrupt between two questions
                give_up(error.msg());
            }
        }
    }

    // The ranges and the formulas of a proof.
    struct Setup {
        LimitRanges ranges[2];
        std::unique_ptr<PairFormula> formula;
        std::unique_ptr<Watchdog> watchdog;
        std::unique_ptr<Inductive> inductive;
    };
    Setup setup(const LimitRanges (&ranges)[2], const Session& session, const std::vector<Lemma>& lemmas) const {
        Setup made{{ranges[0], ranges[1]}, nullptr, nullptr, nullptr};
        made.formula = std::make_unique<PairFormula>(spec_, decl_, ranges, session.kinds);
        made.watchdog = std::make_unique<Watchdog>(made.formula->context(), deadline_, options_.stop);
        made.inductive = std::make_unique<Inductive>(*made.formula, session.one.environment, [this] { return over(); });
        made.inductive->take(lemmas);
        return made;
    }

    // With each limit as free as the lemmas allow.
    Setup widened(const Proof& proof, const Session& session, const std::vector<Lemma>& lemmas) const {
        Setup best = setup(session.ranges, session, lemmas);
        std::set<std::string> seen;
        for (const int end : {0, 1}) {
            for (const Limit& limit : best.formula->plain().profile(end).limits) {
                if (!seen.insert(limit.name).second) continue;
                for (const LimitRange& range : wider(limit, best.ranges[end].at(limit.name))) {
                    LimitRanges ranges[2] = {best.ranges[0], best.ranges[1]};
                    for (LimitRanges& one : ranges) {
                        if (one.count(limit.name)) one[limit.name] = range;
                    }
                    Setup tried = setup(ranges, session, lemmas);
                    if (!tried.inductive->proves(*proof.claim)) continue;
                    best = std::move(tried);
                    break;
                }
            }
        }
        return best;
    }

    void conclude(Proof& proof, Session& session, const Inductive::Needed& needed) {
        std::vector<Lemma> lemmas;
        for (const std::size_t i : needed.lemmas) lemmas.push_back(session.inductive.lemmas()[i]);
        Setup few = setup(session.ranges, session, lemmas);
        const auto fewer = few.inductive->follows(*proof.claim, true);
        if (!fewer) throw std::logic_error("what a claim needs does not prove it");
        lemmas.clear();
        for (const std::size_t i : fewer->lemmas) lemmas.push_back(few.inductive->lemmas()[i]);
        Setup best = widened(proof, session, lemmas);
        const PlainSystem& plain = best.formula->plain();
        proof.certificate.clear();
        proof.invariant.clear();
        for (Query& query : best.inductive->certificate(*proof.claim))
            proof.certificate.push_back({std::move(query.name), std::move(query.smtlib)});
        for (const Lemma& lemma : lemmas) {
            proof.invariant.push_back(lastack::to_string(lemma, plain.profile(lemma.end), plain.profile(1 - lemma.end),
                                                         best.formula->alike()));
        }
        for (const ProofQuery& query : proof.certificate) {
            const Rechecked again = recheck(query.smtlib, options_.time, options_.stop);
            if (again == Rechecked::sat)
                throw Disagreement(
                    fmt::format("{}: a fresh solver refutes the proof: {}", proof.claim->id, query.name));
            if (again == Rechecked::unknown) throw SolverGaveUp("the proof was not checked again in time");
        }
        proof.environment = session.one.environment;
        proof.limits = told(best.ranges, plain.profile(0).name == plain.profile(1).name);
        proof.seconds = std::chrono::duration<double>(Clock::now() - began_).count();
        proof.tried.clear();
        proof.proved = true;
    }

    const Spec& spec_;
    const SystemDecl& decl_;
    std::vector<Proof*> proofs_;
    const ProofOptions& options_;
    Clock::time_point began_, deadline_;
    bool of_flight_;  // each claim asks what is in flight, and nothing is lost: only where that is kept it is tried
    std::vector<std::unique_ptr<Session>> sessions_;  // one for each try
};

}  // namespace

std::string why_not_provable(const Claim& claim) {
    if (claim.kind != Claim::Kind::invariant && claim.kind != Claim::Kind::step)
        return "only invariants and claims about steps can be proved for every bound";
    if (claim.assuming) return "it assumes something of each step";
    return "";
}

std::vector<Proof> prove(const Spec& spec, const std::vector<const Claim*>& claims, const ProofOptions& options) {
    std::vector<Proof> proofs(claims.size());
    std::vector<std::pair<std::string, std::vector<Proof*>>> by_system;
    for (std::size_t i = 0; i < claims.size(); ++i) {
        proofs[i].claim = claims[i];
        if (const std::string why = why_not_provable(*claims[i]); !why.empty()) {
            proofs[i].tried.push_back(why);
            continue;
        }
        const auto known = std::find_if(by_system.begin(), by_system.end(),
                                        [&](const auto& entry) { return entry.first == claims[i]->system; });
        if (known == by_system.end()) {
            by_system.push_back({claims[i]->system, {&proofs[i]}});
        } else {
            known->second.push_back(&proofs[i]);
        }
    }
    for (auto& [system, open] : by_system) SystemProofs(spec, *spec.system(system), open, options).run();
    return proofs;
}

}  // namespace lastack
