// Specs that come with the command.
#pragma once

#include <string>

namespace lastack {

// The path of specs/NAME, of the checkout or the installation that the command is part of; empty where there is none.
std::string shipped_spec(const std::string& name);

}  // namespace lastack
