#!/usr/bin/env python3
"""Writes include/genkit/schema/reflect_bind.h: structured bindings need one spelled-out case for each number of members.

Spelled out rather than made by macros, because every translation unit reads it: 30 ms instead of 95 with g++ 12.
"""
import pathlib
import textwrap

LIMIT = 64

HEAD = """\
// Written by scripts/generate_reflect_bind.py; edit that.
#ifndef GENKIT_SCHEMA_REFLECT_BIND_H_
#define GENKIT_SCHEMA_REFLECT_BIND_H_

#include <cstddef>

/// Number, types, names and addresses of the members of an aggregate.
namespace genkit::internal {

#ifdef __clang__
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-var-template"
#pragma clang diagnostic ignored "-Wundefined-internal"
#endif

/// An object of which only addresses are taken: the compiler prints the names of its members with them. Defined nowhere.
template <class T>
struct External {
  T object;
  static External value;
};

template <auto... P>
consteval const char* print_pointers() {
  return __PRETTY_FUNCTION__;
}

template <class... M>
struct TypeList {};
template <class... M>
TypeList<M...> types_of(M&...);

template <class... M>
void store_addresses(const void** out, const M&... members) {
  ((*out++ = &members), ...);
}

/// The types of all members, and how the compiler prints the pointers to them.
template <class Types>
struct Bound {
  const char* names;
};

/// What needs the number of members in the program text, as structured bindings take one name for each.
/// `fits`: N members can be initialised by {}, which, unlike an expression, never spreads over the elements of an array.
template <std::size_t N>
struct Binder {
  template <class T>
  static constexpr bool fits = false;
};

template <>
struct Binder<0> {
  template <class T>
  static constexpr bool fits = true;
  template <class T>
  static consteval Bound<TypeList<>> bind() {
    return {""};
  }
  template <class T>
  static void addresses(T&, const void**) {}
};

// clang-format off
"""

TAIL = """\
// clang-format on

#ifdef __clang__
#pragma clang diagnostic pop
#endif

}  // namespace genkit::internal

#endif  // GENKIT_SCHEMA_REFLECT_BIND_H_
"""


def wrapped(text):
    lines = []
    for line in text.splitlines():
        lines += textwrap.wrap(line, 128, break_long_words=False)
    return "\n".join(lines) + "\n"


def too_many():
    braces = ", ".join(["{}"] * (LIMIT + 1))
    return wrapped(
        f"template <> struct Binder<{LIMIT + 1}> {{\n"
        f"template <class T> static constexpr bool fits = requires {{ T{{{braces}}}; }};\n"
        "};\n"
    )


def binder(count):
    def names(form):
        return ", ".join(form.format(f"m{i}") for i in range(count))

    return wrapped(
        f"template <> struct Binder<{count}> {{\n"
        f"template <class T> static constexpr bool fits = requires {{ T{{{names('{{}}')}}}; }};\n"
        f"template <class T> static consteval auto bind() {{ auto& [{names('{}')}] = External<T>::value.object;\n"
        f"return Bound<decltype(types_of({names('{}')}))>{{print_pointers<{names('&{}')}>()}}; }}\n"
        f"template <class T> static void addresses(T& t, const void** out) {{ auto& [{names('{}')}] = t;\n"
        f"store_addresses(out, {names('{}')}); }}\n"
        "};\n"
    )


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    cases = "".join(binder(count) for count in range(1, LIMIT + 1)) + too_many()
    (root / "include/genkit/schema/reflect_bind.h").write_text(HEAD + cases + TAIL)


if __name__ == "__main__":
    main()
