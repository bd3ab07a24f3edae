# Shared by ./dev and the scripts beside this file: where things are kept, how they speak, how packages get here.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/genkit-cpp
jobs=${GENKIT_JOBS:-$(nproc 2>/dev/null || echo 2)}

say() {
  if [ -t 2 ]; then printf '\033[1m==> %s\033[0m\n' "$*" >&2; else printf '==> %s\n' "$*" >&2; fi
}
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# quietly NAME COMMAND...: runs it with a clock on the terminal and its output in a log, which is shown when it fails.
quietly() {
  local name=$1 log start=$SECONDS pid
  shift
  mkdir -p "$cache/logs"
  log=${name%%:*}
  log=$cache/logs/${log//[^A-Za-z0-9]/-}.log
  say "$name"
  "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  while [ -t 2 ] && kill -0 "$pid" 2>/dev/null; do
    printf '\r    %s s' "$((SECONDS - start))" >&2
    sleep 1
  done
  if ! wait "$pid"; then
    tail -n 40 "$log" >&2
    die "$name failed, see $log"
  fi
  [ -t 2 ] && printf '\r' >&2
  printf '    %s s\n' "$((SECONDS - start))" >&2
}

# Only one process at a time fills the shared cache; the others wait for it and then find everything there.
lock_cache() {
  mkdir -p "$cache"
  have flock || return 0
  exec 9>"$cache/.lock"
  if ! flock -n 9; then
    say "Waiting for another process that fills $cache"
    flock -w 3600 9 || die "still locked after an hour: $cache/.lock"
  fi
}

is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

as_root() {
  if [ "$(id -u)" = 0 ]; then
    DEBIAN_FRONTEND=noninteractive "$@"
  else
    sudo DEBIAN_FRONTEND=noninteractive "$@"
  fi
}

# need_packages PACKAGE...: Debian packages by name; installs what is missing, and is done at once when nothing is.
need_packages() {
  local missing=() package
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ] && ! have sudo; then
    die "missing packages, and neither root nor sudo here to install them: ${missing[*]}"
  fi
  if [ -z "${apt_updated:-}" ]; then
    quietly "Updating the package lists" as_root apt-get update
    apt_updated=1
  fi
  # --no-remove: an older Boost of the machine's owner is his to remove.
  quietly "Installing ${#missing[@]} packages: ${missing[*]}" \
    as_root apt-get install -y --no-install-recommends --no-remove "${missing[@]}"
}

# need_commands COMMAND...: for machines without apt, which get told what is missing.
need_commands() {
  local missing=() command
  for command in "$@"; do
    have "$command" || missing+=("$command")
  done
  [ ${#missing[@]} -eq 0 ] || die "there is no apt here; please install: ${missing[*]}"
}

# The private Python environment for tools that come from PyPI (Debian's own Python refuses to install any).
python_env() {
  venv=$cache/python
  [ -x "$venv/bin/pip" ] && return 0
  if have apt-get; then need_packages python3 python3-venv; else need_commands python3; fi
  rm -rf "$venv"
  quietly "Making a Python environment" python3 -m venv "$venv"
}
