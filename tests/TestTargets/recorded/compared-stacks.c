/* The tracer with a second opinion: of each event it asks libunwind for the stack too, and compares it to the one that the agent is told.
   Compiled with the tracer's other sources in place of linux_hooks.c, for tests and benchmarks only; what it finds goes into the file that
   WEBVMMAP_COMPARED names: figures, then the first differences in words. libunwind: https://www.nongnu.org/libunwind/man/unw_backtrace(3).html */
#define _GNU_SOURCE
#define UNW_LOCAL_ONLY
#include "capture.h"
#include "events.h"
#include <dlfcn.h>
#include <fcntl.h>
#include <libunwind.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define REPORT_BYTES (1u << 20)
#define TEXT_BYTES (REPORT_BYTES - 4096)
#define SHOWN 24u
#define SKIPPED 16 /* frames of the tracer and of libunwind itself */
#define MOST (MAX_FRAMES + SKIPPED)
#define TABLES RING_SLOTS
#define POOL_BYTES (8u << 20)

/* Each counts events. */
struct report {
  _Atomic uint64_t compared, equal;
  _Atomic uint64_t shorter; /* ours is the beginning of libunwind's */
  _Atomic uint64_t longer;  /* libunwind's is the beginning of ours */
  _Atomic uint64_t other;
  _Atomic uint64_t untold;  /* found no room in the ring */
  _Atomic uint64_t frames;  /* of all that were compared, by libunwind */
  _Atomic uint64_t shown, text_bytes;
};

/* The stacks that a thread has told, by their numbers. */
struct told {
  const struct thread_state *thread;
  const uintptr_t **stacks; /* number of frames, then return addresses */
  uint32_t count, room;
  uintptr_t *pool;
  size_t pool_left;
  bool differs_shown[4096];
};

static struct report *_Atomic report;
static struct told *tables[TABLES];
static _Atomic uint32_t table_count;
static __thread struct told *told __attribute__((tls_model("initial-exec")));

