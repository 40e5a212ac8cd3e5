// `lastack step SPEC --report html=FILE`: the walk in a browser, through this spec and, beside it, those that are
// shipped.
#include <filesystem>
#include <list>

#include "cli/checking.h"
#include "cli/output.h"
#include "cli/reports.h"
#include "cli/session.h"
#include "cli/shipped_specs.h"
#include "cli/verbs.h"
#include "model/language/read_spec.h"

namespace lastack {

namespace {

namespace fs = std::filesystem;

// Shipped files are called the same wherever they lie, so that the page is: "shipped/linux.spec".
Spec with_portable_names(Spec spec) {
    const std::string place = shipped_specs() + "/";
    for (auto& source : spec.sources)
        if (source->name.starts_with(place))
            source = std::make_shared<const SourceText>(
                SourceText{"shipped/" + source->name.substr(place.size()), source->text});
    return spec;
}

// Of the shipped specs those that have a system; others are parts of some.
std::list<Spec> walkable_specs() {
    std::list<Spec> all;
    for (const std::string& name : shipped_spec_names()) {
        try {
            Spec spec = read_spec(spec_path("specs/" + name + ".spec"));
            if (!spec.systems.empty()) all.push_back(with_portable_names(std::move(spec)));
        } catch (const SpecError&) {  // without a profile
        }
    }
    return all;
}

std::string chooser_name(const Spec& spec) { return fs::path(spec.sources.front()->name).stem().string(); }

}  // namespace

int step_page(const Spec& spec, const StepArguments& arguments) {
    const std::string model = shipped_model();
    if (model.empty()) {
        complain("no page: this lastack has no model that runs in one (lastack-explorer.js), which emscripten makes");
        return exit_skipped;
    }
    const Spec own = with_portable_names(spec);
    std::vector<WalkableSpec> specs = {{chooser_name(own), &own}};
    const std::list<Spec> shipped = walkable_specs();
    for (const Spec& one : shipped)
        if (one.sources.front()->name != own.sources.front()->name) specs.push_back({chooser_name(one), &one});
    write_pages(arguments.reports, html_walk_text(version, specs, model));
    return exit_ok;
}

}  // namespace lastack
