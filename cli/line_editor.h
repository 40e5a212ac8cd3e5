// Lines from a terminal as people expect to write them: arrow keys, history, completion. libedit does it, behind this.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lastack {

class LineEditor {
public:
    // `complete`: what the last word of the line up to the cursor may become. The history is kept in a file of the
    // user's state directory ($XDG_STATE_HOME, else ~/.local/state), where there is one that can be written.
    LineEditor(const std::string& prompt, std::function<std::vector<std::string>(const std::string&)> complete);
    ~LineEditor();
    LineEditor(const LineEditor&) = delete;
    LineEditor& operator=(const LineEditor&) = delete;

    // Without its end; nothing at the end of the input, or after an interrupt.
    std::optional<std::string> next();

private:
    struct Body;
    std::unique_ptr<Body> body_;
};

}  // namespace lastack
