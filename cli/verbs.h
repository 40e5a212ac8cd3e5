// The verbs of the command, each in a file of its own, with its options as plain data. Each returns an exit code.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lastack {

struct Spec;

extern const char* const version;  // "1.2.3"

// What each verb takes that works on one spec.
struct SpecArguments {
    std::string spec;                   // a file; "-": standard input
    std::string profile;                // the subject; empty: the last profile of the file
    std::vector<std::string> settings;  // NAME=VALUE, for each profile that has such a setting
};

struct CheckArguments : SpecArguments {
    std::vector<std::string> claims, systems;  // only these; empty: all
    std::uint64_t max_states = 200'000'000;
    std::uint64_t memory = 0;  // bytes for states and tables; 0: what the machine has
    int threads = 1;
    bool symmetry = false;  // count mirror images once
    bool traces = false;    // every trace, not only those of violated claims
    bool json = false;
    std::vector<std::string> reports;  // FORM=FILE (cli/reports.h)
    bool fail_fast = false;            // the first unexpected answer ends the check
    bool coverage = false;             // what no system exercises
    bool unbounded = false;            // prove for every bound what holds
    std::string save_traces;           // directory where every trace is written; empty: nowhere
};
int check_verb(const CheckArguments& arguments);

// Which vectors are made, and how they look.
struct SuiteArguments {
    std::vector<int> ip = {4, 6};
    bool cover = false;  // a vector for each rule in each state, too
    std::string iut;     // only this end of each system, "A" or "B"; empty: both
    double look = 2;     // seconds that silence is watched for where no timer can end it
};

// Suites by walks: states, transitions, ...
struct WalkArguments {
    std::vector<std::string> suites;
    std::optional<std::uint32_t> numbers;  // other sequence numbers, windows and units of text, by this seed
    std::optional<std::uint32_t> moments;  // of suites: the tester acts at moments drawn by this seed
    std::string only;                      // of these, goals with this in their names; empty: all
    std::vector<std::string> limits;       // NAME=NUMBER, of the subject, for these
    std::vector<std::string> also_under;   // NAME=VALUE: settings under which they are made once more
    bool waits = true;                     // may they wait for timers?
    int unit = 100;                        // bytes of a unit of text
    std::uint32_t seed = 1;                // which members of a class of inputs stand for it
};

struct GenerateArguments {
    CheckArguments check;
    std::string directory;
    SuiteArguments suite;
    WalkArguments walks;             // in place of the check's vectors
    std::vector<std::string> forms;  // beside JSON (cli/vector_files.h); empty: the usual ones, of suites none
    std::uint64_t most = 1'000'000;  // vectors of a suite, in files
    bool coverage = false;           // print which clauses they exercise
    std::string explained;           // a vector of them to be explained, in place of writing them
};
int generate_verb(const GenerateArguments& arguments);

// What is driven, and how.
struct DriveArguments {
    std::string target = "auto";  // auto, linux, linux-vm[:KERNEL], sim; exec:COMMAND, unix:PATH
    std::string require;          // the target that must have been driven (cli/requirement.h); empty: any
    double longest = 10;          // seconds that a vector may take
    int company = 0;              // other connections of the listener beside each vector's
    std::vector<std::string>
        may;  // what sim does with `may` rules: never, always, lot, or names of those it takes; empty: all ways in turn
    std::string expiry = "middle";  // when in their interval timers of sim expire: early, middle, late, lot
    unsigned seed = 1;              // of the lots of sim
};

// What is told of a vector that is refuted, beside its report.
struct ExplainArguments {
    std::string command;               // as it was given, for a shell, but for --only
    std::string pcapng;                // file for the packets of those that did not pass; empty: none
    bool faults = false;               // which mistakes in the profile would look like this
    std::vector<std::string> mutants;  // of these, specs with profiles that were written; beside first-order mutants
};

// A share of something: the K-th of N.
struct Shard {
    std::size_t number = 1, of = 1;
};

struct RunArguments : SpecArguments {  // the profile that `sim` plays; a spec is needed where it is the target
    std::vector<std::string> vectors;  // files, or directories of them
    DriveArguments drive;
    ExplainArguments explain;
    bool json = false;
    std::vector<std::string> reports;  // FORM=FILE (cli/reports.h)
    WalkArguments walks;               // in place of files: made as they are driven
    int jobs = 1;                      // threads that make them
    std::vector<std::size_t> from;     // so many tests are passed over, by each of the threads
    std::string refuted;               // where those that are refuted are written; empty: nowhere
    std::vector<std::string> beside;   // targets that drive the same files, to be compared
    Shard shard;                       // of the files' vectors
};
int run_verb(const RunArguments& arguments);
int run_stream(const RunArguments& arguments);

struct ReportArguments {
    std::string action;  // merge
    std::vector<std::string> files;
    std::string output;  // "-": standard output, in place of the text; empty: nowhere
};
int report_verb(const ReportArguments& arguments);

struct RandomWalkArguments : SpecArguments {
    DriveArguments drive;  // its seed is that of the walks, too
    WalkArguments walks;   // limits, waits, the unit of text
    double seconds = 10;
    std::uint64_t most_walks = 0;    // 0: no bound
    std::size_t longest_walk = 12;   // steps
    std::size_t most_findings = 10;  // then it ends
    bool alike = false;              // draw among inputs that no rule tells apart, too
    std::string file;                // for the findings; empty: walk-SEED.jsonl
};
int random_walk_verb(const RandomWalkArguments& arguments);

