/* operator new and delete of C++. Most libraries' call malloc and free and are told of there; but an allocator's own do not, or do for some
   forms only. So where the library that has the program's malloc has operators too, what calls them is led here, and what they call
   themselves meanwhile is part of it. They are not exported: a library that is loaded for itself alone would then have ours, and not
   that of the C++ library that came with it. https://itanium-cxx-abi.github.io/cxx-abi/abi.html#mangling */
#include "linux_attach.h"
#include "tracer.h"

#define FRAME ((uintptr_t)__builtin_frame_address(0))

typedef void *(*allocate_function)(size_t size, size_t second, const void *third);
typedef void (*free_function)(void *p, size_t second, size_t third);

/* An exception on its way through a call of an operator new, from one or from a new handler: the thread is not within it any more.
   https://itanium-cxx-abi.github.io/cxx-abi/abi-eh.html#base-personality */
__attribute__((visibility("hidden"), used)) int tracer_operator_left(int version, int actions, uint64_t kind, void *exception, void *context) {
  enum { CLEANUP_PHASE = 2, CONTINUE_UNWIND = 8 };
  (void)version, (void)kind, (void)exception, (void)context;
  if (actions & CLEANUP_PHASE) tracer_busy = 0;
  return CONTINUE_UNWIND;
}

static __attribute__((noinline, noclone)) void *call_own(allocate_function own, size_t size, size_t second, const void *third) {
  __asm__ volatile(".cfi_personality 0x1b, tracer_operator_left");
  void *p = own(size, second, third);
  __asm__ volatile("" : "+r"(p)); /* it stays a call: a jump would leave no frame for an exception to pass */
  return p;
}

static inline void *operator_new(allocate_function own, size_t size, size_t second, const void *third, uintptr_t frame) {
  if (tracer_busy || !atomic_load_explicit(tracer_on, memory_order_relaxed)) return own(size, second, third);
  tracer_busy = 2;
  void *p = call_own(own, size, second, third);
  tracer_busy = 0;
  tracer_allocated(p, size, frame);
  return p;
}

static inline void operator_delete(free_function own, void *p, size_t second, size_t third) {
  if (!p || tracer_busy || !atomic_load_explicit(tracer_on, memory_order_relaxed)) {
    own(p, second, third);
    return;
  }
  tracer_freed(p);
  tracer_busy = 2;
  own(p, second, third);
  tracer_busy = 0;
}

#define NEWS(X) X(_Znwm) X(_Znam) X(_ZnwmRKSt9nothrow_t) X(_ZnamRKSt9nothrow_t) X(_ZnwmSt11align_val_t) X(_ZnamSt11align_val_t) X(_ZnwmSt11align_val_tRKSt9nothrow_t) X(_ZnamSt11align_val_tRKSt9nothrow_t)
#define DELETES(X) X(_ZdlPv) X(_ZdaPv) X(_ZdlPvm) X(_ZdaPvm) X(_ZdlPvRKSt9nothrow_t) X(_ZdaPvRKSt9nothrow_t) X(_ZdlPvSt11align_val_t) X(_ZdaPvSt11align_val_t) \
  X(_ZdlPvmSt11align_val_t) X(_ZdaPvmSt11align_val_t) X(_ZdlPvSt11align_val_tRKSt9nothrow_t) X(_ZdaPvSt11align_val_tRKSt9nothrow_t)

#define NEW(name)                                                             \
  static allocate_function own##name;                                         \
  static void *hook##name(size_t size, size_t second, const void *third) {    \
    return operator_new(own##name, size, second, third, FRAME);               \
  }
#define DELETE(name)                                                          \
  static free_function own##name;                                             \
  static void hook##name(void *p, size_t second, size_t third) {              \
    operator_delete(own##name, p, second, third);                             \
  }
NEWS(NEW) DELETES(DELETE)

#define STANDS_BEFORE(name) {#name, (void *)hook##name, (void **)&own##name},
const struct hook tracer_operators[] = {NEWS(STANDS_BEFORE) DELETES(STANDS_BEFORE)};
const uint32_t tracer_operator_count = sizeof tracer_operators / sizeof *tracer_operators;
