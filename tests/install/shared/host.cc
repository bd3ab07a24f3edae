#include <cstdio>

#include <dlfcn.h>

int main(int argc, char** argv) {
  void* node = argc == 2 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : nullptr;
  if (node == nullptr) {
    std::fprintf(stderr, "%s\n", argc == 2 ? dlerror() : "usage: host LIBRARY");
    return 2;
  }
  auto* function = reinterpret_cast<int (*)()>(dlsym(node, "length_of_streamed_answer"));
  return function != nullptr && function() == 4 ? 0 : 1;
}
