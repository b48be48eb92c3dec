/* A ring without room: the target waits, but never long, and what then finds no room is counted. */
#include "events.h"

/* An agent that has not drained anything for so long is gone, or stands still. */
#define GONE_NS 2000000000ull

/* So many events unread wake an agent that sleeps, and while there are more the thread looks again after so many. */
#define RING_WAKE (RING_EVENTS / 4)
#define RING_STEP (RING_EVENTS / 16)

/* Of a counter that only this thread writes. */
void ring_count(_Atomic uint64_t *own, uint64_t more) {
  atomic_store_explicit(own, atomic_load_explicit(own, memory_order_relaxed) + more, memory_order_relaxed);
}

/* An agent that sleeps until there is something worth waking for. */
static void wake_agent(void) {
  if (atomic_load_explicit(&tracer_ring->asleep, memory_order_relaxed) && atomic_exchange(&tracer_ring->asleep, 0)) tracer_wake(&tracer_ring->asleep);
}

/* Whether there is room just now; then the thread does not look again before it has written up to the limit. */
static bool has_room(struct thread_state *thread, uint32_t events) {
  uint64_t tail = atomic_load_explicit(&thread->ring->tail, memory_order_acquire), head = thread->head + events;
  if (head - tail > RING_EVENTS) return false;
  if (head - tail <= RING_WAKE) {
    thread->limit = tail + RING_WAKE;
    return true;
  }
  wake_agent();
  uint64_t full = tail + RING_EVENTS, next = head + RING_STEP;
  thread->limit = next < full ? next : full;
  return true;
}

static bool wait_for_room(struct thread_state *thread, uint32_t events) {
  struct ring_slot *ring = thread->ring;
  /* A ring that overflowed is not written before it is half empty: each bit of room would be filled at once, and with none to wait in
     nearly all that comes would be dropped for as long as the thread is quicker than the agent. */
  if (thread->lossy && thread->head - atomic_load_explicit(&ring->tail, memory_order_acquire) <= RING_EVENTS / 2) thread->lossy = false;
  if (!thread->lossy) {
    bool room = has_room(thread, events);
    if (room) return true;
    atomic_fetch_add_explicit(&ring->waits, 1, memory_order_relaxed);
    uint64_t from = tracer_now_ns(), waited = 0, most = (uint64_t)tracer_ring->max_wait_us * 1000;
    while (!room && waited < most && *tracer_on) {
      wake_agent();
      tracer_pause();
      waited = tracer_now_ns() - from;
      room = has_room(thread, events);
    }
    atomic_fetch_add_explicit(&ring->waited_ns, waited, memory_order_relaxed);
    if (room) return true;
    thread->lossy = true;
    thread->lossy_beat = atomic_load_explicit(&tracer_ring->beat, memory_order_relaxed);
    thread->lossy_since = from + waited;
  }
  wake_agent();
  thread->limit = thread->head;
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
