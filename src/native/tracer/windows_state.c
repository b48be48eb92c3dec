/* The tracer's life in a Windows process: the agent loads it, hands it a ring by a call on a thread of its own, and then patches the functions
   that it stands in front of. It may be handed another ring later; it is never unloaded. */
#include "windows_tracer.h"
#include "events.h"
#include <string.h>

struct ring_header *tracer_ring;
_Atomic uint64_t tracer_epoch = 1;
_Atomic uint32_t tracer_map_epoch = 1;
_Atomic uint32_t tracer_threads;
_Alignas(64) _Atomic uint32_t tracer_order[ORDER_LINES][16];
uint32_t tracer_slot_at;
uint64_t tracer_recording;

static _Atomic uint32_t on;
const _Atomic uint32_t *tracer_on = &on;

/* The agent's: where it put its code near the functions, so that a later recording finds it again. */
EXPORT uint64_t tracer_near;

static struct thread_state *states[RING_SLOTS];
static uint32_t state_count;
static _Atomic uint32_t state_lock;
/* Threads may still be within a hook for the recording before this one. */
static struct ring_header *ring_before;

NTSTATUS NTAPI NtMapViewOfSection(HANDLE, HANDLE, void **, ULONG_PTR, SIZE_T, LARGE_INTEGER *, SIZE_T *, ULONG, ULONG, ULONG);
NTSTATUS NTAPI NtUnmapViewOfSection(HANDLE, void *);
NTSTATUS NTAPI NtDuplicateObject(HANDLE, HANDLE, HANDLE, HANDLE *, ACCESS_MASK, ULONG, ULONG);

static void lock(void) {
  while (atomic_exchange_explicit(&state_lock, 1, memory_order_acquire)) tracer_pause();
}

static void unlock(void) { atomic_store_explicit(&state_lock, 0, memory_order_release); }

static inline void set_slot(const void *value) { teb_write(tracer_slot_at, (uintptr_t)value); }

void tracer_step_aside(void) { atomic_store_explicit(&on, 0, memory_order_release); }

static bool has_ended(const struct thread_state *thread) {
  LARGE_INTEGER now = {.QuadPart = 0};
  return NtWaitForSingleObject(thread->handle, FALSE, &now) == 0;
}

/* The state of a thread that has ended: of those that said so, or of any. */
static struct thread_state *find_ended(bool any) {
  for (uint32_t i = 0; i < state_count; i++) {
    struct thread_state *thread = states[i];
    if (thread->unused) {
      thread->unused = false;
      return thread;
    }
    if ((any || thread->ending) && thread->handle && has_ended(thread)) {
      NtClose(thread->handle);
      thread->handle = NULL;
      return thread;
    }
  }
  return NULL;
}

/* A ring of the recording that is under way. */
static bool give_ring(struct thread_state *thread) {
  uint32_t slot = atomic_load_explicit(&tracer_ring->slots, memory_order_relaxed);
  if (slot >= RING_SLOTS) return false;
  uint8_t *ring = (uint8_t *)tracer_ring + RING_FIRST_SLOT + (size_t)slot * RING_SLOT_BYTES;
  if (!pages_commit(ring, RING_SLOT_BYTES)) return false;
  thread->ring = (struct ring_slot *)ring;
  thread->head = thread->limit = 0;
  thread_forget(thread);
  sample_begin_thread(thread);
  thread->recording = tracer_recording;
  atomic_fetch_add_explicit(&tracer_threads, 1, memory_order_release);
  /* The agent reads what is counted here. */
  atomic_store_explicit(&tracer_ring->slots, slot + 1, memory_order_release);
  return true;
}

static struct thread_state *new_state(void) {
  if (state_count == RING_SLOTS) return NULL;
  struct thread_state *thread = tracer_pages(sizeof *thread);
  if (!thread) return NULL;
  if (!grow_set(thread)) {
    tracer_free_pages(thread, sizeof *thread);
    return NULL;
  }
  return states[state_count++] = thread;
}

