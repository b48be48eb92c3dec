/* The functions that the tracer stands in front of when it is preloaded. Each calls the program's own, which may be glibc's, jemalloc's,
   tcmalloc's or mimalloc's. An allocation is told after it was made and a free before it is done: so nobody can have the address meanwhile,
   and for each address allocations and frees alternate whatever thread they come from. */
#define _GNU_SOURCE
#include "linux_attach.h"
#include "tell.h"
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define HOOK __attribute__((visibility("default")))
#define FRAME ((uintptr_t)__builtin_frame_address(0))

static struct {
  void *(*malloc)(size_t);
  void (*free)(void *);
  void *(*calloc)(size_t, size_t);
  void *(*realloc)(void *, size_t);
  void *(*reallocarray)(void *, size_t, size_t);
  int (*posix_memalign)(void **, size_t, size_t);
  void *(*aligned_alloc)(size_t, size_t);
  void *(*memalign)(size_t, size_t);
  void *(*valloc)(size_t);
  void *(*pvalloc)(size_t);
  void (*free_sized)(void *, size_t);
  void (*free_aligned_sized)(void *, size_t, size_t);
  void *(*mmap)(void *, size_t, int, int, int, off_t);
  int (*munmap)(void *, size_t);
  void *(*mremap)(void *, size_t, size_t, int, ...);
  int (*brk)(void *);
  void *(*sbrk)(intptr_t);
  int (*dlclose)(void *);
} own;

/* What dlsym itself allocates while the program's allocator is being looked up. */
static _Alignas(16) char early[16384];
static _Atomic size_t early_used;
/* The headers promise that dlsym does not call back, but it does: it allocates. */
static volatile bool resolving;

static void *early_allocate(size_t size) {
  size = (size + 15) & ~(size_t)15;
  if (size > sizeof early) return NULL;
  size_t from = atomic_fetch_add(&early_used, size);
  return from + size <= sizeof early ? early + from : NULL;
}

static bool is_early(const void *p) { return (const char *)p >= early && (const char *)p < early + sizeof early; }

__attribute__((noinline)) bool hooks_resolve(void) {
  if (own.malloc) return true;
  if (resolving) return false;
  resolving = true;
  for (uint32_t i = 0; i < tracer_hook_count; i++) *tracer_hooks[i].own = dlsym(RTLD_NEXT, tracer_hooks[i].name);
  resolving = false;
  return own.malloc != NULL;
}

#define READY(function) (likely((function) != NULL) || (hooks_resolve() && (function)))

/* This thread's state when an event is to be told; then the thread is busy until leave(). */
static inline struct thread_state *enter(void) {
  if (!atomic_load_explicit(tracer_on, memory_order_relaxed)) return NULL;
  if (unlikely(tracer_busy)) {
    if (tracer_busy == 1) atomic_fetch_add_explicit(&tracer_ring->skipped, 1, memory_order_relaxed);
    return NULL;
  }
  tracer_busy = 1;
  struct thread_state *thread = tracer_thread;
  if (unlikely(!thread || thread->running != atomic_load_explicit(&tracer_ring->state, memory_order_relaxed))) {
    /* What it allocates for itself is nobody's event. */
    tracer_busy = 2;
    thread = tracer_begin_thread();
    tracer_busy = thread ? 1 : 0;
    if (!thread) return NULL;
  }
  timing_begin(thread);
  return thread;
}

static inline void leave(struct thread_state *thread) {
  timing_end(thread);
  if (unlikely(thread != tracer_thread)) tracer_free_thread(thread);
  tracer_busy = 0;
}

/* When sampling, whether this allocation is certainly passed over: nearly each is, and then nothing else is to be done. */
static inline bool passed_over(size_t size) {
  if (tracer_sample_bytes == 0 || !atomic_load_explicit(tracer_on, memory_order_relaxed)) return false;
  struct thread_state *thread = tracer_thread;
  if (unlikely(!thread || tracer_busy || thread->running != atomic_load_explicit(&tracer_ring->state, memory_order_relaxed))) return false;
  int64_t left = thread->sample_in - sampled_bytes(size);
  if (unlikely(left <= 0)) return false;
  thread->sample_in = left;
  return true;
}

static inline void allocated(void *p, size_t size, uintptr_t frame) {
  if (unlikely(!p) || passed_over(size)) return;
  struct thread_state *thread = enter();
  if (!thread) return;
  tell_allocated(thread, p, size, frame);
  leave(thread);
}

static inline void freed(void *p) {
  if (surely_not_chosen(p)) return;
  struct thread_state *thread = enter();
  if (!thread) return;
  tell_freed(thread, p);
  leave(thread);
}

