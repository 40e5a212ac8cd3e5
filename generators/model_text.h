// What the exports to other model checkers (promela.h, murphi.h) share: a system of the spec looked up, and the rules
// written down as text in the order of docs/spec-language.md.
//
// Everything is read from the tree of the spec; nothing comes from the machine (model/machine.h) or from the plain
// interpreter, so that a count of states by another tool checks both.
#pragma once

#include <string>
#include <vector>

#include "generators/segment_fields.h"
#include "model/endpoint.h"
#include "model/spec.h"

namespace lastack {

// A profile with its limits. Two ends with the same profile share one kind.
struct EndKind {
    const Profile* profile = nullptr;
    Limits limits;
    int number = 1;  // 1 or 2, part of the names in the text

    const Handler* segment() const { return profile->handler(Trigger::segment, "segment"); }
};

struct ExportPlan {
    const SystemDecl* system = nullptr;
    std::vector<EndKind> kinds;            // one or two
    int kind_of[2] = {0, 0};               // index into kinds
    std::vector<const Handler*> calls[2];  // allowed, and known to the profile; in the order of the system
    std::vector<std::string> states;       // the control states of both kinds; their place is their number
    bool cuts = false;                     // a segment sent into a full direction may cut the step
    SegmentFields fields;                  // what a segment has beside the fields that all have
    // Of a protocol with words of its own; null: TCP. The largest value of each of its fields, in this system.
    const Vocabulary* vocabulary = nullptr;
    std::vector<int> tops;
    std::string title;  // "system x of y.spec: ends p, q"

    const EndKind& kind(int end) const { return kinds[kind_of[end]]; }
    int state_number(const std::string& name) const;
    const std::string& start(int end) const;  // the name of the control state in which the end begins
};

// Throws SpecError where the system does not fit its profiles.
ExportPlan plan_export(const Spec& spec, const SystemDecl& decl);

// A segment is one number, 1 + the sum of weight * (value - low) over its fields; 0 is none. The fields are in the
// order of RuleText's arguments; of TCP those that the system does not know are left out.
struct SegmentDigit {
    std::string name;  // "seq"; of a protocol's own "kind", "f_NAME"
    int low = 0, high = 0;
    std::int64_t weight = 1;
};
std::vector<SegmentDigit> segment_digits(const ExportPlan& plan);

// The largest value of a variable, under the limits of its end.
int largest(const EndKind& kind, const Variable& variable);

// How the other language spells an expression. `choose` has {} for the condition, gives 1 or 0; `field` stands before
// the name of a field of the arriving segment.
struct Spelling {
    const char *and_, *or_, *not_, *eq, *ne, *choose, *field;
};

// Where the state of an end is kept: what stands before the name of a variable, of a timer, and the control state.
struct Place {
    std::string variable, timer, state;
};

// Writes expressions and rules of one kind of end. The spelling of statements is left to the exports.
class RuleText {
public:
    RuleText(const ExportPlan& plan, const EndKind& kind, const Spelling& spelling);
    virtual ~RuleText() = default;

    // `stopped`: a timer that counts as not running, whatever is in the state: the one that has just expired.
    std::string number(const Expr& expr, const Place& place, int stopped = -1) const;
    std::string condition(const Expr& expr, const Place& place, int stopped = -1) const;
    std::string running(const Place& place, int timer, int stopped = -1) const;
    // The control state and the guard of a case.
    std::string guard(const Case& one, const Place& place, int stopped = -1) const;
    // A limit's name, the name of a control state, the name of a case's body.
    std::string limit_name(const std::string& limit) const;
    static std::string state_name(const std::string& state) { return "S_" + state; }
    static std::string kind_name(const Vocabulary::Kind& kind) { return "K_" + kind.name; }
    static std::string own_field_name(const Vocabulary::Field& field) { return "f_" + field.name; }
    std::string body_name(const Rule& rule, std::size_t place) const;
    // "fin_acked: our FIN is acknowledged (RFC 9293 3.10.7.4 fifth)", on one line, safe in a comment of either
    // language.
    static std::string about(const Rule& rule);

    // The effects of a case in their order, then its target and what entering it forgets. `expired`: a timer that
    // stops before them.
    std::string body(const Case& one, const Place& place, int indent, int expired = -1);

protected:
    struct Fields {
        std::string seq, ack, len;
        bool fin, syn, rst, has_ack;
        std::string zero_window, era;
    };
    // The arguments of a segment's constructor, in the order of the fields, without those that the system does not
    // know.
    std::string arguments(const Fields& fields) const;
    // Checks what is sent, for languages whose numbers have no ranges of their own.
    void check_ranges(const Fields& fields);
    virtual void assign(const std::string& target, const std::string& value) = 0;
    virtual void check(const std::string& value, const std::string& low, const std::string& high) = 0;
    virtual void send(const Fields& fields) = 0;
    virtual void send_own(const std::string& arguments) = 0;  // of a protocol's own: the kind and the fields
    virtual void drop() = 0;
    virtual void open_branch(const std::string& condition) = 0;
    virtual void otherwise() = 0;
    virtual void close_branch() = 0;

    void line(const std::string& text);
    void deeper(int levels) { indent_ += levels; }
    const Profile& profile() const { return *kind_.profile; }
    const ExportPlan& plan() const { return plan_; }
    const EndKind& kind() const { return kind_; }

private:
    struct Reading {
        const Place& place;
        int stopped;
        int depth;  // of `while` conditions that read timers
    };
    std::string number(const Expr& expr, const Reading& reading) const;
    std::string condition(const Expr& expr, const Reading& reading) const;
    std::string running(int timer, const Reading& reading) const;
    std::string in_kinds(const std::vector<int>& kinds) const;
    void send_own(const Effect& one, const Place& place);
    std::string in_states(const std::vector<int>& states, const Place& place) const;
    void effects(const std::vector<Effect>& list, const Place& place);
    void effect(const Effect& one, const Place& place);
    void stop_all(const Place& place);
    void enter(int state, const Place& place);

    const ExportPlan& plan_;
    const EndKind& kind_;
    const Spelling& spelling_;
    std::string out_;
    int indent_ = 0;
};

// Whether a step of `on segment` leaves a choice.
bool has_choice(const Step& step);

}  // namespace lastack
