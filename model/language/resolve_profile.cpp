// The declarations of a profile: states, limits, settings, timers, variables, lets, segments.
//
// Order matters: each kind is resolved when the kinds that it may name are known. Ranges may name limits; initial
// values are checked with the limits' own values.
#include <algorithm>

#include "model/language/resolve.h"
#include "model/language/substitute.h"
#include "model/settings.h"

namespace lastack {

namespace {

class ProfileResolver {
public:
    ProfileResolver(const syntax::Merged& merged, Profile& profile, Scope& scope, Problems& problems)
        : merged_(merged), profile_(profile), scope_(scope), problems_(problems) {}

    void run() {
        states();
        settings();
        limits();
        protocol();
        variables();
        scope_.lets = merged_.lets;
        one_meaning_each();
        state_sets();
        timers();
        for (const syntax::Let& let : merged_.lets) check_let(let);
        for (const syntax::Segment& segment : merged_.segments) segment_templates(segment);
    }

private:
    void states();
    void protocol();
    FieldRange field_range(const syntax::Field& declared);
    void settings();
    void limits();
    void variables();
    Variable variable(const syntax::Variable& declared);
    Expr fixed(const syntax::Expr& declared);
    void check_range(const syntax::Word& name, const Expr& low, const Expr& high);
    void names(const syntax::Variable& declared, Variable& variable);
    void initial_value(const syntax::Variable& declared, Variable& variable);
    void one_meaning_each();
    void state_sets();
    void timers();
    void check_let(const syntax::Let& let);
    void segment_templates(const syntax::Segment& declared);
    SegmentTemplate segment_template(const syntax::Segment& declared);
    void own_kind(const syntax::Segment& declared);
    SegmentTemplate own_template(const syntax::Segment& declared, int kind);

    // The value with the limits' own values; the expression has constants, limits and sums only.
    int fixed_value(const Expr& expr) const {
        if (expr.op == Op::add) return fixed_value(expr.args[0]) + fixed_value(expr.args[1]);
        if (expr.op == Op::subtract) return fixed_value(expr.args[0]) - fixed_value(expr.args[1]);
        for (const Limit& limit : profile_.limits) {
            if (expr.op == Op::limit && limit.name == expr.name) return limit.value;
        }
        for (const Setting& setting : profile_.settings) {
            if (expr.op == Op::limit && setting.name == expr.name) return *setting.number;
        }
        return expr.value;
    }

