#include "report/judge_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/check_text.h"

namespace lastack {

namespace {

const char* const end_names[] = {"A", "B"};

std::string counted(std::uint64_t count, const std::string& what) {
    return count == 0 ? "" : fmt::format(", {} {}", count, what);
}

// Without the comma in front.
std::string trimmed(const std::string& list) { return list.starts_with(", ") ? list.substr(2) : list; }

std::string first_close(const Connection& connection) {
    if (!connection.closed_first) return "-";
    return fmt::format("{} {}", end_names[*connection.closed_first], connection.first_was_reset ? "RST" : "FIN");
}

std::string state_at(const ProfileJudgement& judgement, int end) {
    const WatchedEnd& watched = judgement.end[end];
    const bool known = watched.watched && watched.judgement.verdict == EndJudgement::Verdict::explained;
    return known ? watched.judgement.state : "?";
}

std::string in_words(const std::vector<std::string>& rules) {
    std::string text;
    for (const std::string& rule : rules) text += (text.empty() ? "" : ", ") + rule;
    return text;
}

// The numbers of a unit segment do not help a reader; what kind it is does.
std::string kind_of(const Segment& segment) { return flags_of(segment, Vocabulary()); }

}  // namespace

std::string to_string(const Passing& passing) {
    std::string flags;
    const auto add = [&](bool set, const char* flag) {
        flags += set ? (flags.empty() ? "" : ",") + std::string(flag) : "";
    };
    add(passing.syn, "SYN");
    add(passing.fin, "FIN");
    add(passing.rst, "RST");
    add(passing.has_ack, "ACK");
    std::string text = fmt::format("{} seq={}", flags.empty() ? "no flags" : flags, passing.seq);
    if (passing.has_ack && !passing.inferred) text += fmt::format(" ack={}", passing.ack);
    if (passing.length > 0) text += fmt::format(" len={}", passing.length);
    if (passing.zero_window) text += " wnd=0";
    return text;
}

std::string word_for(CloseVerdict verdict) {
    switch (verdict) {
        case CloseVerdict::open: return "open";
        case CloseVerdict::explained: return "ok";
        case CloseVerdict::unexplained: return "WRONG";
        case CloseVerdict::unjudged: return "unclear";
    }
    return "";
}

CloseVerdict verdict_of(const std::vector<ProfileJudgement>& judgements) {
    return judgements[shown_of(judgements)].verdict;
}

std::size_t shown_of(const std::vector<ProfileJudgement>& judgements) {
    std::size_t best = 0;
    const auto rank = [](CloseVerdict verdict) {
        return verdict == CloseVerdict::unexplained ? 2 : verdict == CloseVerdict::unjudged ? 1 : 0;
    };
    for (std::size_t i = 1; i < judgements.size(); ++i) {
        if (rank(judgements[i].verdict) < rank(judgements[best].verdict)) best = i;
    }
    return best;
}

std::vector<ResetReason> reset_reasons(const Profile& profile, const Connection& connection,
                                       const ProfileJudgement& judgement) {
    std::vector<ResetReason> reasons;
    for (std::size_t i = 0; i < connection.passings.size(); ++i) {
        const Passing& passing = connection.passings[i];
        if (!passing.rst) continue;
        ResetReason reason{static_cast<int>(i), passing.from, "", ""};
        const WatchedEnd& end = judgement.end[passing.from];
        for (const EndJudgement::Step& step : end.judgement.steps) {
            for (const int sent : step.sent) {
                if (end.passing_of[sent] != static_cast<int>(i) || step.rules.empty()) continue;
                reason.rule = step.rules.back();
                const Rule* rule = profile.rule(reason.rule);
                reason.sentence = rule ? rule->sentence : "";
            }
        }
        reasons.push_back(std::move(reason));
    }
    return reasons;
}

std::string judged_heading(bool several) {
    return fmt::format("{:<8}{}\n", "verdict",
                       several ? "A > B  closed first  states of A/B  explained by  notes"
                               : "A > B  closed first  states of A/B  notes");
}

namespace {

std::string notes_of(const CloseJudge& judge, const Connection& connection, const ProfileJudgement& judgement,
                     std::size_t shown) {
    std::string notes;
    notes += counted(connection.again[0] + connection.again[1], "sent again");
    std::string causes;
    for (const ResetReason& reason : reset_reasons(judge.profile(shown), connection, judgement)) {
        const std::string cause = reason.rule.empty() ? "" : fmt::format("{}:{}", end_names[reason.from], reason.rule);
        if (!cause.empty() && causes.find(cause) == std::string::npos) causes += (causes.empty() ? "" : " ") + cause;
    }
    const std::uint64_t resets = connection.resets[0] + connection.resets[1];
    notes += counted(resets, resets == 1 ? "reset" : "resets");
    if (!causes.empty()) notes += " (" + causes + ")";
    notes += counted(connection.doubled, "doubled");
    if (connection.missing) notes += ", some not captured";
    if (judgement.end[0].reordered || judgement.end[1].reordered) notes += ", captured out of order";
    if (judgement.end[0].delayed || judgement.end[1].delayed) notes += ", if delays varied much";
    if (connection.given_up) notes += ", let go early";
    if (judgement.verdict == CloseVerdict::unjudged) notes += ", " + judgement.why;
    if (judgement.verdict == CloseVerdict::unexplained && !judgement.confirmed)
        notes += ", too large for the plain interpreter to confirm";
    return trimmed(notes);
}

// Under a connection that is not explained: what passed, and what could have.
std::string expectation(const CloseJudge& judge, const Connection& connection, const ProfileJudgement& judgement,
                        std::size_t shown) {
    std::string text;
    for (int end = 0; end < 2; ++end) {
        const WatchedEnd& watched = judgement.end[end];
        if (watched.judgement.verdict != EndJudgement::Verdict::unexplained || !watched.watched) continue;
        const Passing& passing = connection.passings[watched.passing_of[watched.judgement.at]];
        text += fmt::format("        packet {}, from {}: {} is no behaviour of {}\n", passing.packet, end_names[end],
                            to_string(passing), judgement.profile);
        const EndJudgement::Near& near = watched.judgement.nearest;
        if (near.rules.empty()) {
            text += "        nothing at all could come from there\n";
            continue;
        }
        const Rule* rule = judge.profile(shown).rule(near.rules.back());
        text += "        " +
                wrapped(fmt::format("nearest: {} in {}, rule {}{}", kind_of(near.segment), near.state,
                                    in_words(near.rules), rule ? ": " + rule->sentence : ""),
                        8, 10) +
                "\n";
    }
    return text;
}

}  // namespace

std::string judged_line(const CloseJudge& judge, const Connection& connection,
                        const std::vector<ProfileJudgement>& judgements) {
    const std::size_t shown = shown_of(judgements);
    const ProfileJudgement& judgement = judgements[shown];
    std::string line = fmt::format("{:<8}{} > {}  {}  {}/{}", word_for(judgement.verdict), to_string(connection.end[0]),
                                   to_string(connection.end[1]), first_close(connection), state_at(judgement, 0),
                                   state_at(judgement, 1));
    std::string notes = notes_of(judge, connection, judgement, shown);
    if (judgements.size() > 1 && judgement.verdict != CloseVerdict::open) {
        std::string names;
        for (const ProfileJudgement& one : judgements)
            if (one.verdict == CloseVerdict::explained) names += (names.empty() ? "" : " ") + one.profile;
        notes = "by " + (names.empty() ? "none" : names) + (notes.empty() ? "" : "; ") + notes;
    }
    if (!notes.empty())
        line += line.size() + notes.size() + 2 <= 80 ? "  " + notes : "\n        " + wrapped(notes, 8, 8);
    line += "\n";
    if (judgement.verdict == CloseVerdict::unexplained) line += expectation(judge, connection, judgement, shown);
    return line;
}

std::string tally_text(const CaptureTally& tally, const std::vector<std::string>& profiles) {
    const std::string by = profiles.size() == 1 ? profiles[0] : "some profile";
    std::string text = fmt::format("{} connection{}: {} explained by {}, {} not", tally.connections,
                                   tally.connections == 1 ? "" : "s", tally.explained, by, tally.unexplained);
    text += counted(tally.unjudged, "unclear") + counted(tally.open, "not closed") + "\n";
    text += fmt::format("{} packets, {} of TCP", tally.packets, tally.tcp);
    text += counted(tally.other, "of something else") + counted(tally.fragments, "IP fragments without a TCP header") +
            counted(tally.cut, "cut off inside of their headers") + counted(tally.damaged, "with wrong lengths");
    return text + "\n";
}

}  // namespace lastack
