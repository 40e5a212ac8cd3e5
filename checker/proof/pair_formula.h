// Two endpoints and all that they have ever sent, as formulas: any state of the pair, each step out of it, lemmas and
// claims over both.
//
// The network is the set of segments that were ever sent: what is in flight is among them, for any capacity, with any
// loss, duplication and reordering. The set is not spelled out. A lemma about it speaks of one segment of it (or two),
// which may be any; a question about a step follows one or two segments through it, each of which was there before or
// is sent now. With the network open (`Network::anyone`) what is delivered may be any segment at all, also one that
// nobody sent.
#pragma once

#include <functional>

#include "checker/proof/end_formula.h"
#include "checker/proof/lemma.h"
#include "checker/trace/plain_claims.h"

namespace lastack {

struct Action {
    TraceStep::Kind kind = TraceStep::Kind::call;
    int end = 0;       // who acts; deliver: who receives; lose, duplicate: who had sent it
    std::string name;  // call or timer
    bool operator==(const Action&) const = default;
};
std::string to_string(const Action& action);  // "A calls close", "B receives"

// The same at both ends but for what their applications may call: profile, limits, where they begin.
bool ends_alike(const Spec& spec, const SystemDecl& decl);

class PairFormula {
public:
    // `ranges`: of the limits and settings at each end. `kinds`: where nothing is lost, the kinds of segment of which
    // it is kept whether one is in flight. One that arrives was; whether another one of its kinds still is is left
    // open.
    PairFormula(const Spec& spec, const SystemDecl& decl, const LimitRanges (&ranges)[2], std::vector<Expr> kinds = {});

    struct Step {
        Action action;
        std::optional<SegmentTerm> segment;  // delivered, lost, duplicated
        std::optional<ReactionTerm> reaction;
        z3::expr relation;  // between before() and after()
    };

    z3::context& context() { return *context_; }
    EndFormula& end(int which) { return *ends_[which]; }
    const PlainSystem& plain() const { return plain_; }
    bool alike() const { return alike_; }
    const std::vector<Situation>& before() const { return before_; }
    const std::vector<Situation>& after() const { return after_; }
    const z3::expr& known() const { return known_; }  // of before(), after() and the limits
    // Each end begins as the system says.
    z3::expr initial();

    // What the end may do; where both are alike also what the other one's application may call.
    std::vector<Action> actions_of(int end) const;
    std::vector<Action> network_actions() const;
    Step step(const Action& action);

    // A segment about which nothing is known; the constraints of its fields are added to `constraints`.
    SegmentTerm segment(const std::string& stamp, int sender, z3::expr& constraints);
    // It is sent by this step.
    z3::expr sent_by(const Step& step, int sender, const SegmentTerm& segment);

    // The lemma, said of `which` end (of the peer, too), in before() or after().
    z3::expr holds(const Lemma& lemma, int which, const std::vector<Situation>& moment,
                   const SegmentTerm* first = nullptr, const SegmentTerm* second = nullptr);

    // What a claim says of before() (no step), or of a step. `witness` is asked for a segment of that end's in flight
    // after the step; what is true of it, given that the returned value is, is the caller's to assert.
    struct Flight {
        z3::expr is;  // there is such a segment
        SegmentTerm segment;
    };
    using Witness = std::function<Flight(int sender)>;
    z3::expr claim(const Expr& body, const Step* step, const Witness& witness, std::vector<z3::expr>& facts);

private:
    struct View;
    z3::expr value(View& view, const Expr& expr, int depth);
    z3::expr truth(View& view, const Expr& expr, int depth);
    z3::expr over_ends(View& view, const Expr& expr, int depth);
    z3::expr in_flight(View& view, const Expr& expr, int end);
    z3::expr step_is(View& view, const Expr& expr, int end);
    z3::expr sends(View& view, const Expr& expr, int end);
    z3::expr fits(const View& view, const Expr& expr, int end, const Situation& at, const SegmentTerm& segment);
    void keep_flying(Step& step);
    z3::expr flying(const Expr& kind, int sender, bool after) const;
    Expr own(const Expr& expr, int end) const;
    z3::expr truth_value(const z3::expr& truth) { return z3::ite(truth, context().int_val(1), context().int_val(0)); }

    const Spec& spec_;
    const SystemDecl& decl_;
    PlainSystem plain_;
    bool alike_;
    std::unique_ptr<z3::context> context_ = std::make_unique<z3::context>();
    std::unique_ptr<EndFormula> ends_[2];
    std::vector<Situation> before_, after_;
    z3::expr known_;
    int witnesses_ = 0;
    std::vector<Expr> kinds_;
    std::vector<z3::expr> flying_[2], flying_after_[2];  // by sender: one of kinds_[i] is in flight
};

}  // namespace lastack
