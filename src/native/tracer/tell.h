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

/* Around the hooks' own work: what it takes is measured now and then. */
static inline void timing_begin(struct thread_state *thread) {
  if (unlikely(thread->head >= thread->next_timed)) timing_next(thread);
}

static inline void timing_end(struct thread_state *thread) {
  if (unlikely(thread->timed_from)) timing_add(thread);
}

/* How far an allocation takes a thread to the next needle. */
static inline int64_t sampled_bytes(size_t size) { return size < SAMPLE_LEAST ? SAMPLE_LEAST : (int64_t)(size & INT64_MAX); }

/* Whether an allocation is one that is told: each is, or one in so many bytes. */
static inline bool chosen(struct thread_state *thread, const void *p, size_t size) {
  if (likely(tracer_sample_bytes == 0)) return true;
  thread->sample_in -= sampled_bytes(size);
  return unlikely(thread->sample_in <= 0) && sample_reached(thread, p, size);
}

/* Whether a free is told: that of what was. From then on the address is nobody's. */
static inline bool was_chosen(const void *p) { return likely(tracer_sample_bytes == 0) || sample_remove(p); }

/* Whether a free is for certain of a block that was not told, which nearly every one is when sampling. Needs no state of the thread. */
static inline bool surely_not_chosen(const void *p) { return tracer_sample_bytes != 0 && !sample_may_hold(p); }

static inline bool tell_allocated(struct thread_state *thread, void *p, size_t size, uintptr_t frame) {
  if (!chosen(thread, p, size)) return false;
  uint64_t order = order_of(p);
  uint64_t stack = capture(thread, frame);
  uint64_t a = ((uintptr_t)p & EVENT_ADDRESS) | (order & 0xfff) << EVENT_ORDER_LOW_SHIFT;
  uint64_t b = stack << EVENT_STACK_SHIFT | (order >> 12 & 0xff) << EVENT_ORDER_HIGH_SHIFT;
  bool room = likely(size < EVENT_BIG) ? ring_event(thread, a | (uint64_t)EVENT_ALLOC << EVENT_KIND_SHIFT, b | size)
                                       : ring_event_two(thread, a | (uint64_t)EVENT_ALLOC_BIG << EVENT_KIND_SHIFT, b, size);
  if (unlikely(!room)) sample_lost(thread, size);
  return room;
}

static inline void tell_mapped(struct thread_state *thread, const void *p, size_t length, uintptr_t frame) {
  uint64_t stack = capture(thread, frame);
  ring_event_two(thread, (uint64_t)EVENT_MAP << EVENT_KIND_SHIFT | ((uintptr_t)p & EVENT_ADDRESS), stack << EVENT_STACK_SHIFT, length);
}

/* An event that is an address and a word. */
static inline void tell_address(struct thread_state *thread, enum event_kind kind, const void *p, uint64_t word) {
  ring_event(thread, (uint64_t)kind << EVENT_KIND_SHIFT | ((uintptr_t)p & EVENT_ADDRESS), word);
}

static inline void tell_freed(struct thread_state *thread, const void *p) {
  if (was_chosen(p)) tell_address(thread, EVENT_FREE, p, 0);
}

/* Before a reallocation: whether the block was told of, for the two that follow. */
static inline bool tell_reallocating(struct thread_state *thread, const void *before) {
  bool told = was_chosen(before);
  if (told) tell_address(thread, EVENT_REALLOC, before, 0);
  thread->timed_from = 0; /* what the allocator takes is not our cost */
  return told;
}

/* It became p, or nothing when p is NULL. */
static inline void tell_reallocated(struct thread_state *thread, const void *before, bool told, void *p, size_t size, uintptr_t frame) {
  if (p && tell_allocated(thread, p, size, frame)) return;
  if (told) tell_address(thread, EVENT_FREE, before, 0);
}

static inline void tell_reallocation_failed(struct thread_state *thread, const void *before, bool told) {
  if (told && (tracer_sample_bytes == 0 || sample_add(before))) tell_address(thread, EVENT_REALLOC_FAILED, before, 0);
}
