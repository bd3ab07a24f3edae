#include "gguf_file.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <fstream>
#include <limits>
#include <map>
#include <set>
#include <sstream>
#include <system_error>
#include <unordered_set>
#include <utility>
#include <variant>

#include <ggml.h>
#include <gguf.h>

#include <genkit/base/error.h>

namespace genkit::llama {
namespace {

constexpr std::uint64_t kMaxLayers = 512;            // LLAMA_MAX_LAYERS
constexpr std::uint64_t kMaxStringLength = 1 << 24;  // a chat template has kilobytes
constexpr std::uint64_t kMaxEntries = 1 << 20;       // of metadata or tensors; models have hundreds

template <class... Parts>
[[noreturn]] void fail(const Parts&... parts) {
  std::ostringstream message;
  (message << ... << parts);
  throw Error(Status::kInvalidArgument, message.str());
}

/// Reads little-endian values and never beyond the end of the file.
class Reader {
 public:
  Reader(std::istream& in, std::uint64_t size) : in_(in), size_(size) {}

  std::uint64_t position() const { return position_; }
  std::uint64_t remaining() const { return size_ - position_; }

  template <class T>
  T read() {
    T value;
    read_bytes(reinterpret_cast<char*>(&value), sizeof value);
    return value;
  }

  std::string read_string() {
    const auto length = read<std::uint64_t>();
    if (length > kMaxStringLength) fail("a text of ", length, " bytes in the header: the file is damaged");
    require(length);
    std::string text(length, '\0');
    read_bytes(text.data(), length);
    return text;
  }

  void skip(std::uint64_t bytes) {
    require(bytes);
    in_.ignore(static_cast<std::streamsize>(bytes));
    position_ += bytes;
  }

  /// That many bytes are still to come.
  void require(std::uint64_t bytes) const {
    if (bytes > remaining()) fail("the file ends in the middle of its header (at byte ", size_, "): it is cut off");
  }

 private:
  void read_bytes(char* to, std::uint64_t count) {
    require(count);
    if (!in_.read(to, static_cast<std::streamsize>(count))) fail("cannot read byte ", position_, " of the file");
    position_ += count;
  }

  std::istream& in_;
  const std::uint64_t size_;
  std::uint64_t position_ = 0;
};

static_assert(std::endian::native == std::endian::little, "GGUF files are read on little-endian machines");

/// The size of one value of a scalar type, 0 for the others.
std::uint64_t scalar_size(std::uint32_t type) {
  switch (type) {
    case GGUF_TYPE_UINT8:
    case GGUF_TYPE_INT8:
    case GGUF_TYPE_BOOL:
      return 1;
    case GGUF_TYPE_UINT16:
    case GGUF_TYPE_INT16:
      return 2;
    case GGUF_TYPE_UINT32:
    case GGUF_TYPE_INT32:
    case GGUF_TYPE_FLOAT32:
      return 4;
    case GGUF_TYPE_UINT64:
    case GGUF_TYPE_INT64:
    case GGUF_TYPE_FLOAT64:
      return 8;
    default:
      return 0;
  }
}

struct ArrayShape {
  std::uint32_t element_type = 0;
  std::uint64_t count = 0;
  std::uint64_t largest = 0;  ///< of an array of 32-bit integers
};

/// A value of the metadata: an unsigned number (the only kind whose value is looked at), a text, an array, or something else.
using Value = std::variant<std::monostate, std::uint64_t, std::string, ArrayShape>;

class HeaderCheck {
 public:
  HeaderCheck(std::istream& in, std::uint64_t file_size) : reader_(in, file_size), file_size_(file_size) {}

  GgufSummary run() {
    read_prologue();
    for (std::uint64_t i = 0; i < value_count_; ++i) read_entry();
    check_metadata();
    for (std::uint64_t i = 0; i < tensor_count_; ++i) read_tensor();
    check_data_section();
    return summary_;
  }

 private:
  void read_prologue() {
    const auto magic = reader_.read<std::array<char, 4>>();
    if (std::string_view(magic.data(), magic.size()) != GGUF_MAGIC) fail("the file is not a GGUF model file");
    const auto version = reader_.read<std::uint32_t>();
    if (version < 2 || version > GGUF_VERSION) {
      fail("GGUF version ", version, " is not supported, only 2 to ", GGUF_VERSION, ": convert the model again");
    }
    tensor_count_ = reader_.read<std::uint64_t>();
    value_count_ = reader_.read<std::uint64_t>();
    if (tensor_count_ > kMaxEntries || value_count_ > kMaxEntries) {
      fail("the header announces ", tensor_count_, " tensors and ", value_count_, " values: the file is damaged");
    }
  }

