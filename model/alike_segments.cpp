#include "model/alike_segments.h"

#include <bit>
#include <map>
#include <set>

#include "model/source.h"

namespace lastack {

AlikeSegments::AlikeSegments(Machine& machine, std::vector<Segment> segments, Guards* guards)
    : machine_(machine), segments_(std::move(segments)), guards_(guards ? guards : &own_guards_) {}

// What the machine asks in one local state, of one segment after the other.
class AlikeSegments::Listener final : public Machine::Witness {
public:
    explicit Listener(AlikeSegments& of) : of_(of), at_first_(of.machine_.guard_count()) {}

    // `alike`: of which those are kept that are answered as the segment is.
    void begin(std::uint32_t segment, Bits& alike) {
        segment_ = segment;
        alike_ = &alike;
    }
    bool holds(const Guard& guard, const std::uint8_t* slots) override {
        if (!guard.at_first)
            return guard.reads_segment ? result(*guard.program, false, slots) != 0 : plain(guard, slots);
        Known& known = at_first_[guard.number];
        if (!guard.reads_segment) {
            if (known.holds < 0) known.holds = plain(guard, slots) ? 1 : 0;
            return known.holds != 0;
        }
        if (!known.results) {
            known.results = &of_.results(*guard.program, false, slots);
            known.groups = of_.reading(*guard.program, false).groups;
        }
        return keep(*known.results, *known.groups) != 0;
    }
    void runs(const Program& effects, const std::uint8_t* slots) override { result(effects, true, slots); }

private:
    struct Known {
        const Results* results = nullptr;
        const Groups* groups = nullptr;
        int holds = -1;  // of a guard that reads no segment; -1: not known yet
    };
    bool plain(const Guard& guard, const std::uint8_t* slots) const {
        return of_.machine_.code().value(*guard.program, slots, nullptr) != 0;
    }
    std::uint32_t result(const Program& program, bool effects, const std::uint8_t* slots) {
        const Results& results = of_.results(program, effects, slots);
        return keep(results, *of_.reading(program, effects).groups);
    }
    std::uint32_t keep(const Results& results, const Groups& groups) {
        const std::uint32_t number = results.of[groups.of[segment_]];
        const Bits& same = results.alike[number];
        for (std::size_t i = 0; i < same.size(); ++i) (*alike_)[i] &= same[i];
        return number;
    }

    AlikeSegments& of_;
    std::vector<Known> at_first_;  // by guard
    std::uint32_t segment_ = 0;
    Bits* alike_ = nullptr;
};

std::vector<AlikeSegments::Class> AlikeSegments::at(LocalId local, std::vector<std::uint32_t>& class_of) {
    std::vector<Class> classes;
    class_of.assign(segments_.size(), 0);
    Bits open((segments_.size() + 63) / 64, 0);
    for (std::size_t i = 0; i < segments_.size(); ++i) open[i / 64] |= std::uint64_t{1} << (i % 64);
    Listener listener(*this);
    for (std::uint32_t next = 0; next < segments_.size(); ++next) {
        if ((open[next / 64] >> (next % 64) & 1U) == 0) continue;
        Class found{next, false, {}};
        Bits alike = open;
        listener.begin(next, alike);
        try {
            found.outcomes = machine_.react_to(local, {Trigger::segment, "", segments_[next]}, &listener);
        } catch (const ModelError&) {
            found.outside = true;
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

const AlikeSegments::Groups& AlikeSegments::groups(const std::vector<std::int32_t>& fields) {
    const auto [place, fresh] = groups_.try_emplace(fields);
    Groups& found = place->second;
    if (!fresh) return found;
    std::map<std::vector<int>, std::uint32_t> numbers;
    for (std::uint32_t i = 0; i < segments_.size(); ++i) {
        std::vector<int> values;
        for (const std::int32_t field : fields) values.push_back(read_field(segments_[i], field));
        const auto [number, unknown] =
            numbers.try_emplace(std::move(values), static_cast<std::uint32_t>(numbers.size()));
        if (unknown) {
            found.first.push_back(i);
            found.members.emplace_back((segments_.size() + 63) / 64, 0);
        }
        found.of.push_back(number->second);
        found.members[number->second][i / 64] |= std::uint64_t{1} << (i % 64);
    }
    return found;
}

const AlikeSegments::Reading& AlikeSegments::reading(const Program& program, bool effects) {
    const auto [place, fresh] = readings_.try_emplace(&program);
    if (!fresh) return place->second;
    Reading& found = place->second;
    std::set<std::int32_t> slots, fields;
    std::string instructions;
    for (const Instruction& at : program) {
        if (at.op == OpCode::load) slots.insert(at.operand);
        if (at.op == OpCode::state_in) slots.insert(0);
        if (at.op == OpCode::field) fields.insert(at.operand);
        instructions += static_cast<char>(at.op);
        instructions.append(reinterpret_cast<const char*>(&at.operand), sizeof at.operand);
    }
    // An effect's instructions mean something in their own machine only.
    if (effects) {
        const Program* const address = &program;
        instructions.assign(reinterpret_cast<const char*>(&address), sizeof address);
    }
    auto& numbers = (effects ? effects_ : *guards_).numbers;
    found.number = numbers.try_emplace(instructions, static_cast<std::uint32_t>(numbers.size())).first->second;
    found.slots.assign(slots.begin(), slots.end());
    found.groups = &groups({fields.begin(), fields.end()});
    return found;
}

const AlikeSegments::Results& AlikeSegments::results(const Program& program, bool effects, const std::uint8_t* slots) {
    const Reading& read = reading(program, effects);
    std::string key(reinterpret_cast<const char*>(&read.number), sizeof read.number);
    for (const std::int32_t slot : read.slots) key += static_cast<char>(slots[slot]);
    const auto [place, fresh] = (effects ? effects_ : *guards_).results.try_emplace(std::move(key));
    Results& all = place->second;
    if (!fresh) return all;
    if (!effects) all.alike.assign(2, Bits((segments_.size() + 63) / 64, 0));
    std::map<std::string, std::uint32_t> numbers;
    for (std::size_t group = 0; group < read.groups->first.size(); ++group) {
        const Segment& segment = segments_[read.groups->first[group]];
        std::uint32_t number = 0;
        if (effects) {
            const std::vector<std::uint8_t> local(slots, slots + machine_.code().slots());
            const auto next = static_cast<std::uint32_t>(numbers.size());
            number = numbers.try_emplace(effects_result(program, local, segment), next).first->second;
            if (number == all.alike.size()) all.alike.emplace_back((segments_.size() + 63) / 64, 0);
        } else {
            number = machine_.code().value(program, slots, &segment) != 0 ? 1 : 0;
        }
        all.of.push_back(number);
        const Bits& members = read.groups->members[group];
        for (std::size_t i = 0; i < members.size(); ++i) all.alike[number][i] |= members[i];
    }
    return all;
}

// All that the effects do with the segment, spelled out.
std::string AlikeSegments::effects_result(const Program& effects, std::vector<std::uint8_t> slots,
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
