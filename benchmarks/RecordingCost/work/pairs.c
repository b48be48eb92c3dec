/* A program that does little but allocate: threads that each make pairs of malloc and free, 18 calls deep, on 132 different stacks.
   Usage: pairs THREADS PAIRS SIZES. At its end it prints nanoseconds of the processor and of the clock for each pair. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define LIVE 1024

static long pairs_per_thread;
static uint32_t sizes;
static uint64_t now_ns(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}
/* 132 ways down: at each of two levels one of several calls is taken. */
#define STEP(name, next)                                                          \
  static __attribute__((noinline)) void *name(size_t size, uint32_t way) {        \
    char room[40];                                                                \
    __asm__ volatile("" ::"r"(room) : "memory");                                  \
    void *p = next(size, way);                                                    \
    __asm__ volatile("" ::"r"(p) : "memory");                                     \
    return p;                                                                     \
  }
#define ALLOCATE(size, way) (((void)(way)), malloc(size))
STEP(leaf, ALLOCATE)
STEP(d1, leaf) STEP(d2, d1) STEP(d3, d2) STEP(d4, d3) STEP(d5, d4)
static __attribute__((noinline)) void *fork11(size_t size, uint32_t way) {
  void *p;
  switch (way % 11) {
#define CASE(n) case n: p = d5(size, way); __asm__ volatile("# " #n ::"r"(p) : "memory"); break;
    CASE(0) CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) default: p = d5(size, way); __asm__ volatile("" ::"r"(p) : "memory");
  }
  return p;
}
STEP(d6, fork11) STEP(d7, d6) STEP(d8, d7) STEP(d9, d8)
static __attribute__((noinline)) void *fork12(size_t size, uint32_t way) {
  void *p;
  switch (way / 11 % 12) {
#undef CASE
#define CASE(n) case n: p = d9(size, way); __asm__ volatile("# " #n ::"r"(p) : "memory"); break;
    CASE(0) CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) default: p = d9(size, way); __asm__ volatile("" ::"r"(p) : "memory");
  }
  return p;
}
STEP(d10, fork12) STEP(d11, d10) STEP(d12, d11)

static void *work(void *arg) {
  uint64_t *cpu = arg, from = now_ns(CLOCK_THREAD_CPUTIME_ID);
  static __thread void *live[LIVE];
  uint32_t random = 12345;
  for (long i = 0; i < pairs_per_thread; i++) {
    random = random * 1664525u + 1013904223u;
    uint32_t slot = random >> 22;
    free(live[slot]);
    live[slot] = d12(16 + (random >> 8) % sizes * 60 % 3840 + (random >> 8) % sizes / 64, random >> 4 & 0xffff);
  }
  for (int i = 0; i < LIVE; i++) free(live[i]);
  *cpu = now_ns(CLOCK_THREAD_CPUTIME_ID) - from;
  return NULL;
}

int main(int count, char **arguments) {
  int threads = count > 1 ? atoi(arguments[1]) : 1;
  pairs_per_thread = count > 2 ? atol(arguments[2]) : 1000000;
  sizes = count > 3 ? (uint32_t)atoi(arguments[3]) : 64;
  pthread_t thread[64];
  uint64_t cpu[64], all = 0, from = now_ns(CLOCK_MONOTONIC);
  for (int i = 0; i < threads; i++) pthread_create(&thread[i], NULL, work, &cpu[i]);
  for (int i = 0; i < threads; i++) pthread_join(thread[i], NULL), all += cpu[i];
  uint64_t wall = now_ns(CLOCK_MONOTONIC) - from;
  double pairs = (double)threads * (double)pairs_per_thread;
  printf("%.2f %.2f\n", (double)all / pairs, (double)wall / pairs);
  return 0;
}
