#!/usr/bin/env bash
# Makes llama.cpp available to find_package(llama): uses an installed one, or builds a pinned one once per compiler and flags.
#   scripts/get_llama.sh     the result is $XDG_CACHE_HOME/genkit-cpp/llama, where this project's CMake looks by itself
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

version=0.3.36
sha256=832db0699007f1be95a7e41ef12e88926b02ba836461e36a36372db2760c1a2e
source_files=(CMakeLists.txt LICENSE licenses cmake include src ggml vendor common)
# No OpenMP: its threads spin. The build number and commit are given because the source archive's own are wrong.
flags=(-DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF -DCMAKE_POSITION_INDEPENDENT_CODE=ON -DGGML_NATIVE=OFF
  -DGGML_OPENMP=OFF -DLLAMA_BUILD_COMMON=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_TOOLS=OFF -DLLAMA_BUILD_EXAMPLES=OFF
  -DLLAMA_BUILD_SERVER=OFF -DLLAMA_BUILD_APP=OFF -DLLAMA_OPENSSL=OFF -DLLAMA_BUILD_UI=OFF -DLLAMA_USE_PREBUILT_UI=OFF
  -DLLAMA_BUILD_NUMBER=0 -DLLAMA_BUILD_COMMIT=0c1e57098)

installed_llama() {
  local prefix prefixes=()
  IFS=: read -ra prefixes <<<"${CMAKE_PREFIX_PATH:-}"
  for prefix in "${prefixes[@]}" /usr/local /usr; do
    compgen -G "$prefix/lib*/cmake/llama/llama-config.cmake" || compgen -G "$prefix/lib*/*/cmake/llama/llama-config.cmake" || continue
    return 0
  done
  return 1
}

fetch_source() {
  local requirements=$work/requirements.txt
  echo "llama-cpp-python==$version --hash=sha256:$sha256" >"$requirements"
  # The package is named in --no-binary, because ":all:" would build cmake and ninja from source as well.
  "$venv/bin/pip" download --no-deps --require-hashes --no-binary llama-cpp-python -d "$work" -r "$requirements"
  mkdir -p "$work/source"
  tar xzf "$work/llama_cpp_python-$version.tar.gz" -C "$work/source" --strip-components=3 \
    "${source_files[@]/#/llama_cpp_python-$version/vendor/llama.cpp/}"
}

build() {
  cmake --build "$work/build" -j "$jobs"
}

install_licences() {
  mkdir -p "$prefix/share/licenses/llama.cpp"
  cp "$work/source/LICENSE" "$work/source"/licenses/* "$prefix/share/licenses/llama.cpp/"
}

if found=$(installed_llama); then
  say "llama.cpp: using the installed one ($found)"
  exit 0
fi

compiler=$("${CXX:-c++}" --version | head -n 1)
key=$version-$(printf '%s ' "${flags[@]}" "$compiler" "$(uname -m)" | sha256sum | cut -c 1-12)
prefix=$cache/llama-$key
if [ ! -f "$prefix/.done" ]; then
  lock_cache
fi
if [ ! -f "$prefix/.done" ]; then
  python_env
  work=$(mktemp -d "$cache/llama-build.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  rm -rf "$prefix"
  quietly "Downloading the source of llama.cpp (77 MB)" fetch_source
  quietly "Configuring llama.cpp" cmake -S "$work/source" -B "$work/build" -G Ninja "${flags[@]}" "-DCMAKE_INSTALL_PREFIX=$prefix"
  say "Building llama.cpp, once on this machine (about 3 minutes on two cores)"
  build >&2
  quietly "Installing llama.cpp" cmake --install "$work/build"
  install_licences
  touch "$prefix/.done"
fi
if [ "$(readlink "$cache/llama" 2>/dev/null)" != "llama-$key" ]; then
  ln -sfn "llama-$key" "$cache/llama"
fi
