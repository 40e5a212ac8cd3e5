// The suite of the four-way close: which vectors there are, what each one decides, and that none is there twice.
#include "generators/suite.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/spec_support.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

using Ids = std::vector<std::string>;

const Spec& linux_spec() { return shipped_spec("linux.spec"); }

const CheckReport& report() {
    static const CheckReport made = [] {
        CheckOptions options;
        options.only_claims = {"W01",      "W02-A",    "W02-B",        "W04-always", "W04-order",
                               "W08-lost", "W10-lost", "W10-answered", "W14-lost",   "W14-gives-up",
                               "W15-lost", "W05-one",  "W08-count",    "W14-count",  "W17-count"};
        return check(linux_spec(), options);
    }();
    return made;
}

Suite suite_of(const SuiteOptions& options) { return make_suite(linux_spec(), report(), options); }

Suite ipv4() {
    SuiteOptions options;
    options.ip_versions = {4};
    return suite_of(options);
}

Ids claims_of(const TestVector& vector) {
    Ids ids;
    for (const VectorClaim& claim : vector.claims) ids.push_back(claim.id);
    return ids;
}

const TestVector* named(const Suite& suite, const std::string& id) {
    const auto found = std::find_if(suite.vectors.begin(), suite.vectors.end(),
                                    [&](const TestVector& vector) { return vector.id == id + "/ipv4"; });
    return found == suite.vectors.end() ? nullptr : &*found;
}

std::string why_not(const Suite& suite, const std::string& id) {
    for (const NotMade& missing : suite.not_made) {
        if (missing.id == id) return missing.reason;
    }
    return "";
}

}  // namespace

TEST_CASE("a vector that only sees close() send a FIN is not made under the name of a claim about something else") {
    const Suite suite = ipv4();
    CHECK(why_not(suite, "W14-count/A") == "it is decided at the other end, B");
    CHECK(why_not(suite, "W10-answered/A") == "it is decided at the other end, B");
    CHECK(why_not(suite, "W14-gives-up/A") == "it is decided at the other end, B");
    CHECK(why_not(suite, "W17-count/B") == "it is decided at the other end, A");
    CHECK(why_not(suite, "W04-always/B") == "it is decided at the other end, A");
    for (const TestVector& vector : suite.vectors) {
        CAPTURE(vector.id);
        CHECK(vector.steps.size() > 1);
    }
}

TEST_CASE("a vector that sees nothing of a loss is not made under the name of a claim about it") {
    const Suite suite = ipv4();
    const std::string unseen = "what the network does is not seen there";
    CHECK(why_not(suite, "W08-lost/B") == unseen);
    CHECK(why_not(suite, "W10-lost/B") == unseen);
    CHECK(why_not(suite, "W14-lost/A") == unseen);
    CHECK(why_not(suite, "W15-lost/A") == "");  // it gets the FIN twice
    CHECK(named(suite, "W15-lost/A") != nullptr);
}

TEST_CASE("runs that are one exchange for a tester make one vector that decides all their claims") {
    const Suite suite = ipv4();
    REQUIRE(named(suite, "W01/B") != nullptr);
    CHECK(claims_of(*named(suite, "W01/B")) ==
          Ids{"W01"});  // it waits for the ACK of the FIN, which the next ones do not
    REQUIRE(named(suite, "W02-A/B") != nullptr);
    CHECK(claims_of(*named(suite, "W02-A/B")) == Ids{"W02-A", "W02-B"});
    CHECK(named(suite, "W02-B/B") == nullptr);
    // Both ends do the same where FINs cross: one vector, and its claim once.
    REQUIRE(named(suite, "W04-order/A") != nullptr);
    CHECK(claims_of(*named(suite, "W04-order/A")) == Ids{"W04-order"});
    CHECK(named(suite, "W04-order/A")->claims[0].sense == VectorClaim::Sense::counterexample);
    CHECK(named(suite, "W04-order/B") == nullptr);
}

