#include "schema/draft7/uri.h"

#include <algorithm>
#include <charconv>
#include <cstddef>

#include "schema/draft7/chars.h"

namespace genkit::internal {
namespace {

/// The five parts of a URI reference; a part that is absent differs from one that is empty.
struct UriParts {
  std::optional<std::string_view> scheme;
  std::optional<std::string_view> authority;
  std::string_view path;
  std::optional<std::string_view> query;
  std::optional<std::string_view> fragment;
};

bool is_scheme(std::string_view text) {
  return !text.empty() && is_letter(text.front()) && std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
  });
}

UriParts split_uri(std::string_view text) {
  UriParts parts;
  if (std::size_t hash = text.find('#'); hash != std::string_view::npos) {
    parts.fragment = text.substr(hash + 1);
    text = text.substr(0, hash);
  }
  if (std::size_t mark = text.find('?'); mark != std::string_view::npos) {
    parts.query = text.substr(mark + 1);
    text = text.substr(0, mark);
  }
  std::size_t colon = text.find(':');
  if (colon != std::string_view::npos && is_scheme(text.substr(0, colon))) {
    parts.scheme = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  if (text.starts_with("//")) {
    std::size_t slash = std::min(text.find('/', 2), text.size());
    parts.authority = text.substr(2, slash - 2);
    text.remove_prefix(slash);
  }
  parts.path = text;
  return parts;
}

std::string join_uri(const UriParts& parts, std::string_view path) {
  std::string uri;
  if (parts.scheme) uri.append(*parts.scheme) += ':';
  if (parts.authority) uri.append("//").append(*parts.authority);
  uri += path;
  if (parts.query) uri.append("?").append(*parts.query);
  if (parts.fragment) uri.append("#").append(*parts.fragment);
  return uri;
}

/// Section 5.2.4, segment by segment.
std::string remove_dot_segments(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    std::size_t end = std::min(path.find('/', 1), path.size());
    std::string_view segment = path.substr(0, end);
    bool last = end == path.size();
    std::string_view name = segment.starts_with('/') ? segment.substr(1) : segment;
    if (name == "..") {
      std::size_t slash = out.rfind('/');
      out.resize(slash == std::string::npos ? 0 : slash);
      if (last) out += '/';
    } else if (name == ".") {
      if (last) out += '/';
    } else {
      out += segment;
    }
    path.remove_prefix(end);
  }
  return out;
}

std::string merge_paths(const UriParts& base, std::string_view path) {
  if (base.authority && base.path.empty()) return "/" + std::string(path);
  std::size_t slash = base.path.rfind('/');
  return std::string(base.path.substr(0, slash == std::string_view::npos ? 0 : slash + 1)) + std::string(path);
}

/// Whether `text` consists of unreserved characters, escapes, sub-delims and the characters of `more`.
bool has_only(std::string_view text, std::string_view more, bool international) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size() || !is_hex_digit(text[i + 1]) || !is_hex_digit(text[i + 2])) return false;
      i += 2;
      continue;
    }
    bool allowed =
        is_letter(c) || is_digit(c) || contains("-._~!$&'()*+,;=", c) || contains(more, c) || (international && !is_ascii(c));
    if (!allowed) return false;
  }
  return true;
}

bool is_authority(std::string_view text, bool international) {
  if (std::size_t at = text.rfind('@'); at != std::string_view::npos) {
    if (!has_only(text.substr(0, at), ":", international)) return false;
    text.remove_prefix(at + 1);
  }
  if (text.starts_with('[')) {
    std::size_t end = text.find(']');
    if (end == std::string_view::npos) return false;
    std::string_view address = text.substr(1, end - 1);
    bool future = address.starts_with('v') && contains(address, '.') && has_only(address, ":", false);
    if (!future && !is_ipv6(address)) return false;
    text.remove_prefix(end + 1);
  } else {
    std::size_t end = std::min(text.find(':'), text.size());
    if (!has_only(text.substr(0, end), "", international)) return false;
    text.remove_prefix(end);
  }
  if (text.empty()) return true;
  return text.front() == ':' && std::all_of(text.begin() + 1, text.end(), is_digit);
}

