// Vectors to JSON and back. docs/vector-schema.json says the same for other programs.
//
// The reader takes nothing for granted: each member is asked for by name, type and range, and whatever was not asked
// for is refused. Two things only the reader checks, because JSON Schema cannot say them: a window that ends before
// it begins, and one that is counted from a step that is not earlier. It also wants integers without a fraction or an
// exponent, and members that occur once.
#include "generators/vector_json.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

#include "generators/json_reading.h"
#include "generators/json_text.h"
#include "model/spec.h"

namespace lastack {
namespace {

using namespace json_reading;
using Words = std::vector<std::string>;

constexpr std::int64_t longest_us = 1'000'000'000'000;  // eleven days: sums of many stay far from overflow
constexpr std::int64_t largest_u32 = 0xffffffff;
constexpr std::int64_t longest_payload = 65455;  // what a datagram holds beside the longest headers
constexpr std::int64_t largest_int = 0x7fffffff;

// Words of enumerations stand in the order of their enumerators.
const Words kinds = {"call", "send", "wait"};
const Words results = {"ok",
                       "eof",
                       "reset",
                       "timeout",
                       "refused",
                       "pipe",
                       "not_connected",
                       "closing",
                       "blocked",
                       "in_out",
                       "out",
                       "in_out_rdhup",
                       "in_out_rdhup_hup",
                       "in_out_rdhup_hup_err"};
const Words other_result_words = [] {
    Words words = results;
    words.emplace_back("would_block");
    return words;
}();
const Words returned_words = {"text", "eof", "reset", "timeout", "closed"};
const Words begins = {"established", "closed"};
const Words events = {"opening", "action", "completion"};
const Words thens = {"go_on", "inconclusive"};
const Words signal_words = {"eof", "reset", "timeout", "refused"};
const Words option_words = {"sack", "timestamps", "window_scale"};
const Words senses = {"witness", "counterexample", "goal"};

// One string and not four flags: a segment then fits on one line, and reads as it does everywhere else.
std::string flags_text(const WireSegment& segment) {
    std::string text;
    const auto add = [&text](bool present, const char* name) {
        if (present) text += (text.empty() ? "" : ",") + std::string(name);
    };
    add(segment.syn, "SYN");
    add(segment.fin, "FIN");
    add(segment.rst, "RST");
    add(segment.has_ack, "ACK");
    return text;
}

bool begins_otherwise(const TestVector& vector) { return vector.begin != TestVector::Begin::established; }

std::string format_name(bool other_begin) {
    return "lastack-vector/" +
           std::to_string(other_begin ? TestVector::format_of_other_begin : TestVector::format_version);
}

// A vector on one line.
class VectorLine {
public:
    std::string of(const TestVector& vector) {
        out_.begin_object();
        member("format", format_name(begins_otherwise(vector)));
        member("id", vector.id);
        member("goal", vector.goal);
        all("claims", vector.claims);
        if (begins_otherwise(vector)) member("begin", begins[static_cast<std::size_t>(vector.begin)]);
        flag("refuted_expected", vector.refuted_expected);
        some("unproduced", vector.unproduced);
        member("clauses", vector.clauses.get());
        map("rules", vector.rules);
        member("profile", vector.profile);
        member("subject", vector.subject);
        member("system", vector.system);
        member("endpoint", vector.endpoint);
        map("limits", vector.limits);
        all("settings", vector.settings);
        member("ip", vector.ip);
        member("unit_bytes", vector.unit_bytes);
        member("window", vector.window);
        member("options", vector.options.get());
        member("tester_isn", std::int64_t{vector.tester_isn});
        member("settle_us", vector.settle_us);
        member("settled_states", vector.settled_states);
        all("steps", vector.steps);
        out_.end_object();
        return out_.take();
    }

private:
    void put(std::string_view value) { out_.string(value); }
    void put(std::int64_t value) { out_.number(value); }
    void put(const Words& values) { out_.strings(values); }

    template <class Value>
    void member(std::string_view name, const Value& value) {
        out_.name(name);
        put(value);
    }
    template <class Values>
    void all(std::string_view name, const Values& values) {
        out_.name(name);
        out_.begin_array();
        for (const auto& value : values) put(value);
        out_.end_array();
    }
    // What is seldom so is written only where it is so.
    void flag(std::string_view name, bool value) {
        if (!value) return;
        out_.name(name);
        out_.yes();
    }
    void some(std::string_view name, const Words& values) {
        if (!values.empty()) member(name, values);
    }