TEST_CASE("no two vectors of a suite are the same exchange, and ids are unique") {
    const Suite suite = ipv4();
    std::set<std::string> ids;
    for (std::size_t i = 0; i < suite.vectors.size(); ++i) {
        CHECK(ids.insert(suite.vectors[i].id).second);
        for (std::size_t k = i + 1; k < suite.vectors.size(); ++k) {
            CAPTURE(suite.vectors[i].id);
            CAPTURE(suite.vectors[k].id);
            const TestVector &one = suite.vectors[i], &other = suite.vectors[k];
            CHECK_FALSE((one.steps == other.steps && one.profile == other.profile && one.limits == other.limits));
        }
    }
}

TEST_CASE("each vector says whose end it is of, with which limits, and whether the spec expects it to be refuted") {
    const Suite suite = ipv4();
    REQUIRE(named(suite, "W08-count/A") != nullptr);
    const TestVector& count = *named(suite, "W08-count/A");
    CHECK(count.profile == "account");
    CHECK(count.subject == "linux");
    CHECK(count.refuted_expected);
    CHECK(count.limits.at("retries") == 1);
    const TestVector& usual = *named(suite, "W01/A");
    CHECK(usual.profile == "linux");
    CHECK(usual.subject == "linux");
    CHECK_FALSE(usual.refuted_expected);
    CHECK(usual.limits.at("data") == 0);  // of the system `polite`
    CHECK(usual.rules.at("close_active").find("RFC 9293") != std::string::npos);
}

TEST_CASE("a suite for one end has that end only") {
    SuiteOptions options;
    options.ip_versions = {4};
    options.iut = "B";
    const Suite suite = suite_of(options);
    CHECK_FALSE(suite.vectors.empty());
    for (const TestVector& vector : suite.vectors) CHECK(vector.endpoint == "B");
}

// Two rules fire for one segment: whoever exercises one has exercised the other.
TEST_CASE("coverage goals that are one exchange share a vector, with each other and with claims") {
    const Spec spec = spec_from(R"(
profile p "closes" {
  states ESTABLISHED initial, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT
  var una : 0..1
  segment FIN { seq 0; ack 0; fin }
  segment ACK { seq 0; ack 1 }
  on call close
    rule close "a FIN" cites "RFC 9293 3.10.4" ESTABLISHED -> FIN_WAIT_1 { send FIN }
  on segment
    step fifth
      rule acked "progress" cites "RFC 9293 3.10.7.4 fifth" FIN_WAIT_1 [seg.has_ack and seg.ack == 1] { una := 1 }
    step fifth_fin
      rule fin_acked "our FIN is acknowledged" cites "RFC 9293 3.10.7.4 fifth" FIN_WAIT_1 [una == 1] -> FIN_WAIT_2
    step eighth
      rule fin "the peer's FIN" cites "RFC 9293 3.10.7.4 eighth" ESTABLISHED [seg.fin] -> CLOSE_WAIT { send ACK }
}
system pair "two ends" ends p A, p B network 1 loses calls A { close } B { close }
claim closes "A's FIN is acknowledged" cites "RFC 9293 3.6" on pair reachable A in FIN_WAIT_2
)");
    SuiteOptions options;
    options.ip_versions = {4};
    Suite suite = make_suite(spec, check(spec, {}), options);
    add_goals(spec, cover_rules(spec, {}), options, suite);
    std::map<std::string, Ids> decided;
    for (const TestVector& vector : suite.vectors) decided[vector.id] = claims_of(vector);
    CHECK(decided ==
          std::map<std::string, Ids>{{"closes/A/ipv4", {"closes", "acked/FIN_WAIT_1", "fin_acked/FIN_WAIT_1"}},
                                     {"close/ESTABLISHED/A/ipv4", {"close/ESTABLISHED"}},
                                     {"fin/ESTABLISHED/A/ipv4", {"fin/ESTABLISHED"}}});
    for (const VectorClaim& claim : suite.vectors[0].claims) {
        CAPTURE(claim.id);
        CHECK((claim.sense == VectorClaim::Sense::witness) == (claim.id == "closes"));
        CHECK((claim.sense == VectorClaim::Sense::goal) == (claim.id != "closes"));
    }
}
