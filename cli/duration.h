// Times as people write them: "90" and "90s", "500ms", "5m", "1h".
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace lastack {

// Above 0 and up to a year; nothing where the word is no such time.
std::optional<std::chrono::milliseconds> duration_in(const std::string& word);

}  // namespace lastack
