#include "cli/provenance.h"

#include <sha2.h>
#include <sys/utsname.h>

#include "cli/verbs.h"

namespace lastack {

namespace {

std::string sha256(const std::string& text) {
    char hex[SHA256_DIGEST_STRING_LENGTH];
    SHA256Data(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(), hex);
    return hex;
}

}  // namespace

std::string running_kernel() {
    struct utsname names {};
    uname(&names);
    return std::string(names.sysname) + " " + names.release;
}

void set_provenance(JsonTree& report, const Spec* spec) {
    JsonTree tool = JsonTree::object();
    tool.set("name", "lastack").set("version", version);
    report.set("tool", std::move(tool)).set("kernel", running_kernel());
    if (spec == nullptr) return;
    JsonTree files = JsonTree::array(), settings = JsonTree::object();
    for (const auto& source : spec->sources) {
        JsonTree file = JsonTree::object();
        file.set("file", source->name).set("sha256", sha256(source->text));
        files.add(std::move(file));
    }
    if (const Profile* subject = spec->profile(spec->subject))
        for (const Setting& one : subject->settings) settings.set(one.name, one.value);
    report.set("spec_files", std::move(files)).set("settings", std::move(settings));
}

}  // namespace lastack
