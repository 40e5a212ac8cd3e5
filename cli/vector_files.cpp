#include "cli/vector_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/session.h"
#include "generators/itf.h"
#include "generators/suite.h"
#include "generators/vector_json.h"
#include "report/check_text.h"
#include "report/mermaid.h"
#include "report/svg_ladder.h"

namespace lastack {

namespace {

constexpr std::size_t longest_name = 255;  // bytes that most file systems take

const VectorForm json_form{"json", ".json", to_json, nullptr};

// These forms draw or do a handshake first.
std::string why_not_behind_handshake(const TestVector& vector) {
    return vector.begin == TestVector::Begin::established ? "" : "it begins in CLOSED, this form with a handshake";
}

// Its program is told the result of a call at once.
std::string why_not_scapy(const TestVector& vector) {
    const bool blocks = std::any_of(vector.steps.begin(), vector.steps.end(),
                                    [](const VectorStep& step) { return step.result == "blocked"; });
    return blocks ? "a call blocks, this form has no words for what it returns later"
                  : why_not_behind_handshake(vector);
}

}  // namespace

const std::vector<VectorForm> vector_forms = {
    {"packetdrill", ".pkt", to_packetdrill, why_not_packetdrill},
    {"pcapng", ".pcapng",
     [](const TestVector& vector) {
         const std::vector<unsigned char> bytes = to_pcapng(vector);
         return std::string(bytes.begin(), bytes.end());
     },
     why_not_behind_handshake},
    {"scapy", ".py", to_scapy, why_not_scapy},
    {"itf", ".itf.json", to_itf, why_not_behind_handshake},
    {"mermaid", ".mmd", mermaid, why_not_behind_handshake},
    {"svg", ".svg", svg_ladder, why_not_behind_handshake},
};

std::vector<const VectorForm*> forms_named(const std::vector<std::string>& names, bool json) {
    std::vector<const VectorForm*> forms;
    if (json) forms.push_back(&json_form);
    for (const VectorForm& form : vector_forms)
        if (std::find(names.begin(), names.end(), form.name) != names.end()) forms.push_back(&form);
    return forms;
}

VectorFiles::VectorFiles(std::string directory, std::string stem, std::vector<const VectorForm*> forms)
    : directory_(std::move(directory)), stem_(std::move(stem)), forms_(std::move(forms)) {
    std::filesystem::create_directories(directory_);
}

void VectorFiles::add(const TestVector& vector) {
    ++vectors_;
    const std::string stem = file_stem(vector.id);
    for (const VectorForm* form : forms_) {
        const std::string reason = form->why_not == nullptr ? "" : form->why_not(vector);
        if (!reason.empty()) {
            Missed& missed = missed_[form];
            if (!missed.file) missed.file = std::make_unique<Output>(list_name(*form));
            missed.file->add(fmt::format("{}: {}\n", vector.id, reason));
            ++missed.count;
            continue;
        }
        const std::string name = stem + form->ending;
        if (name.size() > longest_name)
            throw UsageError(fmt::format("'{}' is too long for the name of a file", clipped(name, 40)));
        write_file((std::filesystem::path(directory_) / name).string(), form->write(vector));
    }
}

void VectorFiles::finish() {
    for (const VectorForm* form : forms_) {
        if (const auto missed = missed_.find(form); missed != missed_.end())
            missed->second.file->finish();
        else if (form->why_not != nullptr)
            std::filesystem::remove(list_name(*form));
    }
}

std::string VectorFiles::text() const {
    std::string out;
    for (const VectorForm* form : forms_) {
        const auto missed = missed_.find(form);
        if (missed == missed_.end()) continue;
        out +=
            "  " +
            wrapped(fmt::format("{} cannot say {} of {} vectors: {} has the reasons", form->name, missed->second.count,
                                vectors_, std::filesystem::path(list_name(*form)).filename().string()),
                    2, 4) +
            "\n";
    }
    return out;
}

}  // namespace lastack
