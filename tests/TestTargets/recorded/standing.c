/* A program whose heap stands when it is attached to, and that knows every block of it. It does what it is told on its standard input, a line
   each, and says "done" after each, and once at the start; nothing that it does to tell allocates.
     fill      in several threads, which stay: allocates blocks of many sizes and alignments and frees some, so that all kinds of free lists hold some
     list      "block ADDRESS USABLE" for each block that it has, "gone ADDRESS" for each that it has freed and that nobody has got again
     drop      frees every third block; "dropped BLOCKS USABLE"
     churn     four threads allocate and free as fast as they can, from then on
     calm      until then
     torn      writes nonsense over the header of one block of a thread
     figures   "figures UORDBLKS HBLKS HBLKHD", by mallinfo2 */
#define _GNU_SOURCE
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define THREADS 4
#define MOST 40000
struct held {
  void *block;
  size_t usable;
  int gone;
};
static struct held *table[THREADS];
static int held[THREADS];
static pthread_barrier_t filled;
static atomic_int churning;
static pthread_t churners[4];

static void say(const char *line) {
  if (write(1, line, strlen(line)) < 0) _exit(4);
}

static void keep(int thread, void *block) {
  if (!block || held[thread] == MOST) _exit(3);
  table[thread][held[thread]++] = (struct held){block, malloc_usable_size(block), 0};
}

static void drop(struct held *one) {
  one->gone = 1;
  free(one->block);
}

static void fill(int thread) {
  uint32_t seed = 12345 + (uint32_t)thread;
  for (int i = 0; i < 6000; i++) {
    seed = seed * 1664525 + 1013904223;
    size_t size = (seed >> 8) % (i % 10 == 0 ? 5000 : 200);
    keep(thread, malloc(size));
  }
  for (size_t alignment = 16; alignment <= 1 << 16; alignment *= 2) keep(thread, memalign(alignment, 100));
  for (size_t alignment = 16; alignment <= 1 << 16; alignment *= 2) keep(thread, memalign(alignment, 300000));
  for (int i = 0; i < 5; i++) keep(thread, malloc(200000 + (size_t)i * 70000));
  keep(thread, calloc(1, 3 << 20));
  int all = held[thread];
  /* Nothing is allocated from here on: what is freed stays free. The first fill the thread's own lists, then the small ones go to the lists of small chunks, the others to the bins. */
  for (int i = 0; i < all; i += 2 + i % 3) drop(&table[thread][i]);
  /* A stretch that is freed whole becomes one chunk. */
  for (int i = 1000; i < 1200; i++)
    if (!table[thread][i].gone) drop(&table[thread][i]);
}

static void *stay(void *number) {
  fill((int)(intptr_t)number);
  pthread_barrier_wait(&filled);
  for (;;) pause();
  return NULL;
}

static void *churn(void *number) {
  uint32_t seed = (uint32_t)(intptr_t)number;
  void *some[64] = {0};
  while (atomic_load(&churning)) {
    seed = seed * 1664525 + 1013904223;
    int at = (seed >> 8) & 63;
    free(some[at]);
    some[at] = malloc((seed >> 16) % ((seed & 7) == 0 ? 3000 : 120));
  }
  for (int i = 0; i < 64; i++) free(some[i]);
  return NULL;
}

static void list(void) {
  char line[100];
  for (int thread = 0; thread < THREADS; thread++) {
    for (int i = 0; i < held[thread]; i++) {
      struct held *one = &table[thread][i];
      snprintf(line, sizeof line, one->gone ? "gone %llx\n" : "block %llx %zu\n", (unsigned long long)(uintptr_t)one->block, one->usable);
      say(line);
    }
  }
}

static void drop_some(void) {
  long blocks = 0, bytes = 0;
  for (int thread = 0; thread < THREADS; thread++) {
    for (int i = 0; i < held[thread]; i += 3) {
      struct held *one = &table[thread][i];
      if (one->gone) continue;
      blocks++;
      bytes += (long)one->usable;
      drop(one);
    }
  }
  char line[100];
  snprintf(line, sizeof line, "dropped %ld %ld\n", blocks, bytes);
  say(line);
}

static void told(const char *what) {
  if (strcmp(what, "fill") == 0) {
    pthread_barrier_init(&filled, NULL, THREADS);
    for (int i = 0; i < THREADS; i++)
      table[i] = mmap(NULL, MOST * sizeof(struct held), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 1; i < THREADS; i++) {
      pthread_t thread;
      pthread_create(&thread, NULL, stay, (void *)(intptr_t)i);
    }
    fill(0);
    pthread_barrier_wait(&filled);
  } else if (strcmp(what, "list") == 0) list();
  else if (strcmp(what, "drop") == 0) drop_some();
  else if (strcmp(what, "churn") == 0) {
    atomic_store(&churning, 1);
    for (int i = 0; i < 4; i++) pthread_create(&churners[i], NULL, churn, (void *)(intptr_t)(i + 1));
  } else if (strcmp(what, "calm") == 0) {
    atomic_store(&churning, 0);
    for (int i = 0; i < 4; i++) pthread_join(churners[i], NULL);
  } else if (strcmp(what, "torn") == 0) {
    size_t *head = (size_t *)table[THREADS - 1][501].block - 1;
    head[0] = 0x123456789abcdeful;
  } else if (strcmp(what, "figures") == 0) {
    struct mallinfo2 figures = mallinfo2();
    char line[100];
    snprintf(line, sizeof line, "figures %zu %zu %zu\n", figures.uordblks, figures.hblks, figures.hblkhd);
    say(line);
  }
}

int main(void) {
  char line[100];
  say("done\n");
  for (size_t length = 0; read(0, line + length, 1) == 1;) {
    if (line[length] != '\n') {
      if (++length == sizeof line) return 2;
      continue;
    }
    line[length] = 0;
    told(line);
    say("done\n");
    length = 0;
  }
  return 0;
}
