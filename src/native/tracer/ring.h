/* What the tracer and the agent share: one file in memory, mapped by both. docs/formats/recording-ring.md describes it.
   Little-endian, 64 bits; every field that both touch at once is atomic. Nothing in it is trusted by the agent. */
#pragma once
#include <stdatomic.h>
#include <stdint.h>

#define RING_MAGIC 0x31474e4952564d57ull /* "WMVRING1" */
#define RING_VERSION 1u
#define RING_SLOTS 1024u         /* threads at once; their rings are sparse until used */
#define RING_EVENTS 65536u       /* of 16 bytes: 1 MiB a thread */
#define RING_HEADER_BYTES 4096u
#define RING_LOG_BYTES (4u << 20) /* modules, appended */
#define RING_SPARES 128u         /* at once, of processes that are followed and for those that may come */
#define RING_PROGRAM 512u
#define RING_SLOT_BYTES (4096u + RING_EVENTS * 16u)
#define RING_FIRST_SLOT (RING_HEADER_BYTES + RING_LOG_BYTES)
#define RING_FILE_BYTES ((uint64_t)RING_FIRST_SLOT + (uint64_t)RING_SLOTS * RING_SLOT_BYTES)

/* The word of the state also says, above it, which recording of the process this is: one that was attached to may have had others. */
#define RING_STATE 0xffu
#define RING_RECORDING_SHIFT 8

/* First word of an event: address in the low 48 bits, then 12 bits of its order, kind in the top 4.
   Second word of an allocation: size in the low 32 bits, then 8 bits of its order, number of the stack in the top 24.
   The order of an allocation, of 20 bits, counts the allocations within a MiB of addresses (and whatever else shares the counter), modulo 2^20:
   of two allocations of one address by two threads it tells which came first. It is 0 while the process has one thread. */
#define EVENT_ADDRESS ((1ull << 48) - 1)
#define EVENT_KIND_SHIFT 60
#define EVENT_ORDER_LOW_SHIFT 48
#define EVENT_ORDER_HIGH_SHIFT 32
#define EVENT_STACK_SHIFT 40
#define EVENT_STACK_MOST ((1u << 24) - 1)
#define EVENT_BIG (1ull << 32)   /* a size from here on follows in a word of its own */

enum event_kind {
  EVENT_NONE = 0,
  EVENT_ALLOC = 1,          /* address, order; size, order, stack */
  EVENT_FREE = 2,           /* address; 0 */
  EVENT_ALLOC_BIG = 3,      /* the same without size; then one slot: size, 0 */
  EVENT_REALLOC = 4,        /* address that is being reallocated; 0. What became of it is this thread's next heap event: */
  EVENT_REALLOC_FAILED = 5, /* it stays as it was */
  EVENT_MAP = 6,            /* address; stack in the top 24 bits; then one slot: length, 0 */
  EVENT_UNMAP = 7,          /* address; length */
  EVENT_STACK_NEW = 8,      /* frames | flags << 16; number | length of the log << 32; then (frames + 1) / 2 slots of return addresses, innermost first */
  EVENT_THREAD = 9,         /* thread id; 0: whose ring this is from here on */
  EVENT_EXEC = 10,          /* the process runs another program now: all blocks are gone */
};
#define STACK_CUT 1u        /* the stack goes on where the walk could not */

/* Of a sampled recording: what is smaller counts as so much, for no allocator gives less. The agent weighs a sample by the same rule. */
#define SAMPLE_LEAST 32

enum ring_state {
  RING_WAITING = 0,  /* the agent's: nobody has come */
  RING_RUNNING = 1,  /* the tracer's: hooks record */
  RING_STOP = 2,     /* the agent's: step aside */
};

/* Whether the processes that a recorded one starts are followed. Each has memory like this of its own, which the agent keeps ready: a spare is
   a word, 0 where there is none, else the number of the agent's open file and one more in its upper half, and in the lower half 0 or the
   id of the process that took it. Only in the memory of the process that was launched.
   On Windows the agent puts the tracer into them, so there each process asks for its own in its own memory: a word is 0, or a process that it
   has started and not let run, and in the upper half an enum ring_request. */
