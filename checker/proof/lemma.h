// What a proof rests on: a statement that holds in every reachable state, in the terms of the spec. Plain data.
#pragma once

#include <string>
#include <vector>

#include "model/spec.h"

namespace lastack {

struct Lemma {
    enum class Kind {
        end,      // body: an expression of one endpoint
        segment,  // body: the same, of every segment that the endpoint has ever sent (`field` is the segment's)
        arrival,  // body: an expression of its peer, of every segment that the endpoint has ever sent
        twins,    // body.args: P, X; any two segments of the endpoint that satisfy P have the same X
        pair,     // body: of a claim, over the endpoint (EndRef 2) and its peer (EndRef 3)
    };
    Kind kind = Kind::end;
    int end = 0;  // 0 = A, 1 = B; where both ends are alike it is said of both
    Expr body;
};

// As a spec would say it: "each e: e in TIME_WAIT implies e.closed_first".
std::string to_string(const Lemma& lemma, const Profile& profile, const Profile& peer, bool alike);
std::string to_string(const Expr& expr, const Profile& profile, const std::string& end);

// Small parts to make expressions of.
namespace expr {
Expr constant(int value);
Expr variable(const Profile& profile, int index);
Expr state_in(std::vector<int> states);
Expr running(int timer);
Expr field(const std::string& name);
Expr own_field(const Profile& profile, int index);
Expr unary(Op op, Expr arg);
Expr binary(Op op, Expr left, Expr right);
Expr at(EndRef end, Expr arg);  // of a claim: read in that endpoint
Expr in_flight(EndRef sender, Expr kind);
}  // namespace expr

}  // namespace lastack
