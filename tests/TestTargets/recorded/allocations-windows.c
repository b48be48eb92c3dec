/* A Windows program that knows what it allocates: which function, how many blocks, how many bytes, and what of it it frees.
   Usage: allocations SCENARIO. At its end it prints "site FUNCTION BLOCKS BYTES FREED-BLOCKS FREED-BYTES" for each.
   Built with x86_64-w64-mingw32-gcc -gdwarf-4, which Wine's dbghelp reads. */
#include <windows.h>
#include <malloc.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SITES(X) X(plain) X(zeroed) X(taken) X(grown) X(shrunk) X(regrown) X(aligned) X(own) X(handed) X(caught) X(deep) X(paged) X(viewed) X(first) X(second) X(hammered)
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
static _Atomic long long blocks[SITE_COUNT], bytes[SITE_COUNT], freed_blocks[SITE_COUNT], freed_bytes[SITE_COUNT];

#define SITE __attribute__((noinline, noclone)) static
static void made(enum site site, size_t size) {
  blocks[site]++;
  bytes[site] += (long long)size;
}
static void gone(enum site site, size_t size) {
  freed_blocks[site]++;
  freed_bytes[site] += (long long)size;
}
static void need(int holds, const char *what) {
  if (!holds) {
    fprintf(stderr, "%s failed: error %lu\n", what, GetLastError());
    ExitProcess(3);
  }
}
static void release(void *p, enum site site, size_t size) {
  gone(site, size);
  free(p);
}
static void give_back(HANDLE heap, void *p, enum site site, size_t size) {
  gone(site, size);
  need(HeapFree(heap, 0, p), "HeapFree");
}

