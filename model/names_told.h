// Names that there are, told to who gave one that there is not. Apart from model/diagnostic.h, which all sources read.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "model/diagnostic.h"

namespace lastack {

// "a, b, c"; behind the first `most` of them "and 5 more".
inline std::string listed(const std::vector<std::string>& names, std::size_t most = 40) {
    std::string text;
    for (std::size_t i = 0; i < std::min(most, names.size()); ++i) text += (i > 0 ? ", " : "") + names[i];
    return names.size() > most ? text + " and " + std::to_string(names.size() - most) + " more" : text;
}

// did_you_mean(); where no name is near "there are a, b, c", the first dozen.
inline std::string near_or_all(const std::string& word, const std::vector<std::string>& names) {
    constexpr std::size_t shown = 12;
    const std::string near = did_you_mean(word, names);
    return near.empty() && !names.empty() ? "there are " + listed(names, shown) : near;
}

}  // namespace lastack
