#include "checker/proof/candidates.h"

#include <algorithm>
#include <set>

#include "checker/proof/refuting_runs.h"

namespace lastack {

namespace {

using namespace expr;

struct Parts {
    std::vector<Expr> states;    // the end is in one of them
    std::vector<Expr> literals;  // of flags, enumerated values, timers
    std::vector<Expr> numbers;   // variables
    std::vector<Expr> relations;
    std::vector<Expr> flags;       // those literals that are of flags
    std::vector<Expr> beginnings;  // a number has the value that it began with
};

Parts parts_of(const Profile& profile) {
    Parts parts;
    for (std::size_t i = 0; i < profile.states.size(); ++i) parts.states.push_back(state_in({static_cast<int>(i)}));
    std::vector<Expr> bounds;
    for (std::size_t i = 0; i < profile.variables.size(); ++i) {
        const Variable& declared = profile.variables[i];
        const Expr self = variable(profile, static_cast<int>(i));
        if (declared.flag) {
            parts.literals.push_back(self);
            parts.literals.push_back(unary(Op::not_, self));
            parts.flags.insert(parts.flags.end(), parts.literals.end() - 2, parts.literals.end());
        } else if (!declared.enumerators.empty()) {
            for (std::size_t k = 0; k < declared.enumerators.size(); ++k) {
                parts.literals.push_back(binary(Op::eq, self, constant(static_cast<int>(k))));
                parts.literals.push_back(binary(Op::ne, self, constant(static_cast<int>(k))));
            }
        } else {
            parts.numbers.push_back(self);
            bounds.push_back(binary(Op::ge, self, declared.low));
            bounds.push_back(binary(Op::le, self, declared.high));
            parts.beginnings.push_back(binary(Op::eq, self, constant(declared.initial)));
            parts.relations.push_back(parts.beginnings.back());
            parts.relations.push_back(binary(Op::gt, self, constant(declared.initial)));
            parts.relations.push_back(binary(Op::ge, self, constant(declared.initial)));
        }
    }
    for (std::size_t i = 0; i < profile.timers.size(); ++i) {
        if (profile.timers[i].runs_while) continue;
        parts.literals.push_back(running(static_cast<int>(i)));
        parts.literals.push_back(unary(Op::not_, running(static_cast<int>(i))));
    }
    for (const Expr& a : parts.numbers) {
        for (const Expr& b : parts.numbers) {
            if (a.index == b.index) continue;
            parts.relations.push_back(binary(Op::le, a, b));
            parts.relations.push_back(binary(Op::lt, a, b));
            if (a.index > b.index) continue;
            parts.relations.push_back(binary(Op::eq, a, b));
            parts.relations.push_back(binary(Op::eq, binary(Op::add, a, constant(1)), b));
            parts.relations.push_back(binary(Op::eq, binary(Op::add, b, constant(1)), a));
        }
    }
    parts.relations.insert(parts.relations.end(), bounds.begin(), bounds.end());
    return parts;
}

Lemma lemma(Lemma::Kind kind, int end, Expr body) { return {kind, end, std::move(body)}; }

// Literals come in pairs, each beside its opposite.
std::size_t opposite(std::size_t literal) { return literal ^ 1; }

class EndCandidates {
public:
    EndCandidates(const Profile& profile, int end, const RefutingRuns& runs, Tier tier)
        : profile_(profile), end_(end), runs_(runs), tier_(tier), parts_(parts_of(profile)) {
        about_all();
    }

    // What holds without a premise makes every other statement with that conclusion idle, or with the opposite premise.
    bool live(const Expr& part) const { return idle_.count(told(unary(Op::not_, part))) == 0; }
    bool open(const Expr& part) const { return idle_.count(told(part)) == 0; }
    const Parts& parts() const { return parts_; }

    void conditional(std::vector<Lemma>& out) const {
        const auto add = [&](const Expr& premise, const Expr& then) {
            out.push_back(lemma(Lemma::Kind::end, end_, binary(Op::implies, premise, then)));
        };
        const auto& literals = parts_.literals;
        if (tier_ == Tier::states) {
            for (const Expr& state : parts_.states) {
                if (!live(state)) continue;
                for (const std::vector<Expr>* list : {&literals, &parts_.relations}) {
                    for (const Expr& then : *list)
                        if (open(then)) add(state, then);
                }
                for (const Expr& flag : parts_.flags) {
                    if (!live(flag) || !open(flag)) continue;
                    for (const Expr& then : parts_.beginnings)
                        if (open(then)) add(binary(Op::and_, state, flag), then);
                }
            }
            return;
        }
        for (std::size_t i = 0; i < literals.size(); ++i) {
            if (!live(literals[i]) || !open(literals[i])) continue;
            for (std::size_t k = 0; k < literals.size(); ++k)
                if (i < opposite(k) && live(literals[k]) && open(literals[k])) add(literals[i], literals[k]);
            for (const Expr& then : parts_.relations)
                if (open(then)) add(literals[i], then);
        }
    }