    const syntax::Merged& merged_;
    Profile& profile_;
    Scope& scope_;
    Problems& problems_;
};

// Of TCP only names of RFC 9293 3.3.2, so that every layer means the same by them.
void ProfileResolver::states() {
    bool has_initial = false;
    for (const syntax::State& state : merged_.states) {
        const std::string& name = state.name.text;
        if (profile_.states.size() >= most_states)
            throw SpecError(state.name.where, "more than " + std::to_string(most_states) + " states");
        if (!merged_.protocol && std::find(known_states.begin(), known_states.end(), name) == known_states.end()) {
            std::string hint = did_you_mean(name, known_states);
            if (hint.empty()) {
                for (const std::string& known : known_states) hint += (hint.empty() ? "there are " : ", ") + known;
                hint += "; other names need a protocol of their own: protocol NAME";
            }
            problems_.add(state.name.where, "unknown state '" + name + "': RFC 9293 3.3.2 has none of this name", hint);
        }
        if (state.initial && has_initial) problems_.add(state.name.where, "a second initial state");
        has_initial |= state.initial;
        profile_.states.push_back({name, state.initial, state.final, state.forgets, state.name.where});
    }
    if (!has_initial)
        problems_.add(merged_.name.where, "profile '" + merged_.name.text + "' has no initial state",
                      "write 'initial' after one of its states");
}

// The kinds come with the segments.
void ProfileResolver::protocol() {
    Vocabulary& vocabulary = profile_.vocabulary;
    if (merged_.protocol) vocabulary.protocol = merged_.protocol->text;
    if (!vocabulary.own()) {
        for (const syntax::Field& field : merged_.fields)
            problems_.add(field.name.where, "a profile that speaks TCP has TCP's fields",
                          "'protocol NAME' gives it fields, kinds of segment and states of its own");
        return;
    }
    if (merged_.stream_where)
        problems_.add(*merged_.stream_where,
                      "'stream' is about TCP's sequence numbers; this profile speaks " + vocabulary.protocol);
    for (const syntax::Field& field : merged_.fields) {
        if (vocabulary.fields.size() == Vocabulary::most_fields)
            throw SpecError(field.name.where,
                            "more than " + std::to_string(Vocabulary::most_fields) + " fields of a segment");
        if (field.name.text == "kind")
            problems_.add(field.name.where, "'kind' is what 'seg is' asks for; a field needs another name");
        vocabulary.fields.push_back({field.name.text, field.flag});
        profile_.ranges.push_back(field_range(field));
    }
}

FieldRange ProfileResolver::field_range(const syntax::Field& declared) {
    FieldRange range;
    range.text = declared.text;
    range.where = range.low.where = range.high.where = declared.name.where;
    range.high.value = 1;
    if (declared.flag) return range;
    range.low = fixed(declared.low);
    range.high = fixed(declared.high);
    check_range(declared.name, range.low, range.high);
    return range;
}

// Only limits are in scope: no variable of this profile, no let.
Expr ProfileResolver::fixed(const syntax::Expr& declared) {
    Profile only;
    only.limits = profile_.limits;
    only.settings = profile_.settings;
    Scope scope;
    scope.profile = &only;
    Readable nothing;
    nothing.end = false;
    return RuleExprResolver(scope, nothing, problems_).number(declared);
}

void ProfileResolver::check_range(const syntax::Word& name, const Expr& low, const Expr& high) {
    constexpr int largest = 255;  // values travel in segments' bytes
    if (fixed_value(low) > fixed_value(high)) problems_.add(name.where, "the range of '" + name.text + "' is empty");
    if (fixed_value(low) < 0 || fixed_value(high) > largest)
        problems_.add(name.where, "the range of '" + name.text + "' goes beyond 0.." + std::to_string(largest));
}

// A value of digits is a number: formulas and rules may read it, and it has a range.
void ProfileResolver::settings() {
    for (const syntax::Setting& declared : merged_.settings) {
        Setting setting;
        setting.name = declared.name.text;
        setting.value = declared.value;
        setting.text = declared.remark.text;
        setting.cites = declared.remark.cites;
        setting.where = declared.name.where;
        setting.offers = declared.offers;
        setting.given = declared.given;
        setting.low = declared.low.value_or(0);
        setting.high = declared.high.value_or(largest_setting);
        if (!declared.quoted) setting.number = number_in(declared.value);
        if (!setting.number && (declared.range_where || !setting.offers.empty()))
            problems_.add(declared.value_where, "setting '" + setting.name + "' is no number, so it has no range");
        if (declared.range_where && setting.low > setting.high) {
            problems_.add(*declared.range_where, "the range " + std::to_string(setting.low) + ".." +
                                                     std::to_string(setting.high) + " is empty");
        } else {
            check_setting(setting, setting.value, declared.value_where, problems_);
        }
        profile_.settings.push_back(std::move(setting));
    }
}

void ProfileResolver::limits() {
    for (const syntax::Limit& declared : merged_.limits) {
        const std::string range = std::to_string(declared.low) + ".." + std::to_string(declared.high);
        Limit limit;
        limit.name = declared.name.text;
        limit.low = declared.low;
        limit.high = declared.high;
        limit.text = declared.remark.text;
        limit.cites = declared.remark.cites;
        limit.where = declared.name.where;
        limit.driven = declared.driven;
        for (const syntax::Word& suite : declared.driven_in) limit.driven_in.push_back(suite.text);
        if (declared.value.fixed()) limit.value = static_cast<int>(declared.value.number);
        if (declared.driven && (*declared.driven < declared.low || *declared.driven > declared.high))
            problems_.add(declared.driven_where, "limit '" + limit.name + "' is out of its range " + range);
        if (declared.low > declared.high) {
            problems_.add(declared.range_where, "the range " + range + " is empty");
        } else if (!declared.value.fixed()) {
            limit.value = limit.low;  // until the formula says more
            limit.formula = declared.value;
        } else if (limit.value < limit.low || limit.value > limit.high) {
            problems_.add(declared.value.where, "limit '" + limit.name + "' is out of its range " + range);
        }
        profile_.limits.push_back(std::move(limit));
    }
    evaluate_limits(profile_, problems_);
}

void ProfileResolver::variables() {
    for (const syntax::Variable& declared : merged_.variables) profile_.variables.push_back(variable(declared));
}

Variable ProfileResolver::variable(const syntax::Variable& declared) {
    Variable variable;
    variable.name = declared.name.text;
    variable.history = declared.history;
    variable.kept = declared.kept;
    variable.flag = declared.type == syntax::Variable::Type::flag;
    variable.text = declared.text;
    variable.where = variable.low.where = variable.high.where = declared.name.where;
    variable.high.value = 1;
    if (declared.type == syntax::Variable::Type::names) names(declared, variable);
    if (declared.type == syntax::Variable::Type::range) {
        variable.low = fixed(declared.low);
        variable.high = fixed(declared.high);
        check_range(declared.name, variable.low, variable.high);
        variable.initial = fixed_value(variable.low);
    }
    if (declared.initial) initial_value(declared, variable);
    return variable;
}

// The values of a list are 0, 1, ... in its order; a shared name must have one value.
void ProfileResolver::names(const syntax::Variable& declared, Variable& variable) {
    constexpr std::size_t most = 256;
    if (declared.enumerators.size() > most)
        throw SpecError(variable.where, "more than " + std::to_string(most) + " names");
    for (const syntax::Word& name : declared.enumerators) {
        const int value = static_cast<int>(variable.enumerators.size());
        const auto [known, fresh] = scope_.enumerators.emplace(name.text, value);
        if (std::find(variable.enumerators.begin(), variable.enumerators.end(), name.text) !=
            variable.enumerators.end()) {
            problems_.add(name.where, "'" + name.text + "' is listed twice");
        } else if (!fresh && known->second != value) {
            problems_.add(name.where, "'" + name.text + "' stands at another place in the list of another variable");
        }
        variable.enumerators.push_back(name.text);
    }
    variable.high.value = static_cast<int>(variable.enumerators.size()) - 1;
}

void ProfileResolver::initial_value(const syntax::Variable& declared, Variable& variable) {
    const syntax::Expr& given = *declared.initial;
    if (given.op == Op::variable) {
        const auto name = std::find(variable.enumerators.begin(), variable.enumerators.end(), given.word.text);
        variable.initial = static_cast<int>(name - variable.enumerators.begin());
        if (name != variable.enumerators.end()) return;
        problems_.add(given.where, "'" + given.word.text + "' is not a value of '" + variable.name + "'",
                      did_you_mean(given.word.text, variable.enumerators));
        variable.initial = 0;
    } else if (given.boolean != variable.flag || !variable.enumerators.empty()) {
        problems_.add(given.where, "the initial value of '" + variable.name + "' is " +
                                       (variable.flag                  ? "'true' or 'false'"
                                        : variable.enumerators.empty() ? "a number"
                                                                       : "one of its names"));
    } else if (given.value < fixed_value(variable.low) || given.value > fixed_value(variable.high)) {
        problems_.add(given.where, "the initial value is out of the range of '" + variable.name + "'");
    } else {
        variable.initial = given.value;
    }
}

bool is_reserved(const std::string& name) {
    static const std::vector<std::string> reserved = {"and",  "or",    "not", "implies", "in",
                                                      "true", "false", "seg", "state",   "running"};
    return std::find(reserved.begin(), reserved.end(), name) != reserved.end();
}

// Variables, limits, settings that are numbers, lets and enumerators share one space of names: each may mean one thing.
void ProfileResolver::one_meaning_each() {
    std::map<std::string, std::string> meanings;
    const auto declare = [&](const std::string& name, const Where& where, const std::string& kind) {
        if (is_reserved(name)) problems_.add(where, "'" + name + "' is a word of the language");
        const auto [known, fresh] = meanings.emplace(name, kind);
        if (!fresh && known->second != kind)
            problems_.add(where, "'" + name + "' is already the name of " + known->second);
    };
    for (const Limit& limit : profile_.limits) declare(limit.name, limit.where, "a limit");
    for (const Setting& setting : profile_.settings) {
        if (setting.readable()) declare(setting.name, setting.where, "a setting");
    }
    for (const Variable& variable : profile_.variables) declare(variable.name, variable.where, "a variable");
    for (const syntax::Let& let : merged_.lets) declare(let.name.text, let.name.where, "a let");
    for (const syntax::Variable& variable : merged_.variables) {
        for (const syntax::Word& name : variable.enumerators) declare(name.text, name.where, "one of a list of names");
    }
}

void ProfileResolver::timers() {
    for (const syntax::Timer& declared : merged_.timers) {
        TimerDecl timer;
        timer.name = declared.name.text;
        timer.text = declared.remark.text;
        timer.cites = declared.remark.cites;
        timer.where = declared.name.where;
        timer.earliest = declared.earliest;
        timer.latest = declared.latest;
        timer.cap = declared.cap;
        if (declared.cap && declared.runs_while)
            problems_.add(declared.cap->where, "a timer with 'while' is never started, so it cannot double");
        if (declared.doubled_from) {
            timer.doubled_by = declared.doubled_by;
            timer.doubled_from = profile_.variable(declared.doubled_from->text);
            if (timer.doubled_from < 0)
                problems_.add(declared.doubled_from->where, "'" + declared.doubled_from->text + "' is not a variable");
        }
        // Until its condition is resolved, so that conditions can tell derived timers from others.
        if (declared.runs_while) timer.runs_while.emplace();
        profile_.timers.push_back(std::move(timer));
    }
    evaluate_timers(profile_, problems_);
    for (std::size_t i = 0; i < merged_.timers.size(); ++i) {
        if (!merged_.timers[i].runs_while) continue;
        RuleExprResolver resolver(scope_, Readable{}, problems_);
        Expr condition = resolver.condition(*merged_.timers[i].runs_while);
        std::vector<const Expr*> open = {&condition};
        while (!open.empty()) {
            const Expr& expr = *open.back();
            open.pop_back();
            if (expr.op == Op::running && expr.index >= 0 &&
                profile_.timers[static_cast<std::size_t>(expr.index)].runs_while) {
                problems_.add(expr.where, "the condition of a timer may not ask for another timer with 'while'");
            }
            for (const Expr& arg : expr.args) open.push_back(&arg);
        }
        profile_.timers[i].runs_while = std::move(condition);
    }
}

// A set may name those above it, so that there are no loops.
void ProfileResolver::state_sets() {
    for (const syntax::Let& let : merged_.lets) {
        if (!let.states) continue;
        const std::string& name = let.name.text;
        if (std::any_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; }))
            problems_.add(let.name.where, "'" + name + "' is a set of states: its name is written in capitals");
        if (profile_.state(name) >= 0) problems_.add(let.name.where, "'" + name + "' is already the name of a state");
        scope_.state_sets[name] = resolve_states(let.value.words, scope_, problems_);
    }
}

