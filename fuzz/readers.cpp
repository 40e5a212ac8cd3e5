#include "fuzz/readers.h"

#include <stdexcept>

namespace lastack::fuzz {

void contradiction(const std::string& what) { throw std::logic_error("a contradiction: " + what); }

const std::vector<Reader>& readers() {
    static const std::vector<Reader> all = {{"adapter", read_adapter_frames}, {"capture", read_captured_frames},
                                            {"itf", read_trace_file},         {"spec", read_spec_text},
                                            {"step", read_step_script},       {"vector", read_vector_file},
                                            {"wire", read_datagram}};
    return all;
}

}  // namespace lastack::fuzz
