// The model as a page calls it: functions of C, compiled to WebAssembly by emscripten (CMakeLists.txt) and wrapped by
// page/model.js. Compiled for this machine as well, where tests call them.
//
// One spec at a time. Answers are JSON, and stay until the next call; what went wrong is {"error": TEXT}, with the
// diagnostics as the command prints them.
#pragma once

extern "C" {

// A file of a spec, under the name that `use` finds it by. One of that name is replaced.
void lastack_add_file(const char* name, const char* text);

// Reads the file of that name with those that it uses. `subject`: as in parse_spec; `settings`: "NAME=VALUE", one a
// line. {"systems": [{"name": "polite", "title": "nobody aborts"}, ...]}
const char* lastack_read(const char* name, const char* subject, const char* settings);

// A state of the n-th system: the initial one is 0, others have numbers once a step to them was told.
// {"texts": [A, B, on its way to B, on its way to A], "next": [[what happens, rules, number of the state], ...]}
const char* lastack_state(int system, int number);

// Goes on counting the states of the n-th system, by expanding so many more. {"states": 3, "transitions": 4,
// "depth": 2, "complete": true}
const char* lastack_count(int system, int more);
}