enum ring_follow {
  FOLLOW_NONE = 0,
  FOLLOW_SPARES = 1, /* one that finds none waits for one, for half a second or as long as a thread for room */
  FOLLOW_FULL = 2,   /* as many are as may be: none is waited for */
};
#define RING_SPARE_FILE_SHIFT 32
#define RING_REQUESTS 16u /* of the words of the spares */
#define RING_REQUEST_SHIFT 32
enum ring_request {
  REQUEST_ASKED = 1, /* the tracer's: the thread that lets it run waits */
  REQUEST_TAKEN = 2, /* the agent's, which writes 0 when it is done with it, followed or not */
};

struct event {
  uint64_t a, b;
};

struct ring_header {
  uint64_t magic;
  uint32_t version;
  _Atomic uint32_t state;         /* enum ring_state, and the number of the recording */
  _Atomic uint32_t pid;           /* of the process that records; set once */
  _Atomic uint32_t slots;         /* how many were ever used */
  _Atomic uint64_t beat;          /* the agent's: counts up while it drains */
  _Atomic uint64_t log_length;    /* bytes of the log that are whole */
  _Atomic uint64_t skipped;       /* events not recorded: within a signal's handler */
  _Atomic uint64_t no_slot;       /* events not recorded: more threads than slots */
  uint32_t max_wait_us;           /* the agent's: how long a thread may wait for room before events are dropped */
  uint32_t max_frames;            /* the agent's: deepest stack, 1 to 256 */
  uint64_t sample_bytes;          /* the agent's: 0 when every allocation is told, else one is in so many bytes on average */
  _Atomic uint32_t follow;        /* the agent's: enum ring_follow */
  uint32_t parent;                /* of a process that was followed: its parent's id, and when it started, as /proc has both */
  uint64_t started;
  _Atomic uint64_t not_followed;  /* processes that this one started and that were to be followed, but are not */
  char program[RING_PROGRAM];     /* of a process that was followed: its program's path, as much as there is room for */
  _Atomic uint64_t spares[RING_SPARES];
  _Atomic uint32_t forked;        /* of a process that was followed: 1 when it came by fork and runs the program of its parent still */
  _Atomic uint32_t asleep;        /* 1: the agent sleeps here, and is to be woken when a ring fills; by whoever makes it 0 */
};

struct ring_slot {
  _Alignas(64) _Atomic uint64_t head;     /* the tracer's: events written */
  _Alignas(64) _Atomic uint64_t tail;     /* the agent's: events read */
  _Alignas(64) _Atomic uint64_t dropped;  /* events that found no room in time, and samples that found none among those that are followed */
  _Atomic uint64_t waits;
  _Atomic uint64_t waited_ns;
  _Atomic uint64_t lost_blocks;           /* of what was dropped, allocations, and their bytes; when sampling, those that they stand for */
  _Atomic uint64_t lost_bytes;
  _Atomic uint64_t timed;                 /* events whose cost was measured, and what it was */
  _Atomic uint64_t timed_ns;
  _Atomic uint64_t recording;             /* the tracer's: of which recording it is what lies behind began */
  _Atomic uint64_t began;
  char pad[4096 - 128 - 72];
  struct event events[RING_EVENTS];
};
_Static_assert(sizeof(struct ring_slot) == RING_SLOT_BYTES, "the slot's size is part of the format");
_Static_assert(sizeof(struct ring_header) <= RING_HEADER_BYTES, "the header has its page");
_Static_assert(__builtin_offsetof(struct ring_header, spares) == 608, "the spares' place is part of the format");

/* An entry of the log: a file whose code is in the process, or one that left. Followed by the build id and the path, padded to 8. */
struct log_entry {
  uint32_t bytes;      /* of the whole entry, a multiple of 8 */
  uint32_t kind;       /* 1: loaded, 2: unloaded (nothing follows) */
  uint64_t bias;       /* what is added to the file's addresses */
  uint64_t start, end; /* where it lies */
  uint32_t build_id;   /* bytes of it */
  uint32_t path;       /* bytes of it */
};
