// Merging profiles along `extends`.
//
// Idea: a profile is a list of changes. Take the parent's merged profile (or nothing) and apply the items in the
// order of the text: add, replace in place, drop. Nothing is looked up but the names of what is changed, so the
// same code serves a profile without a parent.
// Cost: one copy of the parent for each profile; the sum of the texts copied is bounded.
#include "model/language/extends.h"

#include <algorithm>
#include <map>
#include <set>

namespace lastack::syntax {

namespace {

const char* trigger_name(Trigger trigger) {
    return trigger == Trigger::call ? "call" : trigger == Trigger::timer ? "timer" : "segment";
}

template <typename T>
std::vector<std::string> names_of(const std::vector<T>& list) {
    std::vector<std::string> names;
    for (const T& each : list) names.push_back(each.name.text);
    return names;
}

template <typename T>
auto named(std::vector<T>& list, const std::string& name) {
    return std::find_if(list.begin(), list.end(), [&name](const T& each) { return each.name.text == name; });
}

// Applies the items of one profile.
class Merger {
public:
    Merger(Merged& merged, Problems& problems) : merged_(merged), problems_(problems) {
        for (const Handler& handler : merged.handlers) {
            for (const Step& step : handler.steps) {
                for (const Rule& rule : step.rules) rules_.insert(rule.name.text);
            }
        }
    }

    void operator()(const std::vector<State>& states) {
        for (const State& state : states) add(merged_.states, state, "state");
    }
    void operator()(const Declaration<std::vector<Variable>>& declared) {
        for (const Variable& variable : declared.it) {
            const char* word = variable.history ? "history" : variable.kept ? "kept" : "var";
            declare(merged_.variables, Declaration<Variable>{variable, declared.replaces}, "variable", word);
        }
    }
    void operator()(const Protocol& protocol);
    void operator()(const Declaration<std::vector<Field>>& declared) {
        for (const Field& field : declared.it)
            declare(merged_.fields, Declaration<Field>{field, declared.replaces}, "field");
    }
    void operator()(const Stream& stream);
    void operator()(const Blocked& blocked);
    void operator()(const Declaration<Limit>& limit) { declare(merged_.limits, limit, "limit"); }
    void operator()(const Declaration<Setting>& setting) { declare(merged_.settings, setting, "setting"); }
    void operator()(const Declaration<Timer>& timer) { declare(merged_.timers, timer, "timer"); }
    void operator()(const Declaration<Let>& let) { declare(merged_.lets, let, "let"); }
    void operator()(const Declaration<Segment>& segment) { declare(merged_.segments, segment, "segment"); }
    void operator()(const Declaration<NamedEffect>& effect) { declare(merged_.effects, effect, "effect"); }
    void operator()(const Rule& rule) { replace_rule(rule); }
    void operator()(const Handler& handler);
    void operator()(const Drop& drop);

private:
    template <typename T>
    void add(std::vector<T>& list, const T& one, const std::string& kind, const std::string& hint = "") {
        if (named(list, one.name.text) != list.end()) {
            problems_.add(one.name.where, kind + " '" + one.name.text + "' is already declared", hint);
            return;
        }
        if (list.size() >= most_names)
            throw SpecError(one.name.where, "more than " + std::to_string(most_names) + " of one kind: " + kind);
        list.push_back(one);
    }
    template <typename T>
    void declare(std::vector<T>& list, const Declaration<T>& declared, const std::string& kind,
                 const std::string& word = "") {
        const std::string& name = declared.it.name.text;
        const auto known = named(list, name);
        if (!declared.replaces) {
            add(list, declared.it, kind,
                "write 'replace " + (word.empty() ? kind : word) + " " + name + "' to change it");
        } else if (known == list.end()) {
            problems_.add(declared.it.name.where, "there is no " + kind + " '" + name + "' to replace",
                          did_you_mean(name, names_of(list)));
        } else {
            *known = declared.it;
        }
    }
    template <typename T>
    bool remove(std::vector<T>& list, const Drop& drop) {
        const auto known = named(list, drop.name.text);
        if (known == list.end()) {
            problems_.add(drop.name.where, "there is no " + drop.kind + " '" + drop.name.text + "' to drop",
                          did_you_mean(drop.name.text, names_of(list)));
            return false;
        }
        list.erase(known);
        return true;
    }
    std::vector<std::string> rule_names() const { return {rules_.begin(), rules_.end()}; }
    Handler& handler_for(const Handler& like);
    Step* step_for(Handler& handler, const Step& like);
    void add_rule(std::vector<Rule>& rules, const Rule& rule);
    void replace_rule(const Rule& rule);
    void drop_rule(const Drop& drop);
    void drop_step(const Drop& drop);
    void drop_handler(Trigger trigger, const std::string& name);

