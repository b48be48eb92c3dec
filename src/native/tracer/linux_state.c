/* The tracer's life in a process: it starts when the loader runs it, each thread gets a ring at its first event, and it steps aside
   for good when the agent says so or is gone. */
#define _GNU_SOURCE
#include "events.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Where the agent's ring is, as a path that this process can open. */
#define RING_VARIABLE "WEBVMMAP_RING"

struct ring_header *tracer_ring;
_Atomic uint64_t tracer_epoch = 1;
_Atomic uint32_t tracer_map_epoch = 1;
_Atomic uint32_t tracer_threads;
_Alignas(64) _Atomic uint32_t tracer_order[ORDER_LINES][16];
__thread struct thread_state *tracer_thread __attribute__((tls_model("initial-exec")));
__thread uint32_t tracer_busy __attribute__((tls_model("initial-exec")));

static const _Atomic uint32_t off;
const _Atomic uint32_t *tracer_on = &off;

static _Atomic uint32_t *on_page;
static int ring_fd = -1;
static pthread_key_t thread_key;
static bool has_key;
static struct thread_state *free_threads;
static _Atomic uint32_t free_lock;
static __thread uint32_t ending __attribute__((tls_model("initial-exec")));

static void lock(void) {
  while (atomic_exchange_explicit(&free_lock, 1, memory_order_acquire)) __builtin_ia32_pause();
}

static void unlock(void) { atomic_store_explicit(&free_lock, 0, memory_order_release); }

void tracer_step_aside(void) {
  if (on_page) atomic_store_explicit(on_page, 0, memory_order_release);
}

/* Runs when a thread ends; asks to be run again while the program's own destructors may still free what they hold. */
static void end_thread(void *data) {
  struct thread_state *thread = data;
  if (++ending < PTHREAD_DESTRUCTOR_ITERATIONS) {
    pthread_setspecific(thread_key, thread);
    return;
  }
  tracer_busy++;
  tracer_thread = NULL;
  lock();
  thread->next_free = free_threads;
  free_threads = thread;
  unlock();
  tracer_busy--;
}

static struct thread_state *new_thread(void) {
  uint32_t slot = atomic_load_explicit(&tracer_ring->slots, memory_order_relaxed);
  do {
    if (slot >= RING_SLOTS) return NULL;
  } while (!atomic_compare_exchange_weak_explicit(&tracer_ring->slots, &slot, slot + 1, memory_order_acq_rel, memory_order_relaxed));
  struct thread_state *thread = tracer_pages(sizeof *thread);
  if (!thread) return NULL;
  long ring = syscall(SYS_mmap, NULL, RING_SLOT_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, ring_fd, (off_t)RING_FIRST_SLOT + (off_t)slot * RING_SLOT_BYTES);
  if (ring == -1) return NULL;
  thread->ring = (struct ring_slot *)ring;
  atomic_fetch_add_explicit(&tracer_threads, 1, memory_order_release);
  return grow_set(thread) ? thread : NULL;
}

/* The calling thread's state, made at its first event. NULL when there is none to be had. Called while busy. */
struct thread_state *tracer_begin_thread(void) {
  if (ending) {
    atomic_fetch_add_explicit(&tracer_ring->skipped, 1, memory_order_relaxed);
    return NULL;
  }
  int error = errno;
  lock();
  struct thread_state *thread = free_threads;
  if (thread) free_threads = thread->next_free;
  unlock();
  if (!thread) thread = new_thread();
  if (thread) {
    thread->stack_low = thread->stack_high = 0;
    thread->map_epoch = 0;
    sample_begin_thread(thread);
    tracer_thread = thread;
    if (has_key) pthread_setspecific(thread_key, thread);
    find_stack(thread, (uintptr_t)__builtin_frame_address(0));
    ring_event(thread, (uint64_t)EVENT_THREAD << EVENT_KIND_SHIFT | (uint64_t)syscall(SYS_gettid), 0);
  } else atomic_fetch_add_explicit(&tracer_ring->no_slot, 1, memory_order_relaxed);
  errno = error;
  return thread;
}

static const char *variable(const char *name) {
  size_t length = strlen(name);
  for (char **e = environ; e && *e; e++)
    if (strncmp(*e, name, length) == 0 && (*e)[length] == '=') return *e + length + 1;
  return NULL;
}

__attribute__((constructor(101))) void tracer_start(void) {
  const char *path = variable(RING_VARIABLE);
  if (!path || tracer_ring) return;
  tracer_busy++;
  int error = errno;
  int fd = open(path, O_RDWR | O_CLOEXEC);
  struct stat file;
  struct ring_header *ring = MAP_FAILED;
  if (fd >= 0 && fstat(fd, &file) == 0 && (uint64_t)file.st_size == RING_FILE_BYTES)
    ring = (struct ring_header *)syscall(SYS_mmap, NULL, RING_FIRST_SLOT, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  _Atomic uint32_t *page = tracer_pages(4096);
  bool good = ring != MAP_FAILED && page && ring->magic == RING_MAGIC && ring->version == RING_VERSION && atomic_load(&ring->state) != RING_STOP;
  uint32_t nobody = 0, me = (uint32_t)getpid();
  bool again = false;
  if (good) {
    /* Only the process that was started is recorded; a child that it starts loads this too, and leaves it at that. */
    good = atomic_compare_exchange_strong(&ring->pid, &nobody, me) || nobody == me;
    again = nobody == me;
    /* Zero in a child of fork, of whatever kind: https://man7.org/linux/man-pages/man2/madvise.2.html */
    good = good && madvise(page, 4096, MADV_WIPEONFORK) == 0;
  }
  if (good) {
    /* Above what a program uses itself: a shell's redirections would close a low one. */
    int high = fcntl(fd, F_DUPFD_CLOEXEC, 400);
    if (high >= 0) close(fd), fd = high;
    ring_fd = fd;
    tracer_ring = ring;
    on_page = page;
    sample_start();
    timing_start();
    has_key = pthread_key_create(&thread_key, end_thread) == 0;
    tracer_on = page;
    atomic_store(&ring->state, RING_RUNNING);
    if (again) {
      struct thread_state *thread = tracer_begin_thread();
      if (thread) ring_event(thread, (uint64_t)EVENT_EXEC << EVENT_KIND_SHIFT, 0);
    }
    atomic_store_explicit(page, 1, memory_order_release);
  } else {
    if (ring != MAP_FAILED) syscall(SYS_munmap, ring, RING_FIRST_SLOT);
    if (fd >= 0) close(fd);
  }
  errno = error;
  tracer_busy--;
}
