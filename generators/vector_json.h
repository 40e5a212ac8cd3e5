// Vectors as JSON, the master format; schema in docs/vector-schema.json. Reading what was written gives an equal
// vector.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "generators/vector.h"

namespace lastack {

// A vector file that does not follow the schema; what() has the JSON pointer and the reason. Exit 65.
class VectorFormatError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Pretty printed, members in a fixed order, newline at the end. Throws std::invalid_argument for a vector that could
// not be read back the same: a value out of range, or a field of a step that its kind has no use for.
std::string to_json(const TestVector& vector);

// The same document on one line, as it stands in a suite's file.
std::string to_json_line(const TestVector& vector);

// Why a spec that says more than the format can carry gives no vector: a call of another name, a setting that no
// command takes, a time that is too long. Empty where nothing stands in the way.
std::string why_not_carried(const TestVector& vector);

TestVector vector_from_json(const std::string& text);

// Other forms, written only.
std::vector<unsigned char> to_pcapng(const TestVector& vector);  // generators/pcapng.cpp, a comment on each packet
std::string to_scapy(const TestVector& vector);                  // generators/scapy.cpp, a Python program
std::string to_packetdrill(const TestVector& vector);            // generators/packetdrill.cpp
// Why a packetdrill script would fail an implementation that the vector lets pass, or cannot do a step of it; with the
// step. Empty where it is as good as the vector but for states and signals, which no script sees.
std::string why_not_packetdrill(const TestVector& vector);

}  // namespace lastack