  void read_entry() {
    std::string key = reader_.read_string();
    if (key.empty()) fail("a key of the metadata is empty");
    const auto type = reader_.read<std::uint32_t>();
    Value value = type == GGUF_TYPE_ARRAY ? Value(read_array(key)) : read_scalar(key, type);
    if (!values_.emplace(key, std::move(value)).second) fail("the key \"", key, "\" occurs twice");
  }

  Value read_scalar(const std::string& key, std::uint32_t type) {
    switch (type) {
      case GGUF_TYPE_STRING:
        return reader_.read_string();
      case GGUF_TYPE_UINT16:
        return static_cast<std::uint64_t>(reader_.read<std::uint16_t>());
      case GGUF_TYPE_UINT32:
        return static_cast<std::uint64_t>(reader_.read<std::uint32_t>());
      case GGUF_TYPE_UINT64:
        return reader_.read<std::uint64_t>();
      default:
        const std::uint64_t size = scalar_size(type);
        if (size == 0) fail("the key \"", key, "\" has the unknown type ", type);
        reader_.skip(size);
        return std::monostate();
    }
  }

  ArrayShape read_array(const std::string& key) {
    ArrayShape shape;
    shape.element_type = reader_.read<std::uint32_t>();
    shape.count = reader_.read<std::uint64_t>();
    if (shape.element_type == GGUF_TYPE_STRING) {
      read_strings(key, shape.count);
      return shape;
    }
    const std::uint64_t size = scalar_size(shape.element_type);
    if (size == 0) fail("the array \"", key, "\" has elements of the unknown type ", shape.element_type);
    if (shape.count > reader_.remaining() / size) {
      fail("the array \"", key, "\" has ", shape.count, " elements, more than the file has room for: it is cut off");
    }
    if (size == 4 && shape.element_type != GGUF_TYPE_FLOAT32 && shape.count <= kMaxLayers) {
      for (std::uint64_t i = 0; i < shape.count; ++i) {
        shape.largest = std::max<std::uint64_t>(shape.largest, reader_.read<std::uint32_t>());
      }
    } else {
      reader_.skip(shape.count * size);
    }
    return shape;
  }

  void read_strings(const std::string& key, std::uint64_t count) {
    if (count > reader_.remaining() / sizeof(std::uint64_t)) {
      fail("the array \"", key, "\" has ", count, " texts, more than the file has room for: it is cut off");
    }
    const bool is_vocabulary = key == "tokenizer.ggml.tokens";
    std::unordered_set<std::string> tokens;
    for (std::uint64_t i = 0; i < count; ++i) {
      std::string text = reader_.read_string();
      // llama.cpp gives empty tokens a name of their own.
      if (is_vocabulary && !text.empty() && !tokens.insert(std::move(text)).second) {
        fail("token ", i, " of the vocabulary occurs twice");
      }
    }
  }

  const Value* find(const std::string& key) const {
    const auto found = values_.find(key);
    return found == values_.end() ? nullptr : &found->second;
  }

  /// An unsigned number; `absent` when the key is not there.
  std::uint64_t number_at(const std::string& key, std::uint64_t absent = 0) const {
    const Value* value = find(key);
    if (value == nullptr) return absent;
    if (const auto* found = std::get_if<std::uint64_t>(value)) return *found;
    fail("\"", key, "\" must be an unsigned number");
  }

  /// The largest of the numbers under a key that holds one number for all layers or one for each.
  std::uint64_t largest_at(const std::string& key) const {
    const Value* value = find(key);
    if (value == nullptr) return 0;
    if (const auto* array = std::get_if<ArrayShape>(value)) return array->largest;
    return number_at(key);
  }

  std::string text_at(const std::string& key) const {
    const Value* value = find(key);
    if (value == nullptr) return {};
    if (const auto* found = std::get_if<std::string>(value)) return *found;
    fail("\"", key, "\" must be a text");
  }