#define ALLOCATE(name, call)     \
  SITE void *name(size_t size) { \
    void *p = call;              \
    need(p != NULL, #name);      \
    memset(p, 1, size);          \
    made(SITE_##name, size);     \
    return p;                    \
  }
ALLOCATE(plain, malloc(size))
ALLOCATE(zeroed, calloc(1, size))
ALLOCATE(handed, malloc(size))
ALLOCATE(caught, malloc(size))
ALLOCATE(hammered, malloc(size))
ALLOCATE(taken, HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, size))
SITE void *own(HANDLE heap, size_t size) {
  void *p = HeapAlloc(heap, 0, size);
  need(p != NULL, "HeapAlloc");
  made(SITE_own, size);
  return p;
}
/* What a reallocation gives back was its caller's before. */
SITE void *grown(HANDLE heap, void *p, enum site before, size_t was, size_t size) {
  p = HeapReAlloc(heap, 0, p, size);
  need(p != NULL, "HeapReAlloc");
  gone(before, was);
  made(SITE_grown, size);
  return p;
}
SITE void *shrunk(HANDLE heap, void *p, enum site before, size_t was, size_t size) {
  p = HeapReAlloc(heap, 0, p, size);
  need(p != NULL, "HeapReAlloc");
  gone(before, was);
  made(SITE_shrunk, size);
  return p;
}
SITE void *regrown(void *p, enum site before, size_t was, size_t size) {
  p = realloc(p, size);
  need(p != NULL, "realloc");
  gone(before, was);
  made(SITE_regrown, size);
  return p;
}
/* The C library aligns within a larger block, to which the word before what it gives out leads; the heap knows that one's size. */
SITE void *aligned(size_t size, size_t *bytes) {
  void **p = _aligned_malloc(size, 256);
  need(p != NULL && ((uintptr_t)p & 255) == 0, "_aligned_malloc");
  *bytes = HeapSize((HANDLE)_get_heap_handle(), 0, p[-1]);
  need(*bytes != (size_t)-1 && *bytes >= size, "HeapSize");
  made(SITE_aligned, *bytes);
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
SITE void *paged(size_t size) {
  void *p = VirtualAlloc(NULL, size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
  need(p != NULL, "VirtualAlloc");
  made(SITE_paged, size);
  return p;
}
SITE void *viewed(HANDLE section, size_t size) {
  void *p = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, size);
  need(p != NULL, "MapViewOfFile");
  made(SITE_viewed, size);
  return p;
}

static void family(void) {
  HANDLE process = GetProcessHeap();
  for (int i = 1; i <= 1000; i++) {
    void *p[4] = {plain(i), zeroed(i * 2), taken(i * 3), plain(1)};
    if (i % 3) release(p[0], SITE_plain, i);
    if (i % 2) release(p[1], SITE_zeroed, i * 2);
    if (i % 5) give_back(process, p[2], SITE_taken, i * 3);
    size_t bytes;
    void *q = aligned(i * 7, &bytes);
    if (i % 7) gone(SITE_aligned, bytes), _aligned_free(q);
  }
}

static void reallocs(void) {
  HANDLE process = GetProcessHeap();
  for (int i = 1; i <= 2000; i++) {
    size_t size = (size_t)i;
    void *p = grown(process, taken(size), SITE_taken, size, size * 40);
    p = shrunk(process, p, SITE_grown, size * 40, size);
    /* One that cannot be, and one that may not move. */
    need(HeapReAlloc(process, 0, p, (SIZE_T)1 << 62) == NULL, "failing of a reallocation of 4 EiB");
    void *in_place = HeapReAlloc(process, HEAP_REALLOC_IN_PLACE_ONLY, p, size << 20);
    need(in_place == NULL, "failing of a reallocation in place");
    if (i % 2) give_back(process, p, SITE_shrunk, size);
    void *q = regrown(plain(size), SITE_plain, size, size * 20);
    if (i % 3) release(q, SITE_regrown, size * 20);
  }
}

/* Heaps of its own: one is destroyed with all that is in it. */
static void heaps(void) {
  HANDLE kept = HeapCreate(0, 0, 0), ended = HeapCreate(0, 0, 0);
  need(kept != NULL && ended != NULL, "HeapCreate");
  size_t in_it = 0;
  int count = 0;
  for (int i = 1; i <= 500; i++) {
    void *p = own(kept, (size_t)i * 7), *q = own(ended, (size_t)i * 300);
    if (i % 3 == 0) give_back(kept, p, SITE_own, (size_t)i * 7);
    if (i % 4 == 0) give_back(ended, q, SITE_own, (size_t)i * 300);
    else in_it += (size_t)i * 300, count++;
  }
  need(HeapDestroy(ended), "HeapDestroy");
  freed_blocks[SITE_own] += count;
  freed_bytes[SITE_own] += (long long)in_it;
}

static DWORD WINAPI work(void *argument) {
  unsigned seed = (unsigned)(UINT_PTR)argument * 2654435761u + 1;
  void *held[64] = {0};
  size_t sizes[64];
  for (int i = 0; i < 5000; i++) {
    seed = seed * 1664525 + 1013904223;
    unsigned at = seed >> 26;
    if (held[at]) release(held[at], SITE_plain, sizes[at]);
    sizes[at] = 1 + (seed >> 12) % 500;
    held[at] = plain(sizes[at]);
  }
  for (int i = 0; i < 32; i++)
    if (held[i]) release(held[i], SITE_plain, sizes[i]);
  return 0;
}
/* So many one after another that threads must leave their rings to others. */
static void threads(void) {
  for (int round = 0; round < 10; round++) {
    HANDLE all[4];
    for (int i = 0; i < 4; i++) need((all[i] = CreateThread(NULL, 0, work, (void *)(UINT_PTR)(round * 4 + i), 0, NULL)) != NULL, "CreateThread");
    WaitForMultipleObjects(4, all, TRUE, INFINITE);
    for (int i = 0; i < 4; i++) CloseHandle(all[i]);
  }
}

/* What one thread allocates another frees. */
#define SHELF 256
static void *_Atomic shelf[SHELF];
static _Atomic int making = 1;
static DWORD WINAPI take(void *argument) {
  (void)argument;
  for (unsigned i = 0; making; i++) {
    void *p = atomic_exchange(&shelf[i % SHELF], NULL);
    if (p) release(p, SITE_handed, 48);
  }
  return 0;
}
static void cross(void) {
  HANDLE all[3];
  for (int i = 0; i < 3; i++) need((all[i] = CreateThread(NULL, 0, take, NULL, 0, NULL)) != NULL, "CreateThread");
  for (unsigned i = 0; i < 30000; i++) {
    void *left = atomic_exchange(&shelf[i % SHELF], handed(48));
    if (left) release(left, SITE_handed, 48);
  }
  making = 0;
  WaitForMultipleObjects(3, all, TRUE, INFINITE);
}

static jmp_buf back;
static LONG WINAPI on_exception(EXCEPTION_POINTERS *exception) {
  DWORD code = exception->ExceptionRecord->ExceptionCode;
  if (code == 0xE0000001) {
    /* Handled where it is raised, and gone on with behind it. */
    release(caught(11), SITE_caught, 11);
    caught(12);
    return EXCEPTION_CONTINUE_EXECUTION;
  }
  if (code == EXCEPTION_ACCESS_VIOLATION) {
    caught(13);
    longjmp(back, 1);
  }
  if (code == STATUS_NO_MEMORY) longjmp(back, 1);
  return EXCEPTION_CONTINUE_SEARCH;
}
static volatile ULONG_PTR nowhere = 8;
static void exceptions(void) {
  need(AddVectoredExceptionHandler(1, on_exception) != NULL, "AddVectoredExceptionHandler");
  for (int i = 0; i < 100; i++) {
    RaiseException(0xE0000001, 0, 0, NULL);
    if (setjmp(back) == 0) *(volatile int *)nowhere = 1;
    /* An exception out of the heap itself, through whoever stands before it. */
    if (setjmp(back) == 0) {
      HeapAlloc(GetProcessHeap(), HEAP_GENERATE_EXCEPTIONS, (SIZE_T)1 << 62);
      need(0, "an exception of the heap");
    }
    void *p = taken(9);
    if (setjmp(back) == 0) {
      HeapReAlloc(GetProcessHeap(), HEAP_GENERATE_EXCEPTIONS, p, (SIZE_T)1 << 62);
      need(0, "an exception of the heap");
    }
    give_back(GetProcessHeap(), p, SITE_taken, 9);
  }
}

static void recursion(void) {
  for (int depth = 0; depth < 5000; depth += 37) deep(depth, 100);
}

static void maps(void) {
  char *all[60];
  for (int i = 0; i < 60; i++) all[i] = paged(64 << 10);
  /* Committing, decommitting and protecting is no allocation, and a reserve counts whole. */
  DWORD before;
  for (int i = 0; i < 20; i++) need(VirtualFree(all[i], 4096, MEM_DECOMMIT) && VirtualAlloc(all[i], 4096, MEM_COMMIT, PAGE_READWRITE) && VirtualProtect(all[i], 8192, PAGE_READONLY, &before), "changing pages");
  for (int i = 0; i < 40; i++) {
    need(VirtualFree(all[i], 0, MEM_RELEASE), "VirtualFree");
    gone(SITE_paged, 64 << 10);
  }
  HANDLE section = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 1 << 20, NULL);
  need(section != NULL, "CreateFileMapping");
  for (int i = 0; i < 50; i++) {
    char *p = viewed(section, 128 << 10);
    if (i % 2) {
      /* By any address within. */
      need(UnmapViewOfFile(p), "UnmapViewOfFile");
      gone(SITE_viewed, 128 << 10);
    }
  }
}

/* Two libraries that the loader puts at the same address, one after the other: their functions must not be taken for one another. */
static void libraries(const char *folder) {
  for (int i = 0; i < 20; i++) {
    char path[MAX_PATH];
    snprintf(path, sizeof path, "%s\\%s.dll", folder, i % 2 ? "second" : "first");
    HMODULE library = LoadLibraryA(path);
    need(library != NULL, "LoadLibrary");
    void *(*allocate)(size_t) = (void *(*)(size_t))(void *)GetProcAddress(library, "allocate");
    need(allocate != NULL, "GetProcAddress");
    void *p = allocate(1000);
    need(p != NULL, "allocate");
    made(i % 2 ? SITE_second : SITE_first, 1000);
    if (i % 4 < 2) give_back(GetProcessHeap(), p, i % 2 ? SITE_second : SITE_first, 1000);
    need(FreeLibrary(library), "FreeLibrary");
  }
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

/* A heap that several threads use, and what the system says is in it at the end. */
static HANDLE shared;
static DWORD WINAPI use(void *argument) {
  unsigned seed = (unsigned)(UINT_PTR)argument * 2654435761u + 1;
  void *held[256] = {0};
  size_t sizes[256];
  for (int i = 0; i < 12000; i++) {
    seed = seed * 1664525 + 1013904223;
    unsigned at = seed >> 24;
    size_t size = 1 + (seed >> 8) % 3000;
    if (!held[at]) held[at] = own(shared, size);
    else if (seed & 64) {
      give_back(shared, held[at], SITE_own, sizes[at]);
      held[at] = own(shared, size);
    } else {
      held[at] = HeapReAlloc(shared, 0, held[at], size);
      need(held[at] != NULL, "HeapReAlloc");
    }
    sizes[at] = size;
  }
  return 0;
}
static void walked(void) {
  need((shared = HeapCreate(0, 0, 0)) != NULL, "HeapCreate");
  HANDLE all[4];
  for (int i = 0; i < 4; i++) need((all[i] = CreateThread(NULL, 0, use, (void *)(UINT_PTR)i, 0, NULL)) != NULL, "CreateThread");
  WaitForMultipleObjects(4, all, TRUE, INFINITE);
  PROCESS_HEAP_ENTRY entry = {0};
  long long count = 0, sum = 0;
  while (HeapWalk(shared, &entry))
    if (entry.wFlags & PROCESS_HEAP_ENTRY_BUSY) count++, sum += entry.cbData;
  printf("walked %lld %lld\n", count, sum);
}

/* Of a few sizes so many that chance hardly shows in the sum. */
static void sizes(void) {
  static void *kept[200000];
  HANDLE process = GetProcessHeap();
  for (int i = 0; i < 200000; i++) kept[i] = plain(40);
  for (int i = 0; i < 200000; i++)
    if (i % 3) release(kept[i], SITE_plain, 40);
  for (int i = 0; i < 20000; i++) kept[i] = zeroed(1000);
  for (int i = 0; i < 20000; i++)
    if (i % 3) release(kept[i], SITE_zeroed, 1000);
  for (int i = 0; i < 900; i++) kept[i] = taken(100000);
  for (int i = 0; i < 900; i++)
    if (i % 3) give_back(process, kept[i], SITE_taken, 100000);
  for (int i = 0; i < 20000; i++) kept[i] = regrown(plain(500), SITE_plain, 500, 1500);
  for (int i = 0; i < 20000; i++) release(kept[i], SITE_regrown, 1500);
}

/* Hammers the heap from four threads for as long as its input goes on; for each line it allocates what it knows. */
static _Atomic int hammering = 1;
static _Atomic unsigned hammered_often[4];
static DWORD WINAPI hammer(void *argument) {
  unsigned seed = (unsigned)(UINT_PTR)argument + 1;
  void *held[64] = {0};
  for (unsigned i = 0; hammering; i++) {
    seed = seed * 1664525 + 1013904223;
    unsigned at = seed >> 26;
    free(held[at]);
    hammered_often[(UINT_PTR)argument]++;
    held[at] = hammered(1 + (seed >> 12) % 300);
    /* The agent has to keep up on any machine: nothing may be lost. */
    if (i % 20 == 0) Sleep(1);
  }
  for (int i = 0; i < 64; i++) free(held[i]);
  return 0;
}
static void report(void) {
  for (int i = 0; i < SITE_COUNT; i++)
    if (blocks[i]) printf("site %s %lld %lld %lld %lld\n", names[i], (long long)blocks[i], (long long)bytes[i], (long long)freed_blocks[i], (long long)freed_bytes[i]);
  fflush(stdout);
}
/* What the process has taken of processors, in milliseconds. */
static void tell_cost(void) {
  FILETIME created, ended, kernel, user;
  need(GetProcessTimes(GetCurrentProcess(), &created, &ended, &kernel, &user), "GetProcessTimes");
  ULARGE_INTEGER k = {.LowPart = kernel.dwLowDateTime, .HighPart = kernel.dwHighDateTime}, u = {.LowPart = user.dwLowDateTime, .HighPart = user.dwHighDateTime};
  printf("cpu %llu\n", (k.QuadPart + u.QuadPart) / 10000);
}
static void hammers(void) {
  HANDLE all[4];
  char line[64];
  for (int i = 0; i < 4; i++) need((all[i] = CreateThread(NULL, 0, hammer, (void *)(UINT_PTR)i, 0, NULL)) != NULL, "CreateThread");
  printf("ready %lu\n", GetCurrentProcessId());
  fflush(stdout);
  while (fgets(line, sizeof line, stdin)) {
    /* Until nothing is held any more of what was there before a recording began: of a free that nobody saw being made, it is not known what came before it. */
    for (int i = 0; i < 4; i++)
      for (unsigned from = hammered_often[i]; hammered_often[i] - from < 2000;) Sleep(1);
    memset((void *)blocks, 0, sizeof blocks);
    memset((void *)bytes, 0, sizeof bytes);
    memset((void *)freed_blocks, 0, sizeof freed_blocks);
    memset((void *)freed_bytes, 0, sizeof freed_bytes);
    family();
    reallocs();
    report();
    printf("done\n");
    fflush(stdout);
  }
  hammering = 0;
  WaitForMultipleObjects(4, all, TRUE, INFINITE);
}

int main(int count, char **arguments) {
  const char *scenario = count > 1 ? arguments[1] : "";
  if (strcmp(scenario, "family") == 0) family();
  else if (strcmp(scenario, "reallocs") == 0) reallocs();
  else if (strcmp(scenario, "heaps") == 0) heaps();
  else if (strcmp(scenario, "threads") == 0) threads();
  else if (strcmp(scenario, "cross") == 0) cross();
  else if (strcmp(scenario, "exceptions") == 0) exceptions();
  else if (strcmp(scenario, "recursion") == 0) recursion();
  else if (strcmp(scenario, "maps") == 0) maps();
  else if (strcmp(scenario, "walked") == 0) walked();
  else if (strcmp(scenario, "sizes") == 0) {
    sizes();
    tell_cost();
  }
  else if (strcmp(scenario, "stacks") == 0) stacks(atoi(arguments[2]));
  else if (strcmp(scenario, "libraries") == 0) libraries(arguments[2]);
  else if (strcmp(scenario, "hammers") == 0) {
    hammers();
    return 0;
  } else if (strcmp(scenario, "waits") == 0) {
    plain(44);
    report();
    Sleep(120000); /* until it is ended */
  } else if (strcmp(scenario, "early") == 0) {
    plain(55);
    report();
    ExitProcess(0);
  } else if (strcmp(scenario, "killed") == 0) {
    plain(66);
    report();
    TerminateProcess(GetCurrentProcess(), 0);
  } else {
    fprintf(stderr, "usage: allocations SCENARIO\n");
    return 2;
  }
  report();
  return 0;
}
