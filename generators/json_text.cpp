#include "generators/json_text.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace lastack {

void JsonText::quote(std::string_view value) {
    const bool plain =
        std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c < '\x7f' && c != '"' && c != '\\'; });
    if (!plain) {
        text_ += nlohmann::json(value).dump();
        return;
    }
    text_ += '"';
    text_ += value;
    text_ += '"';
}

}  // namespace lastack
