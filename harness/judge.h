// Captures judged: is what one saw of a connection's close a behaviour of a profile?
//
// Each end is watched by itself (harness/close_monitor.h): what one end does depends on the other only by segments, and
// those pass the capture point. Bytes become units here: the numbers that the kept segments name
// (harness/connections.h) cut both streams into pieces, each of which is one unit, however long it is. Connections with
// the same exchange have the same answer, which is kept. That there is no behaviour is asked a second time of the plain
// interpreter (harness/plain_watch.h).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/close_monitor.h"
#include "harness/connections.h"

namespace lastack {

enum class CloseVerdict {
    open,       // nothing of a close was seen
    explained,  // by a behaviour of the profile
    unexplained,
    unjudged,  // the capture shows too little, or the profile has no answer
};

// One end by one profile, told of the connection's passings.
struct WatchedEnd {
    EndJudgement judgement;
    std::vector<int> passing_of;  // index into Connection::passings, for each index of the judgement
    bool reordered = false;       // explained only if a segment passed the capture point out of its order
    bool delayed = false;         // explained only if delays varied so much that times say nothing
    bool watched = true;          // false: no segment of this end was seen

    // Explained only by something that a capture rarely is: a segment that passed so much too late, or one that came to
    // this end and is not in the capture.
    struct Late {
        int passing = -1;  // index into Connection::passings; -1: none
        std::int64_t by_ns = 0;
    } late;
    std::optional<Passing> missed;
};

struct ProfileJudgement {
    std::string profile;
    CloseVerdict verdict = CloseVerdict::open;
    std::string why;  // unjudged
    WatchedEnd end[2];
    int cost = 0;
    bool confirmed = true;  // unexplained: false where it was too large for the plain interpreter
};

class CloseJudge {
public:
    // Profiles of the spec by name; it must outlive this. Throws std::invalid_argument for one that cannot be watched.
    CloseJudge(const Spec& spec, const std::vector<std::string>& profiles);
    ~CloseJudge();

    // One for each profile, in their order. `now_ns`: the end of the capture, or what of it is known. Throws
    // Disagreement (checker/trace/plain_claims.h) where the plain interpreter explains what is called wrong.
    std::vector<ProfileJudgement> judge(const Connection& connection, std::int64_t now_ns);

    const Profile& profile(std::size_t index) const;

private:
    struct Watcher;
    std::vector<std::unique_ptr<Watcher>> watchers_;
};

// The profiles of a spec that can be watched, in its order.
std::vector<std::string> watchable_profiles(const Spec& spec);

}  // namespace lastack
