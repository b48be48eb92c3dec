/* What the tracer costs the program: the time of one event in about a thousand, told in sums. */
#include "tracer.h"

#define TIMED_EVERY 1021u /* a prime, lest it is always the same of events that come in turn */
#define LOOKS 16
#define INTERRUPTED_NS 50000u /* by the scheduler or a signal */

static uint64_t clock_cost;

/* To look at the clock costs more than an event does. Many looks at once, for a clock may tick more seldom than they take. */
void timing_start(void) {
  uint64_t least = UINT64_MAX;
  for (int i = 0; i < 4; i++) {
    uint64_t from = tracer_now_ns();
    for (int look = 1; look < LOOKS; look++) (void)tracer_now_ns();
    uint64_t cost = (tracer_now_ns() - from) / LOOKS;
    if (cost < least) least = cost;
  }
  clock_cost = least;
}

/* Somewhere among the next thousand: the first event of a thread costs more than any later one, and counts for itself alone. */
void timing_begin_thread(struct thread_state *thread) {
  thread->timed_from = 0;
  thread->next_timed = thread->head + tracer_now_ns() % TIMED_EVERY;
}

/* Of a sampled recording nobody knows how many events were not told, so there is nothing to multiply by. */
void timing_next(struct thread_state *thread) {
  if (tracer_sample_bytes) {
    thread->next_timed = UINT64_MAX;
    return;
  }
  thread->next_timed = thread->head + TIMED_EVERY;
  thread->timed_from = tracer_now_ns();
}

void timing_add(struct thread_state *thread) {
  uint64_t took = tracer_now_ns() - thread->timed_from;
  thread->timed_from = 0;
  if (took > INTERRUPTED_NS) return;
  ring_count(&thread->ring->timed, 1);
  /* Less than nothing too, in a single case: of a clock that ticks seldom only the sum is right. */
  ring_count(&thread->ring->timed_ns, took - clock_cost);
}
