// Judged connections of a capture, for people: a line for each, and on demand a ladder with the states of both ends.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/judge.h"

namespace lastack {

// What was in a capture beside its connections.
struct CaptureTally {
    std::uint64_t packets = 0, tcp = 0, other = 0, fragments = 0, cut = 0, damaged = 0;
    std::uint64_t connections = 0, explained = 0, unexplained = 0, unjudged = 0, open = 0;
};

// The names of the columns.
std::string judged_heading(bool several);
// One line, and under one that is not explained what was expected instead. `judgements`: of one profile, or of several,
// which then are named where they explain the connection.
std::string judged_line(const CloseJudge& judge, const Connection& connection,
                        const std::vector<ProfileJudgement>& judgements);
// The close as a ladder, at most 80 columns, by the plainest explanation; why there were resets.
std::string judged_ladder(const CloseJudge& judge, const Connection& connection,
                          const std::vector<ProfileJudgement>& judgements);
std::string tally_text(const CaptureTally& tally, const std::vector<std::string>& profiles);

// Explained by some, not explained by any, or what the first one says.
CloseVerdict verdict_of(const std::vector<ProfileJudgement>& judgements);
// The one that is shown: the first that explains, else the first.
std::size_t shown_of(const std::vector<ProfileJudgement>& judgements);
std::string word_for(CloseVerdict verdict);
// "FIN,ACK seq=59 ack=227 len=53", in Wireshark's relative numbers.
std::string to_string(const Passing& passing);
// A reset, and the rule that sent it in the plainest explanation; both empty where there is none.
struct ResetReason {
    int passing = 0, from = 0;
    std::string rule, sentence;
};
std::vector<ResetReason> reset_reasons(const Profile& profile, const Connection& connection,
                                       const ProfileJudgement& judgement);

}  // namespace lastack
