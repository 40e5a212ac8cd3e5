// The words of a protocol: what its kinds of segment and their fields are called.
//
// Without a name of its own a vocabulary is TCP's: a segment has the fields of RFC 9293 and no kind, since what a
// template of a spec is called is not on the wire. With one, each segment of a profile is a kind of its own and says on
// the wire which one it is. Two ends understand each other where their vocabularies are equal. Plain data.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace lastack {

struct Vocabulary {
    static constexpr std::size_t most_fields = 4;
    static constexpr std::size_t most_kinds = 255;  // a byte of a segment, 0 is TCP's

    struct Field {
        std::string name;
        bool flag = false;
        bool operator==(const Field&) const = default;
    };
    struct Kind {
        std::string name;
        std::vector<bool> has;  // by field: the others are 0 in every segment of this kind, and not shown
        bool operator==(const Kind&) const = default;
    };
    std::string protocol;     // "SCTP"; empty: TCP
    std::vector<Kind> kinds;  // segment.kind is the index here, and one
    std::vector<Field> fields;

    bool own() const { return !protocol.empty(); }
    bool operator==(const Vocabulary&) const = default;

    // Segment::kind of a name, the index of a field; 0 and -1 where there is none.
    int kind(const std::string& name) const;
    int field(const std::string& name) const;
    const Kind& kind_at(int kind) const { return kinds[static_cast<std::size_t>(kind) - 1]; }
};

// As people write it: "SHUTDOWN_ACK" is SHUTDOWN-ACK.
std::string kind_label(const std::string& kind);

// "TCP", "SCTP".
std::string protocol_name(const Vocabulary& vocabulary);

// The first thing that one has and the other has not, for people; "" where they are equal. `first` and `second` name
// them.
std::string difference(const Vocabulary& a, const Vocabulary& b, const std::string& first, const std::string& second);

}  // namespace lastack
