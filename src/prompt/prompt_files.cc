#include "prompt/prompt_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <genkit/base/error.h>

namespace genkit::internal {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kExtension = ".prompt";
constexpr std::uintmax_t kMaxFileSize = std::uintmax_t{64} << 20;
// Folders below each other.
constexpr std::size_t kMaxFolderDepth = 16;
constexpr std::size_t kMaxFiles = 100'000;

bool has_extension(std::string_view name) {
  return name.size() > kExtension.size() && name.ends_with(kExtension);
}

/// A name that could reach a file outside of the directory if it were put behind it.
bool leads_out(std::string_view name) {
  if (name.starts_with('/') || name.find('\\') != name.npos || name.find('\0') != name.npos) return true;
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('/', begin), name.size());
    if (name.substr(begin, end - begin) == "..") return true;
    begin = end + 1;
  }
  return false;
}

bool is_inside(const fs::path& path, const fs::path& root) {
  return std::mismatch(root.begin(), root.end(), path.begin(), path.end()).first == root.end();
}

/// An open file.
class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  ~Descriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

[[noreturn]] void fail_unreadable(const std::string& path, int code) {
  throw Error(Status::kPermissionDenied, "prompt file \"" + path + "\" cannot be read (" + std::generic_category().message(code) +
                                             "): check its permissions");
}

std::string read_all(const std::string& path, const Descriptor& descriptor) {
  constexpr std::size_t kPiece = std::size_t{64} << 10;
  std::string text;
  for (;;) {
    const std::size_t size = text.size();
    text.resize(size + kPiece);
    const ssize_t got = ::read(descriptor.get(), text.data() + size, kPiece);
    if (got < 0 && errno != EINTR) fail_unreadable(path, errno);
    text.resize(size + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got == 0) return text;
    if (text.size() > kMaxFileSize) {
      throw Error(Status::kResourceExhausted,
                  "prompt file \"" + path + "\" is too large: at most " + std::to_string(kMaxFileSize) + " bytes are read");
    }
  }
}

Error leads_out_error(const std::string& path, const std::string& directory) {
  return Error(Status::kPermissionDenied, "prompt file \"" + path + "\" is a link that leaves the prompt directory \"" +
                                              directory + "\": put a copy in its place");
}

/// Whether `descriptor` is the regular file that stands at `path`, which has no links in it.
bool is_file_at(const Descriptor& descriptor, const fs::path& path) {
  struct stat opened = {};
  struct stat named = {};
  return ::fstat(descriptor.get(), &opened) == 0 && ::lstat(path.c_str(), &named) == 0 && S_ISREG(opened.st_mode) &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

/// The text of a file; nothing when it is gone. A link may have taken its place since the directory was looked at, so the file
/// that is open is the one that is checked: it must stand inside of `directory`.
std::optional<std::string> read_inside(const std::string& path, const std::string& directory) {
  // A file that is being replaced is another one at the next look.
  constexpr int kAttempts = 100;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (descriptor.get() < 0 && errno == ENOENT) return std::nullopt;
    if (descriptor.get() < 0) fail_unreadable(path, errno);
    std::error_code code;
    const fs::path real = fs::canonical(path, code);
    const fs::path root = code ? fs::path() : fs::canonical(directory, code);
    if (code == std::errc::no_such_file_or_directory) return std::nullopt;
    if (code) fail_unreadable(path, code.value());
    if (!is_inside(real, root)) throw leads_out_error(path, directory);
    if (is_file_at(descriptor, real)) return read_all(path, descriptor);
  }
  fail_unreadable(path, EAGAIN);
}

}  // namespace

PromptFiles::PromptFiles(PromptFilesOptions options) : options_(std::move(options)) {}

std::string PromptFiles::place() const {
  if (options_.directory.empty()) return options_.embedded.empty() ? "" : "the embedded prompts";
  return "\"" + options_.directory + "\"" + (options_.embedded.empty() ? "" : " and the embedded prompts");
}

std::optional<PromptText> PromptFiles::find(std::string_view name) {
  if (leads_out(name)) {
    throw Error(Status::kInvalidArgument, "prompt name \"" + std::string(name) +
                                              "\" leaves the prompt directory: name a prompt below it, such as \"mail/welcome\"");
  }
  const std::lock_guard lock(mutex_);
  scan_if_needed();
  const File* file = find_in(prompts_, name);
  if (file == nullptr) return std::nullopt;
  return PromptText{file->path, file->text};
}

std::shared_ptr<const std::string> PromptFiles::find_partial(std::string_view name) {
  const std::lock_guard lock(mutex_);
  scan_if_needed();
  const File* file = find_in(partials_, name);
  return file != nullptr ? file->text : nullptr;
}

std::vector<std::string> PromptFiles::names() {
  const std::lock_guard lock(mutex_);
  if (options_.reload) scanned_ = false;
  scan_if_needed();
  std::vector<std::string> names;
  for (const auto& [name, file] : prompts_) names.push_back(name);
  return names;
}