static void open_report(void) {
  const char *path = getenv("WEBVMMAP_COMPARED");
  int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
  if (fd < 0) return;
  long at = syscall(SYS_mmap, NULL, REPORT_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  struct report *nobody = NULL;
  if (at != -1 && !atomic_compare_exchange_strong(&report, &nobody, (struct report *)at)) syscall(SYS_munmap, at, REPORT_BYTES);
}

/* A thread that ends leaves its state, and the numbers in it, to the next. */
static struct told *told_by(const struct thread_state *thread) {
  if (told && told->thread == thread) return told;
  uint32_t count = atomic_load(&table_count);
  for (uint32_t i = 0; i < count && i < TABLES; i++)
    if (tables[i] && tables[i]->thread == thread) return told = tables[i];
  struct told *new = tracer_pages(sizeof *new);
  uint32_t i = new ? atomic_fetch_add(&table_count, 1) : TABLES;
  if (i >= TABLES) return NULL;
  new->thread = thread;
  tables[i] = new;
  return told = new;
}

static void remember(struct told *to, uint32_t number, const struct ring_slot *ring, uint64_t at) {
  if (number >= to->room) {
    uint32_t room = to->room ? to->room * 2 : 65536;
    const uintptr_t **stacks = tracer_pages(room * sizeof *stacks);
    if (!stacks) return;
    if (to->room) memcpy(stacks, to->stacks, to->room * sizeof *stacks);
    to->stacks = stacks;
    to->room = room;
  }
  size_t frames = ring->events[at & (RING_EVENTS - 1)].a & 0xffff;
  if (to->pool_left < frames + 1) {
    to->pool = tracer_pages(POOL_BYTES);
    to->pool_left = to->pool ? POOL_BYTES / sizeof(uintptr_t) : 0;
    if (!to->pool) return;
  }
  to->pool[0] = frames;
  for (size_t i = 0; i < frames; i++) {
    const struct event *event = &ring->events[(at + 1 + i / 2) & (RING_EVENTS - 1)];
    to->pool[1 + i] = i % 2 ? event->b : event->a;
  }
  to->stacks[number] = to->pool;
  to->pool += frames + 1;
  to->pool_left -= frames + 1;
}

static size_t say_frame(char *to, size_t room, const char *whose, size_t number, uintptr_t pc) {
  Dl_info info;
  bool known = dladdr((void *)(pc - 1), &info) != 0 && info.dli_fname;
  int length = known ? snprintf(to, room, "  %s %3zu %s+0x%lx %s\n", whose, number, info.dli_fname, pc - (uintptr_t)info.dli_fbase, info.dli_sname ? info.dli_sname : "")
                     : snprintf(to, room, "  %s %3zu 0x%lx\n", whose, number, pc);
  return length > 0 && (size_t)length < room ? (size_t)length : 0;
}

static void show(struct told *of, uint32_t number, const uintptr_t *ours, size_t our_frames, const uintptr_t *theirs, size_t their_frames, size_t at) {
  if (of->differs_shown[number % 4096] || atomic_fetch_add(&report->shown, 1) >= SHOWN) return;
  of->differs_shown[number % 4096] = true;
  static _Thread_local char text[16384];
  size_t length = (size_t)snprintf(text, sizeof text, "thread %ld: ours %zu frames, libunwind %zu, not equal from %zu on\n", syscall(SYS_gettid), our_frames, their_frames, at);
  for (size_t i = at > 2 ? at - 2 : 0; i < at + 4 && i < our_frames; i++) length += say_frame(text + length, sizeof text - length, "ours     ", i, ours[i]);
  for (size_t i = at > 2 ? at - 2 : 0; i < at + 4 && i < their_frames; i++) length += say_frame(text + length, sizeof text - length, "libunwind", i, theirs[i]);
  uint64_t from = atomic_fetch_add(&report->text_bytes, length);
  if (from + length <= TEXT_BYTES) memcpy((char *)report + 4096 + from, text, length);
}

/* Behind a signal's frame ours is the next byte, whose recipe is that of the interrupted instruction. */
static bool same(uintptr_t ours, uintptr_t theirs) { return ours == theirs || ours == theirs + 1; }

static void compare(struct thread_state *thread, uintptr_t frame, uint32_t number, uint64_t head) {
  struct told *to = told_by(thread);
  if (!to) return;
  const struct event *first = &thread->ring->events[head & (RING_EVENTS - 1)];
  if (thread->head != head && first->a >> EVENT_KIND_SHIFT == EVENT_STACK_NEW && (uint32_t)first->b == number) remember(to, number, thread->ring, head);
  if (number == 0 || number >= to->room || !to->stacks[number]) {
    atomic_fetch_add(&report->untold, 1);
    return;
  }
  const uintptr_t *ours = to->stacks[number] + 1;
  size_t our_frames = to->stacks[number][0];
  uintptr_t all[MOST];
  int got = unw_backtrace((void **)all, MOST), skip = 0;
  while (skip < got && all[skip] != ((uintptr_t *)frame)[1]) skip++;
  const uintptr_t *theirs = all + skip;
  size_t their_frames = (size_t)(got - skip), at = 0;
  if (their_frames > tracer_ring->max_frames) their_frames = tracer_ring->max_frames;
  while (at < our_frames && at < their_frames && same(ours[at], theirs[at])) at++;
  atomic_fetch_add(&report->compared, 1);
  atomic_fetch_add(&report->frames, their_frames);
  if (at == our_frames && at == their_frames) {
    atomic_fetch_add(&report->equal, 1);
    return;
  }
  atomic_fetch_add(at == our_frames ? &report->shorter : at == their_frames ? &report->longer : &report->other, 1);
  show(to, number, ours, our_frames, theirs, their_frames, at);
}

static __attribute__((noinline)) void compare_alone(struct thread_state *thread, uintptr_t frame, uint32_t number, uint64_t head) {
  int error = tracer_error();
  uint32_t busy = tracer_busy;
  /* What it asks for itself is nobody's event. */
  tracer_busy = 2;
  if (!report) open_report();
  if (report) compare(thread, frame, number, head);
  tracer_busy = busy;
  tracer_restore_error(error);
}

static inline uint32_t compared_capture(struct thread_state *thread, uintptr_t frame) {
  uint64_t head = thread->head;
  uint32_t number = capture(thread, frame);
  compare_alone(thread, frame, number, head);
  return number;
}

#define capture compared_capture
#include "linux_hooks.c"
