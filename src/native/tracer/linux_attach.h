/* Being put into a process that runs, and what it takes there to stand in front of its allocator. */
#pragma once
#include "system.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What tracer_attach says instead of the number of the open file that is shared, negative. */
enum attach_problem {
  ATTACH_NO_MEMORY = 1,    /* none could be had to share: memory, open files or the size of files is limited */
  ATTACH_NO_ALLOCATOR = 2, /* no loaded file has malloc and free */
  ATTACH_BUSY = 3,         /* an agent records already; minus as many times ATTACH_CODES as the number of the file that it shares */
  ATTACH_CODES = 16,
};

/* A function that the tracer stands in front of. */
struct hook {
  const char *name;
  void *function; /* ours */
  void **own;     /* where the program's is kept */
};
extern const struct hook tracer_hooks[]; /* the last one is malloc */
extern const uint32_t tracer_hook_count;

/* linux_operators.c: those of C++, where the allocator has its own. */
extern const struct hook tracer_operators[];
extern const uint32_t tracer_operator_count;

/* linux_hooks.c: the program's own functions behind a preloaded tracer's, and what these tell. frame is the hook's own. */
bool hooks_resolve(void);
void tracer_allocated(void *p, size_t size, uintptr_t frame);
void tracer_freed(void *p);

/* linux_state.c: begins a recording, or ends it. Called at a point where the calling thread holds no lock of libc's. */
int64_t tracer_attach(uint32_t max_wait_us, uint32_t max_frames, uint64_t sample_bytes, bool take_over, uint32_t file_from);
void tracer_detach(void);

/* linux_slots.c */
bool is_preloaded(void);
int hooks_install(void);
void hooks_remove(void);

/* linux_system.c: what lies at an address, by the kernel's list of all mappings. */
struct mapping {
  uintptr_t low, high;
  bool readable, writable;
};
bool find_mapping(uintptr_t at, struct mapping *mapping);

/* linux_modules.c: from here on modules are told anew; a child of fork frees what a thread held that it has not. */
void modules_begin(bool forked);

/* A lock that is held for microseconds. Who waits for it sleeps before long: the system may run it before the thread that holds it. */
static inline void take_lock(_Atomic uint32_t *lock) {
  int error = tracer_error();
  for (uint32_t turn = 1; atomic_exchange_explicit(lock, 1, memory_order_acquire); turn++) {
    if (turn % 256) __builtin_ia32_pause();
    else tracer_pause();
  }
  tracer_restore_error(error);
}

static inline void leave_lock(_Atomic uint32_t *lock) { atomic_store_explicit(lock, 0, memory_order_release); }
