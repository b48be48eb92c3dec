/* The tracer's life in a process: it starts when the loader runs it or when an agent that has attached says so, each thread gets a ring at its
   first event, and it steps aside when the agent says so or is gone. Of a process that was attached to it may begin anew, as often as agents
   come: the memory that tracer and agent share stays, for threads may still be writing into it, and what is of which recording is told
   apart by a number of the recording. */
#define _GNU_SOURCE
#include "events.h"
#include "linux_attach.h"
#include "linux_children.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Where the agent's ring is, as a path that this process can open. */
#define RING_VARIABLE "WEBVMMAP_RING"

/* Only glibc has them. Another C library, as musl, loads this too when it is preloaded: then it does nothing, but all that it asks for has to be there. */
extern const char *gnu_get_libc_version(void) __attribute__((weak));
extern int __register_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void), void *file) __attribute__((weak));
extern void *__dso_handle __attribute__((visibility("hidden")));

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
static ino_t ring_file;
static uint32_t ring_number; /* counts the memory that was shared: a child of fork does not write into its parent's */
static pthread_key_t thread_key;
static bool has_key;
static struct thread_state *free_threads;
static _Atomic uint32_t free_lock;
static __thread uint32_t ending __attribute__((tls_model("initial-exec")));

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
  tracer_free_thread(thread);
  tracer_busy--;
}

/* For the next thread that needs one. */
void tracer_free_thread(struct thread_state *thread) {
  take_lock(&free_lock);
  thread->next_free = free_threads;
  free_threads = thread;
  leave_lock(&free_lock);
}

/* A slot of the memory that is shared now, for good. */
static bool take_slot(struct thread_state *thread) {
  uint32_t slot = atomic_load_explicit(&tracer_ring->slots, memory_order_relaxed);
  do {
    if (slot >= RING_SLOTS) return false;
  } while (!atomic_compare_exchange_weak_explicit(&tracer_ring->slots, &slot, slot + 1, memory_order_acq_rel, memory_order_relaxed));
  long ring = syscall(SYS_mmap, NULL, RING_SLOT_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, ring_fd, (off_t)RING_FIRST_SLOT + (off_t)slot * RING_SLOT_BYTES);
  if (ring == -1) return false;
  /* A child that is followed has no use for it, and one that lived on would keep its memory. */
  if (children_known()) syscall(SYS_madvise, ring, RING_SLOT_BYTES, MADV_DONTFORK);
  thread->ring = (struct ring_slot *)ring;
  thread->ring_number = ring_number;
  thread->running = 0; /* of no recording, whatever the number of the one before was */
  thread->head = thread->limit = 0;
  atomic_fetch_add_explicit(&tracer_threads, 1, memory_order_release);
  return true;
}

/* The ring from here on is of the recording that is under way. */
static void begin_anew(struct thread_state *thread, uint32_t state) {
  struct ring_slot *ring = thread->ring;
  atomic_store_explicit(&ring->dropped, 0, memory_order_relaxed);
  atomic_store_explicit(&ring->waits, 0, memory_order_relaxed);
  atomic_store_explicit(&ring->waited_ns, 0, memory_order_relaxed);
  atomic_store_explicit(&ring->lost_blocks, 0, memory_order_relaxed);
  atomic_store_explicit(&ring->lost_bytes, 0, memory_order_relaxed);
  atomic_store_explicit(&ring->timed, 0, memory_order_relaxed);
  atomic_store_explicit(&ring->timed_ns, 0, memory_order_relaxed);
  thread_forget(thread);
  thread->running = state;
  /* The agent before may have given this memory back: it is all zeros then. */
  thread->limit = thread->head;
  atomic_store_explicit(&ring->head, thread->head, memory_order_relaxed);
  atomic_store_explicit(&ring->tail, thread->head, memory_order_relaxed);
  atomic_store_explicit(&ring->began, thread->head, memory_order_relaxed);
  atomic_store_explicit(&ring->recording, state >> RING_RECORDING_SHIFT, memory_order_release);
}

/* The calling thread's state, made at its first event and made anew at the first of a recording. NULL when there is none to be had. Called while busy.
   A thread that has ended, but for what libc still gives back (of a detached one the memory of others that ended before), is lent one for an event. */
