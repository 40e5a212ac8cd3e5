// The explorer of the HTML report, and what it walks through.
//
// Where the model was compiled for a page (page/page.cmake), that: the spec's files are embedded, and the page reads
// and runs them. Elsewhere a part of each system's graph, as compact JSON: breadth first from the initial state, on the
// plain interpreter, until there are enough states; then each state on the run of each claim. Of all of these every
// enabled step is embedded, with its label; where it leads to a state that is not, the page says so. Texts are kept
// once and told by number. Cost: the interpreter's, for some hundred states a system. Steps have the same numbers in
// both.
#include <fmt/format.h>

#include <map>
#include <optional>
#include <set>

#include "page/script_text.h"
#include "page/walked_system.h"
#include "report/html_sections.h"

namespace lastack {

namespace {

constexpr std::size_t states_of_a_system = 500;
constexpr std::size_t most_explorer_bytes = 900'000;  // of graphs, and of specs; the model has another half a million

class Texts {
public:
    std::size_t operator()(const std::string& text) {
        const auto [place, is_new] = ids_.emplace(text, all_.size());
        if (is_new) all_.push_back(text);
        return place->second;
    }
    std::string json() const {
        std::vector<std::string> quoted;
        for (const std::string& text : all_) quoted.push_back(json_string(text));
        return json_list(quoted);
    }

private:
    std::map<std::string, std::size_t> ids_;
    std::vector<std::string> all_;
};

// Numbers what breadth first comes next, while there is room.
void grow(WalkedSystem& walked, std::size_t most) {
    for (std::size_t i = 0; i < walked.size() && walked.size() < most; ++i)
        for (const TraceStep& step : walked.steps(i)) {
            if (walked.size() >= most) break;
            walked.add(step.after);
        }
}

// {"name":..,"title":..,"states":[[A,B,A's in flight,B's in flight],..],"next":[[[label,rules,to],..],..]}; `to` is -1
// where that state is not embedded.
std::string graph_json(WalkedSystem& walked, Texts& texts) {
    std::vector<std::string> states, next;
    for (std::size_t i = 0; i < walked.size(); ++i) {
        std::vector<std::string> state, row;
        for (const std::string& text : walked.texts(i)) state.push_back(std::to_string(texts(text)));
        states.push_back(json_list(state));
        for (const TraceStep& step : walked.steps(i)) {
            const std::optional<std::size_t> to = walked.known(step.after);
            row.push_back(fmt::format("[{},{},{}]", texts(walked.label(step)), texts(WalkedSystem::rules(step)),
                                      to ? std::to_string(*to) : "-1"));
        }
        next.push_back(json_list(row));
    }
    return fmt::format("{{\"name\":{},\"title\":{},\"states\":{},\"next\":{}}}", json_string(walked.decl().name),
                       json_string(walked.decl().title), json_list(states), json_list(next));
}

std::string run_json(const CheckResult& result, const std::vector<std::size_t>& taken) {
    std::vector<std::string> steps;
    for (const std::size_t step : taken) steps.push_back(std::to_string(step));
    const Claim& claim = *result.claim;
    return fmt::format("{{\"claim\":{},\"said\":{},\"system\":{},\"loop\":{},\"steps\":{}}}", json_string(claim.id),
                       json_string(claim.sentence), json_string(claim.system), result.trace->loop_from,
                       json_list(steps));
}

std::string graphs_json(const Spec& spec, const CheckReport& report) {
    Texts texts;
    std::size_t size = 0;
    std::vector<std::string> parts, runs;
    for (const SystemResult& result : report.systems) {
        const bool room = size < most_explorer_bytes;
        WalkedSystem walked(spec, *result.system);
        grow(walked, room ? states_of_a_system : 1);
        for (const CheckResult& claim : report.claims)
            if (claim.trace && claim.claim->system == result.system->name && room)
                runs.push_back(run_json(claim, walked.follow(*claim.trace)));
        parts.push_back(graph_json(walked, texts));
        size += parts.back().size();
    }
    return fmt::format("{{\"texts\":{},\n\"runs\":{},\n\"systems\":{}}}", texts.json(), json_list(runs),
                       json_list(parts));
}

// ---- for the model itself

// What came from a command line, as it was given there; what a system sets stands in the spec.
std::vector<std::string> settings_given(const Spec& spec) {
    std::set<std::string> all;
    for (const Profile& profile : spec.profiles)
        for (const Setting& setting : profile.settings)
            if (setting.given) all.insert(setting.name + "=" + setting.value);
    return {all.begin(), all.end()};
}

// {"files":[[name,text],..],"specs":[{"name":..,"file":..,"subject":..,"settings":[..]},..],"runs":[..]}
std::string specs_json(const std::vector<WalkableSpec>& specs, const std::vector<std::string>& runs) {
    std::map<std::string, std::string> files;
    std::vector<std::string> pairs, heads;
    for (const WalkableSpec& one : specs) {
        for (const auto& source : one.spec->sources) files.emplace(source->name, source->text);
        std::vector<std::string> settings;
        for (const std::string& given : settings_given(*one.spec)) settings.push_back(json_string(given));
        heads.push_back(fmt::format("{{\"name\":{},\"file\":{},\"subject\":{},\"settings\":{}}}", json_string(one.name),
                                    json_string(one.spec->sources.front()->name), json_string(one.spec->subject),
                                    json_list(settings)));
    }
    for (const auto& [name, text] : files) pairs.push_back(json_list({json_string(name), json_string(text)}));
    return fmt::format("{{\"files\":{},\n\"specs\":{},\n\"runs\":{}}}", json_list(pairs), json_list(heads),
                       json_list(runs));
}

std::vector<std::string> runs_of(const Spec& spec, const CheckReport& report) {
    std::vector<std::string> runs;
    for (const SystemResult& result : report.systems) {
        WalkedSystem walked(spec, *result.system);
        for (const CheckResult& claim : report.claims)
            if (claim.trace && claim.claim->system == result.system->name)
                runs.push_back(run_json(claim, walked.follow(*claim.trace)));
    }
    return runs;
}

// `data`: JSON; `model`: the script that it is for, if any.
std::string explorer_section(const std::string& about, const std::string& data, const std::string& model) {
    std::string text =
        "<section id=\"explorer\" aria-labelledby=\"explorer-h\">\n<h2 id=\"explorer-h\">Explorer</h2>\n"
        "<noscript><p>The explorer needs a script. Without one, <code>lastack step</code> walks the same way.</p>"
        "</noscript>\n"
        "<div id=\"walk\" class=\"js\">\n<p>Step through a system by its enabled steps. The address of this page "
        "follows the walk, so that it can be shared. " +
        about +
        "</p>\n<p class=\"controls\"><label id=\"walk-specs\">Spec <select id=\"walk-spec\"></select></label>\n"
        "<label>System <select id=\"walk-system\"></select></label>\n"
        "<label id=\"walk-runs\">Run of a claim <select id=\"walk-run\"></select></label>\n"
        "<button type=\"button\" id=\"walk-along\">Next step of the run</button>\n"
        "<button type=\"button\" id=\"walk-undo\">Undo</button>\n"
        "<button type=\"button\" id=\"walk-restart\">Begin again</button></p>\n"
        "<p id=\"walk-told\" role=\"status\"></p>\n"
        "<div class=\"ends\"><div><h3>A</h3><p id=\"walk-a\"></p><p>on its way to B: <span id=\"walk-ab\"></span></p>"
        "</div><div><h3>B</h3><p id=\"walk-b\"></p><p>on its way to A: <span id=\"walk-ba\"></span></p></div></div>\n"
        "<h3>What can happen now</h3>\n<ol id=\"walk-next\"></ol>\n<h3>So far</h3>\n"
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"the walk so far\"><table><thead><tr>"
        "<th scope=\"col\">step</th><th scope=\"col\">what</th><th scope=\"col\">A</th><th scope=\"col\">B</th></tr>"
        "</thead><tbody id=\"walk-past\"></tbody></table></div>\n"
        "<p id=\"walk-size\" class=\"controls\"><button type=\"button\" id=\"walk-count\">Count the states of this "
        "system</button> <span id=\"walk-counted\" aria-live=\"polite\"></span></p>\n</div>\n"
        "<script type=\"application/json\" id=\"walk-data\">" +
        data + "</script>\n";
    if (!model.empty()) text += "<script>\n//<![CDATA[\n" + model + "//]]>\n</script>\n";
    return text + "</section>\n";
}

}  // namespace

std::string html_explorer(const Spec& spec, const CheckReport& report, const std::string& model) {
    if (report.systems.empty()) return "";
    const std::string files = model.empty() ? "" : specs_json({{"", &spec}}, runs_of(spec, report));
    if (!model.empty() && files.size() <= most_explorer_bytes)
        return explorer_section("The model itself runs in this page: every state of every system can be reached.",
                                files, model);
    return explorer_section("Embedded are the first " + std::to_string(states_of_a_system) +
                                " states of each system, breadth first, and those of every run of a claim.",
                            graphs_json(spec, report), "");
}

std::string html_walk_text(const std::string& version, const std::vector<WalkableSpec>& specs,
                           const std::string& model) {
    return html_page(version, "step by step",
                     "<p>Two endpoints and a network between them, walked through by hand.</p>\n",
                     {{"explorer", "Explorer",
                       explorer_section("The model itself runs in this page, on the specs that are embedded.",
                                        specs_json(specs, {}), model)}});
}

}  // namespace lastack
