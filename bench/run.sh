#!/usr/bin/env bash
# Measures the workloads of ../shared/bench/WORKLOADS.md: our programs beside those for Genkit JS, Go and Python and the C floors, in
# turn on one machine, and prints a table. What the others need is installed into build/bench once.
#   bench/run.sh [W1 W2 W5 W6 W7 W8 W10 W11 LLAMA]     REPS=5  PEERS="js go py" (those that cannot be had are left out, and it says so)
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../scripts/lib.sh"
cd "$root"
shared=$(cd "$root/../shared/bench" && pwd) || die "the workloads are not there: ../shared/bench"
workloads=${*:-W1 W2 W5 W6 W7 W8 W10 W11 LLAMA}
repetitions=${REPS:-5}
peers=${PEERS-js go py}
work=$root/build/bench
ours=$root/build/release/bench
results=$work/results/run.jsonl
export NODE_ENV=production PYTHONDONTWRITEBYTECODE=
unset GENKIT_ENV GENKIT_TELEMETRY_SERVER

wants() { [[ " $workloads " == *" $1 "* ]]; }
has() { [[ " $peers " == *" $1 "* ]]; }

prepare() {
  mkdir -p "$work/results" "$work/bin"
  cp -r "$shared/." "$work/"
  [ -x "$work/c/spawn" ] || quietly "Building the floors" bash "$work/build_floors.sh"
  if has js && [ ! -e "$work/.js" ]; then
    PATH=$(scripts/get_node.sh):$PATH
    (cd "$work" && npm init -y >/dev/null &&
      quietly "Installing Genkit JS" npm install --no-audit --no-fund genkit@1.42.0 @genkit-ai/express@1.42.0 \
        @genkit-ai/compat-oai@1.42.0 @genkit-ai/telemetry-server@1.43.0 esbuild) && touch "$work/.js" || drop js
  fi
  if has go && [ ! -x "$work/bin/gobench" ]; then
    (cd "$work/go" && quietly "Building the programs for Genkit Go" go build -o ../bin/gobench . &&
      go build -o ../bin/hello ./hello) || drop go
  fi
  if has py && [ ! -e "$work/.py" ]; then
    (python3 -m venv "$work/venv" &&
      quietly "Installing Genkit Python" "$work/venv/bin/pip" install -q -r "$work/python/requirements.txt") &&
      touch "$work/.py" || drop py
  fi
  if has js; then
    PATH=$(scripts/get_node.sh):$PATH
    [ -f "$work/results/w1_bundle.cjs" ] || (cd "$work" && node_modules/.bin/esbuild js/w1_hello.cjs --bundle --platform=node \
      --target=node20 --minify --outfile=results/w1_bundle.cjs >/dev/null 2>&1)
  fi
}

