// From spec files to a Spec: parsing, `use`, `extends`, names, settings.
#pragma once

#include <string>
#include <vector>

#include "model/spec.h"

namespace lastack {

// Reads a spec and everything it uses (relative to each file). Throws SpecError; a file that cannot be read is
// a SpecError too. `subject`: the profile under check; empty: the last one of the file. `settings`: "NAME=VALUE", for
// all profiles that have such a setting.
Spec read_spec(const std::string& path, const std::string& subject = "", const std::vector<std::string>& settings = {});

// The same from memory; `use` is resolved relative to `name`.
Spec parse_spec(const std::string& text, const std::string& name, const std::string& subject = "",
                const std::vector<std::string>& settings = {});

// The same where all files are in memory and none is looked for elsewhere: `name` is the spec's, and `use` finds the
// others by their names. So a Spec can be read again from its `sources`, where there are no files.
Spec parse_spec(const std::vector<SourceText>& files, const std::string& name, const std::string& subject = "",
                const std::vector<std::string>& settings = {});

// The text of one spec file, as it stands, no more than a spec may have and one byte. Throws SpecError where it cannot
// be read.
std::string spec_file_text(const std::string& path);

}  // namespace lastack
