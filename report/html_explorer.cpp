// What the explorer in the HTML report walks through: a part of each system's graph, as compact JSON.
//
// Idea: breadth first from the initial state, on the plain interpreter, until there are enough states; then each state
// on the run of each claim. Of all of these every enabled step is embedded, with its label; where it leads to a state
// that is not, the page says so. Texts are kept once and told by number. Cost: the interpreter's, for some hundred
// states a system.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "checker/trace/plain_system.h"
#include "model/plain.h"
#include "report/html_sections.h"

namespace lastack {

namespace {

constexpr std::size_t states_of_a_system = 500;
constexpr std::size_t most_explorer_bytes = 900'000;  // all systems

// A JSON string that is no end of a `script` element and no markup to a reader of XML.
std::string json_string(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        switch (c) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '<': out += "\\u003c"; break;
            case '>': out += "\\u003e"; break;
            case '&': out += "\\u0026"; break;
            default:
                if (static_cast<unsigned char>(c) < 0x20)
                    out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
                else
                    out += c;
        }
    }
    return out + '"';
}

class Texts {
public:
    std::size_t operator()(const std::string& text) {
        const auto [place, is_new] = ids_.emplace(text, all_.size());
        if (is_new) all_.push_back(text);
        return place->second;
    }
    const std::vector<std::string>& all() const { return all_; }

private:
    std::map<std::string, std::size_t> ids_;
    std::vector<std::string> all_;
};

class Part {
public:
    Part(const Spec& spec, const SystemDecl& decl, Texts& texts) : system_(spec, decl), texts_(texts) {
        add(system_.initial());
    }

    // Adds what breadth first comes next, while there is room.
    void grow(std::size_t most) {
        for (std::size_t i = 0; i < states_.size() && states_.size() < most; ++i)
            for (const TraceStep& step : steps(i)) {
                if (states_.size() >= most) break;
                add(step.after);
            }
    }
    // The numbers of the steps along a run, all of whose states are there from now on.
    std::vector<std::size_t> follow(const Trace& trace) {
        std::vector<std::size_t> taken;
        std::size_t here = add(trace.initial);
        for (const TraceStep& step : trace.steps) {
            const std::vector<TraceStep>& all = steps(here);
            taken.push_back(static_cast<std::size_t>(std::find(all.begin(), all.end(), step) - all.begin()));
            here = add(step.after);
        }
        return taken;
    }
    std::string json();

private:
    std::size_t add(const Snapshot& snapshot) {
        const auto [place, is_new] = ids_.emplace(snapshot, states_.size());
        if (is_new) states_.push_back(snapshot);
        return place->second;
    }
    const std::vector<TraceStep>& steps(std::size_t state) {
        if (steps_.size() <= state) steps_.resize(state + 1);
        if (!steps_[state]) steps_[state] = system_.steps(states_[state]);
        return *steps_[state];
    }
    std::string end_text(const Snapshot& snapshot, int end) const {
        return describe(system_.profile(end), system_.limits(end), snapshot.end[end]);
    }
    std::string flight_text(const Snapshot& snapshot, int end) const {
        std::string text;
        for (const Segment& segment : snapshot.flight[end])
            text += (text.empty() ? "" : "; ") + to_string(segment, system_.vocabulary());
        return text;
    }

    PlainSystem system_;
    Texts& texts_;
    std::map<Snapshot, std::size_t> ids_;
    std::vector<Snapshot> states_;
    std::vector<std::optional<std::vector<TraceStep>>> steps_;
};

// {"name":..,"title":..,"states":[[A,B,A's in flight,B's in flight],..],"next":[[[label,rules,to],..],..]}; `to` is -1
// where that state is not embedded.
std::string Part::json() {
    std::string states, next;
    for (std::size_t i = 0; i < states_.size(); ++i) {
        const Snapshot& one = states_[i];
        states += fmt::format("{}[{},{},{},{}]", i == 0 ? "" : ",", texts_(end_text(one, 0)), texts_(end_text(one, 1)),
                              texts_(flight_text(one, 0)), texts_(flight_text(one, 1)));
        std::string row;
        for (const TraceStep& step : steps(i)) {
            std::string rules;
            for (const std::string& rule : step.rules) rules += (rules.empty() ? "" : ", ") + rule;
            const auto to = ids_.find(step.after);
            row += fmt::format("{}[{},{},{}]", row.empty() ? "" : ",", texts_(to_string(step, system_.vocabulary())),
                               texts_(rules), to == ids_.end() ? -1 : static_cast<std::ptrdiff_t>(to->second));
        }
        next += fmt::format("{}[{}]", i == 0 ? "" : ",", row);
    }
    const SystemDecl& decl = system_.decl();
    return fmt::format("{{\"name\":{},\"title\":{},\"states\":[{}],\"next\":[{}]}}", json_string(decl.name),
                       json_string(decl.title), states, next);
}