  void check_metadata() {
    summary_.architecture = text_at("general.architecture");
    if (summary_.architecture.empty()) fail("\"general.architecture\" is missing");
    const Value* alignment = find("general.alignment");
    if (alignment != nullptr) alignment_ = number_at("general.alignment");
    if (alignment_ > 65536 || !std::has_single_bit(alignment_)) {
      fail("\"general.alignment\" is ", alignment_, ", not a power of two");
    }

    const std::string prefix = summary_.architecture + ".";
    summary_.context_length = number_at(prefix + "context_length");
    if (summary_.context_length == 0 || summary_.context_length > std::numeric_limits<std::int32_t>::max()) {
      fail("\"", prefix, "context_length\" is ", summary_.context_length);
    }
    if (find(prefix + "pooling_type") != nullptr) summary_.pooling = number_at(prefix + "pooling_type");
    check_layers(prefix);
    check_experts(prefix);
    check_rope_scaling(prefix);
    check_vocabulary();
  }

  void check_layers(const std::string& prefix) const {
    const std::uint64_t layers = number_at(prefix + "block_count");
    if (layers == 0 || layers > kMaxLayers) {
      fail("\"", prefix, "block_count\" is ", layers, ", not between 1 and ", kMaxLayers);
    }
    if (number_at(prefix + "nextn_predict_layers") > layers) fail("\"", prefix, "nextn_predict_layers\" exceeds the layers");
    for (const char* key : {"embedding_length", "attention.head_count"}) {
      const Value* value = find(prefix + key);
      if (value != nullptr && largest_at(prefix + key) == 0) fail("\"", prefix, key, "\" is 0");
    }
    const std::uint64_t heads = largest_at(prefix + "attention.head_count");
    const std::uint64_t kv_heads = largest_at(prefix + "attention.head_count_kv");
    if (kv_heads != 0 && heads % kv_heads != 0) {
      fail("\"", prefix, "attention.head_count_kv\" is ", kv_heads, " with ", heads, " heads");
    }
  }

  void check_experts(const std::string& prefix) const {
    const std::uint64_t experts = number_at(prefix + "expert_count");
    const std::uint64_t used = largest_at(prefix + "expert_used_count");
    const std::uint64_t groups = number_at(prefix + "expert_group_count");
    const std::uint64_t used_groups = number_at(prefix + "expert_group_used_count");
    const bool groups_fit = groups <= 1 || (groups < experts && experts % groups == 0 && used_groups > 0 && used_groups < groups);
    const bool fits = experts == 0 ? used == 0 && groups == 0
                                   : experts <= 512 && used > 0 && used <= experts && (groups < experts) && groups_fit;
    if (!fits) {
      fail("the model has ", experts, " experts in ", groups, " groups and uses ", used, " in ", used_groups);
    }
  }

  void check_rope_scaling(const std::string& prefix) const {
    const std::string scaling = text_at(prefix + "rope.scaling.type");
    static const std::set<std::string> kKnown = {"", "none", "linear", "yarn", "longrope"};
    if (!kKnown.contains(scaling)) fail("\"", prefix, "rope.scaling.type\" is \"", scaling, "\"");
  }

  void check_vocabulary() {
    const Value* tokens = find("tokenizer.ggml.tokens");
    summary_.has_tokenizer = tokens != nullptr && !text_at("tokenizer.ggml.model").empty();
    if (tokens == nullptr) return;
    const auto* shape = std::get_if<ArrayShape>(tokens);
    if (shape == nullptr || shape->element_type != GGUF_TYPE_STRING || shape->count == 0) {
      fail("\"tokenizer.ggml.tokens\" is no list of texts");
    }
    for (const char* key : {"tokenizer.ggml.scores", "tokenizer.ggml.token_type"}) {
      const Value* value = find(key);
      if (value == nullptr) continue;
      const auto* list = std::get_if<ArrayShape>(value);
      if (list == nullptr || scalar_size(list->element_type) != 4 || list->count < shape->count) {
        fail("\"", key, "\" does not fit the ", shape->count, " tokens");
      }
    }
  }

  void read_tensor() {
    const std::string name = reader_.read_string();
    if (name.empty() || name.size() >= GGML_MAX_NAME) fail("a tensor has a name of ", name.size(), " bytes");
    if (!tensors_.insert(name).second) fail("the tensor \"", name, "\" occurs twice");

    const auto dimensions = reader_.read<std::uint32_t>();
    if (dimensions < 1 || dimensions > GGML_MAX_DIMS) fail("the tensor \"", name, "\" has ", dimensions, " dimensions");
    std::array<std::uint64_t, GGML_MAX_DIMS> shape = {1, 1, 1, 1};
    for (std::uint32_t i = 0; i < dimensions; ++i) shape[i] = reader_.read<std::uint64_t>();
    const auto type = reader_.read<std::uint32_t>();
    const auto offset = reader_.read<std::uint64_t>();

    const std::uint64_t size = tensor_size(name, shape, dimensions, type);
    if (offset != data_size_) {
      fail("the tensor \"", name, "\" is at offset ", offset, " instead of ", data_size_);
    }
    data_size_ = align(data_size_ + size);
    data_end_ = offset + size;
    last_tensor_ = name;
  }

