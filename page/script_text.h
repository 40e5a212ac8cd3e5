// Text inside of a `script` element: JSON that neither ends the element nor is markup to a reader of XML.
#pragma once

#include <string>
#include <vector>

namespace lastack {

// With its quotes.
std::string json_string(const std::string& text);

// `parts` are JSON already: "[1,2]".
std::string json_list(const std::vector<std::string>& parts);

}  // namespace lastack
