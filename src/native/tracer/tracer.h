/* The tracer's parts, and what each thread has. */
#pragma once
#include "ring.h"
#include "system.h"

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define MAX_FRAMES 256
#define RECIPES 4096u
#define LAYOUTS 1024u  /* sets of */
#define LAYOUT_WAYS 4u
#define STACK_RANGES 64u
#define ORDER_LINES 4096u

/* How to get from one return address to the next: the canonical frame address is rsp or rbp plus an offset, the return address lies
   below it, and rbp may have been saved at an offset from it. Made from .eh_frame or .pdata once for each return address. */
struct recipe {
  uintptr_t pc;
  int32_t cfa;
  int16_t rbp;
  uint8_t flags;
};
enum { RECIPE_BY_RBP = 1, RECIPE_RBP_SAVED = 2, RECIPE_STOP = 4, RECIPE_SIGNAL = 8, RECIPE_END = 16, RECIPE_BY_SYSTEM = 32 };

/* Where the return addresses of a stack lie, relative to the hook's own frame: learned from one walk, and true again whenever the same
   return addresses are found there (each one fixes where the next must be). The last stack that was seen with it comes first. */
struct layout {
  uintptr_t key;
  uint64_t last_hash;
  uint32_t last_number;
  int32_t *at;     /* offsets of return addresses, by fours with the first one again; then saved offsets of saved rbp */
  int32_t top;     /* the greatest of them */
  uint16_t frames, saved, room;
};

struct stack_range {
  uintptr_t low, high;
};

struct stack_entry {
  uint64_t hash;
  uint32_t number;
};

struct thread_state {
  struct ring_slot *ring;
  uint32_t running;               /* the state of the ring for which this was begun */
  uint32_t ring_number;
  uint64_t head, limit;           /* events written, and up to how many are before it is looked again how far the agent has read */
  uintptr_t stack_low, stack_high; /* what may be read of the stack that it is on now */
  struct stack_range ranges[STACK_RANGES]; /* of other stacks that it was on: fibers, coroutines, a signal's own */
  uint32_t next_range;
  uint32_t map_epoch;
  uint64_t epoch;                 /* of the loaded modules when the tables below were filled */
  bool lossy;                     /* waits no more until its ring is half empty again */
  uint64_t lossy_beat, lossy_since;
  uint64_t next_timed;            /* the head at which an event's cost is measured again */
  uint64_t timed_from;            /* when the one under way began; 0 when it is not measured */
  int64_t sample_in;              /* bytes until the next sample */
  uint64_t random;
  uint32_t stacks, stack_room;    /* numbers given, room of the set (a power of two) */
  struct stack_entry *set;
  int32_t *pool;
  size_t pool_left;
#ifdef _WIN32
  uint64_t recording;             /* which one its ring is of: a process can be recorded again */
  void *handle;                   /* of the thread, by which its end is seen */
  uintptr_t reallocating;         /* what it is reallocating, lest an exception end that unseen */
  uintptr_t busy, busy_return;    /* the frame of the hook that it is in, and where that returns to: what the system calls there is part of it */
  bool reallocating_told, ending, unused;
#else
  struct thread_state *next_free;
#endif
  struct recipe recipes[RECIPES];
  struct layout layouts[LAYOUTS][LAYOUT_WAYS]; /* of one place those that were seen last, the last one first */
};

/* linux_state.c, windows_state.c */
extern struct ring_header *tracer_ring;
extern const _Atomic uint32_t *tracer_on; /* on Linux a word that is zero in a forked child, whatever forked it */
extern _Atomic uint64_t tracer_epoch;      /* counts what was unloaded: code that was learned of may be other code now */
extern _Atomic uint32_t tracer_map_epoch;  /* counts what was unmapped: a stack may have been */
extern _Atomic uint32_t tracer_threads;    /* slots in use or used: from the second on allocations are put in order */
extern _Atomic uint32_t tracer_order[ORDER_LINES][16]; /* a line each, the first word of it counts */
#ifndef _WIN32
extern __thread struct thread_state *tracer_thread __attribute__((tls_model("initial-exec")));
void tracer_free_thread(struct thread_state *thread);
extern __thread uint32_t tracer_busy __attribute__((tls_model("initial-exec")));
void tracer_start(void);
#endif
void tracer_step_aside(void);
struct thread_state *tracer_begin_thread(void);

#ifndef _WIN32
/* linux_modules.c */
bool module_of(uintptr_t pc, const uint8_t **eh_frame_hdr);
void modules_changed(void);
#endif

/* log.c */
void log_append(uint32_t kind, uintptr_t bias, uintptr_t start, uintptr_t end, const uint8_t *build_id, uint32_t build_id_bytes, const char *path, size_t path_bytes);
uint32_t modules_log_length(void);

/* linux_unwind.c, windows_unwind.c */
void recipe_make(uintptr_t pc, struct recipe *recipe);

/* capture.c */
bool grow_set(struct thread_state *thread);
uint32_t capture_slow(struct thread_state *thread, uintptr_t frame, struct layout *ways, uintptr_t key);

/* ring.c */
bool ring_wait(struct thread_state *thread, uint32_t events);
void ring_count(_Atomic uint64_t *own, uint64_t more);

/* sample.c */
extern uint64_t tracer_sample_bytes;       /* 0: every allocation is told */
void sample_start(void);
void *sample_table(size_t *bytes);        /* where what was told of is remembered, whole pages */
void sample_begin_thread(struct thread_state *thread);
bool sample_reached(struct thread_state *thread, const void *p, size_t size);
void sample_lost(struct thread_state *thread, size_t size); /* counts an allocation that was to be told and is not */
bool sample_add(const void *p);
bool sample_remove(const void *p);
bool sample_may_hold(const void *p);      /* false for certain, true perhaps */

/* timing.c */
void timing_start(void);
void timing_begin_thread(struct thread_state *thread);
void timing_next(struct thread_state *thread);
void timing_add(struct thread_state *thread);

/* What a thread told of an earlier recording the agent of this one does not know. */
static inline void thread_forget(struct thread_state *thread) {
  thread->lossy = false;
  thread->stacks = 0;
  thread->epoch = 0; /* of none: all that was learned of code and stacks is forgotten at the first one */
  timing_begin_thread(thread);
}
