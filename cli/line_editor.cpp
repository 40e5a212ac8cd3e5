#include "cli/line_editor.h"

#include <histedit.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cwchar>
#include <filesystem>
#include <utility>

#include "cli/session.h"

namespace lastack {

namespace {

namespace fs = std::filesystem;

constexpr int kept_lines = 1000;

// Where the history lies; empty where there is no place for it.
std::string history_file() {
    const char* const state = std::getenv("XDG_STATE_HOME");
    const char* const home = std::getenv("HOME");
    if ((state == nullptr || *state == '\0') && (home == nullptr || *home == '\0')) return "";
    const fs::path folder =
        (state != nullptr && *state != '\0' ? fs::path(state) : fs::path(home) / ".local/state") / "lastack";
    std::error_code trouble;
    fs::create_directories(folder, trouble);
    return trouble ? "" : (folder / "step_history").string();
}

// One character of standard input. An interrupt ends the wait for it, as the end of the input does.
int read_character(EditLine*, wchar_t* character) {
    struct pollfd waits[] = {{STDIN_FILENO, POLLIN, 0}, {interrupt_descriptor(), POLLIN, 0}};
    std::mbstate_t state{};
    for (;;) {
        ::poll(waits, 2, -1);
        if (interrupted()) return 0;
        char byte = 0;
        const ssize_t count = ::read(STDIN_FILENO, &byte, 1);
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (count <= 0) return 0;
        const std::size_t used = std::mbrtowc(character, &byte, 1, &state);
        if (used == static_cast<std::size_t>(-2)) continue;  // more bytes of it are to come
        if (used == static_cast<std::size_t>(-1)) *character = L'?';
        return 1;
    }
}

std::string common_beginning(const std::vector<std::string>& words) {
    std::string common = words.front();
    for (const std::string& word : words)
        common.resize(static_cast<std::size_t>(
            std::mismatch(common.begin(), common.end(), word.begin(), word.end()).first - common.begin()));
    return common;
}

}  // namespace

struct LineEditor::Body {
    std::string prompt;
    std::function<std::vector<std::string>(const std::string&)> complete;
    EditLine* line = nullptr;
    History* history = nullptr;
    std::string file = history_file();

    unsigned char completed() const {
        const LineInfo* const info = el_line(line);
        const std::string before(info->buffer, info->cursor);
        const std::vector<std::string> words = complete(before);
        if (words.empty()) return CC_REFRESH_BEEP;
        const std::size_t written = before.size() - (before.find_last_of(" \t") + 1);
        const std::string more = common_beginning(words).substr(written) + (words.size() == 1 ? " " : "");
        if (!more.empty()) return el_insertstr(line, more.c_str()) == 0 ? CC_REFRESH : CC_ERROR;
        std::fputs("\n", stdout);
        for (const std::string& word : words) std::printf("%s  ", word.c_str());
        std::fputs("\n", stdout);
        return CC_REDISPLAY;
    }
};

LineEditor::LineEditor(const std::string& prompt, std::function<std::vector<std::string>(const std::string&)> complete)
    : body_(std::make_unique<Body>()) {
    body_->prompt = prompt;
    body_->complete = std::move(complete);
    std::setlocale(LC_CTYPE, "");  // how the terminal's bytes are letters
    body_->line = el_init("lastack", stdin, stdout, stderr);
    body_->history = history_init();
    HistEvent event;
    history(body_->history, &event, H_SETSIZE, kept_lines);
    history(body_->history, &event, H_SETUNIQUE, 1);
    if (!body_->file.empty()) history(body_->history, &event, H_LOAD, body_->file.c_str());
    EditLine* const line = body_->line;
    el_set(line, EL_CLIENTDATA, body_.get());
    const auto body_of = [](EditLine* of) {
        void* body = nullptr;
        el_get(of, EL_CLIENTDATA, &body);
        return static_cast<Body*>(body);
    };
    static const auto find = body_of;
    el_set(
        line, EL_PROMPT, +[](EditLine* of) { return find(of)->prompt.data(); });
    el_set(line, EL_EDITOR, "emacs");
    el_set(line, EL_SIGNAL, 0);
    el_set(line, EL_GETCFN, read_character);
    el_set(line, EL_HIST, history, body_->history);
    el_set(
        line, EL_ADDFN, "complete", "complete the word", +[](EditLine* of, int) { return find(of)->completed(); });
    el_set(line, EL_BIND, "^I", "complete", nullptr);
    el_set(line, EL_BIND, "^R", "em-inc-search-prev", nullptr);
    el_source(line, nullptr);  // ~/.editrc: the keys of who has one
}

LineEditor::~LineEditor() {
    HistEvent event;
    if (!body_->file.empty()) history(body_->history, &event, H_SAVE, body_->file.c_str());
    el_end(body_->line);
    history_end(body_->history);
}

std::optional<std::string> LineEditor::next() {
    int count = 0;
    const char* const text = el_gets(body_->line, &count);
    if (text == nullptr || count <= 0 || interrupted()) return std::nullopt;
    std::string line(text, static_cast<std::size_t>(count));
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
    HistEvent event;
    if (line.find_first_not_of(" \t") != std::string::npos) history(body_->history, &event, H_ENTER, line.c_str());
    return line;
}

}  // namespace lastack
