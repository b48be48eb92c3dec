/* A ring without room: the target waits, but never long, and what then finds no room is counted. */
#include "events.h"

/* An agent that has not drained anything for so long is gone, or stands still. */
#define GONE_NS 2000000000ull

/* Of a counter that only this thread writes. */
void ring_count(_Atomic uint64_t *own, uint64_t more) {
  atomic_store_explicit(own, atomic_load_explicit(own, memory_order_relaxed) + more, memory_order_relaxed);
}

static bool wait_for_room(struct thread_state *thread, uint32_t events) {
  struct ring_slot *ring = thread->ring;
  thread->tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
  if (thread->head + events - thread->tail <= RING_EVENTS) return true;
  /* A ring that overflowed has to be half empty first: else each event would wait anew. */
  if (!thread->lossy) {
    atomic_fetch_add_explicit(&ring->waits, 1, memory_order_relaxed);
    uint64_t from = tracer_now_ns(), waited = 0, most = (uint64_t)tracer_ring->max_wait_us * 1000;
    while (waited < most && *tracer_on) {
      tracer_pause();
      waited = tracer_now_ns() - from;
      thread->tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
      if (thread->head + events - thread->tail <= RING_EVENTS) {
        atomic_fetch_add_explicit(&ring->waited_ns, waited, memory_order_relaxed);
        return true;
      }
    }
    atomic_fetch_add_explicit(&ring->waited_ns, waited, memory_order_relaxed);
    thread->lossy = true;
    thread->lossy_beat = atomic_load_explicit(&tracer_ring->beat, memory_order_relaxed);
    thread->lossy_since = from + waited;
  } else if (thread->head - thread->tail <= RING_EVENTS / 2) {
    thread->lossy = false;
    return true;
  }
  uint64_t dropped = atomic_fetch_add_explicit(&ring->dropped, 1, memory_order_relaxed);
  if (dropped % 4096 == 0 && thread->lossy_beat == atomic_load_explicit(&tracer_ring->beat, memory_order_relaxed) && tracer_now_ns() - thread->lossy_since > GONE_NS)
    tracer_step_aside();
  return false;
}

bool ring_wait(struct thread_state *thread, uint32_t events) {
  thread->timed_from = 0; /* waits are told apart */
  int error = tracer_error();
  bool room = wait_for_room(thread, events);
  tracer_restore_error(error);
  return room;
}
