#include "tests/fuzz/mutate.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace lastack::testing {

namespace {

// A piece of a text: where it begins, how long it is. Short pieces are as likely as long ones.
struct Piece {
    std::size_t at = 0, length = 0;
};

Piece some_piece(const std::string& text, Dice& dice) {
    if (text.empty()) return {};
    const auto at = static_cast<std::size_t>(dice.below(static_cast<int>(text.size())));
    const int most = static_cast<int>(std::min<std::size_t>(text.size() - at, dice.chance(50) ? 4 : 64));
    return {at, static_cast<std::size_t>(dice.from_to(1, most))};
}

std::size_t some_place(const std::string& text, Dice& dice) {
    return static_cast<std::size_t>(dice.below(static_cast<int>(text.size()) + 1));
}

void change(std::string& text, const std::string& other, const std::vector<std::string>& words, Dice& dice) {
    const Piece piece = some_piece(text, dice), theirs = some_piece(other, dice);
    switch (dice.below(7)) {
        case 0:
            if (!text.empty()) text[piece.at] = static_cast<char>(dice.below(256));
            return;
        case 1:
            if (!text.empty()) text[piece.at] = static_cast<char>(text[piece.at] ^ (1 << dice.below(8)));
            return;
        case 2: text.erase(piece.at, piece.length); return;
        case 3: text.insert(some_place(text, dice), text.substr(piece.at, piece.length)); return;
        case 4: {
            const std::string moved = text.substr(piece.at, piece.length);
            text.erase(piece.at, piece.length);
            text.insert(some_place(text, dice), moved);
            return;
        }
        case 5: text.insert(some_place(text, dice), other.substr(theirs.at, theirs.length)); return;
        default:
            if (!words.empty()) text.replace(piece.at, dice.chance(50) ? piece.length : 0, dice.pick(words));
    }
}

}  // namespace

std::vector<std::string> words_of_dictionary(const std::string& text) {
    std::vector<std::string> words;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.empty() || line[0] == '#') continue;
        const std::size_t begin = line.find('"'), end = line.rfind('"');
        if (begin == end) throw std::runtime_error("no word in quotes: " + line);
        std::string word;
        for (std::size_t i = begin + 1; i < end; ++i) {
            if (line[i] != '\\') {
                word += line[i];
            } else if (line[i + 1] == 'x') {
                word += static_cast<char>(std::stoi(line.substr(i + 2, 2), nullptr, 16));
                i += 3;
            } else {
                word += line[++i];
            }
        }
        words.push_back(word);
    }
    return words;
}

std::string mutated(std::string input, const std::string& other, const std::vector<std::string>& words, Dice& dice) {
    for (int changes = dice.from_to(1, 8); changes > 0; --changes) change(input, other, words, dice);
    return input;
}

}  // namespace lastack::testing
