/* A program that knows what it allocates: which function, how many blocks, how many bytes, and what of it it frees.
   Usage: allocations SCENARIO [ARGUMENT]. At its end it prints "site FUNCTION BLOCKS BYTES FREED-BLOCKS FREED-BYTES" for each.
   As scenario "told" it does one after the other what is told on its standard input, a line each: it prints what each allocated, then "done", and that once at the start. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <malloc.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define SITES(X) X(plain) X(zeroed) X(aligned_posix) X(aligned_c11) X(aligned_old) X(paged) X(grown) X(shrunk) X(array) X(handed) X(raised) X(deep) X(mapped) X(remapped) X(refused) X(broken) X(plugged)
enum site {
#define X(name) SITE_##name,
  SITES(X)
#undef X
      SITE_COUNT
};
static const char *const names[] = {
#define X(name) #name,
    SITES(X)
#undef X
};
static _Atomic long blocks[SITE_COUNT], bytes[SITE_COUNT], freed_blocks[SITE_COUNT], freed_bytes[SITE_COUNT];

#define SITE __attribute__((noinline, noclone)) static
static void made(enum site site, size_t size) {
  blocks[site]++;
  bytes[site] += (long)size;
}
static void gone(enum site site, size_t size) {
  freed_blocks[site]++;
  freed_bytes[site] += (long)size;
}
static void release(void *p, enum site site, size_t size) {
  gone(site, size);
  free(p);
}
static void need(int holds, const char *what) {
  if (!holds) {
    fprintf(stderr, "%s failed\n", what);
    exit(3);
  }
}

#define ALLOCATE(name, call)                     \
  SITE void *name(size_t size) {                 \
    void *p = call;                              \
    need(p != NULL, #name);                      \
    memset(p, 1, size);                          \
    made(SITE_##name, size);                     \
    return p;                                    \
  }
ALLOCATE(plain, malloc(size))
ALLOCATE(handed, malloc(size))
ALLOCATE(raised, malloc(size))
ALLOCATE(zeroed, calloc(1, size))
ALLOCATE(aligned_c11, aligned_alloc(64, (size + 63) / 64 * 64))
ALLOCATE(aligned_old, memalign(128, size))
ALLOCATE(paged, valloc(size))
SITE void *aligned_posix(size_t size) {
  void *p = NULL;
  need(posix_memalign(&p, 256, size) == 0, "posix_memalign");
  made(SITE_aligned_posix, size);
  return p;
}
/* What a reallocation gives back was its caller's before. */
SITE void *grown(void *p, enum site before, size_t was, size_t size) {
  p = realloc(p, size);
  need(p != NULL, "realloc");
  gone(before, was);
  made(SITE_grown, size);
  return p;
}
SITE void *shrunk(void *p, enum site before, size_t was, size_t size) {
  p = realloc(p, size);
  need(p != NULL, "realloc");
  gone(before, was);
  made(SITE_shrunk, size);
  return p;
}
SITE void *array(size_t count, size_t size) {
  void *p = reallocarray(NULL, count, size);
  need(p != NULL, "reallocarray");
  made(SITE_array, count * size);
  return p;
}
SITE void *deep(int depth, size_t size) {
  volatile char room[48];
  room[0] = (char)depth;
  if (depth > 0) {
    void *p = deep(depth - 1, size);
    return room[0] == (char)depth ? p : NULL;
  }
  void *p = malloc(size);
  need(p != NULL, "malloc");
  made(SITE_deep, size);
  return p;
}
SITE void *mapped(size_t size) {
  void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  need(p != MAP_FAILED, "mmap");
  made(SITE_mapped, size);
  return p;
}

