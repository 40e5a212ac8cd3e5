// Reading a spec: the files it uses, then profiles, systems and claims, each kind once all of the one before is known.
#include "model/language/read_spec.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <system_error>

#include "model/file_text.h"
#include "model/language/extends.h"
#include "model/language/merge_systems.h"
#include "model/language/parser.h"
#include "model/language/predicates.h"
#include "model/language/resolve.h"
#include "model/names_told.h"
#include "model/settings.h"

namespace lastack {

namespace {

namespace fs = std::filesystem;

// What decides whether a file's claims are asked: see `asked`.
struct FileRead {
    std::vector<syntax::Claim> claims;
    std::vector<std::string> uses;      // canonical paths
    std::set<std::string> with_claims;  // of these, those whose claims are asked for
    bool has_profile = false;
};

// All that the files say, in the order in which it was met.
struct Reading {
    std::vector<syntax::Profile> profiles;
    std::vector<syntax::System> systems;
    std::vector<syntax::SystemParts> defaults;  // of each system: those of its file
    std::vector<syntax::Predicate> predicates;
    std::vector<syntax::FurtherExpectation> expectations;
    std::vector<std::string> order;         // of files, by canonical path, as they end
    std::map<std::string, FileRead> files;  // read or being read
    std::string subject;                    // the last profile of the first file itself
    std::vector<std::shared_ptr<const SourceText>> sources;
    Problems problems;
    const std::vector<SourceText>* given = nullptr;  // the files that there are, by their names; null: those on disk