// A let that nobody uses is checked too.
void ProfileResolver::check_let(const syntax::Let& let) {
    if (let.states) return;
    syntax::Expr use;
    use.op = Op::variable;
    use.word = let.name;
    use.where = let.name.where;
    Readable everything;
    everything.segment = everything.history = everything.era = true;
    RuleExprResolver(scope_, everything, problems_).resolve(use);
}

// One for each way of its `for`, which may read no segments.
void ProfileResolver::segment_templates(const syntax::Segment& declared) {
    for (const syntax::Choice& choice : declared.choices) {
        check_free(choice.name, scope_, problems_);
        if (choice.low) continue;
        problems_.add(choice.name.where, "the 'for' of a segment runs through numbers, as in 'for q in 0..5'");
        return;
    }
    if (profile_.vocabulary.own()) own_kind(declared);
    const int kind = static_cast<int>(profile_.vocabulary.kinds.size());  // 0 where the protocol is TCP
    std::vector<std::string> made;
    for (syntax::Way& way : syntax::ways(declared.choices, {}, problems_, scope_.substituted)) {
        syntax::Segment one = declared;
        one.name.text += way.suffix;
        way.values.apply(one);
        made.push_back(one.name.text);
        const std::vector<std::string> known = names_in(profile_.segments);
        if (std::find(known.begin(), known.end(), one.name.text) != known.end())
            problems_.add(one.name.where, "segment '" + one.name.text + "' is already declared");
        if (known.size() >= most_names)
            throw SpecError(one.name.where, "more than " + std::to_string(most_names) + " segments");
        profile_.segments.push_back(kind > 0 ? own_template(one, kind) : segment_template(one));
    }
    scope_.segments.emplace_back(declared.name.text, std::move(made));
}

