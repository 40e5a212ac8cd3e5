#include "generators/suite_file.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "generators/json_reading.h"
#include "generators/vector_json.h"

namespace lastack {

namespace {

constexpr const char* format_name = "lastack-suite/1";

}  // namespace

std::string suite_head(const WalkSuite& suite, const Profile& profile) {
    nlohmann::ordered_json head;
    head["format"] = format_name;
    head["suite"] = suite.name;
    head["guarantee"] = suite.guarantee;
    head["profile"] = profile.name;
    return head.dump() + "\n";
}

std::vector<TestVector> suite_from_lines(const std::string& text) {
    std::vector<TestVector> vectors;
    std::istringstream lines(text);
    int number = 0;
    for (std::string line; std::getline(lines, line);) {
        ++number;
        try {
            if (number == 1) {
                const nlohmann::ordered_json head = json_reading::parse(line);
                if (!head.is_object() || head.value("format", "") != format_name)
                    throw VectorFormatError(fmt::format("the head of a suite says \"format\": \"{}\"", format_name));
                continue;
            }
            vectors.push_back(vector_from_json(line));
        } catch (const std::runtime_error& error) {
            throw VectorFormatError(fmt::format("line {}: {}", number, error.what()));
        }
    }
    if (number == 0) throw VectorFormatError("empty: a suite begins with its head");
    return vectors;
}

}  // namespace lastack
