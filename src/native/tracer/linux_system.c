/* What the tracer asks of Linux, by system calls: those of libc's functions that it would need may end a thread that is being cancelled, and
   the hooks of mmap are not for us. */
#define _GNU_SOURCE
#include "linux_attach.h"
#include "tracer.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

void *tracer_pages(size_t bytes) {
  long at = syscall(SYS_mmap, NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return at == -1 ? NULL : (void *)at;
}

void tracer_free_pages(void *at, size_t bytes) { syscall(SYS_munmap, at, bytes); }

uint64_t tracer_now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

void tracer_wake(_Atomic uint32_t *word) { syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0); }

void tracer_pause(void) {
  struct timespec pause = {0, 50000};
  syscall(SYS_nanosleep, &pause, NULL);
}

/* A number in hexadecimal out of a line of maps; stops behind it. */
static uintptr_t hex(const char **text) {
  uintptr_t value = 0;
  for (;; (*text)++) {
    char c = **text;
    if (c >= '0' && c <= '9') value = value * 16 + (uintptr_t)(c - '0');
    else if (c >= 'a' && c <= 'f') value = value * 16 + (uintptr_t)(c - 'a' + 10);
    else return value;
  }
}

bool find_mapping(uintptr_t at, struct mapping *mapping) {
  int error = errno, fd = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/maps", O_RDONLY | O_CLOEXEC);
  char text[4096 + 1];
  size_t have = 0;
  ssize_t got;
  bool found = false;
  while (fd >= 0 && !found && (got = syscall(SYS_read, fd, text + have, sizeof text - 1 - have)) > 0) {
    have += (size_t)got;
    text[have] = 0;
    char *line = text, *newline;
    while (!found && (newline = memchr(line, '\n', (size_t)(text + have - line)))) {
      const char *c = line;
      uintptr_t low = hex(&c);
      c++;
      uintptr_t high = hex(&c);
      if (at >= low && at < high) {
        *mapping = (struct mapping){low, high, c[1] == 'r', c[2] == 'w'};
        found = true;
      }
      line = newline + 1;
    }
    have = (size_t)(text + have - line);
    if (have == sizeof text - 1) have = 0;
    memmove(text, line, have);
  }
  if (fd >= 0) syscall(SYS_close, fd);
  errno = error;
  return found;
}

/* A fiber, a coroutine or a signal's own stack: what may be read of it the kernel knows. */
void find_stack(struct thread_state *thread, uintptr_t sp) {
  uint32_t epoch = atomic_load_explicit(&tracer_map_epoch, memory_order_acquire);
  if (thread->map_epoch != epoch) {
    memset(thread->ranges, 0, sizeof thread->ranges);
    thread->map_epoch = epoch;
  }
  for (uint32_t i = 0; i < STACK_RANGES; i++) {
    if (sp >= thread->ranges[i].low && sp < thread->ranges[i].high) {
      thread->stack_low = thread->ranges[i].low;
      thread->stack_high = thread->ranges[i].high;
      return;
    }
  }
  struct mapping mapping;
  thread->stack_low = thread->stack_high = sp;
  if (find_mapping(sp, &mapping) && mapping.readable) {
    thread->stack_low = mapping.low;
    thread->stack_high = mapping.high;
    thread->ranges[thread->next_range++ % STACK_RANGES] = (struct stack_range){mapping.low, mapping.high};
  }
}
