#include "model/alike_segments.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "model/source.h"
#include "tests/spec_support.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

// All flags, SEQ 0 to 3, ACK 0 to 3, LEN 0 to 2, both windows.
std::vector<Segment> small_alphabet() {
    std::vector<Segment> segments;
    for (int flags = 0; flags < 16; ++flags) {
        for (int numbers = 0; numbers < 4 * 4 * 3 * 2; ++numbers) {
            Segment segment;
            segment.fin = (flags & 1) != 0;
            segment.syn = (flags & 2) != 0;
            segment.rst = (flags & 4) != 0;
            segment.has_ack = (flags & 8) != 0;
            segment.seq = static_cast<std::uint8_t>(numbers % 4);
            segment.ack = static_cast<std::uint8_t>(segment.has_ack ? numbers / 4 % 4 : 0);
            segment.len = static_cast<std::uint8_t>(numbers / 16 % 3);
            segment.zero_window = numbers / 48 != 0;
            segments.push_back(segment);
        }
    }
    return segments;
}

using Answer = std::set<std::vector<std::uint32_t>>;

Answer answer_of(const std::vector<Outcome>& outcomes) {
    Answer answer;
    for (const Outcome& outcome : outcomes) {
        std::vector<std::uint32_t> words{outcome.after, outcome.label};
        words.insert(words.end(), outcome.sent, outcome.sent + outcome.sent_count);
        answer.insert(words);
    }
    return answer;
}

// Nothing: a rule leaves its ranges.
std::optional<Answer> asked(Machine& machine, LocalId local, const Segment& segment) {
    try {
        return answer_of(machine.react_to(local, {Trigger::segment, "", segment}));
    } catch (const ModelError&) {
        return std::nullopt;
    }
}

}  // namespace

TEST_CASE("segments of one class get the answer of its first one, in every local state that is near") {
    const std::vector<Segment> segments = small_alphabet();
    for (const char* name : {"rfc9293", "linux"}) {
        CAPTURE(name);
        const Spec& spec = shipped_spec(std::string(name) + ".spec");
        const Profile& profile = *spec.profile(name);
        SegmentTable out;
        Machine machine(profile, limits_of(profile), {"close", "abort"}, out, profile.state("ESTABLISHED"));
        AlikeSegments alike(machine, segments);
        std::vector<std::uint32_t> class_of;
        std::size_t wrong = 0, classes_in_all = 0;
        const LocalId near = 40;
        for (LocalId local = 0; local < std::min<std::size_t>(machine.size(), near); ++local) {
            machine.spontaneous(local);
            const std::vector<AlikeSegments::Class> classes = alike.at(local, class_of);
            classes_in_all += classes.size();
            REQUIRE(class_of.size() == segments.size());
            for (const AlikeSegments::Class& one : classes) {
                CHECK(class_of[one.first] == one.first);
                for (std::uint32_t i = 0; i < segments.size(); ++i) {
                    if (class_of[i] != one.first) continue;
                    const std::optional<Answer> own = asked(machine, local, segments[i]);
                    wrong += i < one.first || own.has_value() == one.outside;
                    wrong += own && *own != answer_of(one.outcomes);
                }
            }
        }
        CHECK(wrong == 0);
        CHECK(machine.size() > near);
        // What makes it worth while: a hundred classes at most stand for 1,536 segments.
        CHECK(classes_in_all < 100 * near);
    }
}
