// The specs that come with the command, and the model for a page: of the checkout that it was built in, or of the
// installation.
#pragma once

#include <string>
#include <vector>

namespace lastack {

// The file that a name means: the file of that name; else a shipped spec, named as in a checkout ("specs/linux.spec"),
// by its file ("linux.spec") or by its stem ("linux"). A name that means nothing comes back as it is.
std::string spec_path(const std::string& name);

// "/usr/share/lastack/specs"; empty where there are none.
std::string shipped_specs();

// What the specs in there are called, as spec_path() takes them: "linux"; sorted.
std::vector<std::string> shipped_spec_names();

// The text of lastack-explorer.js (page/page.cmake); empty where it was not built.
std::string shipped_model();

// The directory that the command itself lies in; empty where /proc does not say.
std::string command_directory();

}  // namespace lastack
