#!/usr/bin/python3
"""What is inside: a CycloneDX 1.5 document of the shared libraries of the command and of what is shipped with it, and
of the headers that were compiled in.

    packaging/sbom.py VERSION COMMAND [PROGRAM or SCRIPT.js...] > lastack.cdx.json

A shared library is found where the linker found it (readelf's NEEDED, ldconfig's cache), its package and version by
dpkg. Packages of headers alone are listed below, and those of a program that is linked statically: nothing in the
binary names them. Licences stand in the copyright
files of Debian's packages, in the machine-readable form where they have it. The same input gives the same bytes: no
clock, no random serial number.
"""
import hashlib
import json
import os
import re
import subprocess
import sys

COMPILED_IN = ["tao-pegtl-dev", "libboost1.74-dev", "nlohmann-json3-dev", "libcli11-dev"]
# Of a program that needs no shared library, as the first process of a virtual machine is one.
LINKED_STATICALLY = ["libc6-dev", "libfmt-dev", "libgcc-12-dev", "libstdc++-12-dev"]
# Of a script for pages: its C library and C++ library are parts of emscripten.
COMPILED_FOR_PAGES = ["emscripten", "libfmt-dev", "tao-pegtl-dev"]


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def needed_by(binary):
    return re.findall(r"\(NEEDED\).*\[(.*)\]", output("readelf", "-d", binary))


def library_paths():
    """The first place of each name in the linker's cache."""
    paths = {}
    for name, path in re.findall(r"^\s*(\S+) \(libc6,.*\) => (\S+)$", output("/sbin/ldconfig", "-p"), re.M):
        paths.setdefault(name, path)
    return paths


def packages_of(paths):
    """dpkg knows a file by the name under which it was installed, which may lack the /usr of a merged system."""
    names = {path: {os.path.realpath(path), os.path.realpath(path).removeprefix("/usr"), path} for path in paths}
    asked = subprocess.run(["dpkg-query", "-S", *set().union(*names.values())], capture_output=True, text=True)
    owners = {line.split(": ", 1)[1]: line.split(":")[0] for line in asked.stdout.splitlines()}
    found = set()
    for path, spellings in names.items():
        known = [owners[name] for name in spellings if name in owners]
        if not known:
            sys.exit(f"sbom: no package has {path}")
        found.add(known[0])
    return sorted(found)


def licences_of(package):
    path = f"/usr/share/doc/{package}/copyright"
    text = open(path, encoding="utf-8", errors="replace").read() if os.path.exists(path) else ""
    if "copyright-format" not in text:
        return []
    return sorted(set(re.findall(r"^License:\s*(\S.*?)\s*$", text, re.M)))


def component(package, scope):
    version, arch = output("dpkg-query", "-W", "-f=${Version} ${Architecture}", package).split()
    name = package.replace('+', '%2B')
    purl = f"pkg:deb/debian/{name}@{version.replace('+', '%2B').replace(':', '%3A')}?arch={arch}&distro=debian-12"
    entry = {"type": "library", "bom-ref": purl, "name": package, "version": version, "scope": "required",
             "purl": purl, "properties": [{"name": "lastack:linkage", "value": scope}]}
    licences = licences_of(package)
    if licences:
        entry["licenses"] = [{"license": {"name": name}} for name in licences]
    return entry


def main():
    version, *files = sys.argv[1:]
    programs = [file for file in files if not file.endswith(".js")]
    paths = library_paths()
    needed = {program: needed_by(program) for program in programs}
    compiled_in = set(COMPILED_IN + ([] if all(needed.values()) else LINKED_STATICALLY) +
                      (COMPILED_FOR_PAGES if files != programs else []))
    shared = packages_of({paths[name] for names in needed.values() for name in names})
    components = [component(package, "shared") for package in shared]
    components += [component(package, "compiled in") for package in sorted(compiled_in)]
    digest = hashlib.sha256(open(programs[0], "rb").read()).hexdigest()
    reference = f"pkg:generic/lastack@{version}"
    bom = {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json", "bomFormat": "CycloneDX", "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": reference, "name": "lastack", "version": version,
                                   "purl": reference, "licenses": [{"license": {"id": "Apache-2.0"}}],
                                   "hashes": [{"alg": "SHA-256", "content": digest}]}},
        "components": components,
        "dependencies": [{"ref": reference, "dependsOn": [one["bom-ref"] for one in components]}],
    }
    print(json.dumps(bom, indent=2))


main()
