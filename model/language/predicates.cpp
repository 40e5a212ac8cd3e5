#include "model/language/predicates.h"

#include <algorithm>
#include <set>

namespace lastack {

namespace {

using syntax::Predicate;
using syntax::Word;

bool among(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_quantifier(const syntax::Expr& expr) { return expr.op == Op::each || expr.op == Op::some; }
bool is_bare_name(const syntax::Expr& expr) { return expr.op == Op::variable && !expr.applied; }

constexpr std::size_t most_nodes = 10'000;  // made for one claim

// The words of an expression, wherever they stand: what a parameter is looked for among.
void collect_words(const syntax::Expr& expr, std::set<std::string>& words) {
    words.insert(expr.word.text);
    words.insert(expr.end.text);
    for (const Word& word : expr.words) words.insert(word.text);
    for (const syntax::Expr& arg : expr.args) collect_words(arg, words);
}

// The names that may be predicates: not those inside of leaves.
void collect_uses(const syntax::Expr& expr, std::set<std::string>& names) {
    if (expr.op == Op::variable) names.insert(expr.word.text);
    if (expr.op != Op::variable && sort_of(expr.op) != Sort::connective) return;
    for (const syntax::Expr& arg : expr.args) collect_uses(arg, names);
}

// What stands in brackets reads the segment, the end at hand and fixed values.
bool fits_brackets(const syntax::Expr& argument) {
    const Sort sort = sort_of(argument.op);
    return !argument.applied && !is_quantifier(argument) &&
           (sort == Sort::fixed || sort == Sort::local || sort == Sort::connective) &&
           std::all_of(argument.args.begin(), argument.args.end(), fits_brackets);
}

}  // namespace

Predicates::Predicates(const std::vector<Predicate>& declared, Problems& problems)
    : declared_(declared), problems_(problems) {
    const std::size_t before = problems_.count();
    for (const Predicate& predicate : declared_) check(predicate);
    if (problems_.count() > before) return;
    std::vector<std::string> open;
    std::set<std::string> done;
    for (const Predicate& predicate : declared_) check_loops(predicate, open, done);
}

const Predicate* Predicates::find(const std::string& name) const {
    const auto place =
        std::find_if(declared_.begin(), declared_.end(), [&](const Predicate& each) { return each.name.text == name; });
    return place == declared_.end() ? nullptr : &*place;
}

void Predicates::check(const Predicate& predicate) {
    static const std::vector<std::string> words{"quiet", "next", "lost", "doubled", "each", "some"};
    const std::string& name = predicate.name.text;
    if (among(words, name)) problems_.add(predicate.name.where, "'" + name + "' is a word of conditions");
    if (find(name) != &predicate) problems_.add(predicate.name.where, "predicate '" + name + "' is already declared");
    std::set<std::string> used;
    collect_words(predicate.body, used);
    std::vector<std::string> known{"A", "B"};
    for (const Word& parameter : predicate.parameters) {
        if (among(known, parameter.text))
            problems_.add(parameter.where,
                          "'" + parameter.text + "' already names " +
                              (parameter.text == "A" || parameter.text == "B" ? "an end" : "a parameter"));
        known.push_back(parameter.text);
        if (!used.contains(parameter.text))
            problems_.add(parameter.where, "parameter '" + parameter.text + "' of '" + name + "' is not used");
    }
    check_ends(predicate.body, known);
}

// Ends are those that the predicate is given and those that it binds itself, never those of who uses it.
void Predicates::check_ends(const syntax::Expr& expr, std::vector<std::string> bound) {
    if (!expr.end.text.empty() && !among(bound, expr.end.text))
        problems_.add(expr.end.where, "unknown end '" + expr.end.text + "'", did_you_mean(expr.end.text, bound));
    if (is_quantifier(expr)) {
        for (const Word& word : expr.words) {
            if (among(bound, word.text)) problems_.add(word.where, "'" + word.text + "' already names an end");
            bound.push_back(word.text);
        }
    }
    for (const syntax::Expr& arg : expr.args) check_ends(arg, bound);
}

void Predicates::check_loops(const Predicate& predicate, std::vector<std::string>& open, std::set<std::string>& done) {
    const std::string& name = predicate.name.text;
    const auto loop = std::find(open.begin(), open.end(), name);
    if (loop != open.end()) {
        std::string way;
        for (auto at = loop; at != open.end(); ++at) way += *at + " -> ";
        throw SpecError(predicate.name.where, "a predicate is made of itself: " + way + name);
    }
    if (!done.insert(name).second) return;
    open.push_back(name);
    std::set<std::string> used;
    collect_uses(predicate.body, used);
    for (const Word& parameter : predicate.parameters) used.erase(parameter.text);
    for (const Predicate& other : declared_) {
        if (used.contains(other.name.text)) check_loops(other, open, done);
    }
    open.pop_back();
}

syntax::Claim Predicates::put_into(const syntax::Claim& claim) {
    uses_.clear();
    size_ = 0;
    syntax::Claim result = claim;
    for (syntax::Expr& stage : result.stages) stage = put_into(stage);
    if (result.assuming) result.assuming = put_into(*result.assuming);
    return result;
}

void Predicates::explain_uses(std::size_t since, const syntax::Claim& claim) {
    problems_.explain(since, [&](const Where& where) -> std::string {
        for (const Use& use : uses_) {
            const Where& begin = use.predicate->name.where;
            if (where.source != begin.source || where.line < begin.line || where.line > use.predicate->last_line)
                continue;
            const std::string place =
                use.where.source->name + ":" + std::to_string(use.where.line) + ":" + std::to_string(use.where.column);
            return "seen in claim '" + claim.name.text + "', which uses '" + use.predicate->name.text + "' at " + place;
        }
        return "";
    });
}

// The depth of what was put together, and the bound on how much that is.
void Predicates::measure(syntax::Expr& expr) {
    expr.depth = 1;
    for (const syntax::Expr& arg : expr.args) expr.depth = std::max(expr.depth, arg.depth + 1);
    if (++size_ > most_nodes || expr.depth > deepest_tree)
        throw SpecError(uses_.empty() ? expr.where : uses_.front().where,
                        "this claim is too large once its predicates are put in");
}

// A predicate without parameters is used by its bare name.
syntax::Expr Predicates::put_into(const syntax::Expr& expr) {
    const bool may_be_used = expr.op == Op::variable && (expr.applied || find(expr.word.text) != nullptr);
    if (may_be_used) return put_in(expr);
    syntax::Expr result = expr;
    for (syntax::Expr& arg : result.args) {
        // Inside of leaves bare names are those of the end.
        if (sort_of(expr.op) == Sort::connective) arg = put_into(arg);
    }
    if (!uses_.empty()) measure(result);
    return result;
}

syntax::Expr Predicates::put_in(const syntax::Expr& use) {
    const Predicate* const predicate = find(use.word.text);
    syntax::Expr nothing = use;  // of unknown type, where the use is wrong
    nothing.op = Op::constant;
    nothing.boolean = true;
    nothing.applied = false;
    nothing.args.clear();
    if (!predicate) {
        std::vector<std::string> names;
        for (const Predicate& each : declared_) names.push_back(each.name.text);
        problems_.add(use.word.where, "unknown predicate '" + use.word.text + "'", did_you_mean(use.word.text, names));
        return nothing;
    }
    const std::size_t wanted = predicate->parameters.size();
    if (use.args.size() != wanted) {
        std::string form = predicate->name.text;
        for (const Word& parameter : predicate->parameters)
            form += (&parameter == &predicate->parameters.front() ? "(" : ", ") + parameter.text;
        problems_.add(use.word.where,
                      "'" + use.word.text + "' takes " + std::to_string(wanted) +
                          (wanted == 1 ? " argument, not " : " arguments, not ") + std::to_string(use.args.size()),
                      "its form is " + form + (wanted > 0 ? ")" : ""));
        return nothing;
    }
    uses_.push_back({predicate, use.where});
    std::vector<syntax::Expr> given;
    for (const syntax::Expr& argument : use.args)
        given.push_back(argument.op == Op::state_in || is_bare_name(argument) ? argument : put_into(argument));
    Arguments arguments;
    for (std::size_t i = 0; i < wanted; ++i) arguments[predicate->parameters[i].text] = &given[i];
    const std::size_t before = problems_.count();
    const syntax::Expr result = filled(predicate->body, {arguments, use.where, false});
    return problems_.count() > before ? nothing : put_into(result);
}

// Bound names that an argument mentions are given another name, so that the argument goes on meaning what it did.
syntax::Expr Predicates::bound_anew(const syntax::Expr& body, Filling& filling, std::vector<syntax::Expr>& renamed) {
    std::set<std::string> mentioned;
    for (const auto& [name, argument] : filling.arguments) collect_words(*argument, mentioned);
    syntax::Expr result = body;
    renamed.resize(body.words.size());
    for (std::size_t i = 0; i < body.words.size(); ++i) {
        renamed[i].op = Op::variable;
        renamed[i].word = body.words[i];
        while (mentioned.contains(renamed[i].word.text)) renamed[i].word.text += "'";
        result.words[i] = renamed[i].word;
        if (renamed[i].word.text != body.words[i].text) filling.arguments[body.words[i].text] = &renamed[i];
    }
    return result;
}

// What is made of a predicate's body has its place where the predicate is used; its words keep theirs.
syntax::Expr Predicates::filled(const syntax::Expr& body, Filling filling) {
    if (is_bare_name(body)) {
        const auto place = filling.arguments.find(body.word.text);
        if (place != filling.arguments.end()) return value_for(*place->second, body.word, filling.brackets);
    }
    std::vector<syntax::Expr> renamed;
    syntax::Expr result = is_quantifier(body) ? bound_anew(body, filling, renamed) : body;
    if (!is_quantifier(body)) {
        if (body.op != Op::field) result.word = name_for(body.word, filling.arguments);
        result.end = name_for(body.end, filling.arguments);
        result.words = states_for(body.words, filling.arguments);
    }
    result.where = filling.place;
    filling.brackets |= sort_of(body.op) != Sort::connective && body.op != Op::at_end && !body.applied;
    for (syntax::Expr& arg : result.args) {
        const auto place = filling.arguments.find(arg.word.text);
        const bool parameter = is_bare_name(arg) && place != filling.arguments.end();
        if (parameter && body.op == Op::at_end) {  // the name of a variable
            arg.word = name_for(arg.word, filling.arguments);
            arg.where = filling.place;
        } else {
            arg = parameter && body.applied ? *place->second : filled(arg, filling);
        }
    }
    measure(result);
    return result;
}

syntax::Expr Predicates::value_for(const syntax::Expr& argument, const Word& parameter, bool brackets) {
    if (argument.op == Op::state_in)
        problems_.add(argument.where, "'" + parameter.text + "' stands for a value or a condition, not for states");
    else if (brackets && !fits_brackets(argument))
        problems_.add(argument.where, "'" + parameter.text +
                                          "' stands in brackets, where only 'seg', the end's own names "
                                          "and fixed values may be read");
    syntax::Expr result = argument;
    measure(result);
    return result;
}

Word Predicates::name_for(const Word& word, const Arguments& arguments) {
    const auto place = arguments.find(word.text);
    if (word.text.empty() || place == arguments.end()) return word;
    if (is_bare_name(*place->second)) return place->second->word;
    problems_.add(place->second->where, "'" + word.text + "' stands for a name: give it one");
    return word;
}

std::vector<Word> Predicates::states_for(const std::vector<Word>& words, const Arguments& arguments) {
    std::vector<Word> states;
    for (const Word& word : words) {
        const auto place = arguments.find(word.text);
        if (place == arguments.end()) {
            states.push_back(word);
        } else if (place->second->op == Op::state_in) {
            states.insert(states.end(), place->second->words.begin(), place->second->words.end());
        } else if (is_bare_name(*place->second)) {
            states.push_back(place->second->word);
        } else {
            problems_.add(place->second->where,
                          "'" + word.text + "' stands for states: give it one, or several in braces");
        }
    }
    return states;
}

}  // namespace lastack
