#!/usr/bin/env python3
"""Turns the C++ blocks of a page of the guide into one source file, and compiles that.

    snippets.py page.md out.cc [-- compiler and arguments]

A page reads as it should; the rules are such that most need no help:

  * What can only stand outside of a function (#include, struct, enum, template, functions, `describe`) goes there, in the order of
    the page. Everything else is a statement, inside of a function with the parameter `genkit::Genkit& ai`.
  * A block sees what the blocks before it under the same `##` heading define, and may define a name again.
    Types and functions stay visible until the end of the page, variables until the next `##`.
  * `<genkit/genkit.h>`, <chrono>, <iostream>, <string> and <vector> are there, as are literals such as 5s.

What a reader need not see but the compiler must goes into a comment before the block:

    <!-- code
    void show(const std::string& line);
    -->

A block that is not meant to be compiled says why:

    <!-- not compiled: shows what the compiler refuses -->
"""

import re
import subprocess
import sys
from pathlib import Path

PRELUDE = """#include <chrono>
#include <iostream>
#include <string>
#include <vector>

#include <genkit/genkit.h>
"""

SKIP = re.compile(r"^<!-- not compiled: (\S.*) -->$")
OUTSIDE = re.compile(r"(template|struct|class|enum|union|namespace|using|typedef|inline|static|constexpr|extern|TEST|TEST_F)\b")
CONTROL = re.compile(r"(if|for|while|do|switch|try|return|throw|else|catch)\b")
FUNCTION = re.compile(r"[\w:<>,&*\s\[\]]+?[\s&*][\w:]+\s*\(")


class PageError(Exception):
    pass


class Block:
    def __init__(self, line, lines):
        self.line = line  # of the first of `lines` in the page, from 1
        self.lines = lines


def read_page(text):
    """Yields ("heading", line) and ("code", Block) in the order of the page."""
    lines = text.split("\n")
    skip = False
    i = 0
    while i < len(lines):
        line = lines[i].rstrip()
        if line.startswith("## "):
            yield "heading", i + 1
        elif SKIP.match(line):
            skip = True
        elif line.startswith("<!-- not compiled"):
            raise PageError(f"{i + 1}: say why: <!-- not compiled: reason -->")
        elif line.strip() in ("```cpp", "<!-- code"):
            end = "```" if "```" in line else "-->"
            indent = len(line) - len(line.lstrip())
            start = i + 1
            i = start
            while i < len(lines) and lines[i].strip() != end:
                i += 1
            if i == len(lines):
                raise PageError(f"{start}: the block has no end")
            if skip and end == "```":
                skip = False
            else:
                yield "code", Block(start + 1, [code[indent:] for code in lines[start:i]])
        elif re.match(r"\s*```\s*(c\+\+|C\+\+|cc|CPP)\b", line):
            raise PageError(f"{i + 1}: C++ blocks begin with ```cpp")
        elif line.startswith("```"):
            i += 1
            while i < len(lines) and not lines[i].startswith("```"):
                i += 1
        i += 1


def without_literals(lines):
    """The lines with comments, strings and characters blanked out, so that brackets can be counted."""
    text = "\n".join(lines)
    pattern = re.compile(
        r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'(?!\w)', re.S)

    def blank(match):
        kept = "" if match.group(0).startswith(("//", "/*")) else "x"
        return kept + re.sub(r"[^\n]", " ", match.group(0))[len(kept):]

    return pattern.sub(blank, text).split("\n")


def items(block):
    """Splits a block into declarations and statements: (first line in the block, number of lines)."""
    clean = without_literals(block.lines)
    depth = 0
    start = None
    for number, line in enumerate(clean):
        if start is None:
            if not line.strip():
                continue
            start = number
        depth += sum(line.count(c) for c in "({[") - sum(line.count(c) for c in ")}]")
        ended = line.rstrip().endswith((";", "}")) or line.lstrip().startswith("#")
        if depth == 0 and ended and not continues(clean, number):
            yield start, number + 1 - start, "\n".join(clean[start:number + 1])
            start = None
    if start is not None:
        raise PageError(f"{block.line + start}: this code does not end: a bracket or a ';' is missing")


def continues(clean, number):
    following = next((line.strip() for line in clean[number + 1:] if line.strip()), "")
    return re.match(r"(else|catch|while\s*\(.*\);)", following) is not None


def is_outside(code):
    code = code.strip()
    if OUTSIDE.match(code):
        return not re.match(r"(static|constexpr)\b[^({]*=", code)
    if CONTROL.match(code):
        return False
    head = code.split("{", 1)[0]
    if FUNCTION.match(code) and head.rstrip().endswith((")", "const", "noexcept", "override")) and "=" not in head:
        return code.endswith("}")  # a function with its body
    # A declaration of a function, as opposed to a variable that is initialised with brackets.
    return re.match(r"[\w:<>&*\s,]+[\s&*]\w+\((|[^()]*\b(const|int|std|genkit)\b[^()\"]*[&\w>])\);$", code) is not None \
        and not code.startswith(("genkit::Genkit ", "std::cout"))


def translate(page, name):
    includes = []
    body = ["using namespace std::chrono_literals;"]
    statements = []
    depth = 0
    section = 0
    blocks = 0

    def close_section():
        nonlocal statements
        if statements:
            body.append(f"[[maybe_unused]] void section_{section}([[maybe_unused]] genkit::Genkit& ai) {{")
            for lines in statements:
                body.append("{")
                body.extend(lines)
            body.append("}" * (len(statements) + 1))
        statements = []

    for kind, value in read_page(page):
        if kind == "heading":
            close_section()
            section += 1
            continue
        blocks += 1
        inside = []
        outside = []
        for start, count, code in items(value):
            lines = [f'#line {value.line + start} "{name}"', *value.lines[start:start + count]]
            if re.match(r"\s*#\s*include", code):
                includes.extend(lines)
            elif re.match(r"\s*int main\(", code):
                # In a namespace, main has to return like any other function.
                outside.extend(['#pragma GCC diagnostic push', '#pragma GCC diagnostic ignored "-Wreturn-type"', *lines,
                                '#pragma GCC diagnostic pop'])
            elif is_outside(code):
                outside.extend(lines)
            else:
                inside.extend(lines)
        if outside:
            # A namespace inside of the one before: names of before are seen, and may be defined again.
            depth += 1
            body.append(f"namespace part_{depth} {{")
            body.extend(outside)
        if inside:
            statements.append(inside)
    close_section()
    body.append("}" * depth)
    # What is checked is whether the code is right, not whether the page uses all of it.
    unused = [f'#pragma GCC diagnostic ignored "-Wunused-{what}"' for what in ("variable", "function", "but-set-variable")]
    return "\n".join([*includes, PRELUDE, *unused, *body]) + "\n", blocks


def main():
    page, out, *compiler = sys.argv[1:]
    try:
        source, blocks = translate(Path(page).read_text(encoding="utf-8"), page)
    except PageError as error:
        print(f"{page}:{error}", file=sys.stderr)
        return 1
    Path(out).parent.mkdir(parents=True, exist_ok=True)
    Path(out).write_text(source, encoding="utf-8")
    print(f"{page}: {blocks} blocks")
    if blocks and compiler[:1] == ["--"]:
        return subprocess.run([*compiler[1:], out], check=False).returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
