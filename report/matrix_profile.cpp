// What a profile answers in each cell of the matrix, and the rows that the matrix has.
//
// Idea: for each control state the first local state that a breadth-first walk reaches, by calls, timers and what an
// honest peer sends; each segment is put to that state alone, by the plain interpreter. Other local states of the same
// control state may answer otherwise, and the page says by which way the one was reached. Cost: some thousand steps of
// the interpreter.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>

#include "model/plain.h"
#include "report/matrix.h"

namespace lastack {

namespace {

constexpr std::size_t most_local_states = 2'000;

// The order of rows: what every connection has comes first.
auto key_of(const MatrixRow& row) {
    const bool acks = row.ack != MatrixRow::Ack::none;
    const int bits = (row.syn ? 8 : 0) + (row.rst ? 4 : 0) + (row.text ? 2 : 0) + (row.fin ? 1 : 0);
    const int rank = acks && bits <= 2 ? bits : !acks && (bits == 4 || bits == 8) ? bits : 16;
    return std::tuple(rank, bits, row.ack, row.seq);
}

struct Scene {
    EndState state;
    std::string way;  // how it was reached; empty: the profile begins there
};

class Asked {
public:
    explicit Asked(const Profile& profile)
        : profile_(profile), limits_(limits_of(profile)), snd_una_(profile.variable("snd_una")),
          snd_nxt_(profile.variable("snd_nxt")), rcv_nxt_(profile.variable("rcv_nxt")) {}

    bool speaks_tcp() const { return !profile_.vocabulary.own() && snd_una_ >= 0 && snd_nxt_ >= 0 && rcv_nxt_ >= 0; }
    MatrixSide side(const std::set<MatrixRow>& rows);

private:
    void find_scenes();
    std::vector<std::pair<Input, std::string>> moves(const EndState& end) const;
    std::optional<Segment> segment(const EndState& end, const MatrixRow& row) const;
    MatrixAnswer answer(const EndState& end, const Segment& segment) const;
    int value(const EndState& end, int variable) const { return end.values[static_cast<std::size_t>(variable)]; }
    const std::string& name_of(const EndState& end) const {
        return profile_.states[static_cast<std::size_t>(end.state)].name;
    }
    std::vector<Reaction> react(const EndState& end, const Input& input) const {
        try {
            return plain_react(profile_, limits_, end, input);
        } catch (const ModelError&) {
            return {};  // beyond the bounds of its variables, of which the profile says nothing
        }
    }