// Flags of TCP's names are fields of that name here.
std::vector<syntax::FieldValue> fields_of(const syntax::Segment& declared) {
    std::vector<syntax::FieldValue> fields = declared.fields;
    for (const syntax::Word& flag : declared.flags) {
        syntax::FieldValue field{flag, {}, true};
        field.value.where = flag.where;
        field.value.boolean = true;
        field.value.value = 1;
        fields.push_back(std::move(field));
    }
    return fields;
}

// A segment is a kind by itself, with or without `for`: what the `for` varies stands in its fields.
void ProfileResolver::own_kind(const syntax::Segment& declared) {
    Vocabulary& vocabulary = profile_.vocabulary;
    if (vocabulary.kinds.size() == Vocabulary::most_kinds)
        throw SpecError(declared.name.where,
                        "more than " + std::to_string(Vocabulary::most_kinds) + " kinds of segment");
    Vocabulary::Kind kind{declared.name.text, std::vector<bool>(vocabulary.fields.size())};
    for (const syntax::FieldValue& field : fields_of(declared)) {
        const int index = vocabulary.field(field.field.text);
        if (index >= 0) kind.has[static_cast<std::size_t>(index)] = true;
    }
    vocabulary.kinds.push_back(std::move(kind));
}

SegmentTemplate ProfileResolver::own_template(const syntax::Segment& declared, int kind) {
    const Vocabulary& vocabulary = profile_.vocabulary;
    SegmentTemplate segment;
    segment.name = declared.name.text;
    segment.where = declared.name.where;
    segment.kind = kind;
    segment.own.resize(vocabulary.fields.size());
    for (const syntax::FieldValue& field : fields_of(declared)) {
        const std::string& name = field.field.text;
        const int index = vocabulary.field(name);
        if (index < 0) {
            no_field(field.field, vocabulary, problems_);
            continue;
        }
        const bool flag = vocabulary.fields[static_cast<std::size_t>(index)].flag;
        std::optional<Expr>& place = segment.own[static_cast<std::size_t>(index)];
        if (place) problems_.add(field.field.where, "'" + name + "' is given twice");
        if (field.alone && !flag) {
            problems_.add(field.field.where, "the field '" + name + "' is a number: it needs a value");
            continue;
        }
        RuleExprResolver resolver(scope_, Readable{}, problems_);
        place = flag ? resolver.condition(field.value) : resolver.number(field.value);
    }
    return segment;
}

