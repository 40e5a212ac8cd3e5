#include "page/exports.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "model/language/read_spec.h"
#include "page/script_text.h"
#include "page/state_count.h"
#include "page/walked_system.h"

namespace {

using namespace lastack;

// What the page has open.
struct Opened {
    std::vector<SourceText> files;
    Spec spec;
    std::vector<std::unique_ptr<WalkedSystem>> walked;  // by place in spec.systems, once it is looked at
    std::vector<std::unique_ptr<StateCount>> counted;
    std::string answer;
};

Opened& opened() {
    static Opened one;
    return one;
}

const char* answered(const std::function<std::string(Opened&)>& text) {
    Opened& page = opened();
    try {
        page.answer = text(page);
    } catch (const std::exception& error) {
        page.answer = fmt::format("{{\"error\":{}}}", json_string(error.what()));
    }
    return page.answer.c_str();
}

// Made when it is asked for.
template <class T>
T& of_system(Opened& page, std::vector<std::unique_ptr<T>>& all, int system) {
    std::unique_ptr<T>& one = all.at(static_cast<std::size_t>(system));
    if (!one) one = std::make_unique<T>(page.spec, page.spec.systems[static_cast<std::size_t>(system)]);
    return *one;
}

std::string state_json(WalkedSystem& walked, std::size_t number) {
    if (number >= walked.size()) throw std::out_of_range("there is no state of that number");
    std::vector<std::string> texts, next;
    for (const std::string& text : walked.texts(number)) texts.push_back(json_string(text));
    for (const TraceStep& step : walked.steps(number))
        next.push_back(json_list({json_string(walked.label(step)), json_string(WalkedSystem::rules(step)),
                                  std::to_string(walked.add(step.after))}));
    return fmt::format("{{\"texts\":{},\"next\":{}}}", json_list(texts), json_list(next));
}

}  // namespace

void lastack_add_file(const char* name, const char* text) {
    std::vector<SourceText>& files = opened().files;
    const auto is_it = [&](const SourceText& file) { return file.name == name; };
    const auto known = std::find_if(files.begin(), files.end(), is_it);
    if (known == files.end())
        files.push_back({name, text});
    else
        known->text = text;
}

const char* lastack_read(const char* name, const char* subject, const char* settings) {
    return answered([&](Opened& page) {
        std::vector<std::string> given;
        std::istringstream lines(settings);
        for (std::string line; std::getline(lines, line);) given.push_back(line);
        Spec spec = parse_spec(page.files, name, subject, given);
        page.walked.clear();
        page.counted.clear();
        page.spec = std::move(spec);
        page.walked.resize(page.spec.systems.size());
        page.counted.resize(page.spec.systems.size());
        std::vector<std::string> systems;
        for (const SystemDecl& one : page.spec.systems)
            systems.push_back(
                fmt::format("{{\"name\":{},\"title\":{}}}", json_string(one.name), json_string(one.title)));
        return fmt::format("{{\"systems\":{}}}", json_list(systems));
    });
}

const char* lastack_state(int system, int number) {
    return answered([&](Opened& page) {
        return state_json(of_system(page, page.walked, system), static_cast<std::size_t>(number));
    });
}

const char* lastack_count(int system, int more) {
    return answered([&](Opened& page) {
        StateCount& count = of_system(page, page.counted, system);
        count.go_on(static_cast<std::size_t>(std::max(more, 0)));
        return fmt::format("{{\"states\":{},\"transitions\":{},\"depth\":{},\"complete\":{}}}", count.states(),
                           count.transitions(), count.depth(), count.complete());
    });
}
