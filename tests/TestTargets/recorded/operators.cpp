// A program that knows what it allocates with each form of C++'s operator new: which function, how many blocks, how many bytes, and what of it it
// deletes. Usage: operators [told]. It prints "site FUNCTION BLOCKS BYTES FREED-BLOCKS FREED-BYTES" for each.
// With "told" it does so once for each line of its standard input, prints "done" then, and that once at the start.
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <new>
#include <thread>
#include <unistd.h>
#include <vector>

struct Site {
  const char *name;
  std::atomic<long> blocks{0}, bytes{0}, freed_blocks{0}, freed_bytes{0};
  void made(size_t size) { blocks++, bytes += long(size); }
  void gone(size_t size) { freed_blocks++, freed_bytes += long(size); }
};
#define SITES(X) X(single) X(array) X(quiet) X(quiet_array) X(aligned) X(aligned_array) X(quiet_aligned) X(quiet_aligned_array) X(held) X(plain)
#define SITE(name) static Site of_##name{#name};
SITES(SITE)

static constexpr std::align_val_t wide{64};
#define ALLOCATE(name, call)                                        \
  extern "C" __attribute__((noinline, noclone)) void *name(size_t size) { \
    void *p = call;                                                 \
    if (!p) abort();                                                \
    memset(p, 1, size);                                             \
    of_##name.made(size);                                           \
    return p;                                                       \
  }
ALLOCATE(single, ::operator new(size))
ALLOCATE(array, ::operator new[](size))
ALLOCATE(quiet, ::operator new(size, std::nothrow))
ALLOCATE(quiet_array, ::operator new[](size, std::nothrow))
ALLOCATE(aligned, ::operator new(size, wide))
ALLOCATE(aligned_array, ::operator new[](size, wide))
ALLOCATE(quiet_aligned, ::operator new(size, wide, std::nothrow))
ALLOCATE(quiet_aligned_array, ::operator new[](size, wide, std::nothrow))
ALLOCATE(plain, malloc(size))
// Through the library's templates.
extern "C" __attribute__((noinline, noclone)) void held(size_t size) {
  std::vector<char> bytes(size, 'x');
  of_held.made(size);
  if (bytes[size / 2] != 'x') abort();
  of_held.gone(size);
}

template <typename Delete> static void release(void *p, Site &site, size_t size, Delete with) {
  site.gone(size);
  with(p);
}

static void forms(int from) {
  for (int i = from; i <= 500; i++) {
    // What is aligned comes in whole alignments: the C++ library asks malloc for that.
    size_t size = size_t(i), wides = size * 64;
    void *p[] = {single(size), array(size * 2), quiet(size), quiet_array(size), aligned(wides), aligned_array(wides), quiet_aligned(wides), quiet_aligned_array(wides), single(size * 3), plain(size)};
    held(size);
    if (i % 2) release(p[0], of_single, size, [](void *q) { ::operator delete(q); });
    if (i % 3) release(p[1], of_array, size * 2, [](void *q) { ::operator delete[](q); });
    if (i % 2) release(p[2], of_quiet, size, [](void *q) { ::operator delete(q, std::nothrow); });
    if (i % 5) release(p[3], of_quiet_array, size, [](void *q) { ::operator delete[](q, std::nothrow); });
    if (i % 2) release(p[4], of_aligned, wides, [](void *q) { ::operator delete(q, wide); });
    if (i % 3) release(p[5], of_aligned_array, wides, [wides](void *q) { ::operator delete[](q, wides, wide); });
    if (i % 7) release(p[6], of_quiet_aligned, wides, [](void *q) { ::operator delete(q, wide, std::nothrow); });
    if (i % 2) release(p[7], of_quiet_aligned_array, wides, [](void *q) { ::operator delete[](q, wide); });
    release(p[8], of_single, size * 3, [size](void *q) { ::operator delete(q, size * 3); });
    if (i % 2) release(p[9], of_plain, size, [](void *q) { free(q); });
    ::operator delete(nullptr);
  }
}

// One that cannot be, with and without somebody who is asked first: what the program allocates after it counts as before.
static void thrown() {
  volatile size_t much = PTRDIFF_MAX;
  for (int turn = 0; turn < 3; turn++) {
    std::set_new_handler(turn == 1 ? +[] { throw std::bad_alloc(); } : nullptr);
    bool caught = false;
    try {
      ::operator delete(::operator new(much));
    } catch (const std::bad_alloc &) {
      caught = true;
    }
    if (!caught || ::operator new(much, std::nothrow)) abort();
    std::set_new_handler(nullptr);
    forms(490);
  }
}

static void run() {
  std::vector<std::thread> all;
  for (int i = 0; i < 4; i++) all.emplace_back(forms, 1);
  for (auto &thread : all) thread.join();
  // In a program with mimalloc an operator new that fails ends it.
  if (!dlsym(RTLD_DEFAULT, "mi_new")) thrown();
#define SAY(site)                                                                                                                    \
  printf("site %s %ld %ld %ld %ld\n", of_##site.name, of_##site.blocks.exchange(0), of_##site.bytes.exchange(0), of_##site.freed_blocks.exchange(0), \
         of_##site.freed_bytes.exchange(0));
  SITES(SAY)
  fflush(stdout);
}

int main(int count, char **arguments) {
  (void)arguments;
  static char room[BUFSIZ];
  setvbuf(stdout, room, _IOFBF, sizeof room);
  if (count == 1) {
    run();
    return 0;
  }
  puts("done");
  fflush(stdout);
  for (char letter; read(0, &letter, 1) == 1;) {
    if (letter != '\n') continue;
    run();
    puts("done");
    fflush(stdout);
  }
}