void tracer_allocated(void *p, size_t size, uintptr_t frame) { allocated(p, size, frame); }
void tracer_freed(void *p) { freed(p); }

HOOK void *malloc(size_t size) {
  if (!READY(own.malloc)) return early_allocate(size);
  void *p = own.malloc(size);
  allocated(p, size, FRAME);
  return p;
}

HOOK void free(void *p) {
  if (!p || unlikely(is_early(p)) || !READY(own.free)) return;
  freed(p);
  own.free(p);
}

HOOK void *calloc(size_t count, size_t size) {
  if (!READY(own.calloc)) return early_allocate(count * size); /* zero, as all that is not used yet */
  void *p = own.calloc(count, size);
  allocated(p, count * size, FRAME);
  return p;
}

static inline void *reallocated(void *before, size_t size, uintptr_t frame) {
  if (!READY(own.realloc)) return NULL;
  if (unlikely(is_early(before))) {
    void *p = own.malloc(size);
    size_t most = (size_t)(early + sizeof early - (char *)before);
    if (p) memcpy(p, before, size < most ? size : most);
    allocated(p, size, frame);
    return p;
  }
  if (!before) {
    void *p = own.realloc(NULL, size);
    allocated(p, size, frame);
    return p;
  }
  struct thread_state *thread = enter();
  bool told = false;
  if (thread) {
    told = tell_reallocating(thread, before);
    /* What the allocator calls meanwhile is part of this. */
    tracer_busy = 2;
  }
  void *p = own.realloc(before, size);
  if (thread) {
    tracer_busy = 1;
    if (p || size == 0) tell_reallocated(thread, before, told, p, size, frame);
    else tell_reallocation_failed(thread, before, told);
    leave(thread);
  }
  return p;
}

HOOK void *realloc(void *before, size_t size) { return reallocated(before, size, FRAME); }

HOOK void *reallocarray(void *before, size_t count, size_t size) {
  size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) {
    errno = ENOMEM;
    return NULL;
  }
  return reallocated(before, bytes, FRAME);
}

HOOK int posix_memalign(void **to, size_t alignment, size_t size) {
  if (!READY(own.posix_memalign)) return ENOMEM;
  int error = own.posix_memalign(to, alignment, size);
  if (error == 0) allocated(*to, size, FRAME);
  return error;
}

HOOK void *aligned_alloc(size_t alignment, size_t size) {
  if (!READY(own.aligned_alloc)) return NULL;
  void *p = own.aligned_alloc(alignment, size);
  allocated(p, size, FRAME);
  return p;
}

HOOK void *memalign(size_t alignment, size_t size) {
  if (!READY(own.memalign)) return NULL;
  void *p = own.memalign(alignment, size);
  allocated(p, size, FRAME);
  return p;
}

HOOK void *valloc(size_t size) {
  if (!READY(own.valloc)) return NULL;
  void *p = own.valloc(size);
  allocated(p, size, FRAME);
  return p;
}

HOOK void *pvalloc(size_t size) {
  if (!READY(own.pvalloc)) return NULL;
  void *p = own.pvalloc(size);
  allocated(p, (size + 4095) & ~(size_t)4095, FRAME);
  return p;
}

/* C23; a library that has them not frees all the same. */
HOOK void free_sized(void *p, size_t size) {
  if (!p || is_early(p) || !READY(own.free)) return;
  freed(p);
  if (own.free_sized) own.free_sized(p, size);
  else own.free(p);
}

HOOK void free_aligned_sized(void *p, size_t alignment, size_t size) {
  if (!p || is_early(p) || !READY(own.free)) return;
  freed(p);
  if (own.free_aligned_sized) own.free_aligned_sized(p, alignment, size);
  else own.free(p);
}

static inline void mapped(void *p, size_t length, uintptr_t frame) {
  struct thread_state *thread = enter();
  if (!thread) return;
  tell_mapped(thread, p, length, frame);
  leave(thread);
}

static inline void unmapped(void *p, size_t length) {
  atomic_fetch_add_explicit(&tracer_map_epoch, 1, memory_order_release);
  struct thread_state *thread = enter();
  if (!thread) return;
  tell_address(thread, EVENT_UNMAP, p, length);
  leave(thread);
}

static inline size_t pages(size_t bytes) { return (bytes + 4095) & ~(size_t)4095; }

HOOK void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t offset) {
  if (!READY(own.mmap)) return MAP_FAILED;
  if (flags & MAP_FIXED) atomic_fetch_add_explicit(&tracer_map_epoch, 1, memory_order_release);
  void *p = own.mmap(at, length, protection, flags, fd, offset);
  if (p != MAP_FAILED) mapped(p, pages(length), FRAME);
  return p;
}

