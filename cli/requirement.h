// --require: what must have been driven. A run that was to ask a kernel and fell back on a profile played by itself
// says nothing of the kernel, however green it is. Exit 30 and not 77, which many who run tests take for "no failure".
#pragma once

#include <stdexcept>
#include <string>

#include "cli/suites.h"
#include "harness/target.h"

namespace lastack {

// Exit 30. what() is the whole message.
class RequirementMissed : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Is it what the word means: the target's name ("linux", "sim", "exec"), or the first word of its description ("lwip"
// for "lwIP 2.1.3, by an adapter ..."), in any case of letters?
bool is_required(const Target& target, const std::string& word);

// Throws RequirementMissed where the target is another one. `why`: why it is not the running kernel, or empty.
void require_target(const std::string& required, const Target& target, const std::string& why);

// The exit code of a run that would end with `code`: where something is required and no vector has a verdict, it says
// so on standard error, and a code that is no failure becomes exit_limit.
int code_of_required(const std::string& required, const RunTally& tally, int code);

}  // namespace lastack