// Deviations that are known.
struct BaselineArguments {
    std::string known;    // the file that has them; "-": standard input; empty: none
    std::string written;  // where those of this run are written; empty: nowhere
};

struct GateArguments {
    CheckArguments check;
    DriveArguments drive;
    std::string only;  // drive vectors with this in their ids; empty: all
    ExplainArguments explain;
    SuiteArguments suite;
    std::string directory;  // where vectors are kept, too; empty: nowhere
    BaselineArguments baseline;
    bool quiet = false;    // one line
    bool verbose = false;  // every claim, run and vector, and the limits of the answers
};
int gate_verb(const GateArguments& arguments);

struct ExplainTopicArguments {
    std::string topic;  // one of explained_topics
    DriveArguments drive;
    std::string file;  // empty or "-": standard output
};
extern const std::vector<std::string> explained_topics;
int explain_verb(const ExplainTopicArguments& arguments);

struct GraphArguments : SpecArguments {
    bool local = false;  // one node for each local state instead of each control state
    std::string file;    // empty or "-": standard output
};
int graph_verb(const GraphArguments& arguments);

struct ExportArguments : SpecArguments {
    std::string system;
    std::string language;  // promela, murphi, pins, tla, aut, dot, tchecker
    std::string file;      // empty or "-": standard output; of pins and tla a directory
};
int export_verb(const ExportArguments& arguments);

// How long states and a close last.
struct BoundsArguments : SpecArguments {
    std::string system;  // empty: the first one of the spec
    std::string state;   // only this control state; empty: all, and the close
    int losses = 1;      // segments that the network may lose during a close
    std::string delay;   // how long a segment may be on its way; empty: what the system says, or 100 ms
    std::string horizon = "2h";
    std::uint64_t most_zones = 3'000'000;
    bool runs = false;  // the run of each longest stay
    bool json = false;
    // In place of all that: for which durations does this claim hold?
    std::string condition;
    std::vector<std::string> parameters;  // NAME=LEAST..MOST
    std::vector<std::string> limits;      // NAME=NUMBER, of the claim's system
};
int bounds_verb(const BoundsArguments& arguments);

struct DiffArguments {
    std::string spec_a, spec_b;
    std::string profile_a, profile_b;                           // empty: the subject
    std::vector<std::string> settings, settings_a, settings_b;  // NAME=VALUE, for both files or for one
    std::vector<std::string> limits;                            // NAME=NUMBER
    std::vector<std::string> calls;                             // that the application may make; empty: all
    int highest_unit = -1;                                      // of SEQ and ACK; -1: one above what the profiles use
    std::string start;                                          // control state; empty: the initial one
    std::uint64_t max_states = 1'000'000;
    std::vector<int> ip = {4, 6};
    std::string directory;  // for the vectors; empty: nowhere
    bool states = false;    // control states are observable
    bool all = false;       // list every difference
    bool json = false;
    std::vector<std::string> reports;  // html=FILE
};
int diff_verb(const DiffArguments& arguments);

struct ProveArguments : SpecArguments {
    std::vector<std::string> claims, systems;  // empty: all
    double seconds = 60;                       // for the claims of one system
    std::uint64_t max_states = 1'000'000;      // of the exploration that looks for a counterexample
    std::string certificate;                   // directory for the certificates; empty: nowhere
    bool verbose = false;                      // the invariant of each proof
    bool json = false;
};
int prove_verb(const ProveArguments& arguments);

struct StepArguments : SpecArguments {
    std::string system;                // empty: the first one of the spec
    std::vector<std::string> reports;  // html=FILE: a page that walks, and no walk here
};
int step_verb(const StepArguments& arguments);
int step_page(const Spec& spec, const StepArguments& arguments);

struct MutateArguments : SpecArguments {
    std::vector<std::string> systems;    // empty: all
    std::vector<std::string> operators;  // rule, case, guard, effect, target, number; empty: all
    std::uint64_t max_states = 1'000'000;
    std::uint64_t equivalence = 2'000;  // pairs of local states that the test for equivalence looks at
    int jobs = 1;
    bool all = false;  // every mutant, not only those that nobody noticed
    bool json = false;
    WalkArguments walks;               // suites that judge in place of the claims; also files of saved ones
    std::vector<std::string> mutants;  // files with profiles, or directories of them, in place of the operators
    std::uint64_t sample = 0;          // only so many mutants, drawn by lot; 0: all
    std::vector<std::string> reports;  // html=FILE
};
int mutate_verb(const MutateArguments& arguments);

struct AdapterCheckArguments {
    std::string place;    // exec:COMMAND or unix:PATH
    double patience = 5;  // seconds until an answer is there
    bool json = false;
};
int adapter_check_verb(const AdapterCheckArguments& arguments);

struct JudgeArguments {
    std::string capture;  // pcap or pcapng; "-": standard input
    std::string spec;     // empty: specs/family.spec of the checkout or the installation
    std::string profile;  // "any": all that can be; empty: linux, or the last profile of a spec that is named
    std::vector<std::string> settings;
    std::uint64_t connections = 200'000;  // kept at once
    bool verbose = false;                 // the ladder of each close
    bool json = false;
};
int judge_verb(const JudgeArguments& arguments);

struct FmtArguments {
    std::vector<std::string> files;  // or directories of them; "-": standard input, laid out on standard output
    bool check = false;              // name what would change, and change nothing
};
int fmt_verb(const FmtArguments& arguments);

}  // namespace lastack
