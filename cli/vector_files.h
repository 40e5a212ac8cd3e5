// Vectors as files, one a vector and form, written as they come: nothing is kept of a vector but the names that a form
// cannot say.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cli/output.h"
#include "generators/vector.h"

namespace lastack {

struct VectorForm {
    std::string name;    // "packetdrill"
    std::string ending;  // of its files: ".pkt"
    std::string (*write)(const TestVector&);
    std::string (*why_not)(const TestVector&);  // null: it can say every vector
};
// JSON, the master format, is none of them.
extern const std::vector<VectorForm> vector_forms;

// Those named, each once, in the order of the list. `json`: the master format, too.
std::vector<const VectorForm*> forms_named(const std::vector<std::string>& names, bool json);

// What becomes of vectors that a form cannot say: STEM.FORM.missed.txt has the name and the reason of each.
class VectorFiles {
public:
    // The directory is made where missing. `stem`: of the lists, with their place.
    VectorFiles(std::string directory, std::string stem, std::vector<const VectorForm*> forms);

    // Throws std::filesystem::filesystem_error; UsageError where a file's name would be too long.
    void add(const TestVector& vector);
    // The lists are whole; those of an earlier run that have nothing to say now are gone.
    void finish();
    // A line for each form that could not say all; empty where there is none.
    std::string text() const;

private:
    struct Missed {
        std::unique_ptr<Output> file;
        std::size_t count = 0;
    };
    std::string list_name(const VectorForm& form) const { return stem_ + "." + form.name + ".missed.txt"; }

    std::string directory_, stem_;
    std::vector<const VectorForm*> forms_;
    std::map<const VectorForm*, Missed> missed_;
    std::size_t vectors_ = 0;
};

}  // namespace lastack
