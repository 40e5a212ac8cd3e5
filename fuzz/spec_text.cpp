#include <algorithm>

#include "fuzz/readers.h"
#include "model/diagnostic.h"
#include "model/language/read_spec.h"

namespace lastack::fuzz {

namespace {

// Line and column are those of the text that the diagnostic shows; a diagnostic about a whole file has line 0.
void check_place(const Diagnostic& diagnostic) {
    const Where& where = diagnostic.where;
    if (!where.source) contradiction("a diagnostic without a source: " + diagnostic.message);
    const std::string& text = where.source->text;
    const auto lines = std::count(text.begin(), text.end(), '\n') + 1;
    if (where.line < 0 || where.line > lines || where.column < 0 || where.length < 0)
        contradiction("a place outside of the text: " + render(diagnostic));
    if (diagnostic.message.empty()) contradiction("a diagnostic without a message");
}

}  // namespace

void read_spec_text(std::string_view bytes) {
    try {
        parse_spec(std::string(bytes), "fuzz.spec");
    } catch (const SpecError& error) {
        if (error.diagnostics().empty()) contradiction("a refusal without a diagnostic");
        for (const Diagnostic& diagnostic : error.diagnostics()) check_place(diagnostic);
    }
}

}  // namespace lastack::fuzz
