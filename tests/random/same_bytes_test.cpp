// The same command twice writes the same bytes, whatever the spec.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "tests/cli/command.h"
#include "tests/random/random_spec.h"
#include "tests/support.h"

namespace lastack {

namespace {

using namespace testing;

std::map<std::string, std::string> files_under(const std::filesystem::path& folder) {
    std::map<std::string, std::string> files;
    if (!std::filesystem::exists(folder)) return files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) files[std::filesystem::relative(entry.path(), folder)] = read_file(entry.path());
    }
    return files;
}

}  // namespace

TEST_CASE("The same command on a random spec writes the same bytes twice") {
    std::size_t traces = 0;
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
        RandomKnobs knobs;
        knobs.drivable = true;
        const RandomSpec random = random_spec(seed, knobs);
        CAPTURE(seed);
        const TemporaryDirectory here;
        const std::string spec = quoted(here.write("random.spec", random.text()));
        std::map<std::string, std::string> saved[2];
        for (int i = 0; i < 2; ++i) {
            const std::filesystem::path folder = here.path() / std::to_string(i);
            command::invoke("check " + spec + " --save-traces " + quoted(folder.string()));
            saved[i] = files_under(folder);
        }
        CHECK(saved[0] == saved[1]);
        traces += saved[0].size();
        for (const std::string form : {"pins", "tla"}) {
            std::map<std::string, std::string> written[2];
            for (int i = 0; i < 2; ++i) {
                const std::filesystem::path folder = here.path() / (form + std::to_string(i));
                CHECK(command::invoke("export " + spec + " --system s --as " + form + " -o " + quoted(folder.string()))
                          .code == 0);
                written[i] = files_under(folder);
            }
            CHECK(!written[0].empty());
            CHECK(written[0] == written[1]);
        }
        for (const std::string& verb : std::vector<std::string>{
                 "export " + spec + " --system s --as promela", "export " + spec + " --system s --as murphi",
                 "export " + spec + " --system s --as aut", "graph " + spec}) {
            CAPTURE(verb);
            const command::Outcome one = command::invoke(verb), other = command::invoke(verb);
            CHECK(one.code == 0);
            CHECK(one.out == other.out);
            CHECK(!one.out.empty());
        }
    }
    CHECK(traces > 0);
}

}  // namespace lastack