struct thread_state *tracer_begin_thread(void) {
  uint32_t state = atomic_load_explicit(&tracer_ring->state, memory_order_acquire);
  if ((state & RING_STATE) != RING_RUNNING) return NULL;
  bool lent = ending >= PTHREAD_DESTRUCTOR_ITERATIONS;
  int error = errno;
  struct thread_state *thread = tracer_thread;
  if (!thread) {
    take_lock(&free_lock);
    thread = free_threads;
    if (thread) free_threads = thread->next_free;
    leave_lock(&free_lock);
  }
  bool tells_who = !lent || !thread;
  if (!thread && (thread = tracer_pages(sizeof *thread)) && !grow_set(thread)) thread = NULL;
  if (thread && (!thread->ring || thread->ring_number != ring_number) && !take_slot(thread)) thread = NULL;
  if (thread) {
    if (thread->running != state) begin_anew(thread, state);
    thread->stack_low = thread->stack_high = 0;
    thread->map_epoch = 0;
    sample_begin_thread(thread);
    if (!lent) {
      tracer_thread = thread;
      if (has_key) pthread_setspecific(thread_key, thread);
    }
    find_stack(thread, (uintptr_t)__builtin_frame_address(0));
    if (tells_who) ring_event(thread, (uint64_t)EVENT_THREAD << EVENT_KIND_SHIFT | (uint64_t)syscall(SYS_gettid), 0);
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

/* The word that switches the hooks on: zero in a child of fork, of whatever kind. https://man7.org/linux/man-pages/man2/madvise.2.html */
static bool make_switch(void) {
  if (on_page) return true;
  _Atomic uint32_t *page = tracer_pages(4096);
  if (!page || madvise(page, 4096, MADV_WIPEONFORK) != 0) return false;
  on_page = page;
  return true;
}

/* The number that the open file gets is above what a program uses itself: a shell's redirections would close a low one. */
#define FILE_FROM 400

static void keep_ring(struct ring_header *ring, int fd, ino_t file, uint32_t from) {
  int high = fcntl(fd, F_DUPFD_CLOEXEC, from);
  if (high >= 0) syscall(SYS_close, fd), fd = high;
  ring_fd = fd;
  ring_file = file;
  ring_number++;
  tracer_ring = ring;
  if (!has_key) has_key = pthread_key_create(&thread_key, end_thread) == 0;
  tracer_on = on_page;
}

/* Emptied without touching it. */
static void forget_samples(void) {
  if (tracer_ring->sample_bytes == 0) return;
  size_t bytes;
  void *table = sample_table(&bytes);
  syscall(SYS_madvise, table, bytes, MADV_DONTNEED);
}

/* In a child of fork, when children are followed: it goes on in memory of its own, as what has one thread and knows no stack yet. What it has from
   its parent is to it as from before an attach. Until this is done it tells nothing, for the switch is off. */
static void begin_forked(void) {
  int error = errno;
  uint32_t busy = tracer_busy;
  tracer_busy = 2;
  struct ring_header *parent = tracer_ring;
  struct shared own;
  struct stat file;
  bool again;
  if (children_take(parent, &own, &again)) {
    /* Unless the program has closed it, and opened something else in its place. */
    if (fstat(ring_fd, &file) == 0 && file.st_ino == ring_file) syscall(SYS_close, ring_fd);
    atomic_store(&free_lock, 0);
    atomic_store(&tracer_threads, 0);
    if (tracer_thread) tracer_thread->running = 0;
    keep_ring(own.header, own.fd, own.file, FILE_FROM);
    modules_begin(true);
    forget_samples();
    sample_start();
    atomic_store(&own.header->state, RING_RUNNING);
    if (parent && !children_is_root(parent)) syscall(SYS_munmap, parent, RING_FIRST_SLOT);
    atomic_store_explicit(on_page, 1, memory_order_release);
  }
  tracer_busy = busy;
  errno = error;
}

/* The memory of this process, of what the variable names: that of the process that was launched, or when that is another one and its children are
   followed, one of its own. */
static bool find_ring(const char *path, struct shared *ring, bool *again) {
  if (!shared_open(path, ring)) return false;
  uint32_t nobody = 0, me = (uint32_t)getpid();
  bool follow = children_know(ring->header, path);
  if (atomic_load(&ring->header->state) != RING_STOP && (atomic_compare_exchange_strong(&ring->header->pid, &nobody, me) || nobody == me)) {
    *again = nobody == me;
    return true;
  }
  if (!follow) {
    shared_close(ring);
    return false;
  }
  /* The page with the spares stays, also for children of this one. */
  syscall(SYS_close, ring->fd);
  syscall(SYS_munmap, (uint8_t *)ring->header + RING_HEADER_BYTES, RING_LOG_BYTES);
  return children_take(NULL, ring, again);
}

__attribute__((constructor(101))) void tracer_start(void) {
  const char *path = variable(RING_VARIABLE);
  if (!gnu_get_libc_version || !path || tracer_ring || !is_preloaded()) return;
  tracer_busy++;
  int error = errno;
  struct shared ring;
  bool again = false, found = make_switch() && find_ring(path, &ring, &again);
  if (found) keep_ring(ring.header, ring.fd, ring.file, FILE_FROM);
  if (found || children_known()) {
    timing_start();
    hooks_install();
    if (children_known()) __register_atfork(NULL, NULL, begin_forked, __dso_handle);
  }
  if (found) {
    sample_start();
    atomic_store(&ring.header->state, RING_RUNNING);
    if (again) {
      struct thread_state *thread = tracer_begin_thread();
      if (thread) ring_event(thread, (uint64_t)EVENT_EXEC << EVENT_KIND_SHIFT, 0);
    }
    atomic_store_explicit(on_page, 1, memory_order_release);
  }
  errno = error;
  tracer_busy--;
}

/* Memory to share with an agent that is of another user, or in another container: this process makes it, and the agent opens it as /proc/PID/fd/N. */
static bool make_ring(uint32_t file_from) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur < RING_FILE_BYTES) return false; /* the system would end the program with SIGXFSZ */
  int fd = (int)syscall(SYS_memfd_create, "webvmmap-ring", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  struct stat file;
  if (fd < 0) return false;
  struct ring_header *ring = MAP_FAILED;
  if (ftruncate(fd, (off_t)RING_FILE_BYTES) == 0 && fstat(fd, &file) == 0)
    ring = (struct ring_header *)syscall(SYS_mmap, NULL, RING_FIRST_SLOT, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (ring == MAP_FAILED) {
    close(fd);
    return false;
  }
  ring->magic = RING_MAGIC;
  ring->version = RING_VERSION;
  atomic_store(&ring->pid, (uint32_t)getpid());
  keep_ring(ring, fd, file.st_ino, file_from < FILE_FROM ? file_from : FILE_FROM);
  return true;
}

/* Whether the memory that was shared before may be so again: it is this process's, and still open. */
static bool has_ring(void) {
  struct stat file;
  return tracer_ring && atomic_load(&tracer_ring->pid) == (uint32_t)getpid() && fstat(ring_fd, &file) == 0 && file.st_ino == ring_file
         && (uint64_t)file.st_size == RING_FILE_BYTES;
}

int64_t tracer_attach(uint32_t max_wait_us, uint32_t max_frames, uint64_t sample_bytes, bool take_over, uint32_t file_from) {
  bool forked = tracer_ring && atomic_load(&tracer_ring->pid) != (uint32_t)getpid();
  if (!make_switch()) return -ATTACH_NO_MEMORY;
  if (!has_ring()) {
    /* What a thread that is gone with the fork held is nobody's. */
    if (forked) atomic_store(&free_lock, 0);
    if (!make_ring(file_from)) return -ATTACH_NO_MEMORY;
  }
  struct ring_header *ring = tracer_ring;
  uint32_t state = atomic_load(&ring->state);
  if ((state & RING_STATE) == RING_RUNNING && atomic_load(on_page) && !take_over) return -ATTACH_BUSY - (int64_t)ring_fd * ATTACH_CODES;
  atomic_store_explicit(on_page, 0, memory_order_release);
  uint32_t recording = (state >> RING_RECORDING_SHIFT) + 1;
  modules_begin(forked);
  atomic_store(&ring->skipped, 0);
  atomic_store(&ring->no_slot, 0);
  ring->max_wait_us = max_wait_us;
  ring->max_frames = max_frames;
  ring->sample_bytes = sample_bytes;
  forget_samples();
  sample_start();
  timing_start();
  int problem = hooks_install();
  if (problem) return -problem;
  atomic_store(&ring->state, recording << RING_RECORDING_SHIFT | RING_RUNNING);
  atomic_store_explicit(on_page, 1, memory_order_release);
  return ring_fd;
}

void tracer_detach(void) {
  tracer_step_aside();
  hooks_remove();
}
