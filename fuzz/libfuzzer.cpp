// One reader as a program for libFuzzer (https://llvm.org/docs/LibFuzzer.html), chosen when it is compiled.
#include <cstddef>
#include <cstdint>

#include "fuzz/readers.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static void (*const read)(std::string_view) = [] {
        for (const auto& reader : lastack::fuzz::readers()) {
            if (reader.name == LASTACK_FUZZ_READER) return reader.read;
        }
        lastack::fuzz::contradiction("no reader " LASTACK_FUZZ_READER);
    }();
    read(std::string_view(reinterpret_cast<const char*>(data), size));
    return 0;
}