bool check_reference(std::string_view text, bool needs_scheme, bool international) {
  UriParts parts = split_uri(text);
  if (needs_scheme && !parts.scheme) return false;
  if (parts.authority && !is_authority(*parts.authority, international)) return false;
  // A first segment with a colon would be a scheme.
  if (!parts.scheme && !parts.authority && contains(parts.path.substr(0, parts.path.find('/')), ':')) return false;
  return has_only(parts.path, ":@/", international) && has_only(parts.query.value_or(""), ":@/?", international) &&
         has_only(parts.fragment.value_or(""), ":@/?", international);
}

/// The groups of an IPv6 address on one side of "::"; -1 when they are none. The last may be an IPv4 address.
int count_groups(std::string_view text, bool may_end_in_ipv4) {
  if (text.empty()) return 0;
  int groups = 0;
  while (true) {
    std::string_view group = text.substr(0, text.find(':'));
    bool last = group.size() == text.size();
    if (last && may_end_in_ipv4 && contains(group, '.')) return is_ipv4(group) ? groups + 2 : -1;
    if (group.empty() || group.size() > 4 || !std::all_of(group.begin(), group.end(), is_hex_digit)) return -1;
    ++groups;
    if (last) return groups;
    text.remove_prefix(group.size() + 1);
  }
}

}  // namespace

std::string resolve_uri(std::string_view base, std::string_view reference) {
  if (base.empty()) return std::string(reference);
  UriParts parts = split_uri(reference);
  if (parts.scheme) return join_uri(parts, remove_dot_segments(parts.path));

  UriParts base_parts = split_uri(base);
  parts.scheme = base_parts.scheme;
  if (parts.authority) return join_uri(parts, remove_dot_segments(parts.path));
  parts.authority = base_parts.authority;
  if (parts.path.empty()) {
    if (!parts.query) parts.query = base_parts.query;
    return join_uri(parts, base_parts.path);
  }
  if (parts.path.starts_with('/')) return join_uri(parts, remove_dot_segments(parts.path));
  return join_uri(parts, remove_dot_segments(merge_paths(base_parts, parts.path)));
}

std::optional<std::string> decode_percent(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (i + 2 >= text.size() || !is_hex_digit(text[i + 1]) || !is_hex_digit(text[i + 2])) return std::nullopt;
    unsigned int byte = 0;
    std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16);
    decoded += static_cast<char>(byte);
    i += 2;
  }
  return decoded;
}

bool is_uri(std::string_view text) {
  return check_reference(text, true, false);
}
bool is_uri_reference(std::string_view text) {
  return check_reference(text, false, false);
}
bool is_iri(std::string_view text) {
  return check_reference(text, true, true);
}
bool is_iri_reference(std::string_view text) {
  return check_reference(text, false, true);
}

bool is_ipv4(std::string_view text) {
  for (int part = 0; part < 4; ++part) {
    std::size_t digits = 0;
    while (digits < text.size() && is_digit(text[digits])) ++digits;
    if (digits == 0 || digits > 3 || (digits > 1 && text.front() == '0')) return false;
    if (digits == 3 && text.substr(0, 3) > "255") return false;
    text.remove_prefix(digits);
    if (part == 3) return text.empty();
    if (!text.starts_with('.')) return false;
    text.remove_prefix(1);
  }
  return false;
}

bool is_ipv6(std::string_view text) {
  std::size_t gap = text.find("::");
  if (gap == std::string_view::npos) return count_groups(text, true) == 8;
  int before = count_groups(text.substr(0, gap), false);
  int after = count_groups(text.substr(gap + 2), true);
  return before >= 0 && after >= 0 && before + after <= 7;
}

}  // namespace genkit::internal
