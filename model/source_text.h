// What a spec says at a place, quoted for people: expressions have no printer of their own.
#pragma once

#include <string>

#include "model/expr.h"

namespace lastack {

// The text at the place, comments left out, every white space one blank. A place ends with its line. Empty where
// there is no place.
std::string source_text(const Where& where);

// The whole expression, also where it goes on over several lines.
std::string source_text(const Expr& expr);

// "specs/a.spec:12:8"; empty where there is no place.
std::string place_text(const Where& where);

}  // namespace lastack
