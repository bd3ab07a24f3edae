#!/usr/bin/env python3
"""Prompts of a C++ program as the official command line and the Developer UI's calls see them. Used like run.py."""

import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import run
from run import expect, expect_in, request, test, trace_id_of

run.TESTS.clear()

FILE = """---
model: test/echo
description: Says hello
config:
  temperature: 0.3
input:
  schema:
    name: string, who to greet
---
{{role "system"}}You are polite. {{>footer}}
{{role "user"}}Say hello to {{shout name}}"""


def write(project, name, text):
    path = os.path.join(project.folder, "prompts", name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def start(project):
    write(project, "hello.prompt", FILE)
    write(project, "mail/bye.short.prompt", "Bye {{name}}")
    write(project, "_footer.prompt", "Be brief.")
    write(project, "broken.prompt", "---\nmodel: a\nmodel: b\n---\nx")
    return project.start_app("prompts").runtime


def run_action(runtime, key, value):
    return json.load(request(runtime, "/api/runAction", {"key": key, "input": value}))["result"]


@test
def prompts_are_listed_with_schema_and_template(project):
    actions = json.load(request(start(project), "/api/actions"))

    for name in ("greet", "hello", "mail/bye.short", "broken"):
        expect(f"/prompt/{name}" in actions and f"/executable-prompt/{name}" in actions, f"{name} is not in {list(actions)}")
    hello = actions["/executable-prompt/hello"]
    expect(hello["metadata"]["type"] == "prompt", f"{hello}")
    expect(hello["metadata"]["prompt"]["model"] == "test/echo", f"{hello}")
    expect(hello["metadata"]["prompt"]["template"].startswith("{{role"), f"{hello}")
    expect(hello["inputSchema"]["required"] == ["name"], f"{hello}")
    expect(actions["/prompt/mail/bye.short"]["metadata"]["prompt"]["variant"] == "short", f"{actions}")
    expect("line 3" in actions["/prompt/broken"]["description"], f"{actions['/prompt/broken']}")


@test
def prompts_are_rendered_and_run_as_the_developer_ui_does(project):
    runtime = start(project)

    rendered = run_action(runtime, "/prompt/hello", {"name": "Ada"})
    expect(rendered["messages"][0]["content"][0]["text"] == "You are polite. Be brief.\n", f"{rendered}")
    expect(rendered["config"] == {"temperature": 0.3}, f"{rendered}")

    options = run_action(runtime, "/executable-prompt/hello", {"name": "Ada"})
    expect(options["model"] == "test/echo", f"{options}")
    response = run_action(runtime, "/util/generate", options)
    expect(response["message"]["content"][0]["text"] == "Say hello to Ada!", f"{response}")


@test
def a_prompt_is_seen_in_the_trace_of_a_flow(project):
    start(project)
    output = project.genkit("flow:run", "hello", '{"name":"Ada"}')
    expect_in("Say hello to Ada!", output)

    trace = json.loads(re.search(r"\{.*\}", project.genkit("trace:get", trace_id_of(output), "-f", "json"), re.S).group(0))

    spans = {span["displayName"]: span for span in trace["spans"].values() if span["attributes"]["genkit:type"] != "action"}
    prompt, render, generate = spans["hello"], spans["render"], spans["generate"]
    expect(prompt["attributes"]["genkit:type"] == "dotprompt", f"{prompt}")
    expect(render["attributes"]["genkit:metadata:promptName"] == "hello", f"{render}")
    expect(render["parentSpanId"] == generate["parentSpanId"] == prompt["spanId"], f"{spans}")


@test
def a_changed_prompt_is_used_at_the_next_call(project):
    start(project)
    expect_in("Say hello to Ada!", project.genkit("flow:run", "hello", '{"name":"Ada"}'))

    write(project, "hello.prompt", "Hi {{name}}, how are you?")
    expect_in("Hi Ada, how are you?", project.genkit("flow:run", "hello", '{"name":"Ada"}'))

    write(project, "hello.prompt", "Hi {{name")
    output = project.genkit("flow:run", "hello", '{"name":"Ada"}')
    expect_in("INVALID_ARGUMENT", output)
    expect_in("hello.prompt", output)


if __name__ == "__main__":
    sys.exit(run.main())
