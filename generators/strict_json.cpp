#include "generators/strict_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

namespace lastack {

using Json = nlohmann::ordered_json;

Json parse_strictly(const std::string& source) {
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
        if (!twice.empty()) throw StrictJsonError("member '" + twice + "' occurs twice in one object");
        return document;
    } catch (const Json::exception& error) {
        const std::string said = error.what();  // "[json.exception.parse_error.101] parse error at line 1, ..."
        throw StrictJsonError("not JSON: " + said.substr(std::min(said.find("] ") + 2, said.size())));
    }
}

}  // namespace lastack