    const std::vector<Lemma>& unconditional() const { return unconditional_; }

private:
    std::string told(const Expr& expr) const { return to_string(expr, profile_, ""); }
    void about_all() {
        for (const Expr& state : parts_.states)
            unconditional_.push_back(lemma(Lemma::Kind::end, end_, unary(Op::not_, state)));
        for (const std::vector<Expr>* list : {&parts_.literals, &parts_.relations}) {
            for (const Expr& one : *list) unconditional_.push_back(lemma(Lemma::Kind::end, end_, one));
        }
        runs_.sort_out(unconditional_);
        for (const Lemma& one : unconditional_) {
            idle_.insert(told(one.body));
            // the opposite of "x" is "not x", of "x == 1" it is "x != 1"
            if (one.body.op == Op::ne) {
                Expr equal = one.body;
                equal.op = Op::eq;
                idle_.insert(told(unary(Op::not_, equal)));
            }
        }
    }

    const Profile& profile_;
    int end_;
    const RefutingRuns& runs_;
    Tier tier_;
    Parts parts_;
    std::vector<Lemma> unconditional_;
    std::set<std::string> idle_;
};

// What can be told of a segment before anything is known of its sender.
std::vector<Expr> kinds_of(const Profile& profile) {
    std::vector<Expr> kinds{constant(1)};
    if (profile.vocabulary.own()) {
        for (std::size_t i = 0; i < profile.vocabulary.kinds.size(); ++i) {
            Expr kind = state_in({static_cast<int>(i) + 1});
            kind.op = Op::kind_in;
            kinds.push_back(kind);
        }
        return kinds;
    }
    for (const char* flag : {"fin", "syn", "rst", "has_ack", "zero_window"}) {
        kinds.push_back(field(flag));
        kinds.push_back(unary(Op::not_, field(flag)));
    }
    kinds.push_back(binary(Op::gt, field("len"), constant(0)));
    const Expr not_reset = unary(Op::not_, field("rst"));
    for (const char* number : {"seq", "ack"}) kinds.push_back(binary(Op::ge, field(number), constant(2)));
    kinds.push_back(binary(Op::and_, not_reset, unary(Op::not_, field("syn"))));
    kinds.push_back(binary(Op::and_, field("has_ack"), not_reset));
    return kinds;
}

std::vector<Expr> measures_of(const Profile& profile) {
    std::vector<Expr> measures;
    if (profile.vocabulary.own()) {
        for (std::size_t i = 0; i < profile.vocabulary.fields.size(); ++i)
            measures.push_back(own_field(profile, static_cast<int>(i)));
        return measures;
    }
    measures = {field("seq"), field("ack"), field("len")};
    measures.push_back(binary(Op::add, field("seq"), field("len")));
    measures.push_back(binary(Op::add, measures.back(), constant(1)));
    return measures;
}

// About what one end sends, of each kind that the runs show.
class SegmentCandidates {
public:
    SegmentCandidates(const Profile& profile, const EndCandidates& about, int end, const RefutingRuns& runs)
        : profile_(profile), about_(about), end_(end), runs_(runs) {
        for (const Expr& measure : measures_of(profile)) {
            for (const Expr& number : about.parts().numbers) {
                of_field_.push_back(binary(Op::le, measure, number));
                of_field_.push_back(binary(Op::eq, measure, number));
            }
            for (const int value : {0, 1}) of_field_.push_back(binary(Op::le, measure, constant(value)));
            of_field_.push_back(binary(Op::ge, measure, constant(1)));
        }
    }

