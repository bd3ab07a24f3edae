#!/usr/bin/env python3
"""The examples with their local model as the official command line sees them. Used like run.py; --app is the folder of the built
examples."""

import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import run
from run import Skip, expect, expect_in, request, test, trace_id_of, trace_of

run.TESTS.clear()


def start(project, program):
    model = os.environ.get("GENKIT_MODEL_FILE")
    if not model:
        raise Skip("needs a model file in GENKIT_MODEL_FILE")
    project.app = os.path.join(project.app, program)
    actions = json.load(request(project.start_app(model).runtime, "/api/actions"))
    return {key for key in actions if key.startswith(("/flow/", "/tool/", "/prompt/"))}


def result_of(output):
    """The command line prints texts as they are, and everything else as JSON."""
    text = re.search(r"^Result:\s*(.*?)\s*^Trace ID:", output, re.S | re.M).group(1)
    return json.loads(text) if text[:1] in ("{", "[") else text


def tree_of(project, trace_id):
    """The names of the spans, each with those below it."""
    spans = sorted(trace_of(project, trace_id)["spans"].values(), key=lambda span: span["startTime"])
    expect(all(span["attributes"].get("genkit:input") and span["attributes"].get("genkit:output") for span in spans), f"{spans}")

    def below(parent):
        return [[span["displayName"], *below(span["spanId"])] for span in spans if span.get("parentSpanId") == parent]

    (root,) = below(None)
    return root


@test
def example_02_calls_its_tools(project):
    expect(start(project, "02_tools/tools") == {"/flow/ask", "/tool/getWeather", "/tool/getTime"}, "the actions")
    output = project.genkit("flow:run", "ask", '"What is the weather in Rome?"')

    name, (generate, model, tool, turn) = tree_of(project, trace_id_of(output))
    expect((name, generate, model[0], turn[0]) == ("ask", "generate", "llamacpp/smollm2", "generate"), f"{name} {generate}")
    expect(tool == ["getWeather"], f"{tool}", output)


@test
def example_03_answers_in_the_form_that_was_asked_for(project):
    expect(start(project, "03_structured_output/structured_output") == {"/flow/courseOf", "/flow/recipe"}, "the actions")
    expect(result_of(project.genkit("flow:run", "courseOf", '"onion soup"')) in ("starter", "main_dish", "dessert"), "a course")

    output = project.genkit("flow:run", "recipe", '"pancakes"', "-s")
    recipe = result_of(output)
    expect(recipe["title"] and recipe["ingredients"] and 1 <= len(recipe["steps"]) <= 4, f"{recipe}")
    expect_in("ingredients, ", output.split("Result:")[0])


@test
def example_04_asks_before_it_pays(project):
    expect(start(project, "04_interrupts/interrupts") == {"/flow/pay", "/flow/approve", "/tool/pay"}, "the actions")
    messages = result_of(project.genkit("flow:run", "pay", '"Pay 20 euros to Ann."'))
    payment = messages[-1]["content"][-1]
    expect(payment["toolRequest"]["name"] == "pay" and "interrupt" in payment["metadata"], f"{messages}")

    output = project.genkit("flow:run", "approve", json.dumps(messages))
    expect(result_of(output), "an answer", output)
    expect("pay" in str(tree_of(project, trace_id_of(output))), "the tool ran", output)


@test
def example_05_renders_and_asks(project):
    actions = start(project, "05_prompts/prompts")
    expect({"/flow/show", "/prompt/tell_joke", "/prompt/tell_joke.riddle", "/prompt/criticise"} <= actions, f"{actions}")
    output = project.genkit("flow:run", "show", '{"subject":"cats"}', "-s")
    expect(isinstance(result_of(output), str), "an answer", output)


if __name__ == "__main__":
    sys.exit(run.main())
