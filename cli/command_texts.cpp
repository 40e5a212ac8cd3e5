#include "cli/command_texts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>

#include "cli/verbs.h"

namespace lastack {

const std::vector<std::string> completed_shells = {"bash", "zsh", "fish"};

namespace {

// An option as a shell and a reader see it.
struct Word {
    std::vector<std::string> shorts, longs;  // without dashes
    std::string about;
    bool takes_value = false, repeats = false;
    std::vector<std::string> choices;  // of a value, where it is one of some

    std::vector<std::string> spelled() const {
        std::vector<std::string> all;
        for (const std::string& one : shorts) all.push_back("-" + one);
        for (const std::string& one : longs) all.push_back("--" + one);
        return all;
    }
};

struct Verb {
    std::string name, about;
    std::vector<Word> options;
    std::vector<std::string> positionals;
};

// CLI11 tells the choices of CLI::IsMember in the name of the type only: "TEXT:{early,middle,late,lot}".
std::vector<std::string> choices_in(const std::string& type) {
    const std::size_t open = type.find('{'), close = type.find('}');
    std::vector<std::string> choices;
    if (open == std::string::npos || close == std::string::npos) return choices;
    for (std::size_t from = open + 1; from < close;) {
        const std::size_t end = std::min(type.find(',', from), close);
        choices.push_back(type.substr(from, end - from));
        from = end + 1;
    }
    return choices;
}

const std::string names_choices = "one of ";

// Those, or the words that are named_choices().
std::vector<std::string> choices_of(CLI::Option& option) {
    std::vector<std::string> choices = choices_in(option.get_type_name());
    std::string name;
    try {
        name = option.get_validator(0)->get_name();
    } catch (const CLI::OptionNotFound&) {
        return choices;  // it takes any word
    }
    if (!name.starts_with(names_choices)) return choices;
    std::istringstream words(name.substr(names_choices.size()));
    for (std::string word; words >> word;) choices.push_back(word);
    return choices;
}

Word word_of(CLI::Option& option) {
    Word word{option.get_snames(), option.get_lnames(), option.get_description(), false, false, {}};
    word.takes_value = option.get_items_expected_max() > 0;
    word.repeats = option.get_items_expected_max() > 1;
    word.choices = choices_of(option);
    return word;
}

Verb verb_of(CLI::App& app) {
    Verb verb{app.get_name(), app.get_description(), {}, {}};
    for (CLI::Option* option : app.get_options()) {
        if (option->get_positional())
            verb.positionals.push_back(option->get_name(true));
        else
            verb.options.push_back(word_of(*option));
    }
    return verb;
}

std::vector<Verb> verbs_of(CLI::App& app) {
    std::vector<Verb> verbs;
    for (CLI::App* verb : app.get_subcommands([](CLI::App*) { return true; })) verbs.push_back(verb_of(*verb));
    return verbs;
}

std::string spelled(const std::vector<Word>& options) {
    std::vector<std::string> all;
    for (const Word& option : options)
        for (const std::string& each : option.spelled()) all.push_back(each);
    return fmt::format("{}", fmt::join(all, " "));
}

// Between single quotes, for all three shells; fish alone reads a backslash there, which no text of ours has.
std::string quoted(const std::string& text, const char* quote = "'\\''") {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string(quote) : std::string(1, c);
    return out + "'";
}

std::string bash_text(CLI::App& app) {
    std::string names, cases;
    for (const Verb& verb : verbs_of(app)) {
        names += (names.empty() ? "" : " ") + verb.name;
        std::string values;
        for (const Word& option : verb.options) {
            if (!option.takes_value) continue;
            const std::string words =
                option.choices.empty() ? "return" : fmt::format("words='{}'", fmt::join(option.choices, " "));
            values += fmt::format("            {}) {} ;;\n", fmt::join(option.spelled(), " | "), words);
        }
        cases += fmt::format("    {})\n        words='{}'\n        case $before in\n{}        esac ;;\n", verb.name,
                             spelled(verb.options), values);
    }
    return fmt::format(R"(# bash completion of lastack {}, made by: lastack completion bash
_lastack() {{
    local here=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}} words=
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W '{} {}' -- "$here")
        return
    fi
    case ${{COMP_WORDS[1]}} in
{}    esac
    if [[ $here == -* || $words != -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$here")
    fi
}}
complete -o default -F _lastack lastack
)",
                       version, names, spelled(verb_of(app).options), cases);
}

// In a description zsh reads brackets and colons.
std::string for_zsh(const std::string& text) {
    std::string out;
    for (const char c : text) out += (c == '[' || c == ']' || c == ':' ? "\\" : "") + std::string(1, c);
    return out;
}

