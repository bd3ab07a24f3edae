#!/usr/bin/env python3
"""Checks what the compiler does not: the layers of ARCHITECTURE.md and the form of the build files.

  * a module includes only the modules below it, a plugin only public headers and its own;
  * public headers include no third-party header but Boost.JSON;
  * every source file stands in its CMakeLists.txt, and the lists there are sorted;
  * no header lacks its include guard.

Prints one line per fault and exits with 1 when there are any.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# What each module may include besides itself.
BELOW_CORE = ["base", "schema", "runtime", "trace"]
LAYERS = {
    "base": [],
    "schema": ["base"],
    "runtime": ["base"],
    "http": ["base", "runtime"],
    "trace": ["base", "runtime", "http"],
    "core": BELOW_CORE,
    "ai": [*BELOW_CORE, "core"],
    "provider": [*BELOW_CORE, "core", "ai"],
    "prompt": [*BELOW_CORE, "core", "ai"],
    "reflection": [*BELOW_CORE, "core", "http"],
}
# The facade and the test doubles stand on top of everything.
TOP = ["genkit", "testing"]
for top in TOP:
    LAYERS[top] = [name for name in LAYERS if name not in TOP]
LAYERS["testing"].append("genkit")

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
STANDARD_HEADER = re.compile(r"^[a-z0-9_]+(\.h)?$")
C_HEADERS = {"cxxabi.h"}


def tracked(*patterns):
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns]
    output = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return sorted(path for path in output.split("\0") if path and (ROOT / path).exists())


def includes(path):
    for number, line in enumerate((ROOT / path).read_text().splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1), match.group(2)


def module_of(path):
    """The module that a file belongs to: include/genkit/core/action.h and src/core/action.cc are both of "core"."""
    parts = Path(path).parts
    if parts[:2] == ("include", "genkit"):
        return parts[2] if len(parts) > 3 else "genkit"
    if parts[0] == "src":
        return parts[1]
    return None


def included_module(target):
    """The module of an included file, None when it is not one of ours."""
    parts = Path(target).parts
    if parts[0] == "genkit":
        if len(parts) == 2:
            return "genkit"
        return parts[1]
    if len(parts) > 1 and parts[0] in LAYERS:
        return parts[0]
    return None


def check_module_includes(path):
    module = module_of(path)
    if module not in LAYERS:
        yield f"{path}:1: unknown module {module!r}; name its layer in scripts/check_layers.py"
        return
    # A test may use the test doubles, wherever it stands.
    allowed = {module, *LAYERS[module]}
    if path.endswith(("_test.cc", "_test_support.h")):
        allowed.add("testing")
    for number, _, target in includes(path):
        other = included_module(target)
        if other is not None and other not in allowed:
            yield f"{path}:{number}: {module} must not include {target} ({other} is not below it)"


def check_plugin_includes(path):
    plugin = Path(path).parts[1]
    for number, quote, target in includes(path):
        other = included_module(target)
        if other is None:
            continue
        if not target.startswith("genkit/"):
            yield f"{path}:{number}: a plugin includes public headers only, not {target}"
        elif other == "plugins" and target != f"genkit/plugins/{plugin}.h":
            yield f"{path}:{number}: a plugin must not include another plugin ({target})"


def check_public_header(path):
    text = (ROOT / path).read_text()
    relative = path.split("include/", 1)[1]
    guard = re.sub(r"[^A-Za-z0-9]", "_", relative).upper() + "_"
    if f"#ifndef {guard}\n#define {guard}\n" not in text:
        yield f"{path}:1: no include guard {guard}"
    for number, quote, target in includes(path):
        if target.startswith(("genkit/", "boost/json")):
            continue
        if quote == "<" and (STANDARD_HEADER.match(target) and not target.endswith(".h") or target in C_HEADERS):
            continue
        yield f"{path}:{number}: a public header must not include {target} (only the standard library and Boost.JSON)"


def check_sources_listed(folder, build_file):
    text = re.sub(r"#.*", "", (ROOT / build_file).read_text())
    words = re.findall(r"[\w./-]+", text)
    listed = {word for word in words if word.endswith(".cc")}
    for path in tracked(f"{folder}/*.cc"):
        name = str(Path(path).relative_to(folder))
        # Tests that must not compile are named without the folder and the ending.
        if name not in listed and not (name.startswith("compile_fail/") and Path(name).stem in words):
            yield f"{path}:1: not listed in {build_file}"
    group = []
    for word in [*words, ""]:
        if word.startswith("../"):
            continue
        if word.endswith(".cc"):
            group.append(word)
            continue
        if group != sorted(group):
            yield f"{build_file}:1: not sorted: {' '.join(group)}"
        group = []


def faults():
    for path in tracked("include/*.h", "src/*.h", "src/*.cc"):
        yield from check_module_includes(path)
    for path in tracked("plugins/*.h", "plugins/*.cc"):
        yield from check_plugin_includes(path)
    for path in tracked("include/*.h", "plugins/*/include/*.h"):
        yield from check_public_header(path)
    for build_file in tracked("src/*/CMakeLists.txt", "plugins/*/CMakeLists.txt"):
        yield from check_sources_listed(str(Path(build_file).parent), build_file)


def main():
    found = list(faults())
    for fault in found:
        print(fault)
    if found:
        sys.exit(1)


if __name__ == "__main__":
    main()