    void about(const Expr& kind, Tier tier, std::vector<Lemma>& out) {
        const bool any = kind.op == Op::constant;
        std::vector<Lemma> never{made(unary(Op::not_, kind))};
        runs_.sort_out(never);
        if (!never.empty()) {
            if (tier == Tier::states) out.push_back(never.front());
            return;
        }
        std::vector<Expr> left;  // control states in which the sender can be once it has sent such a segment
        std::vector<Lemma> not_there;
        for (const Expr& state : about_.parts().states) {
            if (!about_.live(state)) continue;
            std::vector<Lemma> one{of(kind, unary(Op::not_, state))};
            runs_.sort_out(one);
            if (one.empty()) left.push_back(state);
            not_there.insert(not_there.end(), one.begin(), one.end());
        }
        std::vector<Lemma> rest;
        if (tier == Tier::states) {
            if (!any) out.insert(out.end(), not_there.begin(), not_there.end());
            for (const auto* list : {&about_.parts().literals, &about_.parts().relations}) {
                for (const Expr& then : *list)
                    if (!any && about_.open(then)) conclude(kind, then, left, rest);
            }
            for (const Expr& then : of_field_) conclude(kind, then, left, rest);
            for (const Expr& measure : measures_of(profile_))
                if (!any) rest.push_back(lemma(Lemma::Kind::twins, end_, binary(Op::and_, kind, measure)));
        } else if (!any) {
            for (const Expr& state : left) {
                for (const Expr& then : of_field_) rest.push_back(of(binary(Op::and_, kind, state), then));
            }
        }
        runs_.sort_out(rest);
        out.insert(out.end(), rest.begin(), rest.end());
    }

private:
    Lemma made(Expr body) const { return lemma(Lemma::Kind::segment, end_, std::move(body)); }
    Lemma of(const Expr& kind, Expr then) const {
        return made(kind.op == Op::constant ? std::move(then) : binary(Op::implies, kind, std::move(then)));
    }
    // A sender that forgets what it was may still know it until then.
    void conclude(const Expr& kind, const Expr& then, const std::vector<Expr>& left, std::vector<Lemma>& out) const {
        std::vector<Lemma> plain{of(kind, then)};
        runs_.sort_out(plain);
        out.insert(out.end(), plain.begin(), plain.end());
        for (const Expr& state : left) {
            const bool forgets = profile_.states[static_cast<std::size_t>(state.states.front())].forgets;
            if (plain.empty() && forgets && left.size() > 1) out.push_back(of(kind, binary(Op::or_, state, then)));
        }
    }