// Says what is wrong with a field that is given in the words of TCP.
bool check_tcp_field(const syntax::FieldValue& field, Problems& problems) {
    static const std::vector<std::string> valued = {"seq", "ack", "len", "era", "zero_window"};
    static const std::vector<std::string> flags = {"fin", "syn", "rst", "has_ack"};
    const std::string& name = field.field.text;
    const auto is_in = [&name](const std::vector<std::string>& list) {
        return std::find(list.begin(), list.end(), name) != list.end();
    };
    if (name == "has_ack") {
        problems.add(field.field.where, "'has_ack' is not given: giving 'ack' sets the ACK bit");
    } else if (is_in(flags)) {
        problems.add(field.field.where, "'" + name + "' takes no value");
    } else if (!is_in(valued)) {
        no_field(field.field, Vocabulary{}, problems);
    } else if (field.alone) {
        problems.add(field.field.where, "'" + name + "' needs a value");
    } else {
        return true;
    }
    return false;
}

// Giving `ack` is what sets the ACK bit, so an absent field and a field of 0 are kept apart.
SegmentTemplate ProfileResolver::segment_template(const syntax::Segment& declared) {
    SegmentTemplate segment;
    segment.name = declared.name.text;
    segment.where = declared.name.where;
    for (const syntax::FieldValue& field : declared.fields) {
        const bool window = field.field.text == "zero_window";
        if (!check_tcp_field(field, problems_)) continue;
        std::optional<Expr>& place = window                      ? segment.zero_window
                                     : field.field.text == "era" ? segment.era
                                     : field.field.text == "seq" ? segment.seq
                                     : field.field.text == "ack" ? segment.ack
                                                                 : segment.len;
        if (place) problems_.add(field.field.where, "'" + field.field.text + "' is given twice");
        RuleExprResolver resolver(scope_, Readable{}, problems_);
        place = window ? resolver.condition(field.value) : resolver.number(field.value);
    }
    for (const syntax::Word& flag : declared.flags) {
        bool& place = flag.text == "fin" ? segment.fin : flag.text == "syn" ? segment.syn : segment.rst;
        if (place) problems_.add(flag.where, "'" + flag.text + "' is given twice");
        place = true;
    }
    return segment;
}

}  // namespace

void check_free(const syntax::Word& name, const Scope& scope, Problems& problems) {
    const std::vector<std::string> known = scope.value_names();
    if (is_reserved(name.text))
        problems.add(name.where, "'" + name.text + "' is a word of the language");
    else if (std::find(known.begin(), known.end(), name.text) != known.end())
        problems.add(name.where, "'" + name.text + "' already means something else in this profile");
}

Profile resolve_profile(const syntax::Merged& merged, Scope& scope, Problems& problems) {
    Profile profile;
    profile.name = merged.name.text;
    profile.title = merged.title.text;
    profile.cites = merged.title.cites;
    profile.parent = merged.parent ? merged.parent->text : "";
    profile.stream_from = merged.stream_from;
    profile.where = merged.name.where;
    scope.profile = &profile;
    ProfileResolver(merged, profile, scope, problems).run();
    resolve_handlers(merged, profile, scope, problems);
    scope.profile = nullptr;
    return profile;
}

}  // namespace lastack