struct Run {
    const CheckResult* result;
    std::vector<std::size_t> taken;
};

// "[{"claim":..,"said":..,"system":0,"steps":[0,4,1]}]"
std::string runs_json(const std::vector<Run>& runs, const std::map<std::string, std::size_t>& systems) {
    std::string text;
    for (const Run& run : runs) {
        std::string steps;
        for (const std::size_t step : run.taken) steps += (steps.empty() ? "" : ",") + std::to_string(step);
        text += fmt::format("{}{{\"claim\":{},\"said\":{},\"system\":{},\"loop\":{},\"steps\":[{}]}}",
                            text.empty() ? "" : ",", json_string(run.result->claim->id),
                            json_string(run.result->claim->sentence), systems.at(run.result->claim->system),
                            run.result->trace->loop_from, steps);
    }
    return "[" + text + "]";
}

std::string embedded(const Spec& spec, const CheckReport& report) {
    Texts texts;
    std::string parts;
    std::vector<Run> runs;
    std::map<std::string, std::size_t> systems;
    for (const SystemResult& result : report.systems) {
        const std::string& name = result.system->name;
        Part part(spec, *result.system, texts);
        part.grow(parts.size() < most_explorer_bytes ? states_of_a_system : 1);
        systems.emplace(name, systems.size());
        for (const CheckResult& claim : report.claims)
            if (claim.trace && claim.claim->system == name && parts.size() < most_explorer_bytes)
                runs.push_back({&claim, part.follow(*claim.trace)});
        parts += (parts.empty() ? "" : ",\n") + part.json();
    }
    std::string strings;
    for (const std::string& text : texts.all()) strings += (strings.empty() ? "" : ",") + json_string(text);
    return fmt::format("{{\"texts\":[{}],\n\"runs\":{},\n\"systems\":[{}]}}", strings, runs_json(runs, systems), parts);
}

}  // namespace

std::string html_explorer(const Spec& spec, const CheckReport& report) {
    if (report.systems.empty()) return "";
    return "<section id=\"explorer\" aria-labelledby=\"explorer-h\">\n<h2 id=\"explorer-h\">Explorer</h2>\n"
           "<noscript><p>The explorer needs a script. Without one, the runs of the claims are drawn "
           "above.</p></noscript>\n"
           "<div id=\"walk\" class=\"js\">\n<p>Step through a system by its enabled steps. The address of this page "
           "follows the walk, so that it can be shared. "
           "Embedded are the first " +
           std::to_string(states_of_a_system) +
           " states of each system, breadth first, and those of every run of a claim.</p>\n"
           "<p class=\"controls\"><label>System <select id=\"walk-system\"></select></label>\n"
           "<label>Run of a claim <select id=\"walk-run\"></select></label>\n"
           "<button type=\"button\" id=\"walk-along\">Next step of the run</button>\n"
           "<button type=\"button\" id=\"walk-undo\">Undo</button>\n"
           "<button type=\"button\" id=\"walk-restart\">Begin again</button></p>\n"
           "<p id=\"walk-told\" role=\"status\"></p>\n"
           "<div class=\"ends\"><div><h3>A</h3><p id=\"walk-a\"></p><p>on its way to B: <span "
           "id=\"walk-ab\"></span></p>"
           "</div><div><h3>B</h3><p id=\"walk-b\"></p><p>on its way to A: <span "
           "id=\"walk-ba\"></span></p></div></div>\n"
           "<h3>What can happen now</h3>\n<ol id=\"walk-next\"></ol>\n<h3>So far</h3>\n"
           "<table><thead><tr><th scope=\"col\">step</th><th scope=\"col\">what</th><th scope=\"col\">A</th>"
           "<th scope=\"col\">B</th></tr></thead><tbody id=\"walk-past\"></tbody></table>\n</div>\n"
           "<script type=\"application/json\" id=\"walk-data\">" +
           embedded(spec, report) + "</script>\n</section>\n";
}

}  // namespace lastack
