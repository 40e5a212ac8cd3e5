#include "report/colour.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace lastack {

namespace {

struct Look {
    std::string_view word;  // a longer one stands before one that it begins with
    std::string_view colour;
};

constexpr std::string_view green = "32", red = "1;31", yellow = "33", blue = "36";

constexpr std::array<Look, 18> looks{{
    {"SURPRISE: does it", red},
    {"SURPRISE: differs", red},
    {"SURPRISE: vacuous", red},
    {"SURPRISE: false", red},
    {"SURPRISE: true", red},
    {"SURPRISE", red},
    {"ERROR ", red},
    {"As expected", green},
    {"Not all decided", yellow},
    {"Left open", yellow},
    {"Nothing was asked", yellow},
    {"true ", green},
    {"false, as expected", green},
    {"does it ", green},
    {"breaks it ", blue},
    {"differs ", blue},
    {"not decided", yellow},
    {"left open", yellow},
}};

}  // namespace

std::string coloured(const std::string& text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
        std::string_view line = std::string_view(text).substr(at, end - at);
        if (line.starts_with("  ") && !line.starts_with("   ")) {
            out += "  ";
            line.remove_prefix(2);
        }
        for (const Look& look : looks) {
            if (!line.starts_with(look.word)) continue;
            out.append("\033[").append(look.colour).append("m").append(look.word).append("\033[0m");
            line.remove_prefix(look.word.size());
            break;
        }
        out += line;
        at = end;
    }
    return out;
}

}  // namespace lastack
