// Files, profiles' declarations, systems and claims, from the parse tree.
#include <array>

#include "model/language/tree.h"

namespace lastack::syntax {

using namespace grammar;

Where TreeReader::where(const Node& node) const {
    return places_.at(node.m_begin.byte, node.m_end.byte - node.m_begin.byte);
}

// Leaves have no white space behind them, except signs whose token is the node.
Word TreeReader::word(const Node& node) const {
    std::string text = node.string();
    if (text.front() != '"') text.erase(std::min(text.find_first_of(" \t\r\n#"), text.size()));
    return {text, where(node)};
}

// Far above every bound of the language, far below an overflow.
int TreeReader::integer(const Node& node) {
    constexpr int largest = 1'000'000;
    int value = 0;
    for (const char digit : node.string_view()) {
        value = value * 10 + (digit - '0');
        if (value > largest) {
            problems_.add(where(node), "the number is larger than " + std::to_string(largest));
            return 0;
        }
    }
    return value;
}

// A backslash stands for the character behind it; the grammar knows that there is one.
std::string TreeReader::string(const Node& node) const {
    const std::string_view quoted = node.string_view();
    std::string text;
    for (std::size_t i = 1; i + 1 < quoted.size(); ++i) {
        if (quoted[i] == '\\') ++i;
        text += quoted[i];
    }
    return text;
}

std::string TreeReader::text_of(const Node& node) const {
    const Node* found = child<text>(node);
    return found ? string(*found) : "";
}

Remark TreeReader::remark(const Node& node) const {
    const Node* source = child<cites>(node);
    return {text_of(node), source ? text_of(*source) : ""};
}

namespace {
std::int64_t microseconds_of(const std::string& unit) {
    return unit == "us" ? 1 : unit == "ms" ? 1'000 : unit == "s" ? 1'000'000 : 60'000'000;
}
}  // namespace

// Microseconds, exactly: digits before and after the point, no floating point.
std::int64_t TreeReader::fixed_duration(const Node& node) {
    const std::string digits = node.children[0]->string();
    const std::string unit = node.children[1]->string();
    const std::int64_t microseconds = microseconds_of(unit);
    const std::size_t point = std::min(digits.find('.'), digits.size());
    const std::string whole = digits.substr(0, point);
    const std::string fraction = point < digits.size() ? digits.substr(point + 1) : "";
    constexpr std::size_t longest = 9;
    if (whole.size() > longest || fraction.size() > longest) {
        problems_.add(where(node), "a duration of more than " + std::to_string(longest) + " digits");
        return 0;
    }
    std::int64_t result = std::stoll(whole) * microseconds;
    std::int64_t numerator = 0;
    std::int64_t denominator = 1;
    for (const char digit : fraction) {
        numerator = numerator * 10 + (digit - '0');
        denominator *= 10;
    }
    if (numerator * microseconds % denominator != 0) problems_.add(where(node), "a duration finer than a microsecond");
    result += numerator * microseconds / denominator;
    constexpr std::int64_t year = std::int64_t{366} * 24 * 3600 * 1'000'000;
    if (result > year) problems_.add(where(node), "a duration longer than a year");
    return std::min(result, year);
}

// One item may declare several states, and a profile may have several such items.
std::vector<State> TreeReader::states(const Node& node) {
    std::vector<State> found;
    for (const auto& each : node.children) {
        State state;
        state.name = word_of(*each, 0);
        for (const Word& option : words<state_option>(*each)) {
            (option.text == "initial" ? state.initial : option.text == "final" ? state.final : state.forgets) = true;
        }
        found.push_back(std::move(state));
    }
    return found;
}

// A decimal fraction stands only in a duration without a formula.
Formula TreeReader::duration(const Node& node) {
    if (node.children[0]->is_type<number>()) {
        Formula found;
        found.number = fixed_duration(node);
        found.where = where(node);
        return found;
    }
    Formula unit;
    unit.number = microseconds_of(node.children[1]->string());
    unit.where = where(node);
    std::vector<Formula> factors;
    factors.push_back(formula(*node.children[0]));
    factors.push_back(std::move(unit));
    return formula_of(Formula::Kind::multiply, std::move(factors), where(node));
}

// Children: perhaps `replace`, the name, the value, the two ends of the range, perhaps what suites take, perhaps a
// text, perhaps a citation.
Limit TreeReader::limit(const Node& node) {
    const std::size_t first = has<replace>(node) ? 1 : 0;
    Limit found;
    found.name = word_of(node, first);
    found.value = formula(*node.children[first + 1]);
    found.low = integer(*node.children[first + 2]);
    found.high = integer(*node.children[first + 3]);
    found.range_where = where(*node.children[first + 2]);
    if (const Node* driven = child<driven_value>(node)) {
        found.driven = integer(*driven->children.front());
        found.driven_where = where(*driven->children.front());
        if (const Node* suites = child<grammar::driven_in>(*driven)) found.driven_in = words<dotted_name>(*suites);
    }
    found.remark = remark(node);
    return found;
}

void TreeReader::setting_value(const Node& value, Setting& setting) const {
    setting.quoted = value.is_type<text>();
    setting.value = setting.quoted ? string(value) : word(value).text;
    setting.value_where = where(value);
}

// Children: perhaps `replace`, the name, the value, and what may follow it in any number.
Setting TreeReader::setting(const Node& node) {
    const std::size_t first = has<replace>(node) ? 1 : 0;
    Setting found;
    found.name = word_of(node, first);
    setting_value(*node.children[first + 1], found);
    for (std::size_t i = first + 2; i < node.children.size(); ++i) {
        const Node& rest = *node.children[i];
        if (rest.is_type<setting_range>()) {
            found.low = integer(*rest.children[0]);
            found.high = integer(*rest.children[1]);
            found.range_where = where(*rest.children[0]);
        } else if (rest.is_type<offers>()) {
            found.offers = word_of(rest, 0).text;
        } else {
            (rest.is_type<text>() ? found.remark.text : found.remark.cites) =
                rest.is_type<text>() ? string(rest) : text_of(rest);
        }
    }
    return found;
}

// Without `to`, a timer expires exactly at its first duration.
Timer TreeReader::timer(const Node& node) {
    Timer found;
    found.name = word(*child<name>(node));
    found.earliest = found.latest = duration(*child<grammar::duration>(node));
    if (const Node* latest = child<up_to>(node)) found.latest = duration(*latest->children.front());
    if (const Node* cap = child<doubling>(node)) {
        found.cap = duration(*cap->children.front());
        if (const Node* from = child<doubled_from>(*cap)) found.doubled_from = word(*from->children.front());
        if (const Node* by = child<grammar::doubled_by>(*cap)) found.doubled_from = word(*by->children.front());
        found.doubled_by = has<grammar::doubled_by>(*cap);
    }
    if (const Node* condition = child<grammar::runs_while>(node))
        found.runs_while = expression(*condition->children.front());
    found.remark = remark(node);
    return found;
}

// `var a, b : type` declares two variables alike; each keeps the place of its own name.
std::vector<Variable> TreeReader::variables(const Node& node) {
    Variable like;
    like.history = has<history>(node);
    like.kept = has<kept>(node);
    like.text = text_of(node);
    if (const Node* names = child<enum_type>(node)) {
        like.type = Variable::Type::names;
        like.enumerators = words<name>(*names);
    } else if (const Node* range = child<range_type>(node)) {
        like.type = Variable::Type::range;
        like.low = expression(*range->children[0]);
        like.high = expression(*range->children[1]);
    }
    if (const Node* initial = child<initial_value>(node)) like.initial = expression(*initial->children.front());
    std::vector<Variable> found;
    for (const Word& name : words<grammar::name>(node)) {
        like.name = name;
        found.push_back(like);
    }
    return found;
}

// As variables are declared, without an initial value.
std::vector<Field> TreeReader::own_fields(const Node& node) {
    Field like;
    like.text = text_of(node);
    like.flag = has<flag_type>(node);
    if (const Node* range = child<range_type>(node)) {
        like.low = expression(*range->children[0]);
        like.high = expression(*range->children[1]);
    }
    std::vector<Field> found;
    for (const Word& name : words<grammar::name>(node)) {
        like.name = name;
        found.push_back(like);
    }
    return found;
}

Let TreeReader::let(const Node& node) {
    const Node& value = *node.children.back();
    Let found{word(*child<name>(node)), {}, value.is_type<state_set>()};
    if (!found.states) {
        found.value = expression(value);
        return found;
    }
    found.value.op = Op::state_in;
    found.value.words = words<capital_name>(value);
    found.value.where = where(value);
    return found;
}

// `zero_window` alone says that it is always so. The word stands at the beginning of its node.
Segment TreeReader::segment(const Node& node) {
    Segment found{word(*child<name>(node)), choices(node), fields(node), words<flag_word>(node)};
    for (const auto& each : node.children) {
        const bool window = each->is_type<window_field>();
        if (!window && !each->is_type<era_field>()) continue;
        FieldValue field;
        field.field.text = window ? "zero_window" : "era";
        field.field.where = field.value.where = places_.at(each->m_begin.byte, field.field.text.size());
        field.value.boolean = true;
        field.value.value = 1;
        if (!each->children.empty()) field.value = expression(*each->children.front());
        found.fields.push_back(std::move(field));
    }
    return found;
}

void TreeReader::item(const Node& node, std::vector<Item>& items) {
    const bool replaces = has<replace>(node);
    if (node.is_type<states_item>())
        items.emplace_back(states(node));
    else if (node.is_type<protocol_item>())
        items.emplace_back(Protocol{word_of(node, 0)});
    else if (node.is_type<field_item>())
        items.emplace_back(Declaration<std::vector<Field>>{own_fields(node), replaces});
    else if (node.is_type<limit_item>())
        items.emplace_back(Declaration<Limit>{limit(node), replaces});
    else if (node.is_type<setting_item>())
        items.emplace_back(Declaration<Setting>{setting(node), replaces});
    else if (node.is_type<timer_item>())
        items.emplace_back(Declaration<Timer>{timer(node), replaces});
    else if (node.is_type<var_item>())
        items.emplace_back(Declaration<std::vector<Variable>>{variables(node), replaces});
    else if (node.is_type<stream_item>())
        items.emplace_back(Stream{integer(*node.children.front()), where(*node.children.front())});
    else if (node.is_type<blocked_item>())
        items.emplace_back(Blocked{expression(*node.children.front())});
    else if (node.is_type<let_item>())
        items.emplace_back(Declaration<Let>{let(node), replaces});
    else if (node.is_type<segment_item>())
        items.emplace_back(Declaration<Segment>{segment(node), replaces});
    else if (node.is_type<effect_item>())
        items.emplace_back(Declaration<NamedEffect>{named_effect(node), replaces});
    else if (node.is_type<drop_item>())
        drops(node, items);
    else if (node.is_type<replaced_rule>())
        items.emplace_back(rule(*node.children.front()));
    else if (node.is_type<on_segment>())
        arriving_segment(node, items);
    else
        items.emplace_back(handler(node));
}

void TreeReader::drops(const Node& node, std::vector<Item>& items) const {
    for (const Word& each : words<grammar::name>(node)) items.emplace_back(Drop{word_of(node, 0).text, each});
}

// One item for each step, so that drops between them apply in the order of the text.
void TreeReader::arriving_segment(const Node& node, std::vector<Item>& items) {
    Handler like;
    like.trigger = Trigger::segment;
    like.name = {"segment", where(node)};
    like.name.where.length = 1;
    items.emplace_back(like);
    for (const auto& each : node.children) {
        if (each->is_type<drop_item>()) {
            drops(*each, items);
            continue;
        }
        Handler part = like;
        part.steps.push_back(step(*each));
        items.emplace_back(std::move(part));
    }
}

Profile TreeReader::profile(const Node& node) {
    Profile found;
    found.name = word_of(node, 0);
    found.title = remark(node);
    found.size = node.m_end.byte - node.m_begin.byte;
    for (std::size_t i = 1; i < node.children.size(); ++i) {
        const Node& each = *node.children[i];
        if (each.is_type<parent>())
            found.parent = word_of(each, 0);
        else if (!each.is_type<text>() && !each.is_type<cites>())
            item(each, found.items);
    }
    return found;
}

// What is said twice counts as said last.
Network TreeReader::network(const Node& node) {
    Network found;
    found.network.capacity = integer(*node.children[0]);
    found.capacity_where = where(*node.children[0]);
    for (const auto& each : node.children) {
        const Node* bound = child<bound_word>(*each);
        const int budget = bound ? integer(*bound->children.front()) : -1;
        if (each->is_type<loses>()) {
            found.network.loses = true;
            found.network.loss_budget = budget;
        } else if (each->is_type<duplicates>()) {
            found.network.duplicates = true;
            found.network.duplicate_budget = budget;
        } else if (each->is_type<reorders>()) {
            found.network.reorders = true;
        } else if (each->is_type<grammar::delay>()) {
            found.delay_where = where(*each);
            found.delay_from = found.delay_to = duration(*each->children.front());
            if (const Node* latest = child<up_to>(*each)) found.delay_to = duration(*latest->children.front());
        }
    }
    return found;
}

// A set without an end before it is that of both.
void TreeReader::calls(const Node& node, SystemParts& parts) {
    const auto set = [this](const Node& names) { return words<name>(names); };
    for (const auto& each : node.children) {
        if (each->is_type<call_set>()) {
            parts.calls[0] = parts.calls[1] = set(*each);
            continue;
        }
        const Word letter = word_of(*each, 0);
        std::optional<std::vector<Word>>& place = parts.calls[letter.text == "A" ? 0 : 1];
        if (place) problems_.add(letter.where, "the calls of " + letter.text + " are said twice");
        place = set(*each->children[1]);
    }
}

void TreeReader::system_part(const Node& node, SystemParts& parts) {
    const auto once = [&](bool said, const std::string& what) {
        if (said) problems_.add(where(node), what + " said twice");
    };
    if (node.is_type<system_ends>()) {
        once(parts.profile[0].has_value(), "the ends are");
        const std::vector<Word> profiles = words<dotted_name>(node);
        parts.profile[0] = profiles.front();
        parts.profile[1] = profiles.back();
    } else if (node.is_type<grammar::network>()) {
        once(parts.network.has_value(), "the network is");
        parts.network = network(node);
    } else if (node.is_type<grammar::calls>()) {
        once(parts.calls[0] || parts.calls[1], "the calls are");
        parts.calls[0] = parts.calls[1] = std::nullopt;
        calls(node, parts);
    } else if (node.is_type<starts>()) {
        for (const auto& start : node.children) {
            const Word end = word_of(*start, 0);
            parts.starts.push_back({end.text == "A" ? 0 : 1, end, word_of(*start, 1)});
        }
    } else if (node.is_type<system_limits>()) {
        for (const auto& limit : node.children) system_part(*limit, parts);
    } else if (node.is_type<system_limit>()) {
        parts.limits.push_back({word_of(node, 0), integer(*node.children[1]), where(*node.children[1])});
    } else if (node.is_type<system_set>()) {
        parts.settings.emplace_back();
        parts.settings.back().name = word_of(node, 0);
        setting_value(*node.children[1], parts.settings.back());
    } else if (node.is_type<system_drop>()) {
        parts.drops.push_back({word_of(node, 0).text, word_of(node, 1)});
    }
}

SystemParts TreeReader::system_parts(const Node& node) {
    SystemParts found;
    for (const auto& each : node.children) system_part(*each, found);
    return found;
}

System TreeReader::system(const Node& node) {
    System found;
    found.name = word(*child<name>(node));
    if (const Node* parent = child<system_parent>(node)) found.parent = word_of(*parent, 0);
    found.title = text_of(node);
    found.parts = system_parts(node);
    return found;
}

Expectation TreeReader::expectation(const Node& node) {
    Expectation found;
    found.where = where(node);
    found.holds = !has<violated>(node);
    found.vacuous = has<vacuous>(node);
    if (const Node* length = child<shortest>(node)) found.shortest = integer(*length->children.front());
    if (const Node* profiles = child<for_profile>(node)) found.profiles = words<dotted_name>(*profiles);
    if (const Node* settings = child<with_settings>(node)) found.condition = formula(*settings->children.front());
    return found;
}

// Leaves without a name of their own have their place, but no child.
Fairness TreeReader::fairness(const Node& node) {
    using Family = lastack::Fairness::Family;
    Fairness found;
    found.where = where(node);
    for (const auto& each : node.children) {
        if (each->is_type<strength>()) {
            found.strong = each->string_view() == "strong";
        } else if (each->is_type<fair_at>()) {
            found.end = word_of(*each, 0);
        } else {
            const bool calls = each->is_type<fair_call>();
            found.family = calls ? Family::calls : each->is_type<fair_delivery>() ? Family::delivery : Family::timers;
            if (calls || each->is_type<fair_timer>()) found.name = word_of(*each, 0);
        }
    }
    return found;
}

// The grammar lets exactly one kind through; only `reachable` and `leads` have more than one stage.
Claim TreeReader::claim(const Node& node) {
    using Kind = lastack::Claim::Kind;
    Claim found;
    found.name = word(*child<dotted_name>(node));
    found.system = word(*child<name>(node));
    found.sentence = remark(node);
    const auto body = [&](const Node* kind, Kind as) {
        if (!kind) return;
        found.kind = as;
        for (const auto& stage : kind->children) {
            if (stage->is_type<grammar::no_sooner>())
                found.after = duration(*stage->children.front());
            else if (stage->is_type<grammar::no_later>())
                found.within = duration(*stage->children.front());
            else
                found.stages.push_back(expression(*stage));
        }
    };
    body(child<invariant>(node), Kind::invariant);
    body(child<step_claim>(node), Kind::step);
    body(child<reachable>(node), Kind::reachable);
    body(child<recoverable>(node), Kind::recoverable);
    body(child<ends_claim>(node), Kind::ends);
    body(child<grammar::leads>(node), Kind::leads);
    body(child<grammar::eventually>(node), Kind::eventually);
    body(child<grammar::eventually_always>(node), Kind::eventually_always);
    body(child<grammar::always_eventually>(node), Kind::always_eventually);
    body(child<grammar::acyclic>(node), Kind::acyclic);
    if (const Node* assumed = child<grammar::assuming>(node)) found.assuming = expression(*assumed->children.front());
    for (const auto& each : node.children) {
        if (each->is_type<grammar::fairness>()) {
            for (const auto& item : each->children) found.fairness.push_back(fairness(*item));
        }
        if (each->is_type<grammar::expectation>()) found.expectations.push_back(expectation(*each));
        if (each->is_type<grammar::refuted>()) found.refuted.push_back(word_of(*each, 0));
    }
    return found;
}

Predicate TreeReader::predicate(const Node& node) {
    Predicate found;
    found.name = word_of(node, 0);
    found.text = text_of(node);
    if (const Node* names = child<grammar::parameters>(node)) found.parameters = words<name>(*names);
    found.body = expression(*node.children.back());
    const Node* last = &node;  // whose end is not that of the white space behind it
    while (!last->children.empty()) last = last->children.back().get();
    found.last_line = where(*last).line;
    return found;
}

// Items keep their order: `use` reads the other file at its place.
File TreeReader::file(const Node& root) {
    File found;
    for (const auto& each : root.children) {
        if (each->is_type<use_item>()) {
            const Node& path = *each->children.front();
            found.items.emplace_back(Use{{string(path), where(path)}, has<with_claims>(*each)});
        } else if (each->is_type<profile_item>()) {
            found.items.emplace_back(profile(*each));
        } else if (each->is_type<system_item>()) {
            found.items.emplace_back(system(*each));
        } else if (each->is_type<systems_item>()) {
            found.items.emplace_back(Systems{places_.at(each->m_begin.byte, 7), system_parts(*each)});
        } else if (each->is_type<predicate_item>()) {
            found.items.emplace_back(predicate(*each));
        } else if (each->is_type<expectation_item>()) {
            for (const Word& claim : words<dotted_name>(*each))
                found.items.emplace_back(FurtherExpectation{claim, expectation(*each)});
        } else {
            found.items.emplace_back(claim(*each));
        }
    }
    return found;
}

}  // namespace lastack::syntax
