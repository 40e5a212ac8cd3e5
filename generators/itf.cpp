// Traces to ITF and back.
//
// Source: Apalache's ADR-015, "Informal Trace Format in JSON", revision of 2023-09-14
// (https://apalache-mc.org/docs/adr/015adr-trace.html). Since that revision an integer is {"#bigint": "1"} everywhere
// but in `#meta`. ITF knows states only; what happened on the way into a state is its variable `step`, a record of one
// shape for all kinds, so that tools that want uniform types can read it.
// Cost: linear in the text, both ways.
#include "generators/itf.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "generators/json_reading.h"
#include "generators/segment_fields.h"
#include "generators/vector_reading.h"
#include "model/plain.h"

namespace lastack {
namespace {

using namespace json_reading;
using Words = std::vector<std::string>;

constexpr const char* format_page = "https://apalache-mc.org/docs/adr/015adr-trace.html";
constexpr int most_digits = 9;  // of a number: fits an int
constexpr int most_counted = 1000000000;

const Words state_variables = {"A", "B", "from_A", "from_B", "losses", "duplicates", "step"};
const Words kinds = {"call", "timer", "deliver", "lose", "duplicate"};  // in the order of TraceStep::Kind
const Words ends = {"A", "B"};

// An object with one member. A pair in braces within braces would be read as a copy by some compilers (CWG 2137).
Json one_member(const char* name, Json value) {
    Json object = Json::object();
    object[name] = std::move(value);
    return object;
}

// What a segment of this system is written as.
struct SegmentForm {
    SegmentFields fields;          // TCP's
    const Vocabulary& vocabulary;  // or of a protocol of its own
};

SegmentForm form_of(const PlainSystem& system) {
    return {used_fields(system.profile(0), system.profile(1)), system.vocabulary()};
}

Json bigint(std::int64_t value) { return one_member("#bigint", std::to_string(value)); }

// A step without a segment has one of no kind.
Json own_segment_json(const Segment& segment, const Vocabulary& vocabulary) {
    Json object = {{"kind", segment.kind == 0 ? "" : vocabulary.kind_at(segment.kind).name}};
    for (std::size_t i = 0; i < vocabulary.fields.size(); ++i) {
        const Vocabulary::Field& field = vocabulary.fields[i];
        object[field.name] = field.flag ? Json(segment.own[i] != 0) : bigint(segment.own[i]);
    }
    return object;
}

// The members that only some systems know are the same in all segments of a file: records of one shape.
Json segment_json(const Segment& segment, const SegmentForm& form) {
    if (form.vocabulary.own()) return own_segment_json(segment, form.vocabulary);
    const SegmentFields& fields = form.fields;
    Json object = {{"seq", bigint(segment.seq)}, {"ack", bigint(segment.ack)}, {"len", bigint(segment.len)},
                   {"fin", segment.fin},         {"syn", segment.syn},         {"rst", segment.rst},
                   {"has_ack", segment.has_ack}};
    if (fields.zero_window) object["zero_window"] = segment.zero_window;
    if (fields.era) object["era"] = bigint(segment.era);
    return object;
}

Json segments_json(const std::vector<Segment>& segments, const SegmentForm& form) {
    Json list = Json::array();
    for (const Segment& segment : segments) list.push_back(segment_json(segment, form));
    return list;
}

Json value_json(const Variable& variable, int value) {
    if (variable.flag) return value != 0;
    if (!variable.enumerators.empty()) return variable.enumerators.at(value);
    return bigint(value);
}

Json end_json(const Profile& profile, const EndState& end) {
    Json variables = Json::object(), timers = Json::array();
    for (std::size_t i = 0; i < profile.variables.size(); ++i)
        variables[profile.variables[i].name] = value_json(profile.variables[i], end.values[i]);
    for (std::size_t i = 0; i < profile.timers.size(); ++i) {
        if (end.armed[i]) timers.push_back(profile.timers[i].name);
    }
    return {{"state", profile.states[end.state].name},
            {"variables", variables},
            {"timers", one_member("#set", std::move(timers))}};
}

// The state before all steps has a step of the kind "start".
Json step_json(const TraceStep* step, const SegmentForm& form) {
    static const TraceStep nothing;
    const TraceStep& told = step ? *step : nothing;
    return {{"kind", step ? kinds[static_cast<std::size_t>(step->kind)] : "start"},
            {"end", step ? ends[step->end] : ""},
            {"name", told.name},
            {"segment", segment_json(told.segment, form)},
            {"sent", segments_json(told.sent, form)},
            {"rules", told.rules},
            {"signals", told.signals},
            {"result", told.result}};
}

Json state_json(const PlainSystem& system, const Snapshot& snapshot, const TraceStep* step, std::size_t index) {
    const SegmentForm form = form_of(system);
    return {{"#meta", one_member("index", index)},
            {"A", end_json(system.profile(0), snapshot.end[0])},
            {"B", end_json(system.profile(1), snapshot.end[1])},
            {"from_A", segments_json(snapshot.flight[0], form)},
            {"from_B", segments_json(snapshot.flight[1], form)},
            {"losses", bigint(snapshot.losses)},
            {"duplicates", bigint(snapshot.duplicates)},
            {"step", step_json(step, form)}};
}

// With blanks, as people write it, and on one line.
std::string flat(const Json& value) {
    if (!value.is_structured()) return value.dump();
    std::string out;
    for (const auto& [name, element] : value.items())
        out += (out.empty() ? "" : ", ") + (value.is_object() ? Json(name).dump() + ": " : "") + flat(element);
    return value.is_object() ? "{" + out + "}" : "[" + out + "]";
}

// ---- vectors, written only

Json wire_json(const WireSegment& segment) {
    return {{"seq", bigint(segment.seq)},
            {"ack", bigint(segment.ack)},
            {"len", bigint(segment.len)},
            {"fin", segment.fin},
            {"syn", segment.syn},
            {"rst", segment.rst},
            {"has_ack", segment.has_ack},
            {"zero_window", segment.zero_window},
            {"from_right", segment.from_right},
            {"ack_from_right", segment.ack_from_right}};
}

Json from_iut_json(const WireSegment& segment, const Window& window, const std::string& rule, const char* then) {
    return {{"segment", wire_json(segment)},
            {"earliest_us", bigint(window.earliest_us)},
            {"latest_us", bigint(window.latest_us)},
            {"since", "the step" + anchor_text(window.since)},
            {"rule", rule},
            {"then", then}};
}

Json words_json(const std::vector<std::string>& words) { return one_member("#set", Json(words)); }

// The state before all steps is that behind the opening, with a step of the kind "start".
Json vector_state_json(const VectorStep* step, const StepTimes& times, std::size_t index) {
    static const VectorStep nothing;
    const VectorStep& told = step ? *step : nothing;
    const char* const names[] = {"call", "send", "wait"};  // in the order of VectorStep::Kind
    Json must = Json::array(), may = Json::array();
    for (const Expected& one : told.expect)
        must.push_back(from_iut_json(one.segment, one.window, one.rule, one.optional ? "optional" : "go_on"));
    for (const Alternative& one : told.alternatives) {
        const bool goes_on = one.then == Alternative::Then::go_on;
        may.push_back(from_iut_json(one.segment, one.window, one.rule, goes_on ? "go_on" : "inconclusive"));
    }
    Json did = {{"kind", step ? names[static_cast<std::size_t>(step->kind)] : "start"},
                {"name", told.call + told.timer},
                {"bytes", bigint(told.bytes)},
                {"result", told.kind == VectorStep::Kind::call && step ? told.result : ""},
                {"segment", wire_json(told.segment)},
                {"rules", told.rules}};
    return {{"#meta", one_member("index", index)},
            {"step", std::move(did)},
            {"must_come", std::move(must)},
            {"may_come", std::move(may)},
            {"iut", words_json(step ? told.states : std::vector<std::string>{"ESTABLISHED"})},
            {"signals", words_json(told.signals)},
            {"earliest_us", bigint(times.complete_us)}};
}

// A segment stays on one line: it is read at a glance.
void print(const Json& value, const std::string& indent, std::string& out) {
    const std::string line = flat(value);
    if (!value.is_structured() || indent.size() + line.size() <= 170) {
        out += line;
        return;
    }
    const std::string inner = indent + "  ";
    const char* between = "\n";
    out += value.is_object() ? '{' : '[';
    for (const auto& [name, element] : value.items()) {
        out += between + inner;
        if (value.is_object()) out += Json(name).dump() + ": ";
        print(element, inner, out);
        between = ",\n";
    }
    out += "\n" + indent;
    out += value.is_object() ? '}' : ']';
}

// Each reader below gets a value with its JSON pointer (RFC 6901), and throws with that pointer where it finds fault.
// An object has exactly these members.
const Json& object(const Json& value, const std::string& pointer, const Words& names) {
    if (!value.is_object()) refuse(pointer, "must be an object");
    for (const std::string& name : names) {
        if (!value.contains(name)) refuse(pointer, "member '" + name + "' is missing");
    }
    for (const auto& member : value.items()) {
        if (std::find(names.begin(), names.end(), member.key()) == names.end())
            refuse(pointer, "unknown member '" + member.key() + "'");
    }
    return value;
}

// The index of the word in the list.
int word(const Json& value, const std::string& pointer, const Words& allowed) {
    const std::string read = text(value, pointer);
    const auto found = std::find(allowed.begin(), allowed.end(), read);
    if (found != allowed.end()) return static_cast<int>(found - allowed.begin());
    std::string list;
    for (const std::string& one : allowed) list += (list.empty() ? "" : ", ") + one;
    refuse(pointer, "'" + read + "' is none of: " + list);
}

bool flag(const Json& value, const std::string& pointer) {
    if (!value.is_boolean()) refuse(pointer, "must be true or false");
    return value.get<bool>();
}

int number(const Json& value, const std::string& pointer, int low, int high) {
    const std::string place = pointer + "/#bigint";
    const std::string digits = text(object(value, pointer, {"#bigint"}).at("#bigint"), place);
    const bool plain = !digits.empty() && digits.size() <= most_digits &&
                       digits.find_first_not_of("0123456789") == std::string::npos &&
                       (digits.size() == 1 || digits[0] != '0');
    const int read = plain ? std::stoi(digits) : -1;
    if (!plain || read < low || read > high)
        refuse(place, "'" + digits + "' is not a number in " + std::to_string(low) + ".." + std::to_string(high));
    return read;
}

// A field that the kind does not have is 0, and so is all of a segment that is none.
Segment read_own_segment(const Json& value, const std::string& pointer, const Vocabulary& vocabulary) {
    Words names{"kind"}, kinds_known{""};
    for (const Vocabulary::Field& field : vocabulary.fields) names.push_back(field.name);
    for (const Vocabulary::Kind& kind : vocabulary.kinds) kinds_known.push_back(kind.name);
    object(value, pointer, names);
    Segment segment;
    segment.kind = static_cast<std::uint8_t>(word(value.at("kind"), pointer + "/kind", kinds_known));
    for (std::size_t i = 0; i < vocabulary.fields.size(); ++i) {
        const std::string place = pointer + "/" + names[i + 1];
        const Json& given = value.at(names[i + 1]);
        const bool has = segment.kind > 0 && vocabulary.kind_at(segment.kind).has[i];
        const int read = vocabulary.fields[i].flag ? flag(given, place) : number(given, place, 0, 255);
        if (!has && read != 0) refuse(place, "must be 0: this kind does not have it");
        segment.own[i] = static_cast<std::uint8_t>(read);
    }
    return segment;
}

Segment read_segment(const Json& value, const std::string& pointer, const SegmentForm& form) {
    if (form.vocabulary.own()) return read_own_segment(value, pointer, form.vocabulary);
    const SegmentFields& fields = form.fields;
    Words names = {"seq", "ack", "len", "fin", "syn", "rst", "has_ack"};
    if (fields.zero_window) names.push_back("zero_window");
    if (fields.era) names.push_back("era");
    object(value, pointer, names);
    const auto unit = [&](const char* name) {
        return static_cast<std::uint8_t>(number(value.at(name), pointer + "/" + name, 0, 255));
    };
    const auto bit = [&](const char* name) { return flag(value.at(name), pointer + "/" + name); };
    Segment segment{unit("seq"), unit("ack"), unit("len"), bit("fin"), bit("syn"), bit("rst"), bit("has_ack")};
    if (fields.zero_window) segment.zero_window = bit("zero_window");
    if (fields.era) segment.era = unit("era");
    if (!segment.has_ack && segment.ack != 0) refuse(pointer + "/ack", "must be 0 without the ACK bit");
    return segment;
}

int read_value(const PlainSystem& system, int end, const Variable& variable, const Json& value,
               const std::string& pointer) {
    if (variable.flag) return flag(value, pointer) ? 1 : 0;
    if (!variable.enumerators.empty()) return word(value, pointer, variable.enumerators);
    const Profile& profile = system.profile(end);
    const EndState any = plain_initial(profile);  // the bounds of a type read limits only
    return number(value, pointer, plain_value(profile, system.limits(end), any, variable.low),
                  plain_value(profile, system.limits(end), any, variable.high));
}

EndState read_end(const PlainSystem& system, int end, const Json& value, const std::string& pointer) {
    const Profile& profile = system.profile(end);
    object(value, pointer, {"state", "variables", "timers"});
    Words states, names, timers;
    for (const StateDecl& state : profile.states) states.push_back(state.name);
    for (const Variable& variable : profile.variables) names.push_back(variable.name);
    for (const TimerDecl& timer : profile.timers) {
        if (!timer.runs_while) timers.push_back(timer.name);  // whether the others run follows from the rest
    }
    EndState read = plain_initial(profile);
    read.state = word(value.at("state"), pointer + "/state", states);
    const Json& variables = object(value.at("variables"), pointer + "/variables", names);
    for (std::size_t i = 0; i < names.size(); ++i)
        read.values[i] =
            read_value(system, end, profile.variables[i], variables.at(names[i]), pointer + "/variables/" + names[i]);
    const std::string place = pointer + "/timers/#set";
    const Json& running = object(value.at("timers"), pointer + "/timers", {"#set"}).at("#set");
    const auto timer = [&](const Json& one, const std::string& at) { return timers[word(one, at, timers)]; };
    read.armed.assign(profile.timers.size(), false);
    for (const std::string& name : list(running, place, timer)) {
        if (read.armed[profile.timer(name)]) refuse(place, "'" + name + "' stands there twice");
        read.armed[profile.timer(name)] = true;
    }
    return read;
}

// All of a step but the states after it; `first` is the state before all steps.
TraceStep read_step(const Json& value, const std::string& pointer, bool first, const SegmentForm& form) {
    const auto segment = [&](const Json& one, const std::string& at) { return read_segment(one, at, form); };
    object(value, pointer, {"kind", "end", "name", "segment", "sent", "rules", "signals", "result"});
    TraceStep step;
    const int kind = word(value.at("kind"), pointer + "/kind", first ? Words{"start"} : kinds);
    step.kind = static_cast<TraceStep::Kind>(kind);
    step.end = word(value.at("end"), pointer + "/end", first ? Words{""} : ends);
    step.name = text(value.at("name"), pointer + "/name");
    step.segment = segment(value.at("segment"), pointer + "/segment");
    step.sent = list(value.at("sent"), pointer + "/sent", segment);
    step.rules = list(value.at("rules"), pointer + "/rules", text);
    step.signals = list(value.at("signals"), pointer + "/signals", text);
    step.result = text(value.at("result"), pointer + "/result");
    if (first && step != TraceStep{}) refuse(pointer, "nothing has happened before the first state");
    return step;
}

// The state at this index of `states`, as a step that leads to it.
TraceStep read_state(const PlainSystem& system, const Json& value, const std::string& pointer, std::size_t index) {
    Words names = {"#meta"};
    names.insert(names.end(), state_variables.begin(), state_variables.end());
    object(value, pointer, names);
    const Json& place = object(value.at("#meta"), pointer + "/#meta", {"index"}).at("index");
    if (!place.is_number_unsigned() || place.get<std::size_t>() != index)
        refuse(pointer + "/#meta/index", "must be " + std::to_string(index));
    const SegmentForm form = form_of(system);
    const auto segment = [&](const Json& one, const std::string& at) { return read_segment(one, at, form); };
    TraceStep step = read_step(value.at("step"), pointer + "/step", index == 0, form);
    for (int end = 0; end < 2; ++end) {
        step.after.end[end] = read_end(system, end, value.at(ends[end]), pointer + "/" + ends[end]);
        const std::string flight = "from_" + ends[end];
        step.after.flight[end] = list(value.at(flight), pointer + "/" + flight, segment);
        if (static_cast<int>(step.after.flight[end].size()) > system.decl().network.capacity)
            refuse(pointer + "/" + flight, "more than the system's network holds");
    }
    step.after.losses = number(value.at("losses"), pointer + "/losses", 0, most_counted - 1);
    step.after.duplicates = number(value.at("duplicates"), pointer + "/duplicates", 0, most_counted - 1);
    return step;
}

// A trace of another system, or of other profiles at its ends, could be read by chance and mean something else.
void check_meta(const PlainSystem& system, const Json& meta) {
    object(meta, "/#meta", {"format", "format-description", "description", "system", "profiles"});
    word(meta.at("format"), "/#meta/format", {"ITF"});
    text(meta.at("format-description"), "/#meta/format-description");
    text(meta.at("description"), "/#meta/description");
    const std::string name = text(meta.at("system"), "/#meta/system");
    if (name != system.decl().name)
        refuse("/#meta/system", "a trace of system '" + name + "', not of '" + system.decl().name + "'");
    const Words profiles = list(meta.at("profiles"), "/#meta/profiles", text);
    if (profiles != Words{system.profile(0).name, system.profile(1).name})
        refuse("/#meta/profiles", "must be [\"" + system.profile(0).name + "\", \"" + system.profile(1).name + "\"]");
}

// ADR-015: the run is the states up to the last one, and then those from the index `loop` on, again and again. The step
// into that state must be possible out of the last one: it is where the loop was entered.
int read_loop(const Json& value, const Trace& trace) {
    const std::size_t last = trace.steps.size();
    if (!value.is_number_unsigned() || value.get<std::size_t>() < 1 || value.get<std::size_t>() > last)
        refuse("/loop", "must be an integer in 1.." + std::to_string(last));
    const int from = value.get<int>() - 1;
    const Snapshot& before = from == 0 ? trace.initial : trace.steps[static_cast<std::size_t>(from) - 1].after;
    if (before != trace.last())
        refuse("/loop", "the last state is not the same as state " + std::to_string(from) + ", before the loop");
    return from;
}

Trace read_trace(const PlainSystem& system, const Json& document) {
    const bool lasso = document.is_object() && document.contains("loop");
    object(document, "", lasso ? Words{"#meta", "vars", "states", "loop"} : Words{"#meta", "vars", "states"});
    check_meta(system, document.at("#meta"));
    if (list(document.at("vars"), "/vars", text) != state_variables)
        refuse("/vars", "must be " + Json(state_variables).dump());
    std::size_t index = 0;
    const auto state = [&](const Json& one, const std::string& at) { return read_state(system, one, at, index++); };
    std::vector<TraceStep> states = list(document.at("states"), "/states", state);
    if (states.empty()) refuse("/states", "must have a state");
    Trace trace;
    trace.system = system.decl().name;
    trace.initial = states.front().after;
    trace.steps.assign(std::make_move_iterator(states.begin() + 1), std::make_move_iterator(states.end()));
    if (lasso) trace.loop_from = read_loop(document.at("loop"), trace);
    return trace;
}

}  // namespace

std::string to_itf(const PlainSystem& system, const Trace& trace, const std::string& description) {
    Json document = {{"#meta",
                      {{"format", "ITF"},
                       {"format-description", format_page},
                       {"description", description},
                       {"system", trace.system},
                       {"profiles", {system.profile(0).name, system.profile(1).name}}}},
                     {"vars", state_variables},
                     {"states", Json::array()}};
    Json& states = document["states"];
    states.push_back(state_json(system, trace.initial, nullptr, 0));
    for (const TraceStep& step : trace.steps) states.push_back(state_json(system, step.after, &step, states.size()));
    // The state after the last step is the one before the loop: the next one of the run is the one behind that.
    if (trace.loop_from >= 0) document["loop"] = trace.loop_from + 1;
    std::string out;
    print(document, "", out);
    return out + "\n";
}

std::string to_itf(const TestVector& vector) {
    Json document = {{"#meta",
                      {{"format", "ITF"},
                       {"format-description", format_page},
                       {"description", vector.id + ": " + vector.goal},
                       {"system", vector.system},
                       {"profiles", Json::array({vector.profile})}}},
                     {"vars", {"step", "must_come", "may_come", "iut", "signals", "earliest_us"}},
                     {"states", Json::array()}};
    Json& states = document["states"];
    states.push_back(vector_state_json(nullptr, {}, 0));
    const std::vector<StepTimes> times = timeline(vector, Moment::earliest);
    for (std::size_t i = 0; i < vector.steps.size(); ++i)
        states.push_back(vector_state_json(&vector.steps[i], times[i], i + 1));
    std::string out;
    print(document, "", out);
    return out + "\n";
}

Trace trace_from_itf(const PlainSystem& system, const std::string& source) {
    try {
        return read_trace(system, parse(source));
    } catch (const Refused& refused) {
        throw TraceFormatError(refused.what());
    }
}

}  // namespace lastack
