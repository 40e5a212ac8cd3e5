#include "fuzz/readers.h"
#include "generators/vector_json.h"

namespace lastack::fuzz {

void read_vector_file(std::string_view bytes) {
    TestVector vector;
    try {
        vector = vector_from_json(std::string(bytes));
    } catch (const VectorFormatError&) {
        return;
    }
    if (vector_from_json(to_json(vector)) != vector) contradiction("a vector that was written is another one");
    to_packetdrill(vector);
    to_pcapng(vector);
}

}  // namespace lastack::fuzz
