#!/usr/bin/env python3
"""Tools of a C++ program as the official command line and the Developer UI's calls see them. Used like run.py."""

import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import run
from run import expect, expect_in, request, test, trace_id_of

run.TESTS.clear()


def run_action(runtime, key, value):
    return json.load(request(runtime, "/api/runAction", {"key": key, "input": value}))["result"]


def trace_of_flow(project, *flow):
    output = project.genkit("flow:run", *flow)
    shown = project.genkit("trace:get", trace_id_of(output), "-f", "json")
    spans = json.loads(re.search(r"\{.*\}", shown, re.S).group(0))["spans"].values()
    return output, sorted(spans, key=lambda span: span["startTime"])


def value_of(attribute):
    """The command line shows attributes that hold JSON objects as such."""
    return json.loads(attribute) if isinstance(attribute, str) else attribute


def children(spans, parent):
    return [span for span in spans if span.get("parentSpanId") == parent["spanId"]]


@test
def tools_are_listed_with_their_schemas_and_run(project):
    runtime = project.start_app("tools").runtime
    actions = json.load(request(runtime, "/api/actions"))

    typed = actions["/tool/typed"]
    expect(typed["description"] == "Takes a city" and typed["metadata"] == {"type": "tool"}, f"{typed}")
    expect(typed["inputSchema"]["properties"] == {"name": {"type": "string"}}, f"{typed}")
    expect(typed["outputSchema"]["type"] == "string", f"{typed}")
    expect("/tool.v2/typed" in actions and "/tool.v2/camera" in actions and "/tool/camera" not in actions, f"{list(actions)}")

    expect(run_action(runtime, "/tool/typed", {"name": "Rome"}) == "Rome", "a tool")
    expect(run_action(runtime, "/tool.v2/typed", {"name": "Rome"}) == {"output": "Rome"}, "its twin")
    expect(run_action(runtime, "/tool.v2/camera", None)["content"] == [{"text": "a picture"}], "a multipart tool")


@test
def a_flow_with_tools_is_traced_turn_by_turn(project):
    project.start_app("tools")
    output, spans = trace_of_flow(project, "ask", '"What is the weather?"')
    expect_in('It says {"celsius":4}', output)

    flow = next(span for span in spans if not span.get("parentSpanId"))
    (first,) = children(spans, flow)
    model, tool, second = children(spans, first)
    (last,) = children(spans, second)
    names = [span["displayName"] for span in (flow, first, model, tool, second, last)]
    expect(names == ["ask", "generate", "test/caller", "getWeather", "generate", "test/caller"], f"{names}")
    for span in (flow, first, model, tool, second, last):
        attributes = span["attributes"]
        expect(attributes["genkit:input"] and attributes["genkit:output"], f"{span['displayName']} has no input or output")
        expect(attributes["genkit:state"] == "success", f"{span}")
    expect(value_of(tool["attributes"]["genkit:output"]) == {"celsius": 4}, f"{tool}")
    expect(tool["attributes"]["genkit:metadata:subtype"] == "tool", f"{tool}")


@test
def an_interrupted_tool_is_seen_with_its_reason(project):
    project.start_app("tools")
    output, spans = trace_of_flow(project, "pay")
    expect_in("paid 500", output)

    first, second = [span for span in spans if span["displayName"] == "pay" and span.get("parentSpanId")]
    expect(value_of(first["attributes"]["genkit:metadata:interrupt"]) == {"reason": "large"}, f"{first}")
    expect(value_of(second["attributes"]["genkit:metadata:resumed"]) is True, f"{second}")


@test
def generations_given_as_json_run_tools(project):
    runtime = project.start_app("tools").runtime
    messages = [{"role": "user", "content": [{"text": "Pay"}]}]

    asked = run_action(runtime, "/util/generate", {"messages": messages, "tools": ["pay"]})
    expect(asked["finishReason"] == "interrupted", f"{asked}")
    (part,) = asked["message"]["content"]
    resumed = run_action(runtime, "/util/generate", {
        "messages": messages + [asked["message"]], "tools": ["/tool/pay"],
        "resume": {"respond": [{"toolResponse": {"name": "pay", "ref": part["toolRequest"]["ref"], "output": "by hand"}}]}})

    expect(resumed["message"]["content"] == [{"text": 'It says "by hand"'}], f"{resumed}")


if __name__ == "__main__":
    sys.exit(run.main())
