/* Writing into a thread's own ring: no lock, no system call, no clock. */
#pragma once
#include "tracer.h"

#define WRITE_AHEAD 64u

static inline bool ring_room(struct thread_state *thread, uint32_t events) {
  return likely(thread->head + events <= thread->limit) || ring_wait(thread, events);
}

/* What was written is the agent's from here on. */
static inline void ring_publish(struct thread_state *thread, uint32_t events) {
  thread->head += events;
  /* The agent's processor has what comes next, from the round before: asked for now, nothing waits for it later, above all no locked
     instruction of the program's, which waits until all that was written before is. Nothing where a processor does not know it. */
  __asm__ volatile("prefetchw %0" : : "m"(thread->ring->events[(thread->head + WRITE_AHEAD) & (RING_EVENTS - 1)]));
  atomic_store_explicit(&thread->ring->head, thread->head, memory_order_release);
}

static inline bool ring_event(struct thread_state *thread, uint64_t a, uint64_t b) {
  if (!ring_room(thread, 1)) return false;
  thread->ring->events[thread->head & (RING_EVENTS - 1)] = (struct event){a, b};
  ring_publish(thread, 1);
  return true;
}

static inline bool ring_event_two(struct thread_state *thread, uint64_t a, uint64_t b, uint64_t c) {
  if (!ring_room(thread, 2)) return false;
  thread->ring->events[thread->head & (RING_EVENTS - 1)] = (struct event){a, b};
  thread->ring->events[(thread->head + 1) & (RING_EVENTS - 1)] = (struct event){c, 0};
  ring_publish(thread, 2);
  return true;
}
