/* What the tracer asks of the system that it runs on: linux_system.c and windows_system.c. Nothing here allocates from the program's heap,
   takes a lock of the program's or the loader's, or is a point at which a thread that is being cancelled ends. */
#pragma once
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct thread_state;

/* Pages of zeros, by system call and past the hooks; NULL when there are none. */
void *tracer_pages(size_t bytes);
void tracer_free_pages(void *at, size_t bytes);

/* A clock that only goes on. */
uint64_t tracer_now_ns(void);

/* Wakes the agent that sleeps on a word of the memory that is shared. */
void tracer_wake(_Atomic uint32_t *word);

/* Gives the agent a moment, of about 50 µs, to read. */
void tracer_pause(void);

/* What of the stack that sp lies on may be read, into the thread's stack_low and stack_high; nothing when it is no stack that the system knows. */
void find_stack(struct thread_state *thread, uintptr_t sp);

#ifdef _WIN32
/* What a call reports of its failure is the program's: the hooks leave it as it was. Nothing that the tracer calls touches it there. */
static inline int tracer_error(void) { return 0; }
static inline void tracer_restore_error(int error) { (void)error; }
/* Below it lies no code: a return address there ends a stack. */
#define LOWEST_CODE 0x10000u
/* The return addresses above a hook's frame by the system's own unwinder, which knows what no recipe tells. */
uint32_t walk_by_system(uintptr_t frame, uintptr_t *addresses, uint32_t most, bool *cut);
#else
#include <errno.h>
static inline int tracer_error(void) { return errno; }
static inline void tracer_restore_error(int error) { errno = error; }
#define LOWEST_CODE 1u
#endif
