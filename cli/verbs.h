// The verbs of the command, each in a file of its own, with its options as plain data. Each returns an exit code.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lastack {

constexpr const char* version = "0.1.0";

struct CheckArguments {
    std::string spec;
    std::string profile;                       // the subject; empty: the last profile of the file
    std::vector<std::string> claims, systems;  // only these; empty: all
    std::uint64_t max_states = 200'000'000;
    std::uint64_t memory = 0;  // bytes for states and tables; 0: what the machine has
    std::uint64_t tables = 0;  // bytes for tables of what is in flight; 0: a quarter of the memory
    int threads = 1;
    bool symmetry = false;  // count mirror images once
    bool traces = false;    // every trace, not only those of violated claims
    bool json = false;
    bool coverage = false;         // what no system exercises
    std::string save_traces;       // directory where every trace is written; empty: nowhere
    std::string checkpoint;        // file from which the check goes on when it was killed; empty: none
    double checkpoint_every = 30;  // seconds
};
int check_verb(const CheckArguments& arguments);

// Which vectors are made, and how they look.
struct SuiteArguments {
    std::vector<int> ip = {4, 6};
    bool cover = false;  // a vector for each rule in each state, too
    double look = 2;     // seconds that silence is watched for where no timer can end it
};

struct GenerateArguments {
    CheckArguments check;
    std::string directory;
    SuiteArguments suite;
};
int generate_verb(const GenerateArguments& arguments);

struct RunArguments {
    std::vector<std::string> vectors;  // files, or directories of them
    std::string target = "auto";       // auto, linux, sim
    std::string spec;                  // the profile that `sim` plays; needed where it is the target
    double longest = 10;               // seconds that a vector may take
    bool json = false;
};
int run_verb(const RunArguments& arguments);

struct GateArguments {
    CheckArguments check;
    std::string target = "auto";
    double longest = 10;
    SuiteArguments suite;
    std::string directory;  // where vectors are kept, too; empty: nowhere
};
int gate_verb(const GateArguments& arguments);

struct GraphArguments {
    std::string spec;
    bool local = false;  // one node for each local state instead of each control state
    std::string file;    // empty: standard output
};
int graph_verb(const GraphArguments& arguments);

struct ExportArguments {
    std::string spec;
    std::string system;
    std::string language;  // promela, murphi
    std::string file;      // empty: standard output
};
int export_verb(const ExportArguments& arguments);

struct DiffArguments {
    std::string spec_a, spec_b;
    std::string profile_a, profile_b;  // empty: the subject
    std::vector<std::string> limits;   // NAME=NUMBER
    std::vector<std::string> calls;    // that the application may make; empty: all
    int highest_unit = -1;             // of SEQ and ACK; -1: one above what the profiles use
    std::string start;                 // control state; empty: the initial one
    std::uint64_t max_states = 1'000'000;
    std::vector<int> ip = {4, 6};
    std::string directory;  // for the vectors; empty: nowhere
    bool states = false;    // control states are observable
    bool all = false;       // list every difference
    bool json = false;
};
int diff_verb(const DiffArguments& arguments);

struct StepArguments {
    std::string spec;
    std::string system;  // empty: the first one of the spec
};
int step_verb(const StepArguments& arguments);

struct MutateArguments {
    std::string spec, profile;           // empty profile: the last one of the file
    std::vector<std::string> systems;    // empty: all
    std::vector<std::string> operators;  // rule, case, guard, effect, target, number; empty: all
    std::uint64_t max_states = 1'000'000;
    std::uint64_t equivalence = 2'000;  // pairs of local states that the test for equivalence looks at
    int jobs = 1;
    bool all = false;  // every mutant, not only those that nobody noticed
    bool json = false;
};
int mutate_verb(const MutateArguments& arguments);

}  // namespace lastack