/// The file with its text; nullptr when there is none. While files may change, one that is missing or gone makes the directory be
/// looked at anew.
const PromptFiles::File* PromptFiles::find_in(FileMap& files, std::string_view name) {
  for (const bool last : {false, true}) {
    const auto found = files.find(name);
    const bool look_again = options_.reload && !last;
    if (found != files.end() && !(found->second.refused && look_again)) {
      if (found->second.refused) throw *found->second.refused;
      if (read(found->second)) return &found->second;
    }
    if (!look_again) break;
    scan();
  }
  return nullptr;
}

/// Sees to `file.text`. False when the file is gone.
bool PromptFiles::read(File& file) const {
  if (file.text && (file.embedded != nullptr || !options_.reload)) return true;
  if (file.embedded != nullptr) {
    file.text = std::make_shared<const std::string>(file.embedded->text);
    return true;
  }
  std::optional<std::string> text = read_inside(file.path, options_.directory);
  if (!text) return false;
  if (!file.text || *file.text != *text) file.text = std::make_shared<const std::string>(std::move(*text));
  return true;
}

void PromptFiles::scan_if_needed() {
  if (!scanned_) scan();
}

void PromptFiles::scan() {
  FileMap old_prompts = std::exchange(prompts_, {});
  FileMap old_partials = std::exchange(partials_, {});
  if (!options_.directory.empty()) {
    std::error_code code;
    root_ = fs::canonical(options_.directory, code);
    if (!code && fs::is_directory(root_)) {
      scan_folder(options_.directory, root_, "", 0);
    } else if (code && code != std::errc::no_such_file_or_directory) {
      throw Error(Status::kPermissionDenied, "prompt directory \"" + options_.directory + "\" cannot be read: " + code.message());
    }
  }
  for (const EmbeddedPrompt& embedded : options_.embedded) {
    if (has_extension(embedded.path)) {
      add(std::string(embedded.path), {.path = std::string(embedded.path), .embedded = &embedded});
    }
  }
  // Texts that were read stay, so that what was made of them can be told from what is new.
  for (auto [now, before] : {std::pair(&prompts_, &old_prompts), std::pair(&partials_, &old_partials)}) {
    for (auto& [name, file] : *now) {
      const auto found = before->find(name);
      if (found != before->end() && found->second.path == file.path) file.text = found->second.text;
    }
  }
  scanned_ = true;
}

void PromptFiles::scan_folder(const fs::path& folder, const fs::path& real_folder, const std::string& prefix, std::size_t depth) {
  if (depth > kMaxFolderDepth) return;
  std::error_code code;
  std::vector<fs::path> entries;
  for (fs::directory_iterator entry(folder, code), end; !code && entry != end; entry.increment(code)) {
    entries.push_back(entry->path());
  }
  if (code) {
    options_.logger.error("prompt directory \"" + folder.string() + "\" cannot be read: " + code.message());
    return;
  }
  std::sort(entries.begin(), entries.end());
  for (const fs::path& path : entries) {
    const std::string name = path.filename().string();
    // Those of editors and version control, and what Kubernetes mounts volumes with.
    if (name.starts_with('.')) continue;
    const fs::path real = fs::canonical(path, code);
    if (code) continue;  // a link to nowhere
    const bool is_folder = fs::is_directory(real, code);
    if (!is_folder && !(has_extension(name) && fs::is_regular_file(real, code))) continue;

    const bool inside = is_inside(real, root_);
    if (is_folder && inside) {
      // A link to a folder around this one would go round in circles.
      if (!is_inside(real_folder, real)) scan_folder(path, real, prefix + name + "/", depth + 1);
    } else if (is_folder) {
      options_.logger.warning("prompt folder \"" + path.string() + "\" is left out: the link leads out of the prompt directory");
    } else {
      File file{.path = path.string()};
      if (!inside) file.refused = leads_out_error(file.path, options_.directory);
      add(prefix + name, std::move(file));
    }
  }
}

/// A file that is there already stays: the directory comes before what is embedded.
void PromptFiles::add(const std::string& relative, File file) {
  if (prompts_.size() + partials_.size() >= kMaxFiles) {
    throw Error(Status::kResourceExhausted, "prompt directory \"" + options_.directory + "\" holds more than " +
                                                std::to_string(kMaxFiles) + " prompts: is it the right one?");
  }
  std::string name = relative.substr(0, relative.size() - kExtension.size());
  const std::size_t slash = name.rfind('/');
  const std::string stem = slash == std::string::npos ? name : name.substr(slash + 1);
  if (!stem.starts_with('_')) {
    prompts_.try_emplace(std::move(name), std::move(file));
    return;
  }
  const auto [found, is_new] = partials_.try_emplace(stem.substr(1), file);
  if (!is_new && (found->second.embedded == nullptr) == (file.embedded == nullptr)) {
    found->second.refused =
        Error(Status::kInvalidArgument, "partial \"" + found->first + "\" is there twice, in \"" + found->second.path +
                                            "\" and \"" + file.path + "\": rename one of them");
  }
}

}  // namespace genkit::internal