std::string zsh_text(CLI::App& app) {
    std::string names, cases;
    for (const Verb& verb : verbs_of(app)) {
        names += "        " + quoted(verb.name + ":" + for_zsh(verb.about)) + "\n";
        cases += fmt::format("    {}) _arguments -s", verb.name);
        for (const Word& option : verb.options) {
            std::string value;
            if (option.takes_value)
                value = option.choices.empty() ? ":value:_files"
                                               : fmt::format(":value:({})", fmt::join(option.choices, " "));
            for (const std::string& each : option.spelled())
                cases += " \\\n        " + quoted(fmt::format("{}{}[{}]{}", option.repeats ? "*" : "", each,
                                                              for_zsh(option.about), value));
        }
        cases += " \\\n        '*:file:_files' ;;\n";
    }
    return fmt::format(R"(#compdef lastack
# zsh completion of lastack {}, made by: lastack completion zsh
_lastack() {{
    local -a verbs=(
{}    )
    if ((CURRENT == 2)); then
        _describe verb verbs
        return
    fi
    shift words
    ((CURRENT--))
    case $words[1] in
{}    esac
}}
if [ "$funcstack[1]" = _lastack ]; then _lastack "$@"; else compdef _lastack lastack; fi
)",
                       version, names, cases);
}

std::string fish_text(CLI::App& app) {
    std::string text = fmt::format("# fish completion of lastack {}, made by: lastack completion fish\n", version);
    const auto add = [&](const std::string& when, const Word& option) {
        text += "complete -c lastack -n '" + when + "'";
        for (const std::string& one : option.shorts) text += " -s " + one;
        for (const std::string& one : option.longs) text += " -l " + one;
        if (option.takes_value)
            text += option.choices.empty() ? " -r" : fmt::format(" -x -a '{}'", fmt::join(option.choices, " "));
        text += " -d " + quoted(option.about, "\\'") + "\n";
    };
    for (const Word& option : verb_of(app).options) add("__fish_use_subcommand", option);
    for (const Verb& verb : verbs_of(app)) {
        text += fmt::format("complete -c lastack -f -n '__fish_use_subcommand' -a {} -d {}\n", verb.name,
                            quoted(verb.about, "\\'"));
        for (const Word& option : verb.options) add("__fish_seen_subcommand_from " + verb.name, option);
    }
    return text;
}

// For roff: a hyphen that is one, and no line that begins with a control character.
std::string for_roff(const std::string& text) {
    std::string out;
    bool begins = true;
    for (const char c : text) {
        if (begins && (c == '.' || c == '\'')) out += "\\&";
        if (c == '-' || c == '\\')
            out += c == '-' ? "\\-" : "\\e";
        else
            out += c;
        begins = c == '\n';
    }
    return out;
}

}  // namespace

std::string named_choices(const std::vector<std::string>& words) {
    return names_choices + fmt::format("{}", fmt::join(words, " "));
}

std::string completion_text(CLI::App& app, const std::string& shell) {
    if (shell == "zsh") return zsh_text(app);
    return shell == "fish" ? fish_text(app) : bash_text(app);
}

std::string manual_text(CLI::App& app, const std::string& exit_codes) {
    const std::string about = app.get_description();
    std::string text = fmt::format(
        ".TH LASTACK 1 \"\" \"lastack {0}\" \"User Commands\"\n.SH NAME\n{1}\n.SH SYNOPSIS\n.B lastack\n.I VERB\n"
        "[\\fIOPTIONS\\fR]\n.SH DESCRIPTION\nEach verb has \\fB\\-\\-help\\fR. A spec file named \\fB\\-\\fR is "
        "standard input. A spec that is no file here is looked for among those that are shipped: \\fBlinux\\fR, "
        "\\fBlinux.spec\\fR and \\fBspecs/linux.spec\\fR are the same.\n.SH VERBS\n",
        version,
        for_roff("lastack - " + about.substr(about.find(": ") == std::string::npos ? 0 : about.find(": ") + 2)));
    for (const Verb& verb : verbs_of(app)) {
        text += fmt::format(".SS \"lastack {}{}{}\"\n{}.\n", for_roff(verb.name), verb.positionals.empty() ? "" : " ",
                            for_roff(fmt::format("{}", fmt::join(verb.positionals, " "))), for_roff(verb.about));
        for (const Word& option : verb.options) {
            std::string value = option.takes_value ? " \\fIVALUE\\fR" : "";
            if (!option.choices.empty()) value = fmt::format(" {}", fmt::join(option.choices, "|"));
            text +=
                fmt::format(".TP\n\\fB{}\\fR{}\n{}\n", for_roff(fmt::format("{}", fmt::join(option.spelled(), ", "))),
                            value, for_roff(option.about));
        }
    }
    return text + ".SH EXIT STATUS\n" + for_roff(exit_codes) +
           "\n.SH FILES\n.TP\n.I share/lastack/specs\nThe specs that are shipped, beside the directory of the "
           "command.\n"
           ".SH SEE ALSO\n.BR packetdrill (1),\n.BR tcp (7)\n";
}

}  // namespace lastack
