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
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.error
import urllib.request

LIMIT = float(os.environ.get("GENKIT_TEST_LIMIT", "120"))  # seconds for anything: generous, for machines with a lot to do
TESTS = []


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

    def __init__(self, cli, app):
        self.cli = cli
        self.app = app
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


def trace_id_of(output):
    found = re.search(r"Trace ID: ?\s*([0-9a-f]{32})", output)
    expect(found, "no trace id in:", output)
    return found.group(1)


def request(runtime, path, body=None):
    """Asks the program itself; returns an open response."""
    data = None if body is None else json.dumps(body).encode()
    headers = {} if body is None else {"Content-Type": "application/json"}
    return urllib.request.urlopen(urllib.request.Request(runtime["reflectionServerUrl"] + path, data, headers), timeout=LIMIT)


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
    expect("Hello, Ada!" in json.dumps(rows) and "Hello, Bob!" in json.dumps(rows), f"wrong output file: {rows}", output)


@test
def batch_run_on_a_running_program(project):
    project.start_app()
    check_batch_run(project)


@test
def batch_run_on_a_program_of_its_own(project):
    check_batch_run(project, "--", project.app)


# --- traces


@test
def traces_are_listed_and_shown(project):
    project.start_app()
    trace_id = trace_id_of(project.genkit("flow:run", "greet", '{"name":"Ada"}'))
    failed = trace_id_of(project.genkit("flow:run", "ask", '"what is this"'))

    listed = project.genkit("trace:list")
    expect_in(trace_id, listed)
    expect_in(failed, listed)
    tree = project.genkit("trace:get", trace_id)
    expect_in("greet", tree)
    expect_in("compose", tree)

    trace = json.loads(re.search(r"\{.*\}", project.genkit("trace:get", failed, "-f", "json"), re.S).group(0))
    names = {span["displayName"] for span in trace["spans"].values()}
    expect({"ask", "generate", "test/rules"} <= names, f"spans: {names}")
    root = next(span for span in trace["spans"].values() if not span.get("parentSpanId"))
    expect(root["attributes"]["genkit:input"] == '"what is this"', f"root: {root}")
    expect(root["attributes"]["genkit:state"] == "success", f"root: {root}")


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
    parser.add_argument("--cli", default=os.environ.get("GENKIT_CLI") or shutil.which("genkit"))
    parser.add_argument("tests", nargs="*")
    options = parser.parse_args()
    if not options.cli:
        print("the official Genkit command line is not here: put `genkit` on PATH or name it in GENKIT_CLI (./dev setup gets it)")
        return 77  # CTest: skipped

    unknown = set(options.tests) - {function.__name__ for function in TESTS}
    if unknown:
        parser.error(f"unknown tests: {', '.join(sorted(unknown))}")
    failures = 0
    for function in TESTS:
        if options.tests and function.__name__ not in options.tests:
            continue
        start = time.monotonic()
        try:
            with Project(os.path.abspath(options.cli), os.path.abspath(options.app)) as project:
                function(project)
            verdict = "ok"
        except Exception:  # pylint: disable=broad-except
            traceback.print_exc()
            verdict = "FAILED"
            failures += 1
        print(f"{verdict:6} {function.__name__} ({time.monotonic() - start:.1f} s)", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
