// What readers of JSON documents have in common: a value comes with its JSON pointer (RFC 6901), and where fault is
// found with it, the pointer is told. Stricter than the library: a member that occurs twice in one object is refused,
// of which the library would keep only one. For the .cpp files of this folder.
#pragma once

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace lastack::json_reading {

using Json = nlohmann::ordered_json;

// what() has the pointer and the reason: "/steps/0/call: must be a string". A reader makes its own error of it.
class Refused : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

[[noreturn]] void refuse(const std::string& pointer, const std::string& reason);

Json parse(const std::string& source);

std::string text(const Json& value, const std::string& pointer);

// `element` reads one element of the array at its own pointer.
template <typename Read>
auto list(const Json& value, const std::string& pointer, Read element) {
    if (!value.is_array()) refuse(pointer, "must be an array");
    std::vector<decltype(element(value, pointer))> read;
    for (std::size_t i = 0; i < value.size(); ++i) read.push_back(element(value[i], pointer + "/" + std::to_string(i)));
    return read;
}

}  // namespace lastack::json_reading