    const Profile& profile_;
    const Limits limits_;
    int snd_una_, snd_nxt_, rcv_nxt_;
    std::map<int, Scene> scenes_;  // by control state
};

std::uint8_t unit(int number) { return static_cast<std::uint8_t>(std::max(number, 0)); }

Input arrival(const Segment& segment) { return {Trigger::segment, "segment", segment}; }

// What may happen to an end in the company of an honest peer, with a word for each.
std::vector<std::pair<Input, std::string>> Asked::moves(const EndState& end) const {
    std::vector<std::pair<Input, std::string>> all;
    for (const Handler& handler : profile_.handlers) {
        if (handler.trigger == Trigger::call) all.push_back({{Trigger::call, handler.name, {}}, handler.name + "()"});
        if (handler.trigger == Trigger::timer)
            all.push_back({{Trigger::timer, handler.name, {}}, handler.name + " expires"});
    }
    Segment ack;
    ack.seq = unit(value(end, rcv_nxt_));
    ack.has_ack = true;
    for (const int number : {value(end, snd_nxt_), value(end, snd_una_)}) {
        ack.ack = unit(number);
        Segment fin = ack, syn = ack;
        fin.fin = true;
        syn.syn = true;
        syn.seq = 0;
        const bool all_of_it = number == value(end, snd_nxt_);
        all.push_back({arrival(ack), "ACK"});
        all.push_back({arrival(fin), all_of_it ? "FIN that acknowledges all" : "FIN"});
        all.push_back({arrival(syn), "SYN,ACK"});
    }
    Segment syn;
    syn.syn = true;
    all.push_back({arrival(syn), "SYN"});
    return all;
}

void Asked::find_scenes() {
    std::vector<Scene> found{{plain_initial(profile_), ""}};
    std::set<EndState> seen{found[0].state};
    for (std::size_t i = 0; i < found.size() && i < most_local_states; ++i) {
        const Scene here = found[i];
        scenes_.emplace(here.state.state, here);
        if (scenes_.size() == profile_.states.size()) return;
        for (const auto& [input, word] : moves(here.state))
            for (const Reaction& reaction : react(here.state, input))
                if (seen.insert(reaction.after).second)
                    found.push_back({reaction.after, here.way + (here.way.empty() ? "" : ", ") + word});
    }
}

// Nothing where there is no such place for this state.
std::optional<Segment> Asked::segment(const EndState& end, const MatrixRow& row) const {
    const int next = value(end, rcv_nxt_), una = value(end, snd_una_), nxt = value(end, snd_nxt_);
    const auto window = limits_.find("window");
    if (row.seq == MatrixRow::Seq::beyond && window == limits_.end()) return std::nullopt;
    // Where nothing is outstanding, what acknowledges all acknowledges nothing new, which has a row of its own.
    if ((row.ack == MatrixRow::Ack::all && nxt == una) || (row.ack == MatrixRow::Ack::part && nxt < una + 2))
        return std::nullopt;
    const int seq = row.seq == MatrixRow::Seq::left     ? next - 1
                    : row.seq == MatrixRow::Seq::next   ? next
                    : row.seq == MatrixRow::Seq::inside ? next + 1
                                                        : next + window->second;
    const int ack = row.ack == MatrixRow::Ack::less     ? una - 1
                    : row.ack == MatrixRow::Ack::part   ? una + 1
                    : row.ack == MatrixRow::Ack::all    ? nxt
                    : row.ack == MatrixRow::Ack::unsent ? nxt + 1
                    : row.ack == MatrixRow::Ack::none   ? 0
                                                        : una;
    if (seq < 0 || ack < 0) return std::nullopt;  // before the first unit that a segment of the model can name
    Segment segment;
    std::tie(segment.syn, segment.rst, segment.fin) = std::tuple(row.syn, row.rst, row.fin);
    segment.len = row.text ? 1 : 0;
    segment.has_ack = row.ack != MatrixRow::Ack::none;
    std::tie(segment.seq, segment.ack) = std::tuple(unit(seq), unit(ack));
    return segment;
}

// "ACK → CLOSED": what is sent, and the state after it where that is another one. Ways that `may` leaves are parted
// by "or".
MatrixAnswer Asked::answer(const EndState& end, const Segment& segment) const {
    std::set<std::string> ways;
    MatrixAnswer answer;
    for (const Reaction& reaction : react(end, arrival(segment))) {
        std::string way;
        for (const Segment& sent : reaction.sent)
            way += (way.empty() ? "" : " + ") + flags_of(sent, profile_.vocabulary);
        if (reaction.after.state != end.state)
            way += (way.empty() ? "" : " ") + std::string("\u2192 ") + state_label(name_of(reaction.after));
        else if (way.empty())
            way = reaction.after == end ? "\u2013" : "taken";
        ways.insert(way);
        for (const std::string& name : reaction.rules)
            if (const Rule* rule = profile_.rule(name))
                answer.why +=
                    fmt::format("{}{}: {} ({})", answer.why.empty() ? "" : "\n", name, rule->sentence, rule->cites);
        for (const Segment& sent : reaction.sent)
            answer.why += (answer.why.empty() ? "sends " : "\nsends ") + to_string(sent, profile_.vocabulary);
    }
    for (const std::string& way : ways) answer.text += (answer.text.empty() ? "" : " or ") + way;
    if (answer.text.empty()) answer.text = "outside";
    if (answer.why.empty()) answer.why = "no rule takes it";
    return answer;
}

MatrixSide Asked::side(const std::set<MatrixRow>& rows) {
    find_scenes();
    MatrixSide side{profile_.name, {}, {}};
    for (const auto& [state, scene] : scenes_) {
        const std::string& name = name_of(scene.state);
        side.ways[name] = scene.way;
        for (const MatrixRow& row : rows)
            if (const auto asked = segment(scene.state, row)) side.cells[{name, row}] = {answer(scene.state, *asked)};
    }
    return side;
}

}  // namespace

std::string MatrixRow::kind() const {
    Segment segment;
    std::tie(segment.syn, segment.rst, segment.fin) = std::tuple(syn, rst, fin);
    segment.len = text ? 1 : 0;
    segment.has_ack = ack != Ack::none;
    return flags_of(segment, Vocabulary());
}

std::string MatrixRow::place() const {
    constexpr std::array<const char*, 4> of_seq = {"left of the window", "next", "further in", "right of the window"};
    constexpr std::array<const char*, 6> of_ack = {
        "", "", ", acknowledges less", ", acknowledges a part", ", acknowledges all", ", of what was not sent"};
    return std::string(of_seq[static_cast<std::size_t>(seq)]) + of_ack[static_cast<std::size_t>(ack)];
}

std::strong_ordering MatrixRow::operator<=>(const MatrixRow& other) const { return key_of(*this) <=> key_of(other); }

std::set<MatrixRow> usual_rows() {
    using Ack = MatrixRow::Ack;
    using Seq = MatrixRow::Seq;
    std::set<MatrixRow> rows;
    for (const Ack ack : {Ack::less, Ack::all, Ack::unsent}) rows.insert({false, false, false, false, ack, Seq::next});
    for (const Seq seq : {Seq::left, Seq::next, Seq::inside, Seq::beyond}) {
        for (const bool text : {false, true}) rows.insert({false, false, text, false, Ack::nothing_new, seq});
        rows.insert({false, false, false, true, Ack::nothing_new, seq});
        rows.insert({false, true, false, false, Ack::none, seq});
        rows.insert({true, false, false, false, Ack::none, seq});
    }
    return rows;
}

MatrixSide profile_side(const Profile& profile, const std::set<MatrixRow>& rows) {
    Asked asked(profile);
    return asked.speaks_tcp() ? asked.side(rows) : MatrixSide{profile.name, {}, {}};
}

}  // namespace lastack