    const Profile& profile_;
    const EndCandidates& about_;
    int end_;
    const RefutingRuns& runs_;
    std::vector<Expr> of_field_;
};

// What arrives, and who gets it.
void about_arrivals(const Profile& profile, const EndCandidates& receiver, int end, const RefutingRuns& runs,
                    std::vector<Lemma>& out) {
    const auto add = [&](Expr body) { out.push_back(lemma(Lemma::Kind::arrival, end, std::move(body))); };
    for (const Expr& measure : measures_of(profile)) {
        for (const Expr& number : receiver.parts().numbers) {
            const Expr relation = binary(Op::le, measure, number);
            add(relation);
            for (std::size_t i = 0; i < receiver.parts().states.size(); ++i) {
                const Expr& state = receiver.parts().states[i];
                if (profile.states[i].forgets && receiver.live(state)) add(binary(Op::or_, state, relation));
            }
        }
    }
    for (const Expr& kind : kinds_of(profile)) {
        std::vector<Lemma> never{lemma(Lemma::Kind::segment, end, unary(Op::not_, kind))};
        runs.sort_out(never);
        if (!never.empty() || kind.op == Op::constant) continue;
        for (const Expr& state : receiver.parts().states)
            if (receiver.live(state)) add(binary(Op::implies, kind, unary(Op::not_, state)));
    }
}

void about_pair(const EndCandidates& mine, const EndCandidates& theirs, int end, Tier tier, std::vector<Lemma>& out) {
    const auto add = [&](Expr premise, Expr then) {
        out.push_back(lemma(Lemma::Kind::pair, end, binary(Op::implies, std::move(premise), std::move(then))));
    };
    std::vector<Expr> premises, conclusions;
    for (const Expr& state : mine.parts().states)
        if (mine.live(state)) premises.push_back(state);
    const std::size_t states = premises.size();
    for (const Expr& literal : mine.parts().literals)
        if (mine.live(literal) && mine.open(literal)) premises.push_back(literal);
    for (const Expr& state : theirs.parts().states)
        if (theirs.live(state)) conclusions.push_back(unary(Op::not_, state));
    const std::size_t other_states = conclusions.size();
    for (const Expr& literal : theirs.parts().literals)
        if (theirs.live(literal) && theirs.open(literal)) conclusions.push_back(literal);
    for (std::size_t i = 0; i < premises.size(); ++i) {
        for (std::size_t k = 0; k < conclusions.size(); ++k) {
            const bool simple = i < states || k < other_states;
            if (simple == (tier == Tier::states)) add(at(2, premises[i]), at(3, conclusions[k]));
        }
    }
    for (const Expr& number : mine.parts().numbers) {
        for (const Expr& other : theirs.parts().numbers) {
            const Expr here = at(2, number), there = at(3, other);
            for (const Expr& relation : {binary(Op::le, here, there), binary(Op::eq, here, there),
                                         binary(Op::le, binary(Op::add, here, constant(1)), there)}) {
                if (tier == Tier::states) {
                    out.push_back(lemma(Lemma::Kind::pair, end, relation));
                    continue;
                }
                for (std::size_t i = 0; i < states; ++i) {
                    for (std::size_t k = 0; k < other_states; ++k)
                        add(binary(Op::and_, at(2, premises[i]), at(3, conclusions[k].args[0])), relation);
                }
            }
        }
    }
}

}  // namespace

std::vector<Lemma> candidates(const PlainSystem& system, const CandidateOptions& options, const RefutingRuns& runs,
                              Tier tier) {
    std::vector<EndCandidates> ends;
    for (const int end : {0, 1}) ends.emplace_back(system.profile(end), end, runs, tier);
    std::vector<Lemma> kept;
    for (const int end : {0, 1}) {
        if (end == 1 && options.alike) continue;
        std::vector<Lemma> made;
        ends[end].conditional(made);
        SegmentCandidates segments(system.profile(end), ends[end], end, runs);
        for (const Expr& kind : kinds_of(system.profile(end))) segments.about(kind, tier, made);
        if (options.environment != Environment::anyone) {
            about_pair(ends[end], ends[1 - end], end, tier, made);
            if (tier == Tier::states) about_arrivals(system.profile(1 - end), ends[1 - end], end, runs, made);
        }
        runs.sort_out(made);
        if (tier == Tier::states)
            kept.insert(kept.end(), ends[end].unconditional().begin(), ends[end].unconditional().end());
        kept.insert(kept.end(), made.begin(), made.end());
    }
    return kept;
}

std::vector<Expr> predicates(const PlainSystem& system, const RefutingRuns& runs, const std::vector<Expr>& kinds) {
    std::vector<Expr> made;
    std::vector<EndCandidates> ends;
    for (const int end : {0, 1}) ends.emplace_back(system.profile(end), end, runs, Tier::states);
    const auto add = [&](int end, const std::vector<Expr>& list, const std::function<bool(const Expr&)>& wanted) {
        for (const Expr& one : list) {
            if (wanted(one) && ends[end].live(one) && ends[end].open(one)) made.push_back(at(2 + end, one));
        }
    };
    const auto positive = [](const Expr& one) { return one.op != Op::not_ && one.op != Op::ne; };
    for (const int end : {0, 1}) add(end, ends[end].parts().states, positive);
    for (const Expr& kind : kinds) {
        for (const int end : {0, 1}) made.push_back(in_flight(2 + end, kind));
    }
    // Numbers that stay what they began as say nothing.
    std::vector<Expr> numbers[2];
    for (const int end : {0, 1}) {
        const Parts& parts = ends[end].parts();
        for (std::size_t i = 0; i < parts.numbers.size(); ++i)
            if (ends[end].open(parts.beginnings[i])) numbers[end].push_back(parts.numbers[i]);
        const auto varies = [&](const Expr& one) {
            return one.op != Op::variable || std::any_of(numbers[end].begin(), numbers[end].end(),
                                                         [&](const Expr& each) { return each.index == one.index; });
        };
        add(end, parts.literals, positive);
        add(end, parts.relations, [&](const Expr& one) {
            return (one.op == Op::eq || one.op == Op::lt) && varies(one.args[0]) && varies(one.args[1]);
        });
    }
    for (const Expr& here : numbers[0]) {
        for (const Expr& there : numbers[1]) {
            for (const Op op : {Op::eq, Op::le}) made.push_back(binary(op, at(2, here), at(3, there)));
        }
    }
    if (made.size() > most_predicates) made.erase(made.begin() + most_predicates, made.end());  // the last say least
    return made;
}

}  // namespace lastack
