// The command `lastack`: reads the arguments, calls one verb.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>
#include <sstream>
#include <utility>
#include <vector>

#include "checker/mutation/mutants.h"
#include "checker/suites/goals.h"
#include "cli/command_texts.h"
#include "cli/doctor.h"
#include "cli/duration.h"
#include "cli/refuted.h"
#include "cli/reports.h"
#include "cli/session.h"
#include "cli/vector_files.h"
#include "cli/verbs.h"
#include "harness/adapter_link.h"
#include "harness/targets.h"
#include "model/diagnostic.h"
#include "model/names_told.h"
#include "report/check_text.h"

namespace {

using namespace lastack;

constexpr const char* exit_codes = "Exit codes: 0 all as expected; 10 vacuous (no claims, or one whose premise is\n"
                                   "never true; no TCP in a capture); 11 deadlock; 12 safety; 13 liveness; 20\n"
                                   "conformance, a known deviation that is gone, two profiles that differ, a close\n"
                                   "that is no behaviour, or files that fmt --check would change; 21 inconclusive\n"
                                   "only; 30 unknown, a limit was hit, interrupted, the time of --timeout was\n"
                                   "over, or what --require names was not driven; 64 usage; 65 bad input, or a\n"
                                   "file that cannot be written; 70 internal; 77 skipped. A claim that fails where\n"
                                   "its spec expects it to is as expected.";

// CLI::PositiveNumber names the largest double in its message; NaN passes it.
CLI::Validator positive_up_to(double most, const std::string& most_in_words) {
    return {[most, most_in_words](std::string& text) -> std::string {
                double value = 0;
                if (CLI::detail::lexical_cast(text, value) && value > 0 && value <= most) return {};
                return "'" + text + "' is not a number above 0 and up to " + most_in_words;
            },
            "POSITIVE", "positive"};
}

CLI::Validator number_up_to(double most, const std::string& most_in_words) {
    return {[most, most_in_words](std::string& text) -> std::string {
                double value = 0;
                if (CLI::detail::lexical_cast(text, value) && value >= 0 && value <= most) return {};
                return "'" + text + "' is not a number from 0 to " + most_in_words;
            },
            "NUMBER", "number"};
}

// One value each time, so that what follows it is not taken for another one.
void add_settings(CLI::App& verb, const std::string& name, std::vector<std::string>& settings,
                  const std::string& about) {
    verb.add_option(name, settings, about)->allow_extra_args(false);
}

// What each verb takes that works on one spec. `name`: of the option with the spec, where the
// verb has another positional argument and can do without.
void add_spec_options(CLI::App& verb, SpecArguments& arguments, const std::string& name = "spec") {
    CLI::Option* const spec = verb.add_option(name, arguments.spec, "spec file; - is standard input");
    if (name == "spec") spec->required();
    verb.add_option("--profile", arguments.profile, "the profile in question (default: the file's last)");
    add_settings(verb, "--set", arguments.settings, "NAME=VALUE: a setting (several times)");
}

// `-` stands for standard output, which is no directory. "./-" is one.
CLI::Option* add_directory_option(CLI::App& verb, const std::string& names, std::string& directory,
                                  const std::string& about) {
    return verb.add_option(names, directory, about)->check([](const std::string& name) {
        return name == "-" ? "- is standard output, and a directory is wanted here" : "";
    });
}

void add_check_options(CLI::App& verb, CheckArguments& arguments) {
    add_spec_options(verb, arguments);
    verb.add_option("--claim", arguments.claims, "only this claim (may be given several times)")
        ->allow_extra_args(false);
    verb.add_option("--system", arguments.systems, "only this system (may be given several times)")
        ->allow_extra_args(false);
    verb.add_option("--max-states", arguments.max_states, "stop exploring a system at so many states")
        ->capture_default_str()
        ->check(positive_up_to(1e18, "10^18"));
    verb.add_option("--memory", arguments.memory, "end with a part where more is needed, e.g. 4GB")
        ->transform(CLI::AsSizeValue(false));
    verb.add_option("--threads", arguments.threads, "threads that explore; the answers are the same")
        ->capture_default_str()
        ->check(CLI::Range(1, 64));
    verb.add_flag("--traces", arguments.traces, "show witnesses, too, not only counterexamples");
}

void add_ip_option(CLI::App& verb, std::vector<int>& ip) {
    verb.add_option("--ip", ip, "IP versions of the vectors: 4, 6 (default: both)")
        ->check(CLI::IsMember({4, 6}))
        ->take_all();
}

void add_suite_options(CLI::App& verb, SuiteArguments& suite) {
    add_ip_option(verb, suite.ip);
    verb.add_flag("--cover", suite.cover, "a vector for each rule in each state, too");
    verb.add_option("--iut", suite.iut, "only vectors of this end: A, B (default: both)")
        ->check(CLI::IsMember({"A", "B"}));
    verb.add_option("--look", suite.look, "watch silence so many seconds, where none may end")
        ->capture_default_str()
        ->check(number_up_to(1e6, "10^6"));
}

std::vector<std::string> suite_names() {
    std::vector<std::string> names;
    for (const WalkSuite& suite : all_suites()) names.push_back(suite.name);
    return names;
}

// What vectors that walks are made of have in common. `of`: what they are for.
void add_walk_parts(CLI::App& verb, WalkArguments& walks, const std::string& of) {
    verb.add_option("--limit", walks.limits, of + "NAME=NUMBER (several times)")->allow_extra_args(false);
    verb.add_option("--also", walks.also_under, of + "NAME=VALUE: once more so (several)")->allow_extra_args(false);
    verb.add_flag("!--no-waits", walks.waits, of + "wait for no timer");
    verb.add_option("--unit", walks.unit, of + "bytes of a unit of text")
        ->capture_default_str()
        ->check(CLI::Range(1, 1400));
}

CLI::Option* add_walk_options(CLI::App& verb, WalkArguments& walks, const std::string& what) {
    CLI::Option* suite = verb.add_option("--suite", walks.suites, what)->allow_extra_args(false);
    verb.add_option("--only", walks.only, "goals so named, or vectors of a file");
    add_walk_parts(verb, walks, "of a suite: ");
    verb.add_option("--draw", walks.seed, "of a suite: which of alike inputs")->capture_default_str();
    return suite;
}

// CLI::IsMember lists all names in the help, too, where a line has no room for many.
CLI::Validator one_of(const std::vector<std::string>& names, const std::string& what) {
    return {[names, what](std::string& word) -> std::string {
                if (std::find(names.begin(), names.end(), word) != names.end()) return {};
                const std::string hint = did_you_mean(word, names);
                return "no " + what + " '" + word + "'" + (hint.empty() ? "" : ", " + hint) + "; there are " +
                       listed(names);
            },
            "NAME", named_choices(names)};
}

// The name of a suite, or several with commas between them: their union.
std::string suite_or_union(std::string& word) {
    std::istringstream names(word);
    for (std::string name; std::getline(names, name, ',');)
        if (std::string wrong = one_of(suite_names(), "suite")(name); !wrong.empty()) return wrong;
    try {
        suite_named(word);
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "";
}

// That, or a file of a saved one.
std::string suite_or_file(std::string& word) { return word.ends_with(".jsonl") ? "" : suite_or_union(word); }

std::vector<std::string> target_words() {
    std::vector<std::string> targets{"auto"};
    targets.insert(targets.end(), target_names.begin(), target_names.end());
    targets.emplace_back("linux-vm");
    return targets;
}

// A target by its name, a kernel in a virtual machine, or the place of an adapter.
std::string target_word(std::string& word) {
    try {
        if (adapter_place(word)) return "";
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    if (vm_kernel_word(word)) return "";
    return one_of(target_words(), "target")(word);
}

void add_drive_options(CLI::App& verb, DriveArguments& drive, const std::string& seed = "sim: of its lots") {
    verb.add_option("--target", drive.target, "linux, linux-vm[:KERNEL], sim, exec:CMD, unix:PATH")
        ->capture_default_str()
        ->check(CLI::Validator(target_word, "TARGET", named_choices(target_words())));
    verb.add_option("--require", drive.require, "exit 30 unless linux, lwip ... was really driven");
    verb.add_option("--longest", drive.longest, "skip vectors that may take longer, in seconds")
        ->capture_default_str()
        ->check(positive_up_to(1e9, "10^9"));
    verb.add_option("--company", drive.company, "other connections at each vector's side")
        ->check(positive_up_to(20, "20"));
    verb.add_option("--may", drive.may, "sim: choices never, always, by lot, or these rules")->delimiter(',');
    verb.add_option("--expiry", drive.expiry, "sim: when in their time timers expire")
        ->capture_default_str()
        ->check(CLI::IsMember({"early", "middle", "late", "lot"}));
    verb.add_option("--seed", drive.seed, seed)->capture_default_str();
}

void add_explain_options(CLI::App& verb, ExplainArguments& explain) {
    verb.add_option("--pcapng", explain.pcapng, "file: the packets of runs that did not pass");
    verb.add_flag("--faults", explain.faults, "mistakes in the profile that would look like this");
    verb.add_option("--mutants", explain.mutants, "--faults: specs with mistakes (several times)")
        ->allow_extra_args(false);
}

CLI::App* add_export(CLI::App& app, ExportArguments& arguments) {
    CLI::App* verb = app.add_subcommand("export", "a system for other checkers; its states");
    add_spec_options(*verb, arguments);
    verb->add_option("--system", arguments.system, "the system to write")->required();
    verb->add_option("--as", arguments.language, "promela, murphi, pins, tla; aut, dot; tchecker")
        ->required()
        ->check(CLI::IsMember({"promela", "murphi", "pins", "tla", "aut", "dot", "tchecker"}));
    verb->add_option("-o,--output", arguments.file, "file (default: standard output); pins, tla: folder");
    return verb;
}

void add_timeout_option(CLI::App& verb) {
    verb.add_option_function<std::string>(
            "--timeout", [](const std::string& word) { end_after(*duration_in(word)); },
            "end by then with what there is, exit 30: 90s, 5m")
        ->type_name("TIME")
        ->check([](const std::string& word) {
            return duration_in(word) ? "" : "'" + word + "' is no time such as 500ms, 90s, 5m, 1h";
        });
}

void add_report_option(CLI::App& verb, std::vector<std::string>& reports) {
    verb.add_option("--report", reports, "FORM=FILE: text json html junit sarif tap github")
        ->allow_extra_args(false)
        ->check(CLI::Validator(why_no_report, ""));
}

void add_page_option(CLI::App& verb, std::vector<std::string>& reports,
                     const std::string& about = "html=FILE: a page with pictures") {
    verb.add_option("--report", reports, about)->allow_extra_args(false)->check(CLI::Validator(why_no_page, ""));
}

CLI::App* add_check(CLI::App& app, CheckArguments& check) {
    CLI::App* verb = app.add_subcommand("check", "explore the systems of a spec, decide its claims");
    add_check_options(*verb, check);
    verb->add_flag("--coverage", check.coverage, "rules and clauses that no system exercises");
    verb->add_flag("--unbounded", check.unbounded, "prove invariants that hold for every bound, too");
    verb->add_flag("--symmetry", check.symmetry, "alike ends: count mirror images once");
    verb->add_flag("--fail-fast", check.fail_fast, "stop at the first answer that is not as expected");
    verb->add_flag("--json", check.json, "print one JSON document");
    add_report_option(*verb, check.reports);
    add_timeout_option(*verb);
    add_directory_option(*verb, "--save-traces", check.save_traces, "write each trace here: ITF, Mermaid, SVG");
    return verb;
}

CLI::App* add_prove(CLI::App& app, ProveArguments& arguments) {
    CLI::App* verb = app.add_subcommand("prove", "claims proved for every bound, with certificates");
    add_spec_options(*verb, arguments);
    verb->add_option("--claim", arguments.claims, "only this claim (may be given several times)")
        ->allow_extra_args(false);
    verb->add_option("--system", arguments.systems, "only this system (may be given several times)")
        ->allow_extra_args(false);
    verb->add_option("--timeout", arguments.seconds, "seconds for the claims of a system; then unknown")
        ->capture_default_str()
        ->check(positive_up_to(1e6, "10^6"));
    verb->add_option("--max-states", arguments.max_states, "look for a counterexample in so many states")
        ->capture_default_str()
        ->check(positive_up_to(1e18, "10^18"));
    add_directory_option(*verb, "--certificate", arguments.certificate, "directory for the proofs, as SMT-LIB");
    verb->add_flag("-v,--verbose", arguments.verbose, "show the invariant that a proof rests on");
    verb->add_flag("--json", arguments.json, "print one JSON document");
    return verb;
}

CLI::App* add_graph(CLI::App& app, GraphArguments& graph) {
    CLI::App* verb = app.add_subcommand("graph", "the endpoint's graph as DOT, with rules on edges");
    add_spec_options(*verb, graph);
    verb->add_flag("--local", graph.local, "a node for each local state, not control state");
    verb->add_option("-o,--output", graph.file, "file to write (default, and -: standard output)");
    return verb;
}

CLI::Validator a_time(bool zero) {
    return {[zero](std::string& word) {
                if ((zero && word == "0") || duration_in(word)) return std::string();
                return "'" + word + "' is no time such as 500ms, 90s, 5m, 1h";
            },
            "TIME"};
}

CLI::App* add_bounds(CLI::App& app, BoundsArguments& arguments) {
    CLI::App* verb = app.add_subcommand("bounds", "how long states and a close last, at most");
    add_spec_options(*verb, arguments);
    verb->add_option("--system", arguments.system, "the system (default: the first one of the spec)");
    verb->add_option("--state", arguments.state, "only this state of end A, with its longest run");
    verb->add_option("--losses", arguments.losses, "segments lost during a close, at most")
        ->capture_default_str()
        ->check(CLI::Range(0, 20));
    verb->add_option("--delay", arguments.delay, "a segment takes up to this (default: 100ms)")->check(a_time(true));
    verb->add_option("--horizon", arguments.horizon, "longer than this is not told apart")
        ->capture_default_str()
        ->check(a_time(false));
    verb->add_option("--max-zones", arguments.most_zones, "stop at so many zones")
        ->capture_default_str()
        ->check(positive_up_to(1e9, "10^9"));
    verb->add_flag("--runs", arguments.runs, "the run of each longest time");
    verb->add_flag("--json", arguments.json, "print one JSON document");
    CLI::Option* const claim =
        verb->add_option("--condition", arguments.condition, "instead: for which times does this claim hold?");
    verb->add_option("--parameter", arguments.parameters, "TIMER=LOW..HIGH, or delay=... (several times)")
        ->allow_extra_args(false)
        ->needs(claim);
    verb->add_option("--limit", arguments.limits, "NAME=NUMBER, of that system (several times)")
        ->allow_extra_args(false)
        ->needs(claim);
    add_timeout_option(*verb);
    return verb;
}

CLI::App* add_diff(CLI::App& app, DiffArguments& arguments) {
    CLI::App* verb = app.add_subcommand("diff", "what tells two profiles apart, as a vector");
    verb->add_option("a", arguments.spec_a, "spec file: its last profile is A")->required();
    verb->add_option("b", arguments.spec_b, "spec file: its last profile is B")->required();
    verb->add_option("--profile-a", arguments.profile_a, "another profile of the first file");
    verb->add_option("--profile-b", arguments.profile_b, "another profile of the second file");
    add_settings(*verb, "--set", arguments.settings, "NAME=VALUE: a setting of both (several times)");
    add_settings(*verb, "--set-a", arguments.settings_a, "NAME=VALUE: of the first file only");
    add_settings(*verb, "--set-b", arguments.settings_b, "NAME=VALUE: of the second file only");
    verb->add_option("--limit", arguments.limits, "NAME=NUMBER, for both (may be given several times)")
        ->allow_extra_args(false);
    verb->add_option("--call", arguments.calls, "only this call (may be given several times)")->allow_extra_args(false);
    verb->add_option("--units", arguments.highest_unit, "highest SEQ and ACK (default: what is used)")
        ->check(CLI::Range(0, 255));
    verb->add_option("--start", arguments.start, "control state in which both begin");
    verb->add_option("--max-states", arguments.max_states, "stop at so many local states of a profile")
        ->capture_default_str()
        ->check(positive_up_to(1e9, "10^9"));
    verb->add_flag("--states", arguments.states, "control states are observable");
    verb->add_flag("--all", arguments.all, "list every difference");
    verb->add_flag("--json", arguments.json, "print one JSON document");
    add_page_option(*verb, arguments.reports);
    add_directory_option(*verb, "-o,--output", arguments.directory, "directory for the vectors");
    add_ip_option(*verb, arguments.ip);
    return verb;
}

CLI::App* add_mutate(CLI::App& app, MutateArguments& arguments) {
    CLI::App* verb = app.add_subcommand("mutate", "change each rule: does some claim notice?");
    add_spec_options(*verb, arguments);
    verb->add_option("--system", arguments.systems, "only this system (may be given several times)")
        ->allow_extra_args(false);
    std::vector<std::string> operators;
    for (const Mutant::Operator op : all_operators) operators.push_back(to_string(op));
    verb->add_option("--operators", arguments.operators, "kinds of change (default: first six; --suite: all)")
        ->check(one_of(operators, "operator"))
        ->delimiter(',');
    verb->add_option("--max-states", arguments.max_states, "leave out what needs more states")
        ->capture_default_str()
        ->check(positive_up_to(1e18, "10^18"));
    verb->add_option("--equivalence", arguments.equivalence, "pairs of local states to compare")->capture_default_str();
    verb->add_option("--jobs", arguments.jobs, "mutants tried at the same time")
        ->capture_default_str()
        ->check(CLI::Range(1, 64));
    verb->add_flag("--all", arguments.all, "list all mutants, not only survivors");
    add_walk_options(*verb, arguments.walks, "judged by a suite or SUITE.jsonl (several times)")
        ->check(CLI::Validator(suite_or_file, "SUITE", named_choices(suite_names())));
    verb->add_option("--mutants", arguments.mutants, "with --suite: specs whose profiles are the mutants");
    verb->add_option("--sample", arguments.sample, "--suite: so many mutants, drawn by lot (--draw)");
    verb->add_flag("--json", arguments.json, "print one JSON document");
    add_page_option(*verb, arguments.reports);
    return verb;
}

CLI::App* add_step_verb(CLI::App& app, StepArguments& step) {
    CLI::App* verb = app.add_subcommand("step", "walk through a system by hand, or in a script");
    add_spec_options(*verb, step);
    verb->add_option("--system", step.system, "the system (default: the first one of the spec)");
    add_page_option(*verb, step.reports, "html=FILE: a page that walks, and no walk here");
    return verb;
}

CLI::App* add_adapter_check(CLI::App& app, AdapterCheckArguments& arguments) {
    CLI::App* verb = app.add_subcommand("adapter-check", "what an adapter of a TCP stack does wrong");
    verb->add_option("adapter", arguments.place, "exec:COMMAND or unix:PATH")->required();
    verb->add_option("--patience", arguments.patience, "seconds until an answer is there")
        ->capture_default_str()
        ->check(positive_up_to(1e6, "10^6"));
    verb->add_flag("--json", arguments.json, "print one JSON document");
    return verb;
}

CLI::App* add_judge(CLI::App& app, JudgeArguments& arguments) {
    CLI::App* verb = app.add_subcommand("judge", "how the connections of a capture ended, and why");
    verb->add_option("capture", arguments.capture, "pcap or pcapng; - is standard input")->required();
    verb->add_option("spec", arguments.spec, "spec file (default: specs/family.spec)");
    verb->add_option("--profile", arguments.profile, "the profile that must explain them, or any");
    add_settings(*verb, "--set", arguments.settings, "NAME=VALUE: a setting (several times)");
    verb->add_option("--connections", arguments.connections, "so many are kept in memory at once")
        ->capture_default_str()
        ->check(positive_up_to(1e9, "10^9"));
    verb->add_flag("-v,--verbose", arguments.verbose, "each close as a ladder, with states");
    verb->add_flag("--json", arguments.json, "print one JSON document");
    return verb;
}

CLI::App* add_fmt(CLI::App& app, FmtArguments& arguments) {
    CLI::App* verb = app.add_subcommand("fmt", "lay spec files out, in the one form");
    verb->add_option("files", arguments.files, "specs, or directories of them; - is standard input")->required();
    verb->add_flag("--check", arguments.check, "change nothing; name the files that would change");
    return verb;
}

void add_numbers_option(CLI::App& verb, WalkArguments& walks) {
    verb.add_option("--numbers", walks.numbers, "SEED: numbers, windows, units of all kinds");
    verb.add_option("--moments", walks.moments, "SEED: of a suite, act at drawn moments");
}

CLI::App* add_generate(CLI::App& app, GenerateArguments& generate) {
    CLI::App* verb = app.add_subcommand("generate", "check, write vectors: JSON, packetdrill, pcapng");
    add_check_options(*verb, generate.check);
    add_directory_option(*verb, "-o,--output", generate.directory, "directory for the vectors");
    std::vector<std::string> forms;
    for (const VectorForm& form : vector_forms) forms.push_back(form.name);
    verb->add_option("--as", generate.forms, "in this form, too: scapy, svg ... (several times)")
        ->allow_extra_args(false)
        ->check(one_of(forms, "form"));
    add_suite_options(*verb, generate.suite);
    add_walk_options(*verb, generate.walks, "another suite than the claims': default, full ...")
        ->check(CLI::Validator(suite_or_union, "NAME", named_choices(suite_names())));
    add_numbers_option(*verb, generate.walks);
    verb->add_option("--most", generate.most, "of a suite: refuse to write more vectors, or files")
        ->capture_default_str();
    verb->add_flag("--coverage", generate.coverage, "of suites: how many vectors each clause has");
    verb->add_option("--explain", generate.explained, "of a suite: why the vector ID exists; write none");
    return verb;
}

// "2/8"
std::optional<Shard> shard_in(const std::string& word) {
    Shard share;
    const char *begin = word.data(), *end = begin + word.size();
    const auto [slash, problem] = std::from_chars(begin, end, share.number);
    if (problem != std::errc() || slash == end || *slash != '/') return std::nullopt;
    const auto [rest, other] = std::from_chars(slash + 1, end, share.of);
    const bool good = other == std::errc() && rest == end && share.number >= 1 && share.number <= share.of;
    return good && share.of <= 10'000 ? std::optional(share) : std::nullopt;
}

CLI::App* add_run(CLI::App& app, RunArguments& run) {
    CLI::App* verb = app.add_subcommand("run", "drive a target with test vectors");
    verb->add_option("vectors", run.vectors, "vector files, or directories of them");
    add_spec_options(*verb, run, "--spec");
    add_drive_options(*verb, run.drive);
    add_explain_options(*verb, run.explain);
    verb->add_flag("--json", run.json, "print one JSON document");
    add_report_option(*verb, run.reports);
    add_timeout_option(*verb);
    add_walk_options(*verb, run.walks, "made and driven as a stream, in place of files")
        ->check(CLI::Validator(suite_or_union, "NAME", named_choices(suite_names())));
    add_numbers_option(*verb, run.walks);
    verb->add_option("--from", run.from, "of a stream: pass over so many tests, by job")->delimiter(',');
    verb->add_option("--jobs", run.jobs, "of a stream of tests: threads that make it")
        ->capture_default_str()
        ->check(CLI::Range(1, 64));
    verb->add_option("--refuted", run.refuted, "of a stream: file for what is refuted");
    verb->add_option("--beside", run.beside, "another target, to be compared (several times)")
        ->allow_extra_args(false)
        ->check(CLI::Validator(target_word, "TARGET", named_choices(target_words())));
    verb->add_option_function<std::string>(
            "--shard", [&run](const std::string& word) { run.shard = *shard_in(word); },
            "K/N: only every N-th vector, from the K-th")
        ->check(CLI::Validator(
            [](std::string& word) { return shard_in(word) ? "" : "K/N with 1 <= K <= N <= 10000, not " + word; },
            "K/N"));
    return verb;
}

CLI::App* add_report(CLI::App& app, ReportArguments& report) {
    CLI::App* verb = app.add_subcommand("report", "merge what shares of vectors gave");
    verb->add_option("action", report.action, "merge")->required()->check(CLI::IsMember({"merge"}));
    verb->add_option("files", report.files, "what run --json has printed, of each share")->required();
    verb->add_option("-o,--output", report.output, "file (-: standard output): as run --json has it");
    return verb;
}

// What a machine wants of a gate that looks at its exit code and keeps its log.
void add_ci_options(CLI::App& verb, GateArguments& gate) {
    verb.add_option("--baseline", gate.baseline.known, "known deviations pass, new and vanished ones fail");
    verb.add_option("--write-baseline", gate.baseline.written, "file: the deviations of this run, as known");
    verb.add_flag("--fail-fast", gate.check.fail_fast, "end the check at a surprise, then drive nothing");
    verb.add_flag("-q,--quiet", gate.quiet, "print one line")->excludes("--json");
}

CLI::App* add_gate(CLI::App& app, GateArguments& gate) {
    CLI::App* verb = app.add_subcommand("gate", "the main job: check, generate, drive, report");
    add_check_options(*verb, gate.check);
    verb->add_flag("--json", gate.check.json, "print one JSON document");
    add_report_option(*verb, gate.check.reports);
    add_timeout_option(*verb);
    add_drive_options(*verb, gate.drive);
    add_explain_options(*verb, gate.explain);
    verb->add_option("--only", gate.only, "drive vectors with this in their ids");
    add_suite_options(*verb, gate.suite);
    add_directory_option(*verb, "-o,--output", gate.directory, "write the vectors to this directory, too");
    add_ci_options(*verb, gate);
    verb->add_flag("-v,--verbose", gate.verbose, "every claim, run and vector, and all limits");
    return verb;
}

CLI::App* add_explain(CLI::App& app, ExplainTopicArguments& arguments) {
    CLI::App* verb = app.add_subcommand("explain", "a page with pictures and runs: four-way-close");
    verb->add_option("topic", arguments.topic, "four-way-close")->required()->check(one_of(explained_topics, "topic"));
    add_drive_options(*verb, arguments.drive);
    verb->add_option("-o,--output", arguments.file, "file to write (default, and -: standard output)");
    return verb;
}

CLI::App* add_random_walk(CLI::App& app, RandomWalkArguments& walk) {
    CLI::App* verb = app.add_subcommand("walk", "drive a target by lot, shrink what fails");
    add_spec_options(*verb, walk);
    add_drive_options(*verb, walk.drive, "of the walks, and of the lots of sim");
    verb->add_option("--seconds", walk.seconds, "begin no walk after so many seconds")
        ->capture_default_str()
        ->check(positive_up_to(1e9, "10^9"));
    verb->add_option("--walks", walk.most_walks, "no more than so many")->check(CLI::Range(1ULL, 1ULL << 40U));
    verb->add_option("--steps", walk.longest_walk, "of the longest walk")
        ->capture_default_str()
        ->check(CLI::Range(1, 200));
    verb->add_option("--findings", walk.most_findings, "end after so many")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
    verb->add_flag("--alike", walk.alike, "draw among inputs that no rule tells apart, too");
    add_walk_parts(*verb, walk.walks, "");
    verb->add_option("-o,--output", walk.file, "file for what is found (default: walk-SEED.jsonl)");
    return verb;
}

CLI::App* add_doctor(CLI::App& app, DoctorArguments& doctor) {
    CLI::App* verb = app.add_subcommand("doctor", "what this machine can drive, and what it lacks");
    verb->add_option("--require", doctor.required, "exit 30 unless this is here (several times)")
        ->allow_extra_args(false)
        ->check(one_of(doctor_names(), "finding"));
    verb->add_flag("--json", doctor.json, "print one JSON document");
    return verb;
}

CLI::App* add_completion(CLI::App& app, std::string& shell) {
    CLI::App* verb = app.add_subcommand("completion", "the completion script of a shell; manual page");
    verb->add_option("shell", shell, "bash, zsh, fish; man: lastack(1)")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish", "man"}));
    return verb;
}

// What each verb was given.
struct AllArguments {
    CheckArguments check;
    GenerateArguments generate;
    RunArguments run;
    ReportArguments report;
    GateArguments gate;
    ProveArguments prove;
    GraphArguments graph;
    RandomWalkArguments walk;
    StepArguments step;
    BoundsArguments bounds;
    DiffArguments diff;
    MutateArguments mutate;
    ExportArguments exported;
    AdapterCheckArguments adapter;
    JudgeArguments judge;
    FmtArguments fmt;
    DoctorArguments doctor;
    ExplainTopicArguments explained;
    std::string completed;  // shell
};

// In the order of the help text.
std::vector<std::pair<CLI::App*, std::function<int()>>> add_verbs(CLI::App& app, AllArguments& all) {
    return {
        {add_check(app, all.check), [&] { return check_verb(all.check); }},
        {add_generate(app, all.generate), [&] { return generate_verb(all.generate); }},
        {add_run(app, all.run), [&] { return run_verb(all.run); }},
        {add_report(app, all.report), [&] { return report_verb(all.report); }},
        {add_gate(app, all.gate), [&] { return gate_verb(all.gate); }},
        {add_explain(app, all.explained), [&] { return explain_verb(all.explained); }},
        {add_prove(app, all.prove), [&] { return prove_verb(all.prove); }},
        {add_graph(app, all.graph), [&] { return graph_verb(all.graph); }},
        {add_random_walk(app, all.walk), [&] { return random_walk_verb(all.walk); }},
        {add_step_verb(app, all.step), [&] { return step_verb(all.step); }},
        {add_bounds(app, all.bounds), [&] { return bounds_verb(all.bounds); }},
        {add_diff(app, all.diff), [&] { return diff_verb(all.diff); }},
        {add_mutate(app, all.mutate), [&] { return mutate_verb(all.mutate); }},
        {add_export(app, all.exported), [&] { return export_verb(all.exported); }},
        {add_adapter_check(app, all.adapter), [&] { return adapter_check_verb(all.adapter); }},
        {add_judge(app, all.judge), [&] { return judge_verb(all.judge); }},
        {add_fmt(app, all.fmt), [&] { return fmt_verb(all.fmt); }},
        {add_doctor(app, all.doctor), [&] { return doctor_verb(all.doctor); }},
        {add_completion(app, all.completed),
         [&] {
             const bool manual = all.completed == "man";
             std::fputs((manual ? manual_text(app, exit_codes) : completion_text(app, all.completed)).c_str(), stdout);
             return exit_ok;
         }},
    };
}

// What stands on standard error where the command line is not understood.
std::string misuse_text(const CLI::App* app, const CLI::Error& error) {
    std::string text = CLI::FailureMessage::simple(app, error);
    const std::vector<std::string> rest = app->remaining();
    if (app->get_subcommands().empty()) {
        std::vector<std::string> verbs;
        for (const CLI::App* verb : app->get_subcommands([](const CLI::App*) { return true; }))
            verbs.push_back(verb->get_name());
        text = rest.empty() ? "lastack: which verb? there are " + listed(verbs)
               : rest.front().starts_with('-')
                   ? "lastack: no option '" + rest.front() + "' without a verb"
                   : "lastack: no verb '" + rest.front() + "': " + near_or_all(rest.front(), verbs);
        text += "\nRun with --help for more information.\n";
    }
    return in_columns(text);
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"lastack: model checker and conformance generator for how TCP connections end"};
    app.require_subcommand(1);
    app.footer(exit_codes);
    app.failure_message(misuse_text);
    app.set_version_flag("--version", std::string("lastack ") + version);
    AllArguments arguments;
    const auto verbs = add_verbs(app, arguments);
    for (const auto& [verb, action] : verbs) verb->footer(exit_codes);
    return guarded([&]() -> int {
        watch_for_interrupts();
        try {
            app.parse(argc, argv);
        } catch (const CLI::ParseError& error) {
            return app.exit(error) == 0 ? exit_ok : exit_usage;
        }
        arguments.run.explain.command = arguments.gate.explain.command = command_line(argc, argv);
        for (const auto& [verb, action] : verbs)
            if (*verb) return action();
        return exit_usage;  // one is required
    });
}