    void put(const WireSegment& segment) {
        out_.begin_object();
        member("flags", flags_text(segment));
        member("seq", segment.seq);
        member("ack", segment.ack);
        member("len", segment.len);
        flag("zero_window", segment.zero_window);
        flag("from_right", segment.from_right);
        flag("ack_from_right", segment.ack_from_right);
        out_.end_object();
    }

    void window(const Window& window) {
        member("earliest_us", window.earliest_us);
        member("latest_us", window.latest_us);
        if (window.since == Anchor{}) return;
        out_.name("since");
        out_.begin_object();
        member("event", events[static_cast<std::size_t>(window.since.event)]);
        if (window.since.event != Anchor::Event::opening) member("step", window.since.step);
        out_.end_object();
    }

    void put(const Expected& expected) {
        out_.begin_object();
        member("segment", expected.segment);
        window(expected.window);
        member("rule", expected.rule);
        flag("optional", expected.optional);
        out_.end_object();
    }

    void put(const Alternative& alternative) {
        out_.begin_object();
        member("segment", alternative.segment);
        window(alternative.window);
        member("then", thens[static_cast<std::size_t>(alternative.then)]);
        member("rule", alternative.rule);
        out_.end_object();
    }

    // Only what the kind has a use for is written; to_json sees to it that nothing else was there.
    void put(const VectorStep& step) {
        out_.begin_object();
        member("kind", kinds[static_cast<std::size_t>(step.kind)]);
        if (step.kind == VectorStep::Kind::call) {
            member("call", step.call);
            if (moves_text(step.call)) member("bytes", step.bytes);
            member("result", step.result);
            some("other_results", step.other_results);
        } else if (step.kind == VectorStep::Kind::send) {
            member("segment", step.segment);
        } else {
            member("timer", step.timer);
            window(step.window);
        }
        all("expect", step.expect);
        all("alternatives", step.alternatives);
        member("states", step.states);
        some("other_states", step.other_states);
        if (!step.returned.empty()) member("returned", step.returned);
        flag("returned_optional", step.returned_optional);
        member("signals", step.signals);
        flag("signals_optional", step.signals_optional);
        member("note", step.note);
        member("rules", step.rules);
        out_.end_object();
    }

    void put(const VectorClaim& claim) {
        out_.begin_object();
        member("id", claim.id);
        member("sense", senses[static_cast<std::size_t>(claim.sense)]);
        member("sentence", claim.sentence);
        out_.end_object();
    }

    void put(const std::pair<std::string, std::string>& setting) {
        out_.begin_object();
        member("name", setting.first);
        member("value", setting.second);
        out_.end_object();
    }

    template <class Map>
    void map(std::string_view name, const Map& values) {
        out_.name(name);
        out_.begin_object();
        for (const auto& [key, value] : values) member(key, value);
        out_.end_object();
    }

