/* Sampling by bytes: an allocation is told with the probability 1 - exp(-size / mean), as if a needle fell on the bytes allocated once in so
   many of them on average, wherever it liked. So the agent can weigh each sample by the reciprocal, and totals are right on average
   whatever the sizes are. Which live blocks were told is remembered here, for only their frees are. */
#include "tracer.h"

#define BUCKETS (1u << 18)
#define BUCKET_SLOTS 8u

uint64_t tracer_sample_bytes;

static _Alignas(4096) struct {
  /* A cache line of addresses each; most are never touched and take no memory. */
  _Atomic uintptr_t buckets[BUCKETS][BUCKET_SLOTS];
  /* How many addresses each four buckets hold: small enough to stay near, for nearly every free finds a zero here and is done. */
  _Atomic uint8_t counts[BUCKETS / 4];
} table;
_Static_assert(BUCKET_SLOTS * 4 < 256, "a count has room for all of its buckets");

static uint32_t bucket_of(const void *p) { return (uint32_t)(((uintptr_t)p >> 4) * 0x9E3779B97F4A7C15ull >> 46); }

/* The natural logarithm of the top 53 bits of a number, as a fraction of 2^53: of (0, 1]. */
static double log_of_fraction(uint64_t random) {
  union { double value; uint64_t bits; } x = {.value = (double)((random >> 11) + 1) * 0x1p-53};
  int exponent = (int)(x.bits >> 52) - 1023;
  x.bits = (x.bits & ((1ull << 52) - 1)) | 1023ull << 52;
  if (x.value > 1.4142135623730951) x.value *= 0.5, exponent++;
  /* ln m = 2 artanh((m - 1) / (m + 1)); |t| <= 0.172, so what is left out is below 1e-12. */
  double t = (x.value - 1) / (x.value + 1), square = t * t;
  double series = 1 + square * (1.0 / 3 + square * (1.0 / 5 + square * (1.0 / 7 + square * (1.0 / 9 + square * (1.0 / 11 + square * (1.0 / 13))))));
  return 2 * t * series + exponent * 0.69314718055994531;
}

/* 1 - exp(-x), of x > 0: by its series where x is small, and brought there by halves. What is left out is below 1e-10. */
static double chance_of(double x) {
  if (x > 40) return 1;
  uint32_t halves = 0;
  while (x > 0.125) x *= 0.5, halves++;
  double chance = x * (1 - x / 2 * (1 - x / 3 * (1 - x / 4 * (1 - x / 5 * (1 - x / 6 * (1 - x / 7))))));
  while (halves--) chance *= 2 - chance;
  return chance;
}

/* https://prng.di.unimi.it/xorshift64star.c */
static uint64_t next_random(struct thread_state *thread) {
  uint64_t x = thread->random;
  x ^= x >> 12;
  x ^= x << 25;
  x ^= x >> 27;
  thread->random = x;
  return x * 0x2545F4914F6CDD1Dull;
}

/* Bytes until a needle falls: exponentially distributed. */
static int64_t distance(struct thread_state *thread) {
  double bytes = -log_of_fraction(next_random(thread)) * (double)tracer_sample_bytes;
  return (int64_t)bytes + 1;
}

/* How many allocations of this size one that a needle fell on stands for, as the agent weighs those that it is told of: rounded up as often as the fraction says. */
static uint64_t weight_of(struct thread_state *thread, size_t size) {
  if (tracer_sample_bytes == 0) return 1;
  double exact = 1 / chance_of((double)(size < SAMPLE_LEAST ? SAMPLE_LEAST : size) / (double)tracer_sample_bytes);
  uint64_t whole = (uint64_t)exact;
  return whole + ((double)(next_random(thread) >> 11) * 0x1p-53 < exact - (double)whole);
}

void *sample_table(size_t *bytes) {
  *bytes = sizeof table;
  return &table;
}

void sample_start(void) { tracer_sample_bytes = tracer_ring->sample_bytes; }

void sample_begin_thread(struct thread_state *thread) {
  if (tracer_sample_bytes == 0) return;
  thread->random = (tracer_now_ns() ^ (uintptr_t)thread) * 0x9E3779B97F4A7C15ull | 1;
  for (int i = 0; i < 4; i++) (void)distance(thread);
  thread->sample_in = distance(thread);
}

/* A needle fell on this allocation, or several: what is left of the way begins anew behind it. */
bool sample_reached(struct thread_state *thread, const void *p, size_t size) {
  thread->sample_in = distance(thread);
  if (sample_add(p)) return true;
  ring_count(&thread->ring->dropped, 1);
  sample_lost(thread, size);
  return false;
}

void sample_lost(struct thread_state *thread, size_t size) {
  uint64_t weight = weight_of(thread, size);
  ring_count(&thread->ring->lost_blocks, weight);
  ring_count(&thread->ring->lost_bytes, weight * size);
}

bool sample_add(const void *p) {
  uint32_t bucket = bucket_of(p);
  for (uint32_t i = 0; i < BUCKET_SLOTS; i++) {
    uintptr_t nobody = 0;
    if (atomic_load_explicit(&table.buckets[bucket][i], memory_order_relaxed) == 0
        && atomic_compare_exchange_strong_explicit(&table.buckets[bucket][i], &nobody, (uintptr_t)p, memory_order_relaxed, memory_order_relaxed)) {
      atomic_fetch_add_explicit(&table.counts[bucket / 4], 1, memory_order_relaxed);
      return true;
    }
  }
  return false;
}

bool sample_may_hold(const void *p) { return atomic_load_explicit(&table.counts[bucket_of(p) / 4], memory_order_relaxed) != 0; }

/* Who frees the block has it from who allocated it, and so sees what was noted of it. */
bool sample_remove(const void *p) {
  uint32_t bucket = bucket_of(p);
  if (likely(!sample_may_hold(p))) return false;
  for (uint32_t i = 0; i < BUCKET_SLOTS; i++) {
    if (atomic_load_explicit(&table.buckets[bucket][i], memory_order_relaxed) == (uintptr_t)p) {
      atomic_store_explicit(&table.buckets[bucket][i], 0, memory_order_relaxed);
      atomic_fetch_sub_explicit(&table.counts[bucket / 4], 1, memory_order_relaxed);
      return true;
    }
  }
  return false;
}