/* The calling thread's state, made at its first event of a recording. NULL when there is none to be had. */
struct thread_state *tracer_begin_thread(void) {
  struct thread_state *thread = (struct thread_state *)teb_read(tracer_slot_at), *mine = thread;
  set_slot((void *)(uintptr_t)THREAD_BEGINS);
  lock();
  if (!thread) thread = find_ended(false);
  if (!thread) thread = new_state();
  if (!thread) thread = find_ended(true);
  if (thread && thread->recording != tracer_recording && !give_ring(thread)) {
    thread->unused = !mine;
    thread = NULL;
  }
  if (thread) thread->ending = false;
  unlock();
  if (thread && !thread->handle && NtDuplicateObject(THIS_PROCESS, THIS_THREAD, THIS_PROCESS, &thread->handle, SYNCHRONIZE, 0, 0) < 0) thread->handle = NULL;
  if (!thread) {
    atomic_fetch_add_explicit(&tracer_ring->no_slot, 1, memory_order_relaxed);
    set_slot(mine);
    return NULL;
  }
  thread->busy = 0;
  thread->reallocating = 0;
  set_slot(thread);
  ring_event(thread, (uint64_t)EVENT_THREAD << EVENT_KIND_SHIFT | (uint32_t)teb_read(TEB_THREAD_ID), 0);
  return thread;
}

/* An agent that has not drained anything for so long is gone. */
#define ALIVE_NS 500000000ull

/* What became of a call; the agent puts it into words. */
enum { RECORDS = 1, NO_THREAD_SLOT = 2, NO_VIEW = 3, NO_RING = 4, BY_ANOTHER = 5 };

/* An agent that drains counts on at least every few milliseconds. */
static bool is_recorded(void) {
  if (!tracer_ring || (atomic_load(&tracer_ring->state) & RING_STATE) != RING_RUNNING) return false;
  uint64_t beat = atomic_load(&tracer_ring->beat), until = tracer_now_ns() + ALIVE_NS;
  while (tracer_now_ns() < until) {
    if (atomic_load(&tracer_ring->beat) != beat) return true;
    tracer_pause();
  }
  return false;
}

/* Begins a recording, on a thread that the agent made for it: section is a handle of the ring, which from now on is this process's. */
EXPORT DWORD WINAPI tracer_record(void *section) {
  if (tracer_slot_at == 0) {
    DWORD slot = TlsAlloc();
    if (slot >= TEB_TLS_SLOT_COUNT) {
      if (slot != TLS_OUT_OF_INDEXES) TlsFree(slot);
      return NO_THREAD_SLOT;
    }
    tracer_slot_at = TEB_TLS_SLOTS + slot * 8;
  }
  set_slot((void *)(uintptr_t)THREAD_BEGINS); /* nothing that this thread does is the program's */
  if (is_recorded()) {
    NtClose(section);
    return BY_ANOTHER;
  }
  atomic_store(&on, 0);
  void *view = NULL;
  SIZE_T bytes = 0;
  NTSTATUS status = NtMapViewOfSection(section, THIS_PROCESS, &view, 0, 0, NULL, &bytes, 2 /* ViewUnmap */, 0, PAGE_READWRITE);
  NtClose(section);
  if (status < 0) return NO_VIEW;
  struct ring_header *ring = view;
  if (bytes < RING_FILE_BYTES || !pages_commit(view, RING_FIRST_SLOT) || ring->magic != RING_MAGIC || ring->version != RING_VERSION) {
    NtUnmapViewOfSection(THIS_PROCESS, view);
    return NO_RING;
  }
  lock();
  if (ring_before) NtUnmapViewOfSection(THIS_PROCESS, ring_before);
  ring_before = tracer_ring;
  tracer_ring = ring;
  tracer_recording++;
  if (tracer_sample_bytes) {
    /* What an earlier recording chose is not this one's. */
    size_t table_bytes;
    void *table = sample_table(&table_bytes);
    memset(table, 0, table_bytes);
  }
  sample_start();
  timing_start();
  modules_forget();
  unlock();
  atomic_store(&ring->pid, (uint32_t)teb_read(TEB_PROCESS_ID));
  atomic_store(&ring->state, RING_RUNNING);
  atomic_store_explicit(&on, 1, memory_order_release);
  return RECORDS;
}

BOOL WINAPI DllMain(HINSTANCE library, DWORD reason, void *reserved) {
  (void)library, (void)reserved;
  /* Other libraries may still free what they hold for this thread: its ring is another's once the thread is gone. */
  if (reason == DLL_THREAD_DETACH && tracer_slot_at != 0) {
    uintptr_t value = teb_read(tracer_slot_at);
    if (value > THREAD_BEGINS) ((struct thread_state *)value)->ending = true;
  }
  return TRUE;
}
