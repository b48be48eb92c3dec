/* What the hooks of both systems tell, once a thread has its state. */
#pragma once
#include "capture.h"
#include "events.h"

/* Which allocation of an address came first, where two threads told of one: counted by the MiB, which threads hardly share. */
static inline uint32_t order_of(const void *p) {
  if (likely(atomic_load_explicit(&tracer_threads, memory_order_relaxed) < 2)) return 0;
  uint64_t line = ((uintptr_t)p >> 20) * 0x9E3779B97F4A7C15ull >> 52;
  return 1 + atomic_fetch_add_explicit(&tracer_order[line][0], 1, memory_order_relaxed);
}

static inline void tell_allocated(struct thread_state *thread, void *p, size_t size, uintptr_t frame) {
  uint64_t order = order_of(p);
  uint64_t stack = capture(thread, frame);
  uint64_t a = ((uintptr_t)p & EVENT_ADDRESS) | (order & 0xfff) << EVENT_ORDER_LOW_SHIFT;
  uint64_t b = stack << EVENT_STACK_SHIFT | (order >> 12 & 0xff) << EVENT_ORDER_HIGH_SHIFT;
  if (likely(size < EVENT_BIG)) ring_event(thread, a | (uint64_t)EVENT_ALLOC << EVENT_KIND_SHIFT, b | size);
  else ring_event_two(thread, a | (uint64_t)EVENT_ALLOC_BIG << EVENT_KIND_SHIFT, b, size);
}

static inline void tell_mapped(struct thread_state *thread, const void *p, size_t length, uintptr_t frame) {
  uint64_t stack = capture(thread, frame);
  ring_event_two(thread, (uint64_t)EVENT_MAP << EVENT_KIND_SHIFT | ((uintptr_t)p & EVENT_ADDRESS), stack << EVENT_STACK_SHIFT, length);
}

/* An event that is an address and a word. */
static inline void tell_address(struct thread_state *thread, enum event_kind kind, const void *p, uint64_t word) {
  ring_event(thread, (uint64_t)kind << EVENT_KIND_SHIFT | ((uintptr_t)p & EVENT_ADDRESS), word);
}