    Merged& merged_;
    Problems& problems_;
    std::set<std::string> rules_;
    bool has_protocol_ = false;  // this profile said which protocol it speaks
    bool has_stream_ = false;    // this profile said where its stream begins
    bool has_blocked_ = false;   // this profile said when a call blocks
};

// A child speaks what its parent speaks.
void Merger::operator()(const Protocol& protocol) {
    if (has_protocol_) problems_.add(protocol.name.where, "the protocol is said twice");
    has_protocol_ = true;
    const std::string spoken = merged_.protocol ? merged_.protocol->text : "TCP";
    if (merged_.parent && spoken != protocol.name.text) {
        problems_.add(protocol.name.where,
                      "profile '" + merged_.parent->text + "', which this one extends, speaks " + spoken,
                      "a child has the protocol of its parent");
        return;
    }
    if (protocol.name.text == "TCP")
        problems_.add(protocol.name.where, "'protocol' is for names other than TCP's",
                      "without it a profile speaks TCP");
    merged_.protocol = protocol.name;
}

// A child may say it again; one profile may not.
void Merger::operator()(const Stream& stream) {
    constexpr int largest = 8;
    if (stream.from > largest) problems_.add(stream.where, "a stream starts at one of 0.." + std::to_string(largest));
    if (has_stream_) problems_.add(stream.where, "where the stream starts is said twice");
    has_stream_ = true;
    merged_.stream_where = stream.where;
    merged_.stream_from = stream.from;
}

// A child says all of it anew.
void Merger::operator()(const Blocked& blocked) {
    if (has_blocked_) problems_.add(blocked.condition.where, "when a call blocks the others is said twice");
    has_blocked_ = true;
    merged_.blocked = blocked.condition;
}

Handler& Merger::handler_for(const Handler& like) {
    for (Handler& handler : merged_.handlers) {
        if (handler.trigger == like.trigger && handler.name.text == like.name.text) return handler;
    }
    if (merged_.handlers.size() >= most_names)
        throw SpecError(like.name.where, "more than " + std::to_string(most_names) + " handlers");
    Handler fresh = like;
    fresh.steps.clear();
    merged_.handlers.push_back(std::move(fresh));
    return merged_.handlers.back();
}

// The step of this name, made at its place where it is new; null where the place is unknown.
Step* Merger::step_for(Handler& handler, const Step& like) {
    const bool placed = like.before || like.after;
    const auto known = named(handler.steps, like.name.text);
    if (known != handler.steps.end()) {
        if (placed) problems_.add(like.name.where, "step '" + like.name.text + "' already has its place");
        return &*known;
    }
    auto place = handler.steps.end();
    if (placed) {
        const Word& by = like.before ? *like.before : *like.after;
        place = named(handler.steps, by.text);
        if (place == handler.steps.end()) {
            problems_.add(by.where, "unknown step '" + by.text + "'", did_you_mean(by.text, names_of(handler.steps)));
            return nullptr;
        }
        if (like.after) ++place;
    }
    if (handler.steps.size() >= most_names)
        throw SpecError(like.name.where, "more than " + std::to_string(most_names) + " steps");
    Step fresh = like;
    fresh.rules.clear();
    return &*handler.steps.insert(place, std::move(fresh));
}

void Merger::operator()(const Handler& added) {
    Handler& handler = handler_for(added);
    for (const Step& step : added.steps) {
        Step* home = step_for(handler, step);
        if (!home) continue;
        for (const Rule& rule : step.rules) {
            if (rule.replaces)
                replace_rule(rule);
            else
                add_rule(home->rules, rule);
        }
    }
}

void Merger::add_rule(std::vector<Rule>& rules, const Rule& rule) {
    if (!rules_.insert(rule.name.text).second) {
        problems_.add(rule.name.where, "rule '" + rule.name.text + "' is already declared",
                      "write 'replace rule " + rule.name.text + "' to change it");
        return;
    }
    if (rules_.size() > most_names)
        throw SpecError(rule.name.where, "more than " + std::to_string(most_names) + " rules");
    rules.push_back(rule);
}

// Rule names are unique in a profile, so the name alone says which place the new rule takes. One without cases keeps
// those of the old one, which may mean something else here: they name what a child replaces.
void Merger::replace_rule(const Rule& rule) {
    for (Handler& handler : merged_.handlers) {
        for (Step& step : handler.steps) {
            const auto known = named(step.rules, rule.name.text);
            if (known == step.rules.end()) continue;
            Rule fresh = rule;
            if (rule.cases.empty()) {
                if (!rule.choices.empty())
                    problems_.add(rule.choices.front().name.where,
                                  "a rule that keeps its cases keeps their 'for', too");
                fresh.cases = known->cases;
                fresh.choices = known->choices;
            }
            *known = std::move(fresh);
            return;
        }
    }
    problems_.add(rule.name.where, "there is no rule '" + rule.name.text + "' to replace",
                  did_you_mean(rule.name.text, rule_names()));
}

// The step stays, so that rules of the child may still take their place in it.
void Merger::drop_rule(const Drop& drop) {
    for (Handler& handler : merged_.handlers) {
        for (Step& step : handler.steps) {
            const auto known = named(step.rules, drop.name.text);
            if (known == step.rules.end()) continue;
            step.rules.erase(known);
            rules_.erase(drop.name.text);
            return;
        }
    }
    problems_.add(drop.name.where, "there is no rule '" + drop.name.text + "' to drop",
                  did_you_mean(drop.name.text, rule_names()));
}

// Of `on segment`: the step with its rules, whose names become free again.
void Merger::drop_step(const Drop& drop) {
    std::vector<std::string> known;
    for (Handler& handler : merged_.handlers) {
        if (handler.trigger != Trigger::segment) continue;
        known = names_of(handler.steps);
        const auto step = named(handler.steps, drop.name.text);
        if (step == handler.steps.end()) break;
        for (const Rule& rule : step->rules) rules_.erase(rule.name.text);
        handler.steps.erase(step);
        return;
    }
    problems_.add(drop.name.where, "there is no step '" + drop.name.text + "' to drop",
                  did_you_mean(drop.name.text, known));
}

// The names of its rules become free again.
void Merger::drop_handler(Trigger trigger, const std::string& name) {
    auto& handlers = merged_.handlers;
    const auto known = std::find_if(handlers.begin(), handlers.end(), [&](const Handler& each) {
        return each.trigger == trigger && each.name.text == name;
    });
    if (known == handlers.end()) return;
    for (const Step& step : known->steps) {
        for (const Rule& rule : step.rules) rules_.erase(rule.name.text);
    }
    handlers.erase(known);
}

void Merger::operator()(const Drop& drop) {
    const std::string& name = drop.name.text;
    if (drop.kind == "rule") {
        drop_rule(drop);
    } else if (drop.kind == "step") {
        drop_step(drop);
    } else if (drop.kind == "segment") {
        remove(merged_.segments, drop);
    } else if (drop.kind == "effect") {
        remove(merged_.effects, drop);
    } else if (drop.kind == "timer") {
        if (remove(merged_.timers, drop)) drop_handler(Trigger::timer, name);
    } else {
        std::vector<std::string> calls;
        for (const Handler& handler : merged_.handlers) {
            if (handler.trigger == Trigger::call) calls.push_back(handler.name.text);
        }
        if (std::find(calls.begin(), calls.end(), name) == calls.end()) {
            problems_.add(drop.name.where,
                          std::string("there is no ") + trigger_name(Trigger::call) + " '" + name + "' to drop",
                          did_you_mean(name, calls));
        }
        drop_handler(Trigger::call, name);
    }
}

// Merges each profile after its parent, whatever the order of the text.
class Family {
public:
    Family(const std::vector<Profile>& profiles, Problems& problems) : problems_(problems) {
        for (const Profile& profile : profiles) {
            names_.push_back(profile.name.text);
            if (!known_.emplace(profile.name.text, &profile).second) {
                problems_.add(profile.name.where, "profile '" + profile.name.text + "' is already declared");
            }
        }
    }

