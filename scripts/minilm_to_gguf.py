"""Converts a MiniLM (BERT) sentence-transformers folder to a GGUF file in half precision.

    minilm_to_gguf.py MODEL_DIR OUT.gguf

Needs numpy and gguf only, neither torch nor transformers.
"""

import json
import struct
import sys
from pathlib import Path

import gguf
import numpy as np

DTYPES = {"F32": np.float32, "F16": np.float16, "I64": np.int64}
# llama.cpp keeps these two in full precision.
FULL_PRECISION = {"position_embd.weight", "token_types.weight"}
F16_FILE_TYPE = 1


def read_safetensors(path):
    with path.open("rb") as file:
        header_size = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(header_size))
    data = np.memmap(path, np.uint8, "r", offset=8 + header_size)
    header.pop("__metadata__", None)
    tensors = {}
    for name, info in header.items():
        begin, end = info["data_offsets"]
        tensors[name] = data[begin:end].view(DTYPES[info["dtype"]]).reshape(info["shape"])
    return tensors


def add_hyperparameters(writer, model):
    config = json.loads((model / "config.json").read_text())
    pooling = json.loads((model / "1_Pooling" / "config.json").read_text())
    writer.add_name("all-MiniLM-L6-v2")
    writer.add_license("apache-2.0")
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_layer_norm_eps(config["layer_norm_eps"])
    writer.add_causal_attention(False)
    writer.add_pooling_type(gguf.PoolingType.MEAN if pooling["pooling_mode_mean_tokens"] else gguf.PoolingType.CLS)
    writer.add_token_type_count(config["type_vocab_size"])
    writer.add_file_type(F16_FILE_TYPE)
    return config["num_hidden_layers"]


def add_tokenizer(writer, model):
    tokenizer = json.loads((model / "tokenizer.json").read_text())
    special = {token["content"] for token in tokenizer["added_tokens"] if token.get("special")}
    vocabulary = tokenizer["model"]["vocab"]
    tokens, types = [], []
    for token in sorted(vocabulary, key=vocabulary.get):
        if token in special:
            tokens.append(token)
            types.append(gguf.TokenType.CONTROL)
        else:
            # llama.cpp marks the beginning of a word, WordPiece its continuation.
            tokens.append(token[2:] if token.startswith("##") else "\u2581" + token)
            types.append(gguf.TokenType.NORMAL)
    writer.add_tokenizer_model("bert")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_types(types)
    writer.add_unk_token_id(vocabulary["[UNK]"])
    writer.add_sep_token_id(vocabulary["[SEP]"])
    writer.add_pad_token_id(vocabulary["[PAD]"])
    writer.add_mask_token_id(vocabulary["[MASK]"])
    writer.add_bos_token_id(vocabulary["[CLS]"])
    writer.add_eos_token_id(vocabulary["[SEP]"])


def add_tensors(writer, model, layers):
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.BERT, layers)
    for name, tensor in read_safetensors(model / "model.safetensors").items():
        if name == "embeddings.position_ids" or name.startswith("pooler."):
            continue
        gguf_name = names.get_name(name, try_suffixes=(".weight", ".bias"))
        if gguf_name is None:
            sys.exit(f"no GGUF name for the tensor {name}")
        full = tensor.ndim < 2 or gguf_name in FULL_PRECISION
        writer.add_tensor(gguf_name, np.ascontiguousarray(tensor, dtype=np.float32 if full else np.float16))


def main():
    model, out = Path(sys.argv[1]), sys.argv[2]
    writer = gguf.GGUFWriter(out, "bert")
    layers = add_hyperparameters(writer, model)
    add_tokenizer(writer, model)
    add_tensors(writer, model, layers)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    main()
