#include "generators/json_reading.h"

#include <algorithm>
#include <set>

namespace lastack::json_reading {

void refuse(const std::string& pointer, const std::string& reason) {
    throw Refused((pointer.empty() ? "the whole document" : pointer) + ": " + reason);
}

std::string text(const Json& value, const std::string& pointer) {
    if (!value.is_string()) refuse(pointer, "must be a string");
    return value.get<std::string>();
}

Json parse(const std::string& source) {
    std::vector<std::set<std::string>> open;  // member names of each object we are inside of
    std::string twice;
    const auto watch = [&](int, Json::parse_event_t event, Json& parsed) {
        if (event == Json::parse_event_t::object_start) open.emplace_back();
        if (event == Json::parse_event_t::object_end) open.pop_back();
        if (event == Json::parse_event_t::key && !open.back().insert(parsed.get<std::string>()).second && twice.empty())
            twice = parsed.get<std::string>();
        return true;
    };
    try {
        Json document = Json::parse(source, watch);
        if (!twice.empty()) refuse("", "member '" + twice + "' occurs twice in one object");
        return document;
    } catch (const Json::exception& error) {
        const std::string said = error.what();  // "[json.exception.parse_error.101] parse error at line 1, ..."
        refuse("", "not JSON: " + said.substr(std::min(said.find("] ") + 2, said.size())));
    }
}

}  // namespace lastack::json_reading
