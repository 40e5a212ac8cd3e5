#include "page/script_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace lastack {

std::string json_string(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        switch (c) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '<': out += "\\u003c"; break;
            case '>': out += "\\u003e"; break;
            case '&': out += "\\u0026"; break;
            case '\n': out += "\\n"; break;
            default:
                if (static_cast<unsigned char>(c) < 0x20)
                    out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
                else
                    out += c;
        }
    }
    return out + '"';
}

std::string json_list(const std::vector<std::string>& parts) { return fmt::format("[{}]", fmt::join(parts, ",")); }

}  // namespace lastack