  /// The bytes of a tensor: never more than the file has.
  std::uint64_t tensor_size(const std::string& name, const std::array<std::uint64_t, GGML_MAX_DIMS>& shape,
                            std::uint32_t dimensions, std::uint32_t type) const {
    const auto known = static_cast<ggml_type>(type);
    const std::uint64_t block = type < GGML_TYPE_COUNT ? static_cast<std::uint64_t>(ggml_blck_size(known)) : 0;
    const bool computable = block != 0 && (known == GGML_TYPE_F32 || known == GGML_TYPE_F16 || known == GGML_TYPE_BF16 ||
                                           known == GGML_TYPE_I32 || ggml_is_quantized(known));
    if (!computable) fail("the tensor \"", name, "\" has the type ", type, ", which llama.cpp cannot compute with");
    // Vectors are added and multiplied element by element, which llama.cpp does in 32 bits only.
    if (dimensions == 1 && known != GGML_TYPE_F32 && known != GGML_TYPE_I32) {
      fail("the tensor \"", name, "\" is a vector of type ", ggml_type_name(known), ", it must be f32");
    }

    std::uint64_t elements = 1;
    for (const std::uint64_t extent : shape) {
      if (extent == 0 || extent > std::numeric_limits<std::int32_t>::max() || elements > (std::uint64_t{1} << 40) / extent) {
        fail("the tensor \"", name, "\" has an impossible shape");
      }
      elements *= extent;
    }
    if (shape[0] % block != 0) fail("the rows of the tensor \"", name, "\" have no whole number of blocks");
    return elements / block * ggml_type_size(known);
  }

  void check_data_section() {
    if (tensor_count_ == 0) fail("the file holds no tensors");
    const std::uint64_t end = align(reader_.position()) + data_end_;
    if (end > file_size_) {
      fail("the file has ", file_size_, " bytes, but the tensor \"", last_tensor_, "\" ends at byte ", end,
           ": it is cut off, get it again");
    }
  }

  std::uint64_t align(std::uint64_t position) const { return (position + alignment_ - 1) / alignment_ * alignment_; }

  Reader reader_;
  const std::uint64_t file_size_;
  std::uint64_t tensor_count_ = 0;
  std::uint64_t value_count_ = 0;
  std::uint64_t alignment_ = GGUF_DEFAULT_ALIGNMENT;
  std::map<std::string, Value> values_;
  std::unordered_set<std::string> tensors_;
  std::string last_tensor_;
  std::uint64_t data_size_ = 0;  ///< with the padding after the last tensor
  std::uint64_t data_end_ = 0;   ///< without it
  GgufSummary summary_;
};

[[noreturn]] void fail_to_open(const std::string& subject, int error) {
  if (error == ENOENT || error == ENOTDIR) {
    throw Error(Status::kNotFound, subject + "there is no such file; check the path in LlamaCppOptions");
  }
  const Status status = error == EACCES ? Status::kPermissionDenied : Status::kInvalidArgument;
  throw Error(status, subject + std::generic_category().message(error));
}

}  // namespace

GgufSummary check_gguf(std::istream& in, std::uint64_t file_size) {
  return HeaderCheck(in, file_size).run();
}

GgufSummary check_gguf_file(std::string_view model, const std::filesystem::path& file) {
  const std::string subject = "model \"" + std::string(model) + "\": file \"" + file.string() + "\": ";
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (!std::filesystem::exists(status)) fail_to_open(subject, error ? error.value() : ENOENT);
  if (!std::filesystem::is_regular_file(status)) throw Error(Status::kInvalidArgument, subject + "not a regular file");

  std::ifstream in(file, std::ios::binary);
  if (!in) fail_to_open(subject, errno);
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  if (error) fail_to_open(subject, error.value());
  try {
    return check_gguf(in, size);
  } catch (const Error& problem) {
    throw Error(problem.status(), subject + problem.message());
  }
}

}  // namespace genkit::llama
