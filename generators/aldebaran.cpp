// Idea: the explorer finds and counts the states; the transitions, of which there are many more, are never kept: a
// second walk over the states in order of discovery expands each one again and writes its steps as it goes.
// Source of the format: CADP's manual page `aut` (https://cadp.inria.fr/man/aut.html).
// Cost: the exploration; an index of all states (state_index.h), asked once a transition; each label is put into words
// once.
#include "generators/aldebaran.h"

#include <fmt/format.h>

#include <stdexcept>

#include "checker/trace/path.h"

namespace lastack {

namespace {

constexpr std::size_t piece = 1 << 16;

// Counts what the explorer does, and ends it where there is too much.
class Counting : public ExplorationHooks {
public:
    explicit Counting(std::uint64_t most_transitions) : most_transitions_(most_transitions) {}
    Needs needs() const override { return {false, true, false}; }
    bool step(std::uint64_t, const SystemState&, SystemState&, const SystemStep&) override {
        return ++transitions_ <= most_transitions_;
    }
    std::uint64_t transitions() const { return transitions_; }

private:
    std::uint64_t most_transitions_, transitions_ = 0;
};

// A double-quoted string of DOT and of .aut: the names of a spec hold no quotes, but results are told, too.
std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"') out += '\\';
        out += c;
    }
    return out + '"';
}

// Gathers lines into pieces, so that the sink is not called for each of millions.
class Pieces {
public:
    explicit Pieces(const SystemGraph::Sink& out) : out_(out) {}
    void add(const std::string& line) {
        text_ += line;
        if (text_.size() < piece) return;
        out_(text_);
        text_.clear();
    }
    void end() { out_(text_); }

private:
    const SystemGraph::Sink& out_;
    std::string text_;
};

}  // namespace

SystemGraph::SystemGraph(const Spec& spec, const SystemDecl& decl, const StateGraphLimits& limits, Bounds bounds)
    : system_(spec, decl), explorer_(system_) {
    bounds.max_states = limits.states + 1;
    Counting counting(limits.transitions);
    coverage_ = explorer_.run(bounds, counting);
    const bool many_steps = counting.transitions() > limits.transitions;
    if (many_steps || coverage_.states > limits.states) {
        throw std::length_error(
            fmt::format("system '{}' has more than {} {}; {} states and {} transitions were explored", decl.name,
                        many_steps ? limits.transitions : limits.states, many_steps ? "transitions" : "states",
                        coverage_.states, counting.transitions()));
    }
    if (coverage_.complete) index_.emplace(explorer_);
}

// A label depends on the step only, and there are few: local steps and segments, not states. An outcome's index, its
// end, the segment and the kind make it one number.
const std::string& SystemGraph::label(const SystemState& after, const SystemStep& step) {
    const std::uint64_t outcome = step.outcome ? system_.machine(step.end).index_of(*step.outcome) + 1 : 0;
    const std::uint64_t key =
        outcome << 32 | std::uint64_t{step.segment} << 8 | static_cast<std::uint64_t>(step.kind) << 1 | step.end;
    std::string& text = labels_[key];
    if (text.empty()) text = quoted(to_string(step_of(system_, after, step), system_.machine(0).profile().vocabulary));
    return text;
}

template <class Visit>
void SystemGraph::each_transition(Visit visit) {
    if (!coverage_.complete) throw std::logic_error("a part of a graph is not written as the whole");
    for (std::uint64_t index = 0; index < explorer_.size(); ++index) {
        system_.expand(explorer_.state(index), [&](const SystemState& next, const SystemStep& step) {
            visit(index, index_->at(next), label(next, step));
        });
    }
}

void SystemGraph::write_aldebaran(const Sink& out) {
    Pieces pieces(out);
    pieces.add(fmt::format("des (0, {}, {})\n", coverage_.transitions, coverage_.states));
    each_transition([&](std::uint64_t from, std::uint64_t to, const std::string& words) {
        pieces.add(fmt::format("({}, {}, {})\n", from, words, to));
    });
    pieces.end();
}

// "0: A FIN-WAIT-1, B ESTABLISHED", and what is in flight below it.
std::string SystemGraph::node(std::uint64_t index) const {
    const Snapshot snapshot = snapshot_of(system_, explorer_.state(index));
    std::string text = fmt::format("{}:", index);
    for (int end = 0; end < 2; ++end) {
        const Profile& profile = system_.machine(end).profile();
        text += fmt::format("{} {} {}", end == 0 ? "" : ",", end == 0 ? 'A' : 'B',
                            state_label(profile.states[snapshot.end[end].state].name));
    }
    for (int end = 0; end < 2; ++end) {
        for (const Segment& segment : snapshot.flight[end])
            text += fmt::format("\\nfrom {}: {}", end == 0 ? 'A' : 'B',
                                to_string(segment, system_.machine(end).profile().vocabulary));
    }
    return text;
}

void SystemGraph::write_dot(const Sink& out) {
    std::vector<bool> left(explorer_.size(), false);
    std::string edges;
    each_transition([&](std::uint64_t from, std::uint64_t to, const std::string& words) {
        edges += fmt::format("  s{} -> s{} [label={}];\n", from, to, words);
        if (from != to) left[from] = true;
    });
    Pieces pieces(out);
    pieces.add(fmt::format("digraph \"{}\" {{\n  node [shape=box, fontsize=10];\n  edge [fontsize=9];\n",
                           system_.decl().name));
    for (std::uint64_t index = 0; index < explorer_.size(); ++index) {
        pieces.add(fmt::format("  s{} [label=\"{}\"{}];\n", index, node(index),
                               index == 0     ? ", style=bold"
                               : !left[index] ? ", peripheries=2"
                                              : ""));
    }
    pieces.add(edges);
    pieces.add("}\n");
    pieces.end();
}

}  // namespace lastack
