#include "fuzz/small_pair.h"

#include "model/language/read_spec.h"
#include "tests/places.h"

namespace lastack::fuzz {

const PlainSystem& small_pair() {
    static const Spec spec = read_spec(testing::source_dir() + "/fuzz/small_close.spec");
    static const PlainSystem system(spec, *spec.system("pair"));
    return system;
}

}  // namespace lastack::fuzz
