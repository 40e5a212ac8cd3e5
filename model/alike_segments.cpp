#include "model/alike_segments.h"

#include <bit>
#include <map>
#include <set>

#include "model/source.h"

namespace lastack {

AlikeSegments::AlikeSegments(Machine& machine, std::vector<Segment> segments, Guards* guards)
    : machine_(machine), segments_(std::move(segments)), guards_(guards ? guards : &own_guards_) {}

std::vector<AlikeSegments::Class> AlikeSegments::at(LocalId local, std::vector<std::uint32_t>& class_of) {
    std::vector<Class> classes;
    class_of.assign(segments_.size(), 0);
    Bits open((segments_.size() + 63) / 64, 0);
    for (std::size_t i = 0; i < segments_.size(); ++i) open[i / 64] |= std::uint64_t{1} << (i % 64);
    Machine::Questions questions;
    for (std::uint32_t next = 0; next < segments_.size(); ++next) {
        if ((open[next / 64] >> (next % 64) & 1U) == 0) continue;
        Class found{next, false, {}};
        questions.clear();
        try {
            found.outcomes = machine_.react_to(local, {Trigger::segment, "", segments_[next]}, &questions);
        } catch (const ModelError&) {
            found.outside = true;
        }
        Bits alike = open;
        for (const Machine::Question& question : questions.all) {
            const Results& known = results(question, questions.slots(question));
            const Bits& same = known.alike[known.of[next]];
            for (std::size_t i = 0; i < alike.size(); ++i) alike[i] &= same[i];
        }
        for (std::size_t i = 0; i < alike.size(); ++i) {
            open[i] &= ~alike[i];
            for (std::uint64_t rest = alike[i]; rest != 0; rest &= rest - 1)
                class_of[i * 64 + static_cast<std::size_t>(std::countr_zero(rest))] = next;
        }
        classes.push_back(std::move(found));
    }
    return classes;
}

const AlikeSegments::Reading& AlikeSegments::reading(const Machine::Question& question) {
    const auto [place, fresh] = readings_.try_emplace(question.program);
    if (!fresh) return place->second;
    Reading& found = place->second;
    std::set<std::int32_t> slots;
    std::string instructions;
    for (const Instruction& at : *question.program) {
        if (at.op == OpCode::load) slots.insert(at.operand);
        if (at.op == OpCode::state_in) slots.insert(0);
        instructions += static_cast<char>(at.op);
        instructions.append(reinterpret_cast<const char*>(&at.operand), sizeof at.operand);
    }
    // An effect's instructions mean something in their own machine only.
    if (question.effects)
        instructions.assign(reinterpret_cast<const char*>(&question.program), sizeof question.program);
    auto& numbers = (question.effects ? effects_ : *guards_).numbers;
    found.number = numbers.try_emplace(instructions, static_cast<std::uint32_t>(numbers.size())).first->second;
    found.slots.assign(slots.begin(), slots.end());
    return found;
}

const AlikeSegments::Results& AlikeSegments::results(const Machine::Question& question, const std::uint8_t* slots) {
    const Reading& program = reading(question);
    std::string key(reinterpret_cast<const char*>(&program.number), sizeof program.number);
    for (const std::int32_t slot : program.slots) key += static_cast<char>(slots[slot]);
    const auto [place, fresh] = (question.effects ? effects_ : *guards_).results.try_emplace(std::move(key));
    if (!fresh) return place->second;
    std::vector<std::uint8_t> local(slots, slots + machine_.code().slots());
    return place->second = question.effects ? effect_results(*question.program, local)
                                            : guard_results(*question.program, std::move(local));
}

AlikeSegments::Results AlikeSegments::guard_results(const Program& guard, std::vector<std::uint8_t> slots) const {
    Results all{{}, std::vector<Bits>(2, Bits((segments_.size() + 63) / 64, 0))};
    for (std::size_t i = 0; i < segments_.size(); ++i) {
        const bool holds = machine_.code().run(guard, slots.data(), &segments_[i], nullptr) != 0;
        all.of.push_back(holds ? 1 : 0);
        all.alike[holds ? 1 : 0][i / 64] |= std::uint64_t{1} << (i % 64);
    }
    return all;
}

AlikeSegments::Results AlikeSegments::effect_results(const Program& effects,
                                                     const std::vector<std::uint8_t>& slots) const {
    Results all;
    std::map<std::string, std::uint32_t> numbers;
    for (std::size_t i = 0; i < segments_.size(); ++i) {
        const auto [number, unknown] =
            numbers.try_emplace(result(effects, slots, segments_[i]), static_cast<std::uint32_t>(numbers.size()));
        if (unknown) all.alike.emplace_back((segments_.size() + 63) / 64, 0);
        all.of.push_back(number->second);
        all.alike[number->second][i / 64] |= std::uint64_t{1} << (i % 64);
    }
    return all;
}

// All that the effects do with the segment, spelled out.
std::string AlikeSegments::result(const Program& effects, std::vector<std::uint8_t> slots,
                                  const Segment& segment) const {
    Scratch scratch;
    try {
        machine_.code().run(effects, slots.data(), &segment, &scratch);
    } catch (const ModelError& error) {
        return std::string("outside: ") + error.what();
    }
    std::string text(slots.begin(), slots.end());
    const auto add = [&](int number) { text.append(reinterpret_cast<const char*>(&number), sizeof number); };
    for (const Segment& sent : scratch.sent) {
        for (const int number : {int{sent.seq}, int{sent.ack}, int{sent.len}, int{sent.era}}) add(number);
        for (const int number : sent.own) add(number);
        add(sent.fin | sent.syn << 1 | sent.rst << 2 | sent.has_ack << 3 | sent.zero_window << 4 | sent.kind << 5);
    }
    add(-1);
    for (const int word : scratch.signals) add(word);
    add(-2);
    for (const int timer : scratch.started) add(timer);
    add(-3);
    add(scratch.result);
    add(scratch.dropped ? 1 : 0);
    return text;
}

}  // namespace lastack
