/* Processes that a recorded one starts, when the agent wants them followed. Windows starts each with its first thread suspended, and whoever
   started it lets that run: before this is done, the agent is told of the process and puts the tracer into it. Whatever goes wrong, the
   process runs as it would without. */
#include "windows_tracer.h"

/* So long the agent may take for one; of one that it has begun with it says itself what became of it. */
#define ANSWER_NS 5000000000ull
/* An agent that has not drained anything for so long is gone. */
#define GONE_NS 1000000000ull

/* https://learn.microsoft.com/windows/win32/procthread/process-creation-flags as the system call has it, and what it returns in a process that was
   cloned (RtlCloneUserProcess). */
enum { THREAD_SUSPENDED = 1, STATUS_CLONED = 0x129 };
#define THREAD_BASIC ((THREADINFOCLASS)0)
enum { MOST_HELD = 64 };

struct thread_basic {
  NTSTATUS exit;
  void *block;
  HANDLE process, thread;
  ULONG_PTR affinity;
  LONG priority, base_priority;
};

/* Started and not let run yet: id of the process in the upper half, of its first thread in the lower. */
static _Atomic uint64_t held[MOST_HELD];
static _Atomic uint32_t held_count, held_next;

static bool follows(void) {
  struct ring_header *ring = tracer_ring;
  return atomic_load_explicit(tracer_on, memory_order_relaxed) && atomic_load(&ring->state) == RING_RUNNING && atomic_load(&ring->follow) != FOLLOW_NONE;
}

static void count_not_followed(void) { atomic_fetch_add(&tracer_ring->not_followed, 1); }

/* A thread and its process; 0 when the handle does not tell. */
static uint64_t ids_of(HANDLE thread) {
  struct thread_basic basic;
  if (NtQueryInformationThread(thread, THREAD_BASIC, &basic, sizeof basic, NULL) < 0) return 0;
  return (uint64_t)(uintptr_t)basic.process << 32 | (uint32_t)(uintptr_t)basic.thread;
}

/* Where a request can be put; NULL when all places stay taken, as by an agent that does nothing. */
static _Atomic uint64_t *ask(struct ring_header *ring, uint64_t request, uint64_t until) {
  do {
    for (uint32_t i = 0; i < RING_REQUESTS; i++) {
      uint64_t none = 0;
      if (atomic_compare_exchange_strong(&ring->spares[i], &none, request)) return &ring->spares[i];
    }
    tracer_pause();
  } while (follows() && tracer_now_ns() < until);
  return NULL;
}

/* Has the agent put the tracer into a process that does not run yet. Waits for that, but never long. */
static void follow(uint32_t process) {
  struct ring_header *ring = tracer_ring;
  uint64_t asked = (uint64_t)REQUEST_ASKED << RING_REQUEST_SHIFT | process, taken = (uint64_t)REQUEST_TAKEN << RING_REQUEST_SHIFT | process;
  uint64_t now = tracer_now_ns(), until = now + ANSWER_NS, beat = atomic_load(&ring->beat), beaten = now;
  _Atomic uint64_t *at = atomic_load(&ring->follow) == FOLLOW_SPARES ? ask(ring, asked, until) : NULL;
  if (!at) {
    if (follows()) count_not_followed();
    return;
  }
  for (;;) {
    uint64_t said = atomic_load(at);
    if (said != asked && said != taken) return;
    now = tracer_now_ns();
    if (atomic_load(&ring->beat) != beat) {
      beat = atomic_load(&ring->beat);
      beaten = now;
    }
    if (!follows() || now >= until) break;
    if (now - beaten > GONE_NS) {
      /* Nobody else has to wait in vain: an agent that lives says so again. */
      uint32_t spares = FOLLOW_SPARES;
      atomic_compare_exchange_strong(&ring->follow, &spares, FOLLOW_FULL);
      break;
    }
    tracer_pause();
  }
  /* When nobody is followed any more it is no loss. */
  if (atomic_compare_exchange_strong(at, &asked, 0)) {
    if (follows()) count_not_followed();
  } else {
    atomic_compare_exchange_strong(at, &taken, 0);
  }
}

static void hold(uint64_t ids) {
  for (uint32_t i = 0; i < MOST_HELD; i++) {
    uint64_t none = 0;
    if (!atomic_compare_exchange_strong(&held[i], &none, ids)) continue;
    atomic_fetch_add(&held_count, 1);
    return;
  }
  /* One that was ended without ever having run, most likely. */
  atomic_store(&held[atomic_fetch_add(&held_next, 1) % MOST_HELD], ids);
  count_not_followed();
}

/* Those of a thread that is let run, or of a process that is (lowest 0), that were held until now. */
static void release(uint64_t lowest, uint64_t highest) {
  for (uint32_t i = 0; i < MOST_HELD; i++) {
    uint64_t ids = atomic_load(&held[i]);
    if (ids == 0 || ids < lowest || ids > highest || !atomic_compare_exchange_strong(&held[i], &ids, 0)) continue;
    atomic_fetch_sub(&held_count, 1);
    if (follows()) follow((uint32_t)(ids >> 32));
  }
}

static void release_thread(HANDLE thread) {
  uint64_t ids = atomic_load(&held_count) == 0 ? 0 : ids_of(thread);
  if (ids) release(ids, ids);
}

TOLD(NtCreateUserProcess) {
  ARGUMENTS;
  bool following = follows(), let_run = following && !(a[7] & THREAD_SUSPENDED);
  uintptr_t flags = a[7] | (let_run ? THREAD_SUSPENDED : 0);
  uintptr_t status = original_NtCreateUserProcess(a[0], a[1], a[2], a[3], a[4], a[5], a[6], flags, a[8], a[9], a[10]);
  if (status == STATUS_CLONED) {
    /* A process of its own now, with all that this one had but the ring. */
    tracer_step_aside();
    return status;
  }
  if (!following || (NTSTATUS)status < 0) return status;
  HANDLE thread = *(HANDLE *)a[1];
  uint64_t ids = thread ? ids_of(thread) : 0;
  if (let_run) {
    if (ids) follow((uint32_t)(ids >> 32));
    original_NtResumeThread(thread, NULL);
  } else if (ids) {
    hold(ids);
  }
  if (thread && !ids) count_not_followed();
  return status;
}

TOLD(NtResumeThread) {
  ARGUMENTS;
  release_thread((HANDLE)a[0]);
  return original_NtResumeThread(a[0], a[1]);
}

TOLD(NtAlertResumeThread) {
  ARGUMENTS;
  release_thread((HANDLE)a[0]);
  return original_NtAlertResumeThread(a[0], a[1]);
}

TOLD(NtResumeProcess) {
  ARGUMENTS;
  PROCESS_BASIC_INFORMATION basic;
  if (atomic_load(&held_count) != 0 && NtQueryInformationProcess((HANDLE)a[0], ProcessBasicInformation, &basic, sizeof basic, NULL) >= 0) {
    uint64_t process = (uint64_t)basic.UniqueProcessId << 32;
    release(process, process | UINT32_MAX);
  }
  return original_NtResumeProcess(a[0]);
}
