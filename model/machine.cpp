#include "model/machine.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cassert>

namespace lastack {

Machine::Machine(const Profile& profile, Limits limits, std::vector<std::string> calls, SegmentTable& out, int start)
    : profile_(profile), limits_(std::move(limits)), out_(out), code_(profile_, limits_) {
    segment_.trigger = Trigger::segment;  // also where the profile says nothing about segments
    for (const Handler& handler : profile.handlers) {
        if (handler.trigger == Trigger::segment) segment_ = compile(handler);
    }
    for (const std::string& call : calls) {
        if (const Handler* handler = profile.handler(Trigger::call, call)) inputs_.push_back(compile(*handler));
    }
    for (const TimerDecl& timer : profile.timers) {
        derived_.push_back(timer.runs_while ? code_.compile(*timer.runs_while) : Program{});
        if (const Handler* handler = profile.handler(Trigger::timer, timer.name)) inputs_.push_back(compile(*handler));
    }
    std::vector<std::uint8_t> initial(code_.slots(), 0);
    initial[0] = static_cast<std::uint8_t>(start < 0 ? profile.initial_state() : start);
    for (std::size_t i = 0; i < profile.variables.size(); ++i) {
        initial[code_.variable_slot(static_cast<int>(i))] = static_cast<std::uint8_t>(profile.variables[i].initial);
    }
    intern(initial);
}

namespace {

bool reads_segment(const Program& program) {
    return std::any_of(program.begin(), program.end(), [](const Instruction& at) { return at.op == OpCode::field; });
}

bool writes_slots(const Program& program) {
    return std::any_of(program.begin(), program.end(), [](const Instruction& at) {
        return at.op == OpCode::assign || at.op == OpCode::start || at.op == OpCode::stop || at.op == OpCode::stop_all;
    });
}

}  // namespace

Machine::CompiledHandler Machine::compile(const Handler& handler) {
    CompiledHandler compiled;
    compiled.trigger = handler.trigger;
    compiled.name = handler.trigger == Trigger::segment ? "" : handler.name;
    if (handler.trigger == Trigger::timer) compiled.timer = profile_.timer(handler.name);
    for (const Step& step : handler.steps) {
        CompiledStep cases;
        for (const Rule& rule : step.rules) {
            for (const Case& source : rule.cases) {
                CompiledCase one;
                for (const int state : source.from) one.from |= 1u << state;
                one.guarded = source.guard.has_value();
                if (one.guarded) one.guard = code_.compile(*source.guard);
                one.effects = code_.compile(source.effects);
                one.guard_reads = reads_segment(one.guard);
                one.effects_read = reads_segment(one.effects);
                one.writes = source.to >= 0 || writes_slots(one.effects);
                one.number = guard_count_++;
                one.may = rule.may;
                one.to = source.to;
                one.rule = &rule;
                one.source = &source;
                cases.push_back(std::move(one));
            }
        }
        compiled.steps.push_back(std::move(cases));
    }
    return compiled;
}

LocalId Machine::intern(const std::vector<std::uint8_t>& local) {
    const std::string key(local.begin(), local.end());
    const auto [place, fresh] = ids_.try_emplace(key, static_cast<LocalId>(size()));
    if (fresh) {
        locals_.insert(locals_.end(), local.begin(), local.end());
        spontaneous_.emplace_back();
        receive_.resize(receive_.size() + stride_);
    }
    return place->second;
}

std::uint32_t Machine::intern_label(const CompiledHandler& handler, const Branch& branch) {
    std::string key;
    const auto add = [&](const auto& part) { key.append(reinterpret_cast<const char*>(&part), sizeof part); };
    const auto add_all = [&](const auto& parts) {
        add(parts.size());
        for (const auto& part : parts) add(part);
    };
    const int result = std::max(branch.scratch.result, 0);
    add(&handler);
    add_all(branch.rules);
    add_all(branch.scratch.signals);
    add_all(branch.scratch.started);
    add(result);
    const auto [place, fresh] = label_ids_.try_emplace(std::move(key), static_cast<std::uint32_t>(labels_.size()));
    if (!fresh) return place->second;
    Label label;
    label.trigger = handler.trigger;
    label.name = handler.name;
    for (const Rule* rule : branch.rules) label.rules.push_back(rule->name);
    for (const int word : branch.scratch.signals) label.signals.push_back(code_.word(word));
    label.result = code_.word(result);
    label.started = branch.scratch.started;
    labels_.push_back(std::move(label));
    return place->second;
}

bool Machine::holds(const CompiledCase& candidate, const Branch& branch, const Segment* segment) const {
    if (!candidate.guarded) return true;
    if (witness_)
        return witness_->holds({&candidate.guard, candidate.number, candidate.guard_reads, !branch.written},
                               branch.local.data());
    return code_.value(candidate.guard, branch.local.data(), segment) != 0;
}

Machine::Branch Machine::fire(const CompiledCase& chosen, Branch branch, const Segment* segment) {
    branch.rules.push_back(chosen.rule);
    branch.written |= chosen.writes;
    if (chosen.effects_read && witness_) witness_->runs(chosen.effects, branch.local.data());
    code_.run(chosen.effects, branch.local.data(), segment, &branch.scratch);
    if (chosen.to < 0) return branch;
    branch.local[0] = static_cast<std::uint8_t>(chosen.to);
    if (profile_.states[chosen.to].forgets) {
        for (std::size_t i = 0; i < profile_.variables.size(); ++i) {
            const Variable& variable = profile_.variables[i];
            if (!variable.history && !variable.kept)
                branch.local[code_.variable_slot(static_cast<int>(i))] = static_cast<std::uint8_t>(variable.initial);
        }
        std::fill(branch.local.begin() + code_.timer_slot(0), branch.local.end(), std::uint8_t{0});
    }
    return branch;
}

// At most one plain case matches; every matching `may` case is another way. Where no plain case matches, a segment
// passes the step unchanged; a call or timer without a match is not enabled.
void Machine::through_step(const CompiledStep& step, Branch before, const Segment* segment, std::vector<Branch>& out) {
    const CompiledCase* plain = nullptr;
    std::vector<Branch> choices;
    for (const CompiledCase& candidate : step) {
        if (!(candidate.from >> before.local[0] & 1)) continue;
        if (!holds(candidate, before, segment)) continue;
        if (candidate.may) {
            choices.push_back(fire(candidate, before, segment));
        } else if (plain) {
            throw ModelError(fmt::format("{}:{}:{}: rules '{}' and '{}' both match where no choice was declared",
                                         candidate.source->where.source ? candidate.source->where.source->name : "",
                                         candidate.source->where.line, candidate.source->where.column,
                                         plain->rule->name, candidate.rule->name));
        } else {
            plain = &candidate;
        }
    }
    if (plain) {
        out.push_back(fire(*plain, std::move(before), segment));
    } else if (segment) {
        out.push_back(std::move(before));
    }
    std::move(choices.begin(), choices.end(), std::back_inserter(out));
}

Outcome Machine::finish(const CompiledHandler& handler, const Branch& branch) {
    Outcome outcome;
    if (branch.scratch.sent.size() > std::size(outcome.sent)) {
        throw ModelError(fmt::format("rule '{}' makes one step send more than {} segments", branch.rules.back()->name,
                                     std::size(outcome.sent)));
    }
    outcome.after = intern(branch.local);
    for (const Segment& segment : branch.scratch.sent) outcome.sent[outcome.sent_count++] = out_.intern(segment);
    outcome.label = intern_label(handler, branch);
    return outcome;
}

void Machine::react(const CompiledHandler& handler, LocalId local, const Segment* segment, std::vector<Outcome>& out) {
    ++evaluations_;
    Branch start;
    start.local.assign(bytes(local), bytes(local) + code_.slots());
    if (handler.timer >= 0) {
        std::uint8_t& armed = start.local[code_.timer_slot(handler.timer)];
        const Program& derived = derived_[handler.timer];
        if (derived.empty() ? !armed : !code_.run(derived, start.local.data(), nullptr, nullptr)) return;
        armed = 0;
    }
    std::vector<Branch> branches{std::move(start)};
    for (const CompiledStep& step : handler.steps) {
        std::vector<Branch> next;
        for (Branch& branch : branches) {
            if (branch.scratch.dropped) {
                next.push_back(std::move(branch));
            } else {
                through_step(step, std::move(branch), segment, next);
            }
        }
        branches = std::move(next);
    }
    for (const Branch& branch : branches) {
        const Outcome outcome = finish(handler, branch);
        const auto same = [&](const Outcome& other) {
            return other.after == outcome.after && other.label == outcome.label &&
                   std::equal(other.sent, other.sent + other.sent_count, outcome.sent,
                              outcome.sent + outcome.sent_count);
        };
        if (std::none_of(out.begin(), out.end(), same)) out.push_back(outcome);
    }
}

Machine::Entry Machine::store(const std::vector<Outcome>& outcomes) {
    const Entry entry{static_cast<std::uint32_t>(outcomes_.size()),
                      static_cast<std::uint32_t>(outcomes_.size() + outcomes.size())};
    outcomes_.insert(outcomes_.end(), outcomes.begin(), outcomes.end());
    return entry;
}

std::span<const Outcome> Machine::fill_spontaneous(LocalId local) {
    std::vector<Outcome> all;
    for (const CompiledHandler& handler : inputs_) react(handler, local, nullptr, all);
    const Entry entry = store(all);
    spontaneous_[local] = entry;
    return view(entry);
}

std::vector<Outcome> Machine::react_to(LocalId local, const Input& input, Witness* witness) {
    struct Asked {
        Machine& machine;
        ~Asked() { machine.witness_ = nullptr; }
    } asked{*this};
    witness_ = witness;
    std::vector<Outcome> all;
    if (input.trigger == Trigger::segment) react(segment_, local, &input.segment, all);
    for (const CompiledHandler& handler : inputs_) {
        if (handler.trigger == input.trigger && handler.name == input.name) react(handler, local, nullptr, all);
    }
    return all;
}

std::span<const Outcome> Machine::fill_receive(LocalId local, SegmentId id, const SegmentTable& in) {
    while (id >= stride_) {  // a wider table: re-lay the rows
        std::vector<Entry> wider(size() * stride_ * 2);
        for (std::size_t row = 0; row < size(); ++row) {
            std::copy_n(receive_.begin() + row * stride_, stride_, wider.begin() + row * stride_ * 2);
        }
        receive_ = std::move(wider);
        stride_ *= 2;
    }
    const Segment segment = in[id];
    std::vector<Outcome> all;
    react(segment_, local, &segment, all);
    const Entry entry = store(all);
    receive_[local * stride_ + id] = entry;
    return view(entry);
}

EndState Machine::decode(LocalId local) const {
    const std::uint8_t* slots = bytes(local);
    EndState end;
    end.state = slots[0];
    for (std::size_t i = 0; i < profile_.variables.size(); ++i)
        end.values.push_back(slots[code_.variable_slot(static_cast<int>(i))]);
    for (std::size_t i = 0; i < profile_.timers.size(); ++i)
        end.armed.push_back(slots[code_.timer_slot(static_cast<int>(i))] != 0);
    return end;
}

int Machine::evaluate(const Program& program, LocalId local, const Segment* segment) const {
    return code_.value(program, bytes(local), segment);
}

}  // namespace lastack
