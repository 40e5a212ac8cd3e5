// Kernels that a virtual machine can run, and what it starts with: an archive of the first process and some modules.
//
// A kernel is `boot/vmlinuz-RELEASE` below a root, as a Debian package has it, with its modules in
// `lib/modules/RELEASE` of the same root. Roots are /, and those of packages that were unpacked: what LASTACK_KERNELS
// names (build/vm where it does not), and each directory in there.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace lastack {

struct VmKernel {
    std::string image;                 // path
    std::string release;               // "6.1.0-57-cloud-amd64", as the image says it
    std::vector<std::string> modules;  // paths, in the order in which they are loaded
};

// All of them, the newest first.
std::vector<VmKernel> vm_kernels();
// By path (with a `/`), by release or its beginning; empty: the newest. Throws TargetUnavailable.
VmKernel vm_kernel(const std::string& word);

// An archive that a kernel unpacks before it starts /init (cpio, "newc": Documentation/driver-api/early-userspace/
// buffer-format.rst of Linux). `files`: the name in the machine and the bytes; directories come before what is in them
// and have a name that ends with `/`.
std::string initial_archive(const std::vector<std::pair<std::string, std::string>>& files);

}  // namespace lastack
