"""Writes the templates, schemas and documents of the dotprompt specification as seeds: prompt_seeds.py <spec> <folder>."""

import hashlib
import pathlib
import re
import sys
import textwrap

FOLDERS = ("template", "front_matter", "picoschema")


def templates(text):
    """The values of `template:` and of partials, block scalars and quoted ones, without a YAML library."""
    for match in re.finditer(r"^( *)(?:template|\w+): \|\n((?:\1 +.*\n|\n)+)", text, re.MULTILINE):
        yield textwrap.dedent(match.group(2))
    for match in re.finditer(r'^ *(?:template|\w+): "(.*)"$', text, re.MULTILINE):
        yield match.group(1).encode().decode("unicode_escape", "replace").replace("\\r", "\r")


def schemas(document):
    for match in re.finditer(r"^( *)schema:(.*\n(?:\1 +.*\n)*)", document, re.MULTILINE):
        yield textwrap.dedent(match.group(2)).strip() + "\n"


def write(folder, text):
    data = text.encode("utf-8", "replace")
    (folder / hashlib.sha1(data).hexdigest()[:16]).write_bytes(data)


def main():
    source, target = map(pathlib.Path, sys.argv[1:3])
    for name in FOLDERS:
        (target / name).mkdir(parents=True, exist_ok=True)
    for file in sorted(source.rglob("*.yaml")):
        for document in templates(file.read_text(encoding="utf-8")):
            write(target / "front_matter", document)
            write(target / "template", re.sub(r"^---\n.*?\n---\n", "", document, flags=re.DOTALL))
            for schema in schemas(document):
                write(target / "picoschema", schema)


if __name__ == "__main__":
    main()
