#!/usr/bin/env python3
"""Drives a C++ program with the official Genkit command line, as its users do.

    GENKIT_CLI=/path/to/genkit run.py --app /path/to/program [TEST...]

The command line exits with 0 when a flow fails, so every test reads what it prints. Each program and command gets a folder and a
home of its own, and a time limit.
"""

import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.error
import urllib.request
import zipfile

SKIPPED = 77  # what CTest takes for "skipped"
LIMIT = float(os.environ.get("GENKIT_TEST_LIMIT", "120"))  # seconds for anything: generous, for machines with a lot to do
TESTS = []


class Skip(Exception):
    """The test needs something that is not here."""


def test(function):
    TESTS.append(function)
    return function


def plain(text):
    """Without the colours of the terminal."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


def wait_for(condition, what):
    """Asks again until `condition()` gives something; returns that."""
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {LIMIT:.0f} s for {what}")


class Process:
    """A process whose output is collected, and which is gone with everything that it started at the end of the test."""

    def __init__(self, command, folder, environment):
        self.command = command
        self.lines = []
        self.process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace", start_new_session=True)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            self.lines.append(plain(line))

    def output(self):
        return "".join(list(self.lines))

    def wait(self):
        try:
            self.process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.command} did not end within {LIMIT:.0f} s; it printed:\n{self.output()}") from None
        self.reader.join(LIMIT)
        return self.output()

    def signal_group(self, number):
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            pass

    def end(self):
        self.signal_group(signal.SIGKILL)
        self.process.wait()


class Project:
    """A folder with a package.json, programs that run in it, and the command line."""

    def __init__(self, cli, app, local_app):
        self.cli = cli
        self.app = app
        self.local_app = local_app
        self.folder = tempfile.mkdtemp(prefix="genkit-integration-")
        self.home = os.path.join(self.folder, "home")
        os.mkdir(self.home)
        with open(os.path.join(self.folder, "package.json"), "w", encoding="utf-8") as file:
            file.write('{"name":"integration"}')
        self.processes = []
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("GENKIT_") and not k.startswith("XDG_")}
        self.environment.update(HOME=self.home, GENKIT_CLI_DISABLE_UPDATE_NOTIFICATIONS="true", NO_COLOR="1")

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        if exception[0]:
            for process in self.processes:
                print(f"--- {' '.join(process.command)}\n{process.output()}", file=sys.stderr)
        for process in self.processes:
            process.end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def spawn(self, command, **environment):
        process = Process(command, self.folder, {**self.environment, **environment})
        self.processes.append(process)
        return process

    def genkit(self, *arguments):
        """Runs a command to its end and returns what it printed."""
        return self.spawn(self.command(*arguments)).wait()

    def command(self, *arguments):
        """`--non-interactive` comes before a `--`: what follows that belongs to the program."""
        arguments = list(arguments)
        at = arguments.index("--") if "--" in arguments else len(arguments)
        return [self.cli, *arguments[:at], "--non-interactive", *arguments[at:]]

    def local_program(self):
        """The command of a program with a language model inside."""
        model = os.environ.get("GENKIT_MODEL_FILE")
        if not self.local_app or not model:
            raise Skip("needs a build with llama.cpp, and a model file in GENKIT_MODEL_FILE")
        return [self.local_app, model]

    def start_tools(self, *arguments):
        """Starts `genkit start` with the server of the Developer UI; returns the process, whose `url` is that of the server."""
        assets = os.path.join(self.home, ".genkit", "assets", self.version())
        os.makedirs(assets, exist_ok=True)
        # The pages are not what is tested, and with this file there nothing is downloaded.
        with zipfile.ZipFile(os.path.join(assets, os.path.basename(assets) + ".zip"), "w") as pages:
            pages.writestr("ui/browser/index.html", "<html></html>")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        process = self.spawn(self.command("start", "-p", str(port), *arguments))
        process.url = f"http://localhost:{port}"
        wait_for(lambda: answers(process.url + "/api/__health"), "the server of the Developer UI")
        return process

    def version(self):
        found = re.search(r"^\d+\.\d+\.\d+", self.genkit("--version"), re.M)
        expect(found, "the command line does not tell its version")
        return found.group(0)

    def runtime_files(self):
        folder = os.path.join(self.folder, ".genkit", "runtimes")
        if not os.path.isdir(folder):
            return []
        return sorted(os.path.join(folder, name) for name in os.listdir(folder))

    def start_app(self, name="integration"):
        """Starts the program and waits until it has announced itself."""
        known = set(self.runtime_files())
        process = self.spawn([self.app, name], GENKIT_ENV="dev")
        path = wait_for(lambda: [f for f in self.runtime_files() if f not in known], "the runtime file")[0]
        with open(path, encoding="utf-8") as file:
            process.runtime = json.load(file)
        return process


def expect(condition, what, output=""):
    if not condition:
        raise AssertionError(f"{what}\n{output}")


def expect_in(needle, output):
    expect(needle in output, f"{needle!r} is missing in:", output)


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=LIMIT):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def attempt(function):
    """What the function returns, or nothing while the tools or the program are not there yet."""
    try:
        return function()
    except (OSError, KeyError):
        return None


def trace_id_of(output):
    found = re.search(r"Trace ID: ?\s*([0-9a-f]{32})", output)
    expect(found, "no trace id in:", output)
    return found.group(1)


def request(server, path, body=None):
    """Asks a program (what its runtime file says) or the tools (a URL); returns an open response."""
    url = server if isinstance(server, str) else server["reflectionServerUrl"]
    data = None if body is None else json.dumps(body).encode()
    headers = {} if body is None else {"Content-Type": "application/json"}
    return urllib.request.urlopen(urllib.request.Request(url + path, data, headers), timeout=LIMIT)


def call_tools(tools, procedure, body=None):
    """What a procedure of the tools returns: a query without a body, a mutation with one."""
    return json.load(request(tools.url, f"/api/{procedure}", body))["result"].get("data")


# --- flow:run and flow:batchRun, against a program that runs (version 1) and one that the command line starts (version 2)


def check_flow_run(run):
    """`run(arguments…)` runs flow:run and returns its output."""
    output = run("greet", '{"name":"Ada"}')
    expect_in("Hello, Ada!", output)
    trace_id_of(output)

    output = run("count", '{"to":3}', "-s")
    expect(re.search(r'"?to"?: ?1.*"?to"?: ?2.*"?to"?: ?3.*done 3', output, re.S), "chunks or result are missing in:", output)

    output = run("boom")
    expect_in("boom", output)
    expect("TypeError" not in output, "the error object is not what the command line expects:", output)

    expect_in("NOT_FOUND: no such thing", run("missing"))
    output = run("halfway", "-s")
    expect_in("ABORTED: half way", output)

    output = run("greet", '{"nom":"Ada"}')
    expect_in("INVALID_ARGUMENT", output)
    expect_in("name", output)

    expect_in("u1", run("whoami", "-c", '{"auth":{"uid":"u1"}}'))
    output = run("nothing")
    expect("rror" not in output, "a flow without a result is an error:", output)


@test
def flow_run_on_a_running_program(project):
    project.start_app()
    check_flow_run(lambda *arguments: project.genkit("flow:run", *arguments))
    expect_in("not found", project.genkit("flow:run", "nope"))


@test
def flow_run_writes_its_result_to_a_file(project):
    project.start_app()
    result = os.path.join(project.folder, "result.json")
    project.genkit("flow:run", "greet", '{"name":"Ada"}', "--output", result)
    with open(result, encoding="utf-8") as file:
        expect(json.load(file) == "Hello, Ada!", "wrong result file")


@test
def flow_run_on_a_program_of_its_own(project):
    check_flow_run(lambda *arguments: project.genkit("flow:run", *arguments, "--", project.app))


@test
def flow_run_of_an_unknown_flow_on_a_program_of_its_own(project):
    expect_in("not found", project.genkit("flow:run", "nope", "--", project.app))


def check_batch_run(project, *ending):
    data = os.path.join(project.folder, "batch.json")
    result = os.path.join(project.folder, "batch.out.json")
    with open(data, "w", encoding="utf-8") as file:
        json.dump([{"name": "Ada"}, {"name": "Bob"}], file)
    output = project.genkit("flow:batchRun", "greet", data, "--label", "lbl1", "--output", result, *ending)
    expect(os.path.exists(result), "no output file; printed was:", output)
    with open(result, encoding="utf-8") as file:
        rows = json.load(file)
    expected = [{"input": {"name": "Ada"}, "output": "Hello, Ada!"}, {"input": {"name": "Bob"}, "output": "Hello, Bob!"}]
    expect(rows == expected, f"wrong output file: {rows}", output)


@test
def batch_run_on_a_running_program(project):
    project.start_app()
    check_batch_run(project)

    listed = re.findall(r"[0-9a-f]{32}", project.genkit("trace:list"))
    expect(len(set(listed)) == 2, f"traces: {listed}")
    for trace_id in listed:
        trace = trace_of(project, trace_id)
        expect(root_of(trace)["attributes"].get("batchRun") == "lbl1", "the label is not on the trace")


@test
def batch_run_on_a_program_of_its_own(project):
    check_batch_run(project, "--", project.app)


# --- traces


def trace_of(project, trace_id):
    return json.loads(re.search(r"\{.*\}", project.genkit("trace:get", trace_id, "-f", "json"), re.S).group(0))


def root_of(trace):
    return next(span for span in trace["spans"].values() if not span.get("parentSpanId"))


@test
def traces_are_listed_and_shown(project):
    project.start_app()
    trace_id = trace_id_of(project.genkit("flow:run", "greet", '{"name":"Ada"}'))
    asked = trace_id_of(project.genkit("flow:run", "ask", '"what is this"'))

    listed = project.genkit("trace:list")
    expect_in(trace_id, listed)
    expect_in(asked, listed)
    tree = project.genkit("trace:get", trace_id)
    expect_in("greet", tree)
    expect_in("compose", tree)

    trace = trace_of(project, asked)
    names = {span["displayName"] for span in trace["spans"].values()}
    expect({"ask", "generate", "test/rules"} <= names, f"spans: {names}")
    root = root_of(trace)
    expect(root["attributes"]["genkit:input"] == '"what is this"', f"root: {root}")
    expect(root["attributes"]["genkit:state"] == "success", f"root: {root}")


@test
def the_trace_of_a_failure_says_where_it_began(project):
    project.start_app()
    project.genkit("flow:run", "greet", '{"name":"Ada"}')
    failed = re.findall(r"[0-9a-f]{32}", project.genkit("flow:run", "boom"))
    expect(failed, "the failure does not name its trace")

    root = root_of(trace_of(project, failed[0]))
    expect(root["status"]["code"] == 2 and "boom" in root["status"]["message"], f"root: {root}")
    expect(root["attributes"]["genkit:isFailureSource"] is True, f"root: {root}")
    listed = set(re.findall(r"[0-9a-f]{32}", project.genkit("trace:list", "--status", "error")))
    expect(listed == {failed[0]}, f"failed traces: {listed}, expected {failed[0]}")


# --- cancel


@test
def a_running_flow_is_cancelled(project):
    runtime = project.start_app().runtime
    response = request(runtime, "/api/runAction?stream=true", {"key": "/flow/forever"})
    trace_id = response.headers["X-Genkit-Trace-Id"]
    expect(response.readline() == b'"started"\n', "the first chunk did not come")

    cancelled = json.load(request(runtime, "/api/cancelAction", {"traceId": trace_id}))
    last = json.loads(response.read())

    expect(cancelled == {"message": "Action cancelled"}, f"{cancelled}")
    expect(last["error"]["code"] == 1 and last["error"]["message"] == "Action was cancelled", f"{last}")


def check_cancel_by_the_tools(tools):
    wait_for(lambda: call_tools(tools, "getActiveRuntimes"), "the program to be seen")
    response = request(tools.url, "/api/streamAction", {"key": "/flow/forever"})
    expect(response.readline() == b'"started"\n', "the first chunk did not come")

    trace_id = response.headers["X-Genkit-Trace-Id"]
    answer = call_tools(tools, "cancelAction", {"traceId": trace_id})
    expect(answer == {"message": "Action cancelled"}, f"{answer}")
    last = json.loads(response.read())
    expect("cancelled" in json.dumps(last["error"]), f"{last}")


@test
def the_developer_ui_cancels_a_flow(project):
    check_cancel_by_the_tools(project.start_tools("--", project.app))


@test
def the_developer_ui_cancels_a_flow_over_version_2(project):
    check_cancel_by_the_tools(project.start_tools("--experimental-reflection-v2", "--", project.app))


# --- what only the Developer UI asks for


@test
def the_developer_ui_feeds_a_flow_that_takes_a_stream(project):
    """Only version 2 can carry it."""
    tools = project.start_tools("--experimental-reflection-v2", "--", project.app)
    wait_for(lambda: call_tools(tools, "getActiveRuntimes"), "the program to be seen")
    response = request(tools.url, "/api/streamAction?bidi=true", {"key": "/flow/chat"})
    trace_id = response.headers["X-Genkit-Trace-Id"]

    for word in ("one", "two"):
        request(tools.url, "/api/sendBidiInput", {"traceId": trace_id, "chunk": word}).read()
        expect(json.loads(response.readline()) == f"You said {word}", "the answer to an item did not come")
    request(tools.url, "/api/endBidiInput", {"traceId": trace_id}).read()

    expect(json.loads(response.read())["result"] == 2, "the flow did not count its input")


@test
def the_developer_ui_lists_actions_with_their_schemas(project):
    tools = project.start_tools("--", project.app)
    actions = wait_for(lambda: attempt(lambda: call_tools(tools, "listActions")), "the list of actions")
    greet = actions["/flow/greet"]
    expect(greet["inputSchema"]["properties"] == {"name": {"type": "string"}}, f"{greet}")
    expect("/model/test/rules" in actions, f"{sorted(actions)}")


# --- dev:test-model


def check_test_model(project, *ending):
    output = project.genkit("dev:test-model", "test/rules", *ending)
    expect_in("Tests Completed: 9 Passed, 0 Failed", re.sub(r"\s+", " ", output))


@test
def a_model_passes_the_conformance_tests(project):
    project.start_app()
    check_test_model(project)


@test
def a_model_of_a_program_of_its_own_passes_the_conformance_tests(project):
    check_test_model(project, "--", project.app)


# --- a language model inside of the program


@test
def a_local_model_passes_the_conformance_tests(project):
    """Those whose outcome does not depend on how much a model knows: 135 million parameters do not remember a name."""
    suites = ["structured-output", "streaming-structured-output", "tool-request", "streaming-tool-request"]
    output = project.genkit("dev:test-model", "local/greedy", "--supports", ",".join(suites), "--", *project.local_program())
    expect_in(f"Tests Completed: {len(suites)} Passed, 0 Failed", re.sub(r"\s+", " ", output))


@test
def a_local_model_streams_through_a_flow(project):
    output = project.genkit("flow:run", "story", '"a fox"', "-s", "--", *project.local_program())
    trace_id = trace_id_of(output)
    chunks = re.findall(r'^"(.*)"$', output.split("Result:")[0], re.M)
    expect(len(chunks) > 5, f"chunks: {chunks}", output)

    names = sorted(span["displayName"] for span in trace_of(project, trace_id)["spans"].values())
    expect(names == ["generate", "llamacpp/chat", "local/greedy", "story"], f"spans: {names}")


# --- the life of a program


@test
def start_sees_programs_come_and_go(project):
    cli = project.spawn(project.command("start", "--noui"))
    wait_for(lambda: "elemetry" in cli.output(), "the start of the command line")
    first = project.start_app()

    # Killed: nothing of the program can tidy up, so the command line does.
    first.process.kill()
    wait_for(lambda: not project.runtime_files(), "the removal of the file of a killed program")
    second = project.start_app()
    expect_in("Hello, Ada!", project.genkit("flow:run", "greet", '{"name":"Ada"}'))

    # Asked to end: its own file goes with it.
    second.process.terminate()
    second.wait()
    expect(not project.runtime_files(), "the file is still there after SIGTERM")


@test
def start_runs_a_program(project):
    cli = project.spawn(project.command("start", "--noui", "--", project.app))
    wait_for(project.runtime_files, "the runtime file")

    expect_in("Hello, Ada!", project.genkit("flow:run", "greet", '{"name":"Ada"}'))

    cli.signal_group(signal.SIGINT)
    cli.wait()
    wait_for(lambda: not project.runtime_files(), "the removal of the runtime file")


@test
def the_developer_ui_restarts_a_program(project):
    tools = project.start_tools("--", project.app)
    first = wait_for(lambda: call_tools(tools, "getActiveRuntimes"), "the program to be seen")[0]["pid"]

    expect(call_tools(tools, "restartAppProcess") is True, "the program was not restarted")
    wait_for(lambda: [r for r in call_tools(tools, "getActiveRuntimes") if r["pid"] != first], "the restarted program")
    wait_for(lambda: len(project.runtime_files()) == 1, "the removal of the first program's file")

    expect_in("Hello, Ada!", project.genkit("flow:run", "greet", '{"name":"Ada"}'))


@test
def two_programs_run_side_by_side(project):
    first = project.start_app("first")
    second = project.start_app("second")
    expect(len(project.runtime_files()) == 2, f"{project.runtime_files()}")
    expect(first.runtime["id"] != second.runtime["id"], "both have the same id")

    expect_in("Hello, Ada!", project.genkit("flow:run", "greet", '{"name":"Ada"}'))
    for process in (first, second):
        answer = json.load(request(process.runtime, "/api/runAction", {"key": "/flow/greet", "input": {"name": "Bob"}}))
        expect(answer["result"] == "Hello, Bob!", f"{answer}")

    first.process.send_signal(signal.SIGINT)
    first.wait()
    wait_for(lambda: len(project.runtime_files()) == 1, "the removal of one file")
    expect_in("Hello, Cy!", project.genkit("flow:run", "greet", '{"name":"Cy"}'))


@test
def a_removed_runtime_file_comes_back(project):
    project.start_app()
    for path in project.runtime_files():
        os.unlink(path)

    wait_for(project.runtime_files, "the runtime file to come back")
    expect_in("Hello, Ada!", project.genkit("flow:run", "greet", '{"name":"Ada"}'))


@test
def nothing_is_printed_to_stdout(project):
    """In an MCP server the program's stdout is the protocol."""
    process = project.start_app()
    project.genkit("flow:run", "greet", '{"name":"Ada"}')
    project.genkit("flow:run", "boom")
    process.process.terminate()

    expect(process.wait() == "", "printed:", process.output())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--app", required=True)
    parser.add_argument("--local-app")
    parser.add_argument("--cli", default=os.environ.get("GENKIT_CLI") or shutil.which("genkit"))
    parser.add_argument("tests", nargs="*")
    options = parser.parse_args()
    if not options.cli:
        print("the official Genkit command line is not here: put `genkit` on PATH or name it in GENKIT_CLI (./dev setup gets it)")
        return SKIPPED

    unknown = set(options.tests) - {function.__name__ for function in TESTS}
    if unknown:
        parser.error(f"unknown tests: {', '.join(sorted(unknown))}")
    failures = skipped = 0
    for function in TESTS:
        if options.tests and function.__name__ not in options.tests:
            continue
        start = time.monotonic()
        try:
            with Project(os.path.abspath(options.cli), os.path.abspath(options.app), options.local_app) as project:
                function(project)
            verdict = "ok"
        except Skip as reason:
            verdict = f"skipped ({reason})"
            skipped += 1
        except Exception:  # pylint: disable=broad-except
            traceback.print_exc()
            verdict = "FAILED"
            failures += 1
        print(f"{verdict:6} {function.__name__} ({time.monotonic() - start:.1f} s)", flush=True)
    if failures:
        return 1
    return SKIPPED if skipped and len(options.tests) == skipped else 0


if __name__ == "__main__":
    sys.exit(main())
