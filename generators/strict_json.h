// JSON text to a document, more strictly than the library: a member that occurs twice in one object is refused, of
// which the library would keep only one. For the .cpp files of this folder.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <stdexcept>
#include <string>

namespace lastack {

// what() says where and why, without a pointer: "not JSON: parse error at line 1, ...".
class StrictJsonError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Throws StrictJsonError.
nlohmann::ordered_json parse_strictly(const std::string& source);

}  // namespace lastack