HOOK void *mmap64(void *at, size_t length, int protection, int flags, int fd, off_t offset) __attribute__((alias("mmap")));

/* What was told as unmapped, because another thread may map there as soon as it is, and then was refused, lives on: told as mapped here. */
static inline void mapped_still(void *p, size_t length, uintptr_t frame) {
  int error = errno;
  mapped(p, pages(length), frame);
  errno = error;
}

HOOK int munmap(void *p, size_t length) {
  if (!READY(own.munmap)) return -1;
  /* Of what the kernel always refuses nothing is told. */
  bool told = ((uintptr_t)p & 4095) == 0 && length > 0 && length <= EVENT_ADDRESS && (uintptr_t)p <= EVENT_ADDRESS - length;
  if (told) unmapped(p, pages(length));
  int result = own.munmap(p, length);
  if (told && result != 0) mapped_still(p, length, FRAME);
  return result;
}

HOOK void *mremap(void *before, size_t length, size_t wanted, int flags, ...) {
  if (!READY(own.mremap)) return MAP_FAILED;
  va_list rest;
  va_start(rest, flags);
  void *to = flags & MREMAP_FIXED ? va_arg(rest, void *) : NULL;
  va_end(rest);
  bool stays = length == 0 || flags & MREMAP_DONTUNMAP;
  /* What grows where it is, or is refused that, leaves nothing that another thread may map. */
  bool leaves = !stays && (flags & MREMAP_MAYMOVE || wanted < length);
  if (leaves) unmapped(before, pages(length));
  void *p = own.mremap(before, length, wanted, flags, to);
  if (p == MAP_FAILED) {
    if (leaves) mapped_still(before, length, FRAME);
    return p;
  }
  if (!stays && !leaves) unmapped(before, pages(length));
  mapped(p, pages(wanted), FRAME);
  return p;
}

HOOK void *sbrk(intptr_t change) {
  if (!READY(own.sbrk)) return (void *)-1;
  void *before = own.sbrk(change);
  if (before != (void *)-1) {
    if (change > 0) mapped(before, (size_t)change, FRAME);
    else if (change < 0) unmapped((char *)before + change, (size_t)-change);
  }
  return before;
}

HOOK int brk(void *end) {
  if (!READY(own.brk)) return -1;
  char *before = own.sbrk ? own.sbrk(0) : (char *)-1;
  int result = own.brk(end);
  if (result == 0 && before != (char *)-1) {
    if ((char *)end > before) mapped(before, (size_t)((char *)end - before), FRAME);
    else if ((char *)end < before) unmapped(end, (size_t)(before - (char *)end));
  }
  return result;
}

HOOK int dlclose(void *library) {
  if (!READY(own.dlclose)) return -1;
  int result = own.dlclose(library);
  if (atomic_load_explicit(tracer_on, memory_order_relaxed)) modules_changed();
  return result;
}

/* By names of our own: the loader may have these ones mean the program's, when it was not told to put us in front. */
#define OURS(name) extern __typeof(name) hook_##name __attribute__((alias(#name), copy(name), visibility("hidden")));
OURS(free) OURS(calloc) OURS(realloc) OURS(reallocarray) OURS(posix_memalign) OURS(aligned_alloc) OURS(memalign) OURS(valloc) OURS(pvalloc)
OURS(free_sized) OURS(free_aligned_sized) OURS(mmap) OURS(munmap) OURS(mremap) OURS(brk) OURS(sbrk) OURS(dlclose) OURS(malloc)

/* malloc comes last: once it is known all are. */
#define STANDS_BEFORE(name) {#name, hook_##name, (void **)&own.name}
const struct hook tracer_hooks[] = {
    STANDS_BEFORE(free), STANDS_BEFORE(calloc), STANDS_BEFORE(realloc), STANDS_BEFORE(reallocarray), STANDS_BEFORE(posix_memalign),
    STANDS_BEFORE(aligned_alloc), STANDS_BEFORE(memalign), STANDS_BEFORE(valloc), STANDS_BEFORE(pvalloc), STANDS_BEFORE(free_sized),
    STANDS_BEFORE(free_aligned_sized), STANDS_BEFORE(mmap), {"mmap64", hook_mmap, (void **)&own.mmap}, STANDS_BEFORE(munmap),
    STANDS_BEFORE(mremap), STANDS_BEFORE(brk), STANDS_BEFORE(sbrk), STANDS_BEFORE(dlclose), STANDS_BEFORE(malloc),
};
const uint32_t tracer_hook_count = sizeof tracer_hooks / sizeof *tracer_hooks;
