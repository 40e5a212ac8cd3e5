#include "model/vocabulary.h"

#include <algorithm>

namespace lastack {

namespace {

template <typename T>
int place_of(const std::vector<T>& list, const std::string& name) {
    const auto found = std::find_if(list.begin(), list.end(), [&](const T& each) { return each.name == name; });
    return found == list.end() ? -1 : static_cast<int>(found - list.begin());
}

// What stands in the first list and not in the second, by name; "" where all does.
template <typename T>
std::string missing(const std::vector<T>& have, const std::vector<T>& other) {
    for (const T& each : have) {
        if (place_of(other, each.name) < 0) return each.name;
    }
    return "";
}

}  // namespace

int Vocabulary::kind(const std::string& name) const { return place_of(kinds, name) + 1; }
int Vocabulary::field(const std::string& name) const { return place_of(fields, name); }

std::string kind_label(const std::string& kind) {
    std::string label = kind;
    std::replace(label.begin(), label.end(), '_', '-');
    return label;
}

std::string protocol_name(const Vocabulary& vocabulary) { return vocabulary.own() ? vocabulary.protocol : "TCP"; }

std::string difference(const Vocabulary& a, const Vocabulary& b, const std::string& first, const std::string& second) {
    if (a == b) return "";
    if (a.protocol != b.protocol)
        return first + " speaks " + protocol_name(a) + ", " + second + " speaks " + protocol_name(b);
    const auto lacks = [&](const std::string& has, const std::string& not_has, const char* what,
                           const std::string& name) {
        return has + " has the " + what + " " + name + ", " + not_has + " has not";
    };
    if (const std::string name = missing(a.fields, b.fields); !name.empty()) return lacks(first, second, "field", name);
    if (const std::string name = missing(b.fields, a.fields); !name.empty()) return lacks(second, first, "field", name);
    if (const std::string name = missing(a.kinds, b.kinds); !name.empty()) return lacks(first, second, "segment", name);
    if (const std::string name = missing(b.kinds, a.kinds); !name.empty()) return lacks(second, first, "segment", name);
    return "the segments or fields of " + first + " and " + second + " differ in their order or in what they hold";
}

}  // namespace lastack
