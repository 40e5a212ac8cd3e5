// The rules as formulas against the plain interpreter: from one local state and one input both have the same reactions.
#include <doctest/doctest.h>

#include <random>

#include "checker/proof/end_formula.h"
#include "tests/spec_support.h"

using namespace lastack;
using lastack::testing::shipped_spec;

namespace {

class Agreement {
public:
    explicit Agreement(const Profile& profile)
        : profile_(profile), limits_(limits_of(profile)), formula_(profile, context_, ranges(), "") {}

    // A random run, each step of which is compared; how many were.
    int walk(std::uint32_t seed, int steps) {
        generator_.seed(seed);
        EndState now = plain_initial(profile_);
        int compared = 0;
        for (int i = 0; i < steps; ++i) {
            const Input input = drawn_input();
            std::vector<Reaction> reactions;
            try {
                reactions = plain_react(profile_, limits_, now, input);
            } catch (const ModelError&) {
                continue;  // outside of what the profile allows, where the formulas say more
            }
            compare(now, input, reactions);
            ++compared;
            if (!reactions.empty()) now = reactions[drawn(reactions.size())].after;
        }
        return compared;
    }

private:
    LimitRanges ranges() const {
        LimitRanges result;
        for (const auto& [name, value] : limits_) result[name] = {value, value};
        return result;
    }
    std::size_t drawn(std::size_t count) { return generator_() % count; }

    Input drawn_input() {
        const std::size_t which = drawn(8);
        if (which < 2) {
            const Handler& handler = profile_.handlers[drawn(profile_.handlers.size())];
            if (handler.trigger != Trigger::segment) return {handler.trigger, handler.name, {}};
        }
        Segment segment;
        segment.seq = static_cast<std::uint8_t>(drawn(4));
        segment.has_ack = drawn(4) > 0;
        segment.ack = static_cast<std::uint8_t>(segment.has_ack ? drawn(4) : 0);
        segment.len = static_cast<std::uint8_t>(drawn(3) == 0);
        segment.fin = drawn(3) == 0;
        segment.syn = drawn(9) == 0;
        segment.rst = drawn(12) == 0;
        return {Trigger::segment, "", segment};
    }

    SegmentTerm term(const Segment& segment) {
        SegmentTerm made;
        const auto set = [&](const char* name, int value) { made.fields.emplace(name, context_.int_val(value)); };
        set("seq", segment.seq), set("ack", segment.ack), set("len", segment.len), set("era", segment.era);
        set("fin", segment.fin), set("syn", segment.syn), set("rst", segment.rst), set("has_ack", segment.has_ack);
        set("zero_window", segment.zero_window);
        made.kind = context_.int_val(segment.kind);
        return made;
    }

    // Every reaction is a solution, with what it sends and nothing else; and there is no other solution.
    void compare(const EndState& before, const Input& input, const std::vector<Reaction>& reactions) {
        const SegmentTerm arriving = term(input.segment);
        const ReactionTerm out = formula_.react(input.trigger, input.name, formula_.from(before),
                                                input.trigger == Trigger::segment ? &arriving : nullptr);
        z3::expr any = context_.bool_val(false);
        for (const Reaction& reaction : reactions) {
            z3::expr same = formula_.same(out.after, formula_.from(reaction.after));
            for (const Segment& segment : reaction.sent) {
                z3::expr sent = context_.bool_val(false);
                for (const ReactionTerm::Sent& one : out.sent)
                    sent = sent || (one.when && formula_.same(one.segment, term(segment)));
                same = same && sent;
            }
            for (const ReactionTerm::Sent& one : out.sent) {
                z3::expr known = context_.bool_val(false);
                for (const Segment& segment : reaction.sent) known = known || formula_.same(one.segment, term(segment));
                same = same && z3::implies(one.when, known);
            }
            z3::solver solver(context_, z3::solver::simple());
            solver.add(out.possible && same);
            CHECK_MESSAGE(solver.check() == z3::sat, describe(profile_, limits_, before), " has no such reaction to ",
                          input.name, to_string(input.segment, profile_.vocabulary));
            any = any || same;
        }
        z3::solver solver(context_, z3::solver::simple());
        solver.add(out.possible && !any);
        CHECK_MESSAGE(solver.check() == z3::unsat, describe(profile_, limits_, before), " has another reaction to ",
                      input.name, to_string(input.segment, profile_.vocabulary));
    }

    const Profile& profile_;
    Limits limits_;
    z3::context context_;
    EndFormula formula_;
    std::mt19937 generator_;
};

}  // namespace

TEST_CASE("rules as formulas have the reactions of the plain interpreter, and no others") {
    for (const char* file : {"rfc9293.spec", "linux.spec", "rfc793.spec"}) {
        CAPTURE(file);
        const Spec& spec = shipped_spec(file);
        int compared = 0;
        Agreement agreement(*spec.profile(spec.subject));
        for (std::uint32_t seed = 0; seed < 2; ++seed) compared += agreement.walk(seed, 12);
        CHECK(compared > 15);
    }
}
