// The verbs of the command, each in a file of its own, with its options as plain data. Each returns an exit code.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lastack {

struct CheckArguments {
    std::string spec;
    std::vector<std::string> claims;
    std::uint64_t max_states = 200'000'000;
    bool traces = false;  // every trace, not only those of violated claims
    bool json = false;
    std::string save_traces;  // directory where every trace is written; empty: nowhere
};
int check_verb(const CheckArguments& arguments);

struct GenerateArguments {
    CheckArguments check;
    std::string directory;
    std::vector<int> ip = {4, 6};
    bool cover = false;  // a vector for each rule in each state, too
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
    std::vector<int> ip = {4, 6};
    bool cover = false;     // a vector for each rule in each state, too
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

struct StepArguments {
    std::string spec;
    std::string system;  // empty: the first one of the spec
};
int step_verb(const StepArguments& arguments);

}  // namespace lastack