drop() {
  say "Genkit for $1 cannot be had here: left out"
  peers=${peers//$1/}
}

# Programs print one JSON object per line; anything else is noise.
run() { (cd "$work" && timeout "${LIMIT:-300}" "$@" 2>>"$work/results/stderr.log" | grep '^{' | tee -a "$results") || true; }
peer() {
  local name=$1
  shift
  ! has "$name" || run "$@"
}

startup() { run python3 drivers/w1_startup.py --impl "$1" --case "$2" --cmd "$3" --reps $((repetitions * 2)); }

w1() {
  startup genkit-cpp hello "$ours/genkit_bench_w1_hello"
  startup c-floor exec-dyn c/hello_floor
  ! has go || startup genkit-go hello bin/hello
  ! has js || startup genkit-js bundled "node results/w1_bundle.cjs"
  ! has py || startup genkit-py hello "venv/bin/python python/w1_hello.py"
}

w2() {
  local name
  for name in noexp unheard mem json nested5 nested5-mem; do run "$ours/genkit_bench_w2_action" --case $name --reps "$repetitions"; done
  run c/action_floor 300000 "$repetitions"
  run c/action_floor 60000 "$repetitions" 5
  for name in noexp nested5; do
    peer go bin/gobench w2 --case $name --n 4000 --reps "$repetitions"
    peer js node --expose-gc js/w2_action.mjs --case $name --n 6000 --reps "$repetitions"
    peer py venv/bin/python python/w2_action.py --case $name --n 4000 --reps "$repetitions"
  done
}

reflection() { run python3 drivers/w8_reflection.py --impl "$1" --cmd "$2" --reps "$repetitions" --timeout 120; }

w8() {
  local name bytes
  for name in lookup list; do run "$ours/genkit_bench_w8_registry" --case $name --reps "$repetitions"; done
  reflection genkit-cpp "$ours/genkit_bench_w8_registry --case serve"
  bytes=$(python3 -c 'import json,sys; print(next(x["bytes"] for x in map(json.loads, open(sys.argv[1])) if x["impl"] == "genkit-cpp" and x["c"] == "reflection-actions-warm"))' "$results")
  run c/misc_floor 10000 "$bytes" "$repetitions"
  ! has go || reflection genkit-go '$HERE/bin/gobench w8 --case serve'
  ! has js || reflection genkit-js 'node $HERE/js/w8_registry.mjs --case serve --actions 10000'
  ! has py || reflection genkit-py "$work/venv/bin/python \$HERE/python/w8_registry.py --case serve --actions 10000"
}

# Without HTTP: the mock server's turn comes with the providers.
w5() {
  local name
  for name in inproc callback inproc-stream flow-stream tools3; do
    run "$ours/genkit_bench_w5_generate" --case $name --n 5000 --reps "$repetitions"
  done
  # What a further chunk costs is the difference to these.
  for name in callback inproc-stream flow-stream; do
    run "$ours/genkit_bench_w5_generate" --case $name --n 500 --chunks 2200 --reps "$repetitions"
  done
  peer js node --expose-gc js/w5_generate.mjs --case inproc --n 4000 --warm 4000 --reps "$repetitions"
  peer js node --expose-gc js/w5_generate.mjs --case inproc-stream --n 1500 --warm 1500 --reps "$repetitions"
  for name in inproc inproc-stream; do peer go bin/gobench w5 --case $name --n 300 --reps "$repetitions"; done
}

# The others are quadratic: they get the sizes that they can do.
w6() {
  local format
  for format in array json jsonl text; do
    run "$ours/genkit_bench_w6_json" --format $format --reps "$repetitions"
    run "$ours/genkit_bench_w6_json" --format $format --via callback --reps "$repetitions"
    peer js node --expose-gc js/w6_json.mjs --format $format --objs 25,50,100,200,400 --reps 3
    peer go bin/gobench w6 --format $format --reps 3
  done
  run "$ours/genkit_bench_w6_json" --format json --typed 1 --reps "$repetitions"
  run "$ours/genkit_bench_w6_json" --format array --access 0 --reps "$repetitions"
  run c/jsonstream_floor 400 "$repetitions"
}

# The other languages render the same file with the same data; their JIT gets as long to warm up as it measures.
w7() {
  local entry
  for entry in cold:4000 compiled:40000 parse:20000 genkit:20000; do
    run "$ours/genkit_bench_w7_prompt" --data "$work/data" --case "${entry%:*}" --n "${entry#*:}" --reps "$repetitions"
  done
  for entry in cold:1200 compiled:20000 parse:5000 genkit:10000; do
    peer js node --expose-gc js/w7_dotprompt.mjs --case "${entry%:*}" --n "${entry#*:}" --warm "${entry#*:}" --reps "$repetitions"
  done
  for entry in cold:1500 compiled:5000 genkit:1500; do
    peer go bin/gobench w7 --case "${entry%:*}" --n "${entry#*:}" --reps "$repetitions" --compat 1
  done
  for entry in cold:100 compiled:300 parse:200 genkit:300; do
    peer py venv/bin/python python/w7_dotprompt.py --case "${entry%:*}" --n "${entry#*:}" --reps "$repetitions"
  done
}

# The app sends its traces to the telemetry server of Genkit JS.
tracing() {
  run python3 drivers/w10_tracing.py --impl "$1" --case dev --port 4155 --cmd "$2" \
    --scmd 'node $HERE/js/w10_telserver.mjs --port $PORT --dir $DIR' --maxs 120
}

w10() {
  local mode
  for mode in prod mem; do
    run "$ours/genkit_bench_w10_trace" --mode $mode --traces 40000 --reps "$repetitions"
    peer go bin/gobench w10 --mode $mode --traces 4000 --reps "$repetitions"
    peer js node --expose-gc js/w10_trace.mjs --mode $mode --traces 4000 --reps "$repetitions"
    peer py venv/bin/python python/w10_trace.py --mode $mode --traces 3000 --reps "$repetitions"
  done
  if has js; then
    for _ in 1 2 3; do
      tracing genkit-cpp "$ours/genkit_bench_w10_trace --mode dev --traces 2000 --url http://127.0.0.1:\$PORT"
      tracing genkit-cpp "$ours/genkit_bench_w10_trace --mode realtime --traces 2000 --url http://127.0.0.1:\$PORT"
      tracing genkit-js 'node --expose-gc $HERE/js/w10_trace.mjs --mode dev --traces 1000 --url http://127.0.0.1:$PORT'
      ! has go || tracing genkit-go '$HERE/bin/gobench w10 --mode dev --traces 500 --warm 100 --url http://127.0.0.1:$PORT'
    done
  fi
  run "$ours/genkit_bench_w10_trace" --mode dev --tag -deadserver --traces 20000 --url http://127.0.0.1:4999
  run "$ours/genkit_bench_w10_trace" --mode dev --tag -deadserver --depth 1 --traces 100000 --sample 20000 --paced 0 --url http://127.0.0.1:4999
}

# Servers of the other languages hold an HTTP connection per stream too; ours are measured in process until flows are served.
w11() {
  local count
  for count in 1000 10000; do
    for _ in 1 2 3; do run "$ours/genkit_bench_w11_idle" --conc $count; done
  done
  ! has js || run python3 drivers/w11_idle.py --impl genkit-js --case genkit --cmd "node --expose-gc js/w3_server.mjs --port 18090 --kind genkit" --port 18090 --conns 1000 --gc 1 --reps 3
  ! has go || run python3 drivers/w11_idle.py --impl genkit-go --case genkit --cmd "bin/gobench server --port 18190 --kind genkit" --port 18190 --conns 1000 --gc 1 --hold 3 --reps 3
}

llama() {
  if [ -x "$root/build/release/plugins/llamacpp/genkit_llamacpp_bench" ]; then
    LIMIT=900 run "$root/build/release/plugins/llamacpp/genkit_llamacpp_bench" "${GENKIT_MODEL_FILE:?the chat model}"
  else
    say "LLAMA: this build has no llama.cpp"
  fi
}

prepare
: >"$results"
for workload in $workloads; do
  case $workload in
    W1 | W2 | W5 | W6 | W7 | W8 | W10 | W11 | LLAMA)
      say "$workload"
      "${workload,,}"
      ;;
    *) die "unknown workload \"$workload\"; there are: W1 W2 W5 W6 W7 W8 W10 W11 LLAMA" ;;
  esac
done
python3 "$work/report.py" "$results"