    // Which file it is, whatever name leads there.
    std::string identity(const fs::path& path) const;
};

std::string real_path(const fs::path& path) {
    std::error_code error;
    const fs::path real = fs::weakly_canonical(path, error);
    return (error ? path.lexically_normal() : real).string();
}

std::string Reading::identity(const fs::path& path) const {
    return given != nullptr ? path.lexically_normal().string() : real_path(path);
}

void read_text(std::string text, const fs::path& path, bool first, Reading& reading);

// Of a file that was given: its text. A name that led through a symbolic link when it was written down is that of the
// only file that is called so.
FileText given_text(const std::vector<SourceText>& given, fs::path& path) {
    const SourceText* found = nullptr;
    std::size_t alike = 0;
    for (const SourceText& one : given) {
        const fs::path name = fs::path(one.name).lexically_normal();
        if (name == path) return {one.text, ""};
        if (name.filename() != path.filename()) continue;
        found = &one;
        ++alike;
    }
    if (alike != 1) return {"", "it was not given"};
    path = found->name;
    return {found->text, ""};
}

// Beside the file that uses it; where that is a symbolic link, or lies behind one, and nothing is beside it: beside
// what the link leads to.
fs::path place_of(const syntax::Use& use, const fs::path& user) {
    const fs::path beside = (user.parent_path() / use.path.text).lexically_normal();
    const fs::path real = (fs::path(real_path(user)).parent_path() / use.path.text).lexically_normal();
    std::error_code ignored;
    return !fs::exists(beside, ignored) && fs::exists(real, ignored) ? real : beside;
}

void read_used(const syntax::Use& use, const fs::path& user, Reading& reading) {
    constexpr std::size_t most_files = 100;
    const bool on_disk = reading.given == nullptr;
    fs::path path = on_disk ? place_of(use, user) : (user.parent_path() / use.path.text).lexically_normal();
    FileText content = on_disk ? FileText{} : given_text(*reading.given, path);
    FileRead& uses_it = reading.files[reading.identity(user)];
    const std::string identity = reading.identity(path);
    uses_it.uses.push_back(identity);
    if (use.with_claims) uses_it.with_claims.insert(identity);
    if (reading.files.count(identity) != 0) return;
    if (reading.files.size() >= most_files)
        throw SpecError(use.path.where, "more than " + std::to_string(most_files) + " files");
    if (on_disk) content = file_text(path, largest_source + 1);
    if (!content.trouble.empty())
        throw SpecError(use.path.where, "cannot read '" + path.string() + "': " + content.trouble);
    read_text(std::move(content.text), path, false, reading);
}

// What `systems` says anywhere in the file holds for all of it.
syntax::SystemParts defaults_of(const syntax::File& file, Problems& problems) {
    const syntax::Systems* found = nullptr;
    for (const syntax::FileItem& item : file.items) {
        const auto* systems = std::get_if<syntax::Systems>(&item);
        if (systems && found)
            problems.add(systems->where, "the defaults of this file's systems are said twice",
                         "one 'systems' holds for all systems of a file");
        if (systems) found = systems;
    }
    if (found) {
        for (const syntax::Drop& drop : found->parts.drops)
            problems.add(drop.name.where, "there is nothing to drop where the defaults are said");
    }
    return found ? default_parts(*found) : syntax::SystemParts{};
}

void read_text(std::string text, const fs::path& path, bool first, Reading& reading) {
    const std::string own = reading.identity(path);
    reading.files[own];
    reading.sources.push_back(checked_source(path.string(), std::move(text)));
    syntax::File file = parse_file(reading.sources.back(), reading.problems);
    const syntax::SystemParts defaults = defaults_of(file, reading.problems);
    for (syntax::FileItem& item : file.items) {
        if (const auto* use = std::get_if<syntax::Use>(&item)) {
            read_used(*use, path, reading);
        } else if (auto* profile = std::get_if<syntax::Profile>(&item)) {
            if (first) reading.subject = profile->name.text;
            reading.files[own].has_profile = true;
            reading.profiles.push_back(std::move(*profile));
        } else if (auto* system = std::get_if<syntax::System>(&item)) {
            reading.systems.push_back(std::move(*system));
            reading.defaults.push_back(defaults);
        } else if (auto* predicate = std::get_if<syntax::Predicate>(&item)) {
            reading.predicates.push_back(std::move(*predicate));
        } else if (auto* further = std::get_if<syntax::FurtherExpectation>(&item)) {
            reading.expectations.push_back(std::move(*further));
        } else if (auto* claim = std::get_if<syntax::Claim>(&item)) {
            reading.files[own].claims.push_back(std::move(*claim));
        }
    }
    reading.order.push_back(own);
}

// The claims of the first file, and of those that it uses, directly or through others, without passing one that
// declares a profile: who extends a profile wants its rules, not what was claimed of it, unless it says `with claims`.
std::vector<syntax::Claim> asked(const Reading& reading) {
    std::set<std::string> reached;
    std::vector<std::string> waiting{reading.order.back()};  // the first file ends last
    while (!waiting.empty()) {
        const std::string path = waiting.back();
        waiting.pop_back();
        if (!reached.insert(path).second) continue;
        const FileRead& file = reading.files.at(path);
        for (const std::string& used : file.uses) {
            if (!reading.files.at(used).has_profile || file.with_claims.contains(used)) waiting.push_back(used);
        }
    }
    std::vector<syntax::Claim> claims;
    for (const std::string& path : reading.order) {
        if (!reached.count(path)) continue;
        for (const syntax::Claim& claim : reading.files.at(path).claims) claims.push_back(claim);
    }
    return claims;
}

// Adds to the claims what is expected of them elsewhere. That may be about a claim that is not asked here, but not
// about none.
void add_expectations(const Reading& reading, std::vector<syntax::Claim>& claims, Problems& problems) {
    std::vector<std::string> known;
    for (const auto& [path, file] : reading.files) {
        for (const syntax::Claim& claim : file.claims) known.push_back(claim.name.text);
    }
    for (const syntax::FurtherExpectation& further : reading.expectations) {
        const std::string& name = further.claim.text;
        if (std::find(known.begin(), known.end(), name) == known.end())
            problems.add(further.claim.where, "no claim '" + name + "'", did_you_mean(name, known));
        for (syntax::Claim& claim : claims) {
            if (claim.name.text == name) claim.expectations.push_back(further.expectation);
        }
    }
}

// A setting from the command line, in all profiles that have it: what they say of it themselves counts no more.
void give_setting(const SettingGiven& given, std::vector<syntax::Merged>& profiles, Problems& problems) {
    std::vector<std::string> known;
    bool found = false;
    for (syntax::Merged& profile : profiles) {
        for (syntax::Setting& setting : profile.settings) {
            known.push_back(setting.name.text);
            if (setting.name.text != given.name) continue;
            found = true;
            if (setting.quoted || !number_in(setting.value)) {
                setting.quoted = true;
            } else if (!number_in(given.value)) {
                problems.add(given.value_where, "setting '" + given.name + "' is a number, not '" + given.value + "'");
                continue;
            }
            setting.value = given.value;
            setting.given = given.where;
            setting.value_where = given.value_where;
        }
    }
    if (!found)
        problems.add(given.where, "no profile has a setting '" + given.name + "'", did_you_mean(given.name, known));
}

// A bare name means one thing.
void check_names(const std::vector<syntax::Predicate>& predicates, const std::vector<Scope>& scopes,
                 Problems& problems) {
    for (const syntax::Predicate& predicate : predicates) {
        for (const Scope& scope : scopes) {
            const std::string& name = predicate.name.text;
            if (!predicate.parameters.empty()) continue;
            if (!scope.profile->fixed_value(name) && !scope.enumerators.contains(name)) continue;
            problems.add(predicate.name.where,
                         "'" + name + "' already names a limit or a value of profile '" + scope.profile->name + "'");
        }
    }
}

void resolve_claims(const Reading& reading, const std::vector<syntax::Claim>& claims, Spec& spec,
                    std::vector<Scope>& scopes, Problems& problems) {
    check_names(reading.predicates, scopes, problems);
    Predicates predicates(reading.predicates, problems);
    problems.throw_if_any();
    for (const syntax::Claim& claim : claims) {
        const std::size_t before = problems.count();
        resolve_claim(predicates.put_into(claim), spec, scopes, problems);
        predicates.explain_uses(before, claim);
    }
}

Where whole_file(const std::string& name) {
    return Where{std::make_shared<const SourceText>(SourceText{name, ""}), 0, 0, 1};
}

// Each stage looks names up in the one before, so a stage with mistakes ends the reading: what it would cause
// further on is noise.
Spec resolved(const Reading& reading, const std::string& name, const std::string& subject,
              const std::vector<std::string>& settings) {
    Problems problems = reading.problems;
    if (reading.profiles.empty()) {
        problems.throw_if_any();
        throw SpecError(
            whole_file(name), "no profile: the spec neither declares nor uses one",
            "use the file of one, as in: use \"rfc9293.spec\"; where there are several, add --profile NAME");
    }
    Spec spec;
    spec.sources = reading.sources;
    spec.subject = reading.subject.empty() ? reading.profiles.back().name.text : reading.subject;
    if (!subject.empty()) spec.subject = subject;
    std::vector<syntax::Merged> merged = merge_profiles(reading.profiles, problems);
    for (const std::string& setting : settings) give_setting(setting_given(setting), merged, problems);
    std::vector<Scope> scopes(merged.size());
    for (std::size_t i = 0; i < merged.size(); ++i) {
        const std::size_t before = problems.count();
        spec.profiles.push_back(resolve_profile(merged[i], scopes[i], problems));
        if (merged[i].parent)
            problems.explain(before, "seen in profile '" + merged[i].name.text + "', which extends '" +
                                         merged[i].parent->text + "'");
    }
    // What follows names profiles: their mistakes come first.
    problems.throw_if_any();
    if (!spec.profile(spec.subject)) {
        throw SpecError(whole_file(name), "no profile '" + spec.subject + "'",
                        near_or_all(spec.subject, names_in(spec.profiles)));
    }
    for (std::size_t i = 0; i < merged.size(); ++i) scopes[i].profile = &spec.profiles[i];
    for (const syntax::System& system : merge_systems(reading.systems, reading.defaults, problems))
        resolve_system(system, spec, problems);
    problems.throw_if_any();
    std::vector<syntax::Claim> claims = asked(reading);
    add_expectations(reading, claims, problems);
    resolve_claims(reading, claims, spec, scopes, problems);
    problems.throw_if_any();
    return spec;
}

}  // namespace

Spec parse_spec(const std::string& text, const std::string& name, const std::string& subject,
                const std::vector<std::string>& settings) {
    Reading reading;
    read_text(text, name, true, reading);
    return resolved(reading, name, subject, settings);
}

Spec parse_spec(const std::vector<SourceText>& files, const std::string& name, const std::string& subject,
                const std::vector<std::string>& settings) {
    Reading reading;
    reading.given = &files;
    const auto is_first = [&](const SourceText& file) { return file.name == name; };
    const auto first = std::find_if(files.begin(), files.end(), is_first);
    if (first == files.end()) throw SpecError(whole_file(name), "cannot read the file: it was not given");
    read_text(first->text, name, true, reading);
    return resolved(reading, name, subject, settings);
}

Spec read_spec(const std::string& path, const std::string& subject, const std::vector<std::string>& settings) {
    return parse_spec(spec_file_text(path), path, subject, settings);
}

std::string spec_file_text(const std::string& path) {
    FileText content = file_text(path, largest_source + 1, FileKind::any);
    if (!content.trouble.empty()) throw SpecError(whole_file(path), "cannot read the file: " + content.trouble);
    return std::move(content.text);
}

}  // namespace lastack
