#include "report/report_items.h"

#include <fmt/format.h>

#include "checker/trace/plain_system.h"
#include "generators/vector_reading.h"
#include "report/check_text.h"
#include "report/goal_tally.h"
#include "report/run_text.h"

namespace lastack {

namespace {

using Kind = ReportItem::Kind;

// The answer in the reader's words, whatever the kind of claim: is the sentence true?
std::string said_of(const CheckResult& result) {
    if (result.answer == Answer::unknown) return "not decided: " + result.note;
    std::string said = result.answer == Answer::holds ? "true" : "false";
    if (result.as_expected && result.answer == Answer::violated) said += ", as expected";
    if (result.vacuous()) said += ", since nothing puts it to the test";
    if (result.trace) said += fmt::format(": a run of {} steps shows it", result.trace->steps.size());
    if (result.is_open()) return said + "; whether a shorter one does is not decided";
    if (result.as_expected) return said;
    const Expectation& expected = result.expected;
    said += fmt::format("; expected was {}", expected.vacuous ? "that nothing puts it to the test"
                                             : expected.holds ? "true"
                                                              : "false");
    return expected.shortest < 0 ? said : said + fmt::format(" by a run of {} steps", expected.shortest);
}

Kind kind_of(const CheckResult& result) {
    if (result.is_open()) return Kind::inconclusive;
    return result.as_expected ? Kind::as_expected : Kind::surprise;
}

Kind kind_of(const TestVector& vector, Verdict verdict, bool other_course) {
    switch (verdict) {
        case Verdict::pass: return vector.refuted_expected ? Kind::surprise : Kind::as_expected;
        case Verdict::fail: return vector.refuted_expected ? Kind::as_expected : Kind::surprise;
        case Verdict::inconclusive: return other_course ? Kind::as_expected : Kind::inconclusive;
        case Verdict::skipped: return Kind::skipped;
        case Verdict::error: break;
    }
    return Kind::error;
}

std::string said_of(const TestVector& vector, const TestRun& run, bool other_course) {
    if (run.verdict == Verdict::pass)
        return vector.refuted_expected ? "done as planned, although the spec expects otherwise" : "done as planned";
    if (!run.went_on_as.empty()) return "another course was taken; the test went on as " + run.went_on_as;
    if (other_course)
        return "a course that the implementation did not take; all of its goals were confirmed on the other one";
    return run.reason;
}

std::string line_of(const Observed& seen) {
    const bool segment = seen.kind == Observed::Kind::sent || seen.kind == Observed::Kind::received;
    const std::string what = seen.kind == Observed::Kind::sent ? "tester sends "
                             : segment                         ? "implementation sends "
                                                               : "";
    return fmt::format("{:.4f} s: {}{}{}", static_cast<double>(seen.at_us) / 1e6, what,
                       segment ? to_string(seen.segment) + (seen.text.empty() ? "" : ", ") : "", seen.text);
}

Where where_of(const Spec* spec, const TestVector& vector, const TestRun& run) {
    const Profile* profile = spec == nullptr ? nullptr : spec->profile(vector.profile);
    if (profile == nullptr) return {};
    for (const auto& [name, clause] : rules_behind(vector, run.failed_step))
        if (const Rule* rule = profile->rule(name)) return rule->where;
    return {};
}

}  // namespace

std::string claims_group(const Claim& claim) { return "claims on " + claim.system; }

std::string vectors_group(const std::string& target) { return "vectors on " + target; }

std::vector<ReportItem> items_of(const Spec& spec, const CheckReport& report) {
    std::vector<ReportItem> all;
    for (const CheckResult& result : report.claims) {
        ReportItem one;
        one.kind = kind_of(result);
        one.group = claims_group(*result.claim);
        one.id = result.claim->id;
        one.sentence = result.claim->sentence;
        one.cites = result.claim->cites;
        one.said = said_of(result);
        one.verdict = verdict_words(result);
        one.where = result.claim->where;
        if (result.trace) {
            const PlainSystem system(spec, *spec.system(result.claim->system));
            for (const TraceStep& step : result.trace->steps) one.steps.push_back(to_string(step, system.vocabulary()));
            if (one.kind == Kind::surprise) one.detail = trace_text(spec, result);
        }
        all.push_back(std::move(one));
    }
    return all;
}

std::vector<ReportItem> items_of(const Spec* spec, const std::string& target, const std::vector<TestVector>& vectors,
                                 const std::vector<TestRun>& runs) {
    const std::vector<bool> others = on_other_courses(vectors, runs);
    std::vector<ReportItem> all;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        ReportItem one;
        one.kind = kind_of(vectors[i], runs[i].verdict, others[i]);
        one.group = vectors_group(target);
        one.id = runs[i].vector_id;
        one.sentence = vectors[i].goal;
        one.said = said_of(vectors[i], runs[i], others[i]);
        one.verdict = deed_of(vectors[i], runs[i], others[i]);
        one.where = where_of(spec, vectors[i], runs[i]);
        one.seconds = static_cast<double>(runs[i].duration_us) / 1e6;
        for (const auto& [rule, clause] : rules_behind(vectors[i], runs[i].failed_step))
            one.cites += (one.cites.empty() ? "" : "; ") + clause;
        if (one.kind == Kind::surprise || one.kind == Kind::error) {
            for (const Observed& seen : runs[i].observed) one.steps.push_back(line_of(seen));
            one.detail = comparison_text(vectors[i], runs[i]);
        }
        all.push_back(std::move(one));
    }
    return all;
}

}  // namespace lastack
