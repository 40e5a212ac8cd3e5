// A judged connection as JSON; members are described in docs/judge.md.
#pragma once

#include <vector>

#include "generators/json_tree.h"
#include "report/judge_text.h"

namespace lastack {

JsonTree judged_json(const CloseJudge& judge, const Connection& connection,
                     const std::vector<ProfileJudgement>& judgements);
JsonTree tally_json(const CaptureTally& tally);

}  // namespace lastack
