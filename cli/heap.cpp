// Where the command's memory comes from: mimalloc, on huge pages where the system has them.
//
// On a virtual machine a page fault costs several microseconds, and a short check had thousands. Size m2 of
// specs/bench/tcpclose-sizes.spec, medians of eleven runs in turn with a build that has
// -DCMAKE_DISABLE_FIND_PACKAGE_mimalloc=ON: 0.81 s of processor time and 14,112 faults there, 0.59 s and 411 here.
#include <mimalloc.h>

namespace {

void use_huge_pages() {
    mi_option_enable(mi_option_large_os_pages);
    mi_option_set(mi_option_eager_commit_delay, 0);  // also what a thread takes first
}

// Before any library starts, and so before the first byte is taken: what libraries take at their start is on such
// pages, too.
__attribute__((section(".preinit_array"), used)) void (*const first)() = use_huge_pages;

}  // namespace