SITE void *remapped(void *p, enum site before, size_t was, size_t size) {
  p = mremap(p, was, size, MREMAP_MAYMOVE);
  need(p != MAP_FAILED, "mremap");
  gone(before, was);
  made(SITE_remapped, size);
  return p;
}
/* The end of the heap, up and down again, by either call. */
SITE void broken(size_t size) {
  char *p = sbrk((intptr_t)size);
  need(p != (void *)-1, "sbrk");
  need(brk(p + size - 4096) == 0 && brk(p + size) == 0, "brk");
  made(SITE_broken, size);
  made(SITE_broken, 4096);
  freed_bytes[SITE_broken] += 4096;
  need(sbrk(-(intptr_t)size) != (void *)-1, "sbrk back");
  gone(SITE_broken, size - 4096);
  gone(SITE_broken, 4096);
}
/* A page in the midst of a mapping when the process has as many mappings as it may: it lives on, as if it was mapped here. */
SITE void refused(void *page) {
  enum { MANY = 1 << 18 };
  char *many = mmap(NULL, (size_t)MANY * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  need(many != MAP_FAILED, "mmap of many pages");
  int i = 1;
  while (i < MANY && mprotect(many + (size_t)i * 4096, 4096, PROT_READ) == 0) i += 2;
  need(i < MANY, "reaching the limit of mappings");
  need(munmap(page, 4096) != 0 && errno == ENOMEM, "munmap with no room for a mapping more");
  made(SITE_refused, (size_t)MANY * 4096);
  made(SITE_refused, 4096);
  freed_bytes[SITE_mapped] += 4096;
  munmap(many, (size_t)MANY * 4096);
  gone(SITE_refused, (size_t)MANY * 4096);
}

/* C23's, which a C library before that has not: only where something else brings them. */
extern void free_sized(void *p, size_t size) __attribute__((weak));
extern void free_aligned_sized(void *p, size_t alignment, size_t size) __attribute__((weak));
static void sized(void) {
  need(free_sized && free_aligned_sized, "finding free_sized");
  for (int i = 1; i <= 1000; i++) {
    free_sized(plain(i), i);
    gone(SITE_plain, i);
    free_aligned_sized(aligned_c11(64), 64, 64);
    gone(SITE_aligned_c11, 64);
  }
}

static void family(void) {
  for (int i = 1; i <= 1000; i++) {
    void *p[8] = {plain(i), zeroed(i * 2), aligned_posix(i * 3), aligned_old(i), paged(i), array(i, 3), aligned_c11(64), plain(0 + 1)};
    if (i % 3) release(p[0], SITE_plain, i);
    if (i % 2) release(p[1], SITE_zeroed, i * 2);
    release(p[2], SITE_aligned_posix, i * 3);
    if (i % 5 == 0) release(p[3], SITE_aligned_old, i);
    release(p[4], SITE_paged, i);
    if (i % 7 == 0) release(p[5], SITE_array, i * 3);
    release(p[6], SITE_aligned_c11, 64);
  }
}

static void reallocs(void) {
  for (int i = 1; i <= 2000; i++) {
    size_t size = i;
    void *p = grown(plain(size), SITE_plain, size, size * 40);
    p = shrunk(p, SITE_grown, size * 40, size);
    /* One that cannot be: it stays as it was. */
    void *same = realloc(p, (size_t)PTRDIFF_MAX);
    need(same == NULL && errno == ENOMEM, "a realloc that had to fail");
    if (i % 2) release(p, SITE_shrunk, size);
    else if (i % 4 == 0) {
      gone(SITE_shrunk, size);
      need(realloc(p, 0) == NULL, "realloc to nothing");
    }
  }
  /* So big that it is a mapping of its own, which moves. */
  void *big = grown(plain(1 << 20), SITE_plain, 1 << 20, 64 << 20);
  big = shrunk(big, SITE_grown, 64 << 20, 1 << 21);
}

static void *busy(void *unused) {
  (void)unused;
  for (int i = 1; i <= 50000; i++) {
    void *p = plain(i % 500 + 1);
    void *q = zeroed(i % 70 + 1);
    if (i % 10) release(p, SITE_plain, i % 500 + 1);
    release(q, SITE_zeroed, i % 70 + 1);
  }
  return NULL;
}
static void threads(void) {
  pthread_t all[16];
  for (int round = 0; round < 4; round++) {
    for (int i = 0; i < 16; i++) need(pthread_create(&all[i], NULL, busy, NULL) == 0, "pthread_create");
    for (int i = 0; i < 16; i++) pthread_join(all[i], NULL);
  }
}

/* One makes, the other frees: the same addresses over and over, from thread to thread. */
static void *_Atomic lane[64];
static _Atomic int making = 1;
static void *takes(void *unused) {
  (void)unused;
  for (;;) {
    int any = 0;
    for (int i = 0; i < 64; i++) {
      void *p = atomic_exchange(&lane[i], NULL);
      if (p) release(p, SITE_handed, 48), any = 1;
    }
    if (!any && !atomic_load(&making)) return NULL;
  }
}
static void cross(void) {
  pthread_t all[3];
  for (int i = 0; i < 3; i++) need(pthread_create(&all[i], NULL, takes, NULL) == 0, "pthread_create");
  for (int i = 0; i < 1000000; i++) {
    void *p = handed(48), *left = atomic_exchange(&lane[i % 64], p);
    if (left) release(left, SITE_handed, 48);
  }
  atomic_store(&making, 0);
  for (int i = 0; i < 3; i++) pthread_join(all[i], NULL);
}

static void forks(void) {
  void *kept = plain(100);
  for (int i = 0; i < 50; i++) {
    pid_t pid = fork();
    if (pid == 0) {
      /* What a child does is not its parent's. */
      for (int j = 0; j < 1000; j++) free(malloc(j + 1));
      free(kept);
      _exit(0);
    }
    release(plain(i + 1), SITE_plain, i + 1);
    int status;
    need(waitpid(pid, &status, 0) == pid && status == 0, "the child");
  }
}

static jmp_buf back;
static volatile uintptr_t nowhere = 8;
static void on_signal(int number) { raised(number == SIGUSR1 ? 333 : 1); }
static void on_fault(int number) {
  (void)number;
  siglongjmp(back, 1);
}
static void signals(void) {
  struct sigaction action = {.sa_handler = on_signal};
  sigaction(SIGUSR1, &action, NULL);
  for (int i = 0; i < 100; i++) raise(SIGUSR1);
  stack_t own = {.ss_sp = plain(1 << 16), .ss_size = 1 << 16};
  need(sigaltstack(&own, NULL) == 0, "sigaltstack");
  action.sa_flags = SA_ONSTACK;
  sigaction(SIGUSR1, &action, NULL);
  for (int i = 0; i < 100; i++) raise(SIGUSR1);
  struct sigaction fault = {.sa_handler = on_fault, .sa_flags = SA_NODEFER};
  sigaction(SIGSEGV, &fault, NULL);
  for (int i = 0; i < 100; i++) {
    if (sigsetjmp(back, 1) == 0) {
      plain(7);
      *(volatile int *)(uintptr_t)nowhere = 1;
    }
    release(plain(9), SITE_plain, 9);
  }
}

static void recursion(void) {
  for (int depth = 0; depth < 5000; depth += 37) deep(depth, 100);
}

static void maps(void) {
  char *all[100];
  for (int i = 0; i < 100; i++) all[i] = mapped(64 << 10);
  /* Whole, at the front, at the back, out of the middle, and two at once where they lie side by side. */
  for (int i = 0; i < 20; i++) munmap(all[i], 64 << 10), gone(SITE_mapped, 64 << 10);
  for (int i = 20; i < 40; i++) munmap(all[i], 4096), freed_bytes[SITE_mapped] += 4096;
  for (int i = 40; i < 60; i++) munmap(all[i] + (60 << 10), 4096), freed_bytes[SITE_mapped] += 4096;
  for (int i = 60; i < 80; i++) {
    munmap(all[i] + (16 << 10), 8192);
    munmap(all[i], 64 << 10);
    gone(SITE_mapped, 64 << 10);
  }
  /* Elsewhere and larger, where it is and smaller; and what is refused changes nothing. */
  for (int i = 80; i < 90; i++) remapped(remapped(all[i], SITE_mapped, 64 << 10, 1 << 20), SITE_remapped, 1 << 20, 32 << 10);
  for (int i = 90; i < 100; i++) {
    need(mremap(all[i], 4096, 8192, 0) == MAP_FAILED && errno == ENOMEM, "a mapping grew over another");
    need(munmap(all[i] + 1, 4096) != 0 && munmap(all[i], (size_t)1 << 60) != 0, "munmap was not refused");
  }
  for (int i = 0; i < 10; i++) broken(64 << 10);
  refused(all[99] + 4096);
}

/* So many different stacks that any table has to grow: each bit of a number is a turn to the left or to the right. */
SITE void *left(unsigned path, int bits);
SITE void *right(unsigned path, int bits);
SITE void *turn(unsigned path, int bits) {
  void *p = bits == 0 ? plain(8) : path & 1 ? left(path >> 1, bits - 1) : right(path >> 1, bits - 1);
  __asm__ volatile("" ::: "memory");
  return p;
}
SITE void *left(unsigned path, int bits) {
  void *p = turn(path, bits);
  __asm__ volatile("" ::: "memory");
  return p;
}
SITE void *right(unsigned path, int bits) {
  char room[16];
  void *p = turn(path, bits);
  __asm__ volatile("" ::"r"(room) : "memory");
  return p;
}
static void stacks(int bits) {
  for (unsigned path = 0; path < 1u << bits; path++) release(turn(path, bits), SITE_plain, 8);
}

/* Until it is ended. */
static void endless(void) {
  for (;;) release(plain(40), SITE_plain, 40);
}

/* Many small blocks, fewer bigger ones and a few big ones, a third of each kept: what samples have to come close to. */
static void sizes(void) {
  static void *kept[1000000];
  for (int i = 0; i < 1000000; i++) kept[i] = plain(40);
  for (int i = 0; i < 1000000; i++)
    if (i % 3) release(kept[i], SITE_plain, 40);
  for (int i = 0; i < 100000; i++) kept[i] = zeroed(1000);
  for (int i = 0; i < 100000; i++)
    if (i % 3) release(kept[i], SITE_zeroed, 1000);
  for (int i = 0; i < 900; i++) kept[i] = paged(100000);
  for (int i = 0; i < 900; i++)
    if (i % 3) release(kept[i], SITE_paged, 100000);
  for (int i = 0; i < 100000; i++) {
    void *p = plain(500);
    kept[i] = grown(p, SITE_plain, 500, 1500);
  }
  for (int i = 0; i < 100000; i++) release(kept[i], SITE_grown, 1500);
}

/* Through a library that comes only now, found where this program says (its run path), not where the loader looks of itself. */
SITE void *plugged(void *(*make)(size_t), size_t size) {
  void *p = make(size);
  need(p != NULL, "the library's function");
  made(SITE_plugged, size);
  return p;
}
static void plugin(const char *name) {
  void *library = dlopen(name, RTLD_NOW);
  need(library != NULL, "dlopen");
  void *(*make)(size_t) = (void *(*)(size_t))dlsym(library, "make");
  need(make != NULL, "dlsym");
  for (int i = 1; i <= 100; i++) {
    void *p = plugged(make, i);
    if (i % 2) release(p, SITE_plugged, i);
  }
}

/* Waits forever with the loader's list of files locked. */
static int hold(struct dl_phdr_info *info, size_t size, void *data) {
  (void)info, (void)size;
  atomic_store((_Atomic int *)data, 1);
  for (;;) pause();
  return 0;
}
static void *holds(void *holding) {
  dl_iterate_phdr(hold, holding);
  return NULL;
}
static void locked(void) {
  static _Atomic int holding;
  pthread_t thread;
  need(pthread_create(&thread, NULL, holds, (void *)&holding) == 0, "pthread_create");
  while (!atomic_load(&holding)) usleep(1000);
}

/* Whose malloc this program calls. */
static void whose(void) {
  Dl_info info;
  need(dladdr((void *)(uintptr_t)malloc, &info) != 0, "dladdr");
  printf("malloc of %s\n", strrchr(info.dli_fname, '/') + 1);
}

static void report(void) {
  for (int i = 0; i < SITE_COUNT; i++)
    if (blocks[i]) printf("site %s %ld %ld %ld %ld\n", names[i], blocks[i], bytes[i], freed_blocks[i], freed_bytes[i]);
  fflush(stdout);
}

static int run(const char *scenario, const char *argument) {
  if (strcmp(scenario, "family") == 0) family();
  else if (strcmp(scenario, "reallocs") == 0) reallocs();
  else if (strcmp(scenario, "threads") == 0) threads();
  else if (strcmp(scenario, "cross") == 0) cross();
  else if (strcmp(scenario, "forks") == 0) forks();
  else if (strcmp(scenario, "signals") == 0) signals();
  else if (strcmp(scenario, "recursion") == 0) recursion();
  else if (strcmp(scenario, "maps") == 0) maps();
  else if (strcmp(scenario, "sized") == 0) sized();
  else if (strcmp(scenario, "sizes") == 0) sizes();
  else if (strcmp(scenario, "endless") == 0) endless();
  else if (strcmp(scenario, "stacks") == 0) stacks(atoi(argument));
  else if (strcmp(scenario, "plugin") == 0) plugin(argument);
  else if (strcmp(scenario, "locked") == 0) locked();
  else if (strcmp(scenario, "whose") == 0) whose();
  else if (strcmp(scenario, "sleep") == 0) execl("/bin/sleep", "sleep", "600", (char *)NULL);
  else if (strcmp(scenario, "exec") == 0) {
    plain(1000);
    execl("/proc/self/exe", "allocations", "after", (char *)NULL);
    need(0, "exec");
  } else if (strcmp(scenario, "after") == 0) plain(77);
  else if (strcmp(scenario, "early") == 0) {
    plain(55);
    report();
    _exit(0);
  } else if (strcmp(scenario, "killed") == 0) {
    plain(66);
    report();
    kill(getpid(), SIGKILL);
  } else return 2;
  return 0;
}

/* By system call: so that nothing allocates but what is told to. */
static void told(void) {
  static char line[1024], room[BUFSIZ];
  setvbuf(stdout, room, _IOFBF, sizeof room);
  printf("done\n");
  fflush(stdout);
  for (size_t length = 0; read(0, line + length, 1) == 1 && length < sizeof line - 1;) {
    if (line[length++] != '\n') continue;
    line[length - 1] = 0;
    length = 0;
    char *argument = strchr(line, ' ');
    if (argument) *argument++ = 0;
    for (int i = 0; i < SITE_COUNT; i++) blocks[i] = bytes[i] = freed_blocks[i] = freed_bytes[i] = 0;
    atomic_store(&making, 1);
    need(run(line, argument) == 0, line);
    report();
    printf("done\n");
    fflush(stdout);
  }
}

int main(int count, char **arguments) {
  const char *scenario = count > 1 ? arguments[1] : "";
  if (strcmp(scenario, "told") == 0) told();
  else if (run(scenario, count > 2 ? arguments[2] : "") != 0) {
    fprintf(stderr, "usage: allocations SCENARIO\n");
    return 2;
  } else report();
  return 0;
}