    // Null where the profile is part of a loop or has no known parent.
    const Merged* merged(const Profile& profile) {
        const std::string& name = profile.name.text;
        if (const auto done = done_.find(name); done != done_.end()) return done->second ? &*done->second : nullptr;
        path_.push_back(name);
        std::optional<Merged> result = build(profile);
        path_.pop_back();
        const auto& kept = done_[name] = std::move(result);
        return kept ? &*kept : nullptr;
    }

private:
    std::optional<Merged> build(const Profile& profile) {
        Merged merged;
        if (profile.parent) {
            const Merged* parent = parent_of(profile);
            if (!parent) return std::nullopt;
            merged = *parent;
        }
        merged.name = profile.name;
        merged.parent = profile.parent;
        merged.title = profile.title;
        merged.size += profile.size;
        constexpr std::size_t largest = std::size_t{32} << 20U;
        copied_ += merged.size;
        if (copied_ > largest)
            throw SpecError(profile.name.where, "the profiles are too large together, each with what it extends");
        Merger merger(merged, problems_);
        for (const Item& item : profile.items) std::visit(merger, item);
        return merged;
    }

    const Merged* parent_of(const Profile& profile) {
        const Word& name = *profile.parent;
        const auto parent = known_.find(name.text);
        if (parent == known_.end()) {
            problems_.add(name.where, "unknown profile '" + name.text + "'", did_you_mean(name.text, names_));
            return nullptr;
        }
        const auto first = std::find(path_.begin(), path_.end(), name.text);
        if (first != path_.end()) {
            std::string loop;
            for (auto each = first; each != path_.end(); ++each) loop += *each + " -> ";
            problems_.add(name.where, "a loop of 'extends': " + loop + name.text);
            return nullptr;
        }
        return merged(*parent->second);
    }

    Problems& problems_;
    std::vector<std::string> names_;
    std::map<std::string, const Profile*> known_;
    std::map<std::string, std::optional<Merged>> done_;
    std::vector<std::string> path_;  // being merged, outermost first
    std::size_t copied_ = 0;
};

}  // namespace

}  // namespace lastack::syntax

namespace lastack {

std::vector<syntax::Merged> merge_profiles(const std::vector<syntax::Profile>& profiles, Problems& problems) {
    if (profiles.size() > most_profiles)
        throw SpecError(profiles[most_profiles].name.where, "more than " + std::to_string(most_profiles) + " profiles");
    syntax::Family family(profiles, problems);
    std::vector<syntax::Merged> result;
    std::set<std::string> seen;
    for (const syntax::Profile& profile : profiles) {
        if (!seen.insert(profile.name.text).second) continue;
        if (const syntax::Merged* merged = family.merged(profile)) result.push_back(*merged);
    }
    return result;
}

}  // namespace lastack