    JsonText out_;
};

// Two blanks a level, as the library prints, but what holds only plain values stands on one line: a segment and a list
// of words are read at a glance, and a difference between two vectors is a difference of few lines.
void print(const Json& value, const std::string& indent, std::string& out) {
    if (!value.is_structured()) {
        out += value.dump();
        return;
    }
    const bool flat = std::none_of(value.begin(), value.end(), [](const Json& one) { return one.is_structured(); });
    const bool one_line = flat && value.dump().size() <= 90;
    const std::string inner = indent + "  ";
    bool first = true;
    out += value.is_object() ? '{' : '[';
    for (const auto& [name, element] : value.items()) {
        if (!first) out += one_line ? ", " : ",";
        if (!one_line) out += "\n" + inner;
        if (value.is_object()) out += Json(name).dump() + ": ";
        print(element, inner, out);
        first = false;
    }
    if (!one_line) out += "\n" + indent;
    out += value.is_object() ? '}' : ']';
}

// A name as a part of a JSON pointer (RFC 6901 3).
std::string pointer_part(const std::string& name) {
    std::string part = "/";
    for (const char c : name) part += c == '~' ? std::string("~0") : c == '/' ? std::string("~1") : std::string(1, c);
    return part;
}

// Each of the readers below gets a value with its JSON pointer, and throws with that pointer where it finds fault.
std::int64_t number(const Json& value, const std::string& pointer, std::int64_t low, std::int64_t high) {
    if (!value.is_number_integer()) refuse(pointer, "must be an integer");
    // A number above 2^63 is unsigned in the parser and would turn negative.
    const bool huge = value.is_number_unsigned() && value.get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX);
    const std::int64_t read = huge ? INT64_MAX : value.get<std::int64_t>();
    if (read < low || read > high) {
        refuse(pointer, value.dump() + " is not in " + std::to_string(low) + ".." + std::to_string(high));
    }
    return read;
}

std::string word(const Json& value, const std::string& pointer, const Words& allowed) {
    std::string read = text(value, pointer);
    if (std::find(allowed.begin(), allowed.end(), read) != allowed.end()) return read;
    std::string list;
    for (const std::string& one : allowed) list += (list.empty() ? "" : ", ") + one;
    refuse(pointer, "'" + read + "' is none of: " + list);
}

Words texts(const Json& value, const std::string& pointer) { return list(value, pointer, text); }

Words words(const Json& value, const std::string& pointer, const Words& allowed) {
    Words read = list(value, pointer, [&](const Json& one, const std::string& at) { return word(one, at, allowed); });
    for (std::size_t i = 0; i < read.size(); ++i) {
        if (std::count(read.begin(), read.end(), read[i]) > 1) refuse(pointer, "'" + read[i] + "' stands there twice");
    }
    return read;
}

// An object whose members are asked for one by one; done() refuses what nobody asked for.
// A class, because the last question ('was that all?') needs the memory of those before.
class Members {
public:
    Members(const Json& value, std::string pointer) : value_(value), pointer_(std::move(pointer)) {
        if (!value.is_object()) refuse(pointer_, "must be an object");
    }
    const Json& operator[](const char* name) {
        const auto found = value_.find(name);
        if (found == value_.end()) refuse(pointer_, "member '" + std::string(name) + "' is missing");
        asked_.push_back(name);
        return *found;
    }
    bool has(const char* name) const { return value_.contains(name); }
    std::string at(const char* name) const { return pointer_ + "/" + name; }
    std::string read_text(const char* name) { return text((*this)[name], at(name)); }
    std::string read_word(const char* name, const Words& allowed) { return word((*this)[name], at(name), allowed); }
    std::int64_t read_number(const char* name, std::int64_t low, std::int64_t high) {
        return number((*this)[name], at(name), low, high);
    }
    // False where there is no such member.
    bool read_flag(const char* name) {
        if (!has(name)) return false;
        const Json& value = (*this)[name];
        if (!value.is_boolean()) refuse(at(name), "must be true or false");
        return value.get<bool>();
    }
    // Empty where there is no such member.
    Words read_optional_words(const char* name, const Words& allowed) {
        return has(name) ? words((*this)[name], at(name), allowed) : Words{};
    }
    void done() const {
        for (const auto& member : value_.items()) {
            if (std::find(asked_.begin(), asked_.end(), member.key()) == asked_.end())
                refuse(pointer_ + pointer_part(member.key()), "unknown member");
        }
    }

private:
    const Json& value_;
    std::string pointer_;
    std::vector<std::string_view> asked_;
};

enum class Sender { tester, iut };

WireSegment read_segment(const Json& value, const std::string& pointer, Sender sender) {
    Members members(value, pointer);
    WireSegment segment;
    const std::string flags = members.read_text("flags");
    std::size_t begin = 0;  // one spelling for each set of flags
    const auto comes = [&](const std::string& name) {
        const bool here = flags.compare(begin, name.size(), name) == 0;
        if (here) begin = std::min(begin + name.size() + 1, flags.size());
        return here;
    };
    segment.syn = comes("SYN");
    segment.fin = comes("FIN");
    segment.rst = comes("RST");
    segment.has_ack = comes("ACK");
    if (flags_text(segment) != flags)
        refuse(members.at("flags"), "'" + flags + "' is not a list of SYN,FIN,RST,ACK in this order");
    segment.seq = members.read_number("seq", -largest_u32, largest_u32);
    segment.ack = members.read_number("ack", -largest_u32, largest_u32);
    segment.len = static_cast<int>(members.read_number("len", 0, longest_payload));
    segment.zero_window = members.read_flag("zero_window");
    (sender == Sender::tester ? segment.from_right : segment.ack_from_right) =
        members.read_flag(sender == Sender::tester ? "from_right" : "ack_from_right");
    members.done();
    return segment;
}

// `index` is that of the step that the window belongs to: it may be counted only from what was before.
Anchor read_anchor(const Json& value, const std::string& pointer, std::int64_t index) {
    Members members(value, pointer);
    Anchor anchor;
    const std::string event = members.read_word("event", events);
    anchor.event = static_cast<Anchor::Event>(std::find(events.begin(), events.end(), event) - events.begin());
    if (anchor.event != Anchor::Event::opening) {
        anchor.step = static_cast<int>(members.read_number("step", 0, largest_int));
        if (anchor.step >= index)
            refuse(members.at("step"), "step " + std::to_string(anchor.step) + " is not an earlier step");
    }
    members.done();
    return anchor;
}

Window read_window(Members& members, std::int64_t index) {
    Window window;
    window.earliest_us = members.read_number("earliest_us", 0, longest_us);
    window.latest_us = members.read_number("latest_us", 0, longest_us);
    if (window.latest_us < window.earliest_us) refuse(members.at("latest_us"), "the window ends before it begins");
    if (members.has("since")) window.since = read_anchor(members["since"], members.at("since"), index);
    return window;
}

Expected read_expected(const Json& value, const std::string& pointer, std::int64_t index) {
    Members members(value, pointer);
    Expected expected;
    expected.segment = read_segment(members["segment"], members.at("segment"), Sender::iut);
    expected.window = read_window(members, index);
    expected.rule = members.read_text("rule");
    expected.optional = members.read_flag("optional");
    members.done();
    return expected;
}

Alternative read_alternative(const Json& value, const std::string& pointer, std::int64_t index) {
    Members members(value, pointer);
    Alternative alternative;
    alternative.segment = read_segment(members["segment"], members.at("segment"), Sender::iut);
    alternative.window = read_window(members, index);
    alternative.then =
        members.read_word("then", thens) == "go_on" ? Alternative::Then::go_on : Alternative::Then::inconclusive;
    alternative.rule = members.read_text("rule");
    members.done();
    return alternative;
}

VectorStep read_step(const Json& value, const std::string& pointer, std::int64_t index) {
    Members members(value, pointer);
    VectorStep step;
    const std::string kind = members.read_word("kind", kinds);
    if (kind == "call") {
        step.kind = VectorStep::Kind::call;
        step.call = members.read_word("call", vector_calls);
        if (moves_text(step.call)) step.bytes = static_cast<int>(members.read_number("bytes", 0, largest_int));
        step.result = members.read_word("result", results);
        step.other_results = members.read_optional_words("other_results", other_result_words);
    } else if (kind == "send") {
        step.kind = VectorStep::Kind::send;
        step.segment = read_segment(members["segment"], members.at("segment"), Sender::tester);
    } else {
        step.kind = VectorStep::Kind::wait;
        step.timer = members.read_text("timer");
        step.window = read_window(members, index);
    }
    step.expect = list(members["expect"], members.at("expect"),
                       [index](const Json& one, const std::string& at) { return read_expected(one, at, index); });
    step.alternatives =
        list(members["alternatives"], members.at("alternatives"),
             [index](const Json& one, const std::string& at) { return read_alternative(one, at, index); });
    step.states = words(members["states"], members.at("states"), known_states);
    step.other_states = members.read_optional_words("other_states", known_states);
    if (members.has("returned")) step.returned = members.read_word("returned", returned_words);
    step.returned_optional = members.read_flag("returned_optional");
    step.signals = words(members["signals"], members.at("signals"), signal_words);
    step.signals_optional = members.read_flag("signals_optional");
    step.note = members.read_text("note");
    step.rules = texts(members["rules"], members.at("rules"));
    members.done();
    return step;
}

// Settings end up in commands, so nothing that a shell could understand may be in them.
bool is_plain(const std::string& text_read, const std::string& others) {
    return std::all_of(text_read.begin(), text_read.end(), [&others](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               others.find(c) != std::string::npos;
    });
}

std::pair<std::string, std::string> read_setting(const Json& value, const std::string& pointer) {
    Members members(value, pointer);
    std::pair<std::string, std::string> setting = {members.read_text("name"), members.read_text("value")};
    if (setting.first.empty() || !is_plain(setting.first, "_.-"))
        refuse(members.at("name"), "must be letters, digits, '_', '.', '-'");
    if (!is_plain(setting.second, "_.-+:,/ "))
        refuse(members.at("value"), "must be letters, digits, spaces, or one of _.-+:,/");
    members.done();
    return setting;
}

VectorClaim read_claim(const Json& value, const std::string& pointer) {
    Members members(value, pointer);
    VectorClaim claim;
    claim.id = members.read_text("id");
    if (claim.id.empty()) refuse(members.at("id"), "must not be empty");
    const std::string sense = members.read_word("sense", senses);
    claim.sense = static_cast<VectorClaim::Sense>(std::find(senses.begin(), senses.end(), sense) - senses.begin());
    claim.sentence = members.read_text("sentence");
    members.done();
    return claim;
}

std::map<std::string, int> read_limits(const Json& value, const std::string& pointer) {
    if (!value.is_object()) refuse(pointer, "must be an object");
    std::map<std::string, int> limits;
    for (const auto& [name, limit] : value.items())
        limits[name] = static_cast<int>(number(limit, pointer + pointer_part(name), -largest_int, largest_int));
    return limits;
}

std::map<std::string, std::string> read_rules(const Json& value, const std::string& pointer) {
    if (!value.is_object()) refuse(pointer, "must be an object");
    std::map<std::string, std::string> rules;
    for (const auto& [name, clause] : value.items()) rules[name] = text(clause, pointer + pointer_part(name));
    return rules;
}

// An earlier format is not read: what it leaves out cannot be made up. A vector that begins elsewhere than in
// ESTABLISHED has a format of its own: who reads format 2 and passes over what it does not know would open a connection
// first.
TestVector::Begin read_format(Members& members) {
    const std::string format = members.read_text("format");
    if (format == "lastack-vector/1")
        refuse(members.at("format"), "made by an older lastack: format 1; generate it again");
    if (members.read_word("format", {format_name(false), format_name(true)}) == format_name(false))
        return TestVector::Begin::established;
    members.read_word("begin", {begins[static_cast<std::size_t>(TestVector::Begin::closed)]});
    return TestVector::Begin::closed;
}

TestVector read_vector(const Json& document) {
    Members members(document, "");
    TestVector vector;
    vector.begin = read_format(members);
    vector.id = members.read_text("id");
    if (vector.id.empty()) refuse(members.at("id"), "must not be empty");
    vector.goal = members.read_text("goal");
    vector.claims = list(members["claims"], members.at("claims"), read_claim);
    vector.refuted_expected = members.read_flag("refuted_expected");
    if (members.has("unproduced")) vector.unproduced = texts(members["unproduced"], members.at("unproduced"));
    vector.clauses = texts(members["clauses"], members.at("clauses"));
    vector.rules = read_rules(members["rules"], members.at("rules"));
    vector.profile = members.read_text("profile");
    vector.subject = members.read_text("subject");
    vector.system = members.read_text("system");
    vector.endpoint = members.read_text("endpoint");
    vector.limits = read_limits(members["limits"], members.at("limits"));
    vector.settings = list(members["settings"], members.at("settings"), read_setting);
    vector.ip = static_cast<int>(members.read_number("ip", 4, 6));
    if (vector.ip == 5) refuse(members.at("ip"), "must be 4 or 6");
    vector.unit_bytes = static_cast<int>(members.read_number("unit_bytes", 1, longest_payload));
    vector.window = static_cast<int>(members.read_number("window", 0, 65535));
    vector.options = words(members["options"], members.at("options"), option_words);
    vector.tester_isn = static_cast<std::uint32_t>(members.read_number("tester_isn", 0, largest_u32));
    vector.settle_us = members.read_number("settle_us", 0, longest_us);
    vector.settled_states = words(members["settled_states"], members.at("settled_states"), known_states);
    std::int64_t index = 0;
    vector.steps = list(members["steps"], members.at("steps"),
                        [&index](const Json& one, const std::string& at) { return read_step(one, at, index++); });
    for (std::size_t i = 0; vector.begin == TestVector::Begin::established && i < vector.steps.size(); ++i) {
        const std::string& call = vector.steps[i].call;
        if (call == "open" || call == "listen")
            refuse(members.at("steps") + pointer_part(std::to_string(i)) + "/call",
                   "'" + call + "' is none of a vector that begins in ESTABLISHED");
    }
    members.done();
    return vector;
}

// Would the readers above make the same vector of what is written of this one? A quick look, for the many: where it
// says yes they do (tests/generators/vector_json_test.cpp); who fails it is read, for the reason.
class Carried {
public:
    explicit Carried(const TestVector& vector) : vector_(vector) {}
    bool all() const {
        bool fine = !vector_.id.empty() && (vector_.ip == 4 || vector_.ip == 6) &&
                    are(vector_.settled_states, known_states) && in(vector_.settle_us, 0, longest_us) &&
                    in(vector_.unit_bytes, 1, longest_payload) && in(vector_.window, 0, 65535) &&
                    are(vector_.options, option_words);
        for (const VectorClaim& claim : vector_.claims) fine = fine && !claim.id.empty();
        for (const auto& [name, limit] : vector_.limits) fine = fine && in(limit, -largest_int, largest_int);
        for (const auto& [name, value] : vector_.settings)
            fine = fine && !name.empty() && is_plain(name, "_.-") && is_plain(value, "_.-+:,/ ");
        for (std::size_t i = 0; fine && i < vector_.steps.size(); ++i) fine = step(vector_.steps[i], i);
        return fine;
    }

private:
    static bool in(std::int64_t value, std::int64_t low, std::int64_t high) { return value >= low && value <= high; }
    static bool is(const std::string& one, const Words& allowed) {
        return std::find(allowed.begin(), allowed.end(), one) != allowed.end();
    }
    static bool are(const Words& all, const Words& allowed) {
        return std::all_of(all.begin(), all.end(), [&](const std::string& one) {
            return is(one, allowed) && std::count(all.begin(), all.end(), one) == 1;
        });
    }
    static bool segment(const WireSegment& one) {
        return in(one.seq, -largest_u32, largest_u32) && in(one.ack, -largest_u32, largest_u32) &&
               in(one.len, 0, longest_payload);
    }
    static bool window(const Window& one, std::size_t index) {
        return in(one.earliest_us, 0, longest_us) && in(one.latest_us, one.earliest_us, longest_us) &&
               (one.since == Anchor{} || (one.since.event == Anchor::Event::opening
                                              ? one.since.step == -1
                                              : in(one.since.step, 0, static_cast<std::int64_t>(index) - 1)));
    }
    // Nothing that its kind has no use for, which would not be written.
    static bool has_its_own(const VectorStep& one) {
        const bool calls = one.kind == VectorStep::Kind::call, sends = one.kind == VectorStep::Kind::send;
        return (calls || (one.call.empty() && one.result == "ok" && one.other_results.empty())) &&
               (calls && moves_text(one.call) ? in(one.bytes, 0, largest_int) : one.bytes == 0) &&
               (sends ? !one.segment.ack_from_right : one.segment == WireSegment{}) &&
               ((!calls && !sends) || (one.timer.empty() && one.window == Window{}));
    }
    bool step(const VectorStep& one, std::size_t i) const {
        bool fine = has_its_own(one) && are(one.states, known_states) && are(one.other_states, known_states) &&
                    are(one.signals, signal_words) && are(one.other_results, other_result_words) &&
                    (one.returned.empty() || is(one.returned, returned_words));
        if (one.kind == VectorStep::Kind::call) {
            const bool opens = one.call == "open" || one.call == "listen";
            fine =
                fine && is(one.call, vector_calls) && is(one.result, results) && (!opens || begins_otherwise(vector_));
        }
        if (one.kind == VectorStep::Kind::send) fine = fine && segment(one.segment);
        if (one.kind == VectorStep::Kind::wait) fine = fine && window(one.window, i);
        for (const Expected& expected : one.expect)
            fine = fine && segment(expected.segment) && !expected.segment.from_right && window(expected.window, i);
        for (const Alternative& other : one.alternatives)
            fine = fine && segment(other.segment) && !other.segment.from_right && window(other.window, i);
        return fine;
    }

    const TestVector& vector_;
};

// A vector that could not be read back the same is a mistake of whoever made it; better found here than on a run.
std::string checked_line_of(const TestVector& vector) {
    try {
        std::string line = VectorLine().of(vector);
        if (!Carried(vector).all() && read_vector(parse(line)) != vector)
            throw std::invalid_argument("a step has a field that is not of its kind");
        return line;
    } catch (const std::exception& error) {
        throw std::invalid_argument("vector '" + vector.id + "' cannot be written: " + error.what());
    }
}

}  // namespace

std::string to_json(const TestVector& vector) {
    std::string text;
    print(parse(checked_line_of(vector)), "", text);
    return text + "\n";
}

std::string to_json_line(const TestVector& vector) { return checked_line_of(vector) + "\n"; }

std::string why_not_carried(const TestVector& vector) {
    if (Carried(vector).all()) return "";
    try {
        read_vector(parse(VectorLine().of(vector)));
        return "";
    } catch (const Refused& error) {
        return std::string("a vector cannot carry it: ") + error.what();
    }
}

TestVector vector_from_json(const std::string& source) {
    try {
        return read_vector(parse(source));
    } catch (const Refused& refused) {
        throw VectorFormatError(refused.what());
    }
}

}  // namespace lastack
