// Hand-made vectors as the text of a file: the members that only a generator knows are filled in.
#pragma once

#include <string>

#include "generators/vector_json.h"
#include "tests/harness/hand_vectors.h"

namespace command {

inline std::string vector_text(lastack::TestVector vector) {
    vector.profile = vector.subject = "tiny";
    vector.system = "pair";
    vector.endpoint = "A";
    return to_json(vector);
}

}  // namespace command
