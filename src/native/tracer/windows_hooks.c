/* The functions that the tracer stands in front of on Windows, where the agent leads them here; those of processes are in windows_children.c. An allocation is told after it was made and a
   free before it is done, as on Linux; what the system calls within one of them is part of it and told by nobody. */
#include "windows_tracer.h"
#include "tell.h"

#define X(name) EXPORT any_function original_##name;
HOOKS(X)
#undef X

/* Each hook puts its four register arguments where the caller left room for them, so that all its arguments lie in a row above its frame,
   and makes that frame as the capture wants it: the caller's rbp, then the return address. An exception that passes through ends the hook. */
#define X(name) \
  __asm__(".text\n.globl hook_" #name "\n.def hook_" #name "; .scl 2; .type 32; .endef\n.seh_proc hook_" #name "\nhook_" #name ":\n" \
          "mov %rcx, 8(%rsp)\nmov %rdx, 16(%rsp)\nmov %r8, 24(%rsp)\nmov %r9, 32(%rsp)\n" \
          "push %rbp\n.seh_pushreg %rbp\nmov %rsp, %rbp\n.seh_setframe %rbp, 0\nsub $32, %rsp\n.seh_stackalloc 32\n.seh_endprologue\n" \
          "mov %rbp, %rcx\ncall told_" #name "\nadd $32, %rsp\npop %rbp\nret\n.seh_handler tracer_unwound, @unwind\n.seh_endproc\n" \
          ".section .drectve\n.ascii \" -export:hook_" #name "\"\n.text\n");
HOOKS(X)
#undef X

/* Set in the frame of the hook that a thread is in while it tells: then what is called is the tracer's own. */
#define TELLING 1u

/* What was being reallocated stays as it was: the call ended otherwise than by returning. */
static void end_reallocation(struct thread_state *thread) {
  if (thread->reallocating && thread->recording == tracer_recording) tell_reallocation_failed(thread, (const void *)thread->reallocating, thread->reallocating_told);
  thread->reallocating = 0;
}

/* Whether the hook that this thread was in has been left by a longjmp, which need not unwind: then it was not it that called this one. */
static __attribute__((noinline)) bool was_left(struct thread_state *thread, uintptr_t frame) {
  uintptr_t busy = thread->busy;
  if (busy & TELLING || (frame < busy && ((uintptr_t *)busy)[1] == thread->busy_return && is_called_from(thread, frame, busy))) return false;
  end_reallocation(thread);
  return true;
}

/* This thread's state when an event is to be told; then the thread is busy until leave(). */
static inline struct thread_state *enter(uintptr_t frame) {
  if (!atomic_load_explicit(tracer_on, memory_order_relaxed)) return NULL;
  struct thread_state *thread = (struct thread_state *)teb_read(tracer_slot_at);
  if (unlikely((uintptr_t)thread <= THREAD_BEGINS || thread->recording != tracer_recording)) {
    if ((uintptr_t)thread == THREAD_BEGINS || (thread && thread->busy && !was_left(thread, frame))) return NULL;
    thread = tracer_begin_thread();
    if (!thread) return NULL;
  }
  if (unlikely(thread->busy) && !was_left(thread, frame)) return NULL;
  if (unlikely(atomic_load_explicit(&tracer_ring->state, memory_order_relaxed) != RING_RUNNING)) return NULL;
  thread->busy = frame;
  thread->busy_return = ((uintptr_t *)frame)[1];
  /* A fiber may have come to another stack since, and another one may lie where one was. */
  thread->stack_low = teb_read(TEB_STACK_ALLOCATION);
  thread->stack_high = teb_read(TEB_STACK_BASE);
  return thread;
}

static inline void leave(struct thread_state *thread) { thread->busy = 0; }

/* Around what is told; what the system does meanwhile is not our cost. */
static inline void begin_telling(struct thread_state *thread) {
  thread->busy |= TELLING;
  timing_begin(thread);
}

static inline void end_telling(struct thread_state *thread) {
  timing_end(thread);
  thread->busy &= ~(uintptr_t)TELLING;
}

/* The handler of every hook. https://learn.microsoft.com/cpp/build/exception-handling-x64#language-specific-handler */
__attribute__((used)) EXCEPTION_DISPOSITION tracer_unwound(const EXCEPTION_RECORD *exception, uintptr_t frame, CONTEXT *context, void *dispatcher) {
  (void)context, (void)dispatcher;
  if (!(exception->ExceptionFlags & (EXCEPTION_UNWINDING | EXCEPTION_EXIT_UNWIND)) || tracer_slot_at == 0) return ExceptionContinueSearch;
  uintptr_t value = teb_read(tracer_slot_at);
  struct thread_state *thread = (struct thread_state *)value;
  if (value > THREAD_BEGINS && thread->busy == frame) {
    end_reallocation(thread);
    leave(thread);
  }
  return ExceptionContinueSearch;
}

TOLD(RtlAllocateHeap) {
  ARGUMENTS;
  struct thread_state *thread = enter(frame);
  uintptr_t p = original_RtlAllocateHeap(a[0], a[1], a[2]);
  if (thread) {
    begin_telling(thread);
    if (p) tell_allocated(thread, (void *)p, a[2], frame);
    end_telling(thread);
    leave(thread);
  }
  return p;
}

TOLD(RtlReAllocateHeap) {
  ARGUMENTS;
  struct thread_state *thread = a[2] ? enter(frame) : NULL;
  bool told = false;
  if (thread) {
    begin_telling(thread);
    told = tell_reallocating(thread, (const void *)a[2]);
    end_telling(thread);
    thread->reallocating = a[2];
    thread->reallocating_told = told;
  }
  uintptr_t p = original_RtlReAllocateHeap(a[0], a[1], a[2], a[3]);
  if (thread) {
    begin_telling(thread);
    thread->reallocating = 0;
    if (p) tell_reallocated(thread, (const void *)a[2], told, (void *)p, a[3], frame);
    else tell_reallocation_failed(thread, (const void *)a[2], told);
    end_telling(thread);
    leave(thread);
  }
  return p;
}

TOLD(RtlFreeHeap) {
  ARGUMENTS;
  struct thread_state *thread = a[2] ? enter(frame) : NULL;
  if (thread) {
    begin_telling(thread);
    tell_freed(thread, (const void *)a[2]);
    end_telling(thread);
  }
  uintptr_t result = original_RtlFreeHeap(a[0], a[1], a[2]);
  if (thread) leave(thread);
  return result;
}

/* A heap takes all its blocks with it. */
TOLD(RtlDestroyHeap) {
  ARGUMENTS;
  struct thread_state *thread = a[0] ? enter(frame) : NULL;
  if (thread) {
    DWORD error = GetLastError();
    PROCESS_HEAP_ENTRY entry = {0};
    while (HeapWalk((HANDLE)a[0], &entry))
      if (entry.wFlags & PROCESS_HEAP_ENTRY_BUSY) tell_freed(thread, entry.lpData);
    SetLastError(error);
    /* The pages that were told when it was created go now. */
    leave(thread);
  }
  return original_RtlDestroyHeap(a[0]);
}

/* From an address to the end of the allocation that it lies in; where that begins, and of what type it is. */
static size_t rest_of_allocation(uintptr_t at, bool whole, uintptr_t *start, DWORD *type) {
  MEMORY_BASIC_INFORMATION memory;
  if (VirtualQuery((void *)at, &memory, sizeof memory) == 0 || memory.State == MEM_FREE) return 0;
  void *base = memory.AllocationBase;
  *start = whole ? (uintptr_t)base : at;
  *type = memory.Type;
  uintptr_t end = *start;
  while (VirtualQuery((void *)end, &memory, sizeof memory) != 0 && memory.AllocationBase == base && memory.RegionSize) end = (uintptr_t)memory.BaseAddress + memory.RegionSize;
  return end - *start;
}

/* Committing within what was reserved is no allocation of its own: it was told when it was reserved. */
static inline bool reserves(const uintptr_t *base, uintptr_t type) { return type & MEM_RESERVE || (type & MEM_COMMIT && *base == 0); }

static inline uintptr_t told_pages(struct thread_state *thread, bool is_new, uintptr_t status, const uintptr_t *base, const uintptr_t *bytes, uintptr_t frame) {
  if (thread) {
    begin_telling(thread);
    if (is_new && (NTSTATUS)status >= 0) tell_mapped(thread, (const void *)*base, *bytes, frame);
    end_telling(thread);
    leave(thread);
  }
  return status;
}

TOLD(NtAllocateVirtualMemory) {
  ARGUMENTS;
  struct thread_state *thread = enter(frame);
  bool is_new = thread && is_own_process((HANDLE)a[0]) && reserves((const uintptr_t *)a[1], a[4]);
  uintptr_t status = original_NtAllocateVirtualMemory(a[0], a[1], a[2], a[3], a[4], a[5]);
  return told_pages(thread, is_new, status, (const uintptr_t *)a[1], (const uintptr_t *)a[3], frame);
}

TOLD(NtAllocateVirtualMemoryEx) {
  ARGUMENTS;
  struct thread_state *thread = enter(frame);
  bool is_new = thread && is_own_process((HANDLE)a[0]) && reserves((const uintptr_t *)a[1], a[3]);
  uintptr_t status = original_NtAllocateVirtualMemoryEx(a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
  return told_pages(thread, is_new, status, (const uintptr_t *)a[1], (const uintptr_t *)a[2], frame);
}

TOLD(NtFreeVirtualMemory) {
  ARGUMENTS;
  struct thread_state *thread = (DWORD)a[3] & MEM_RELEASE ? enter(frame) : NULL;
  if (thread && is_own_process((HANDLE)a[0])) {
    uintptr_t at = *(const uintptr_t *)a[1], bytes = *(const uintptr_t *)a[2], start = at;
    DWORD type, error = GetLastError();
    if (bytes == 0) bytes = rest_of_allocation(at, false, &start, &type);
    SetLastError(error);
    if (bytes) tell_address(thread, EVENT_UNMAP, (const void *)start, bytes);
  }
  uintptr_t status = original_NtFreeVirtualMemory(a[0], a[1], a[2], a[3]);
  if (thread) leave(thread);
  return status;
}

/* A file or shared memory. Images are not memory that anybody allocates. */
static uintptr_t told_view(struct thread_state *thread, uintptr_t process, uintptr_t status, const uintptr_t *base, const uintptr_t *bytes, uintptr_t frame) {
  if (thread) {
    begin_telling(thread);
    MEMORY_BASIC_INFORMATION memory;
    DWORD error = GetLastError();
    bool is_view = (NTSTATUS)status >= 0 && is_own_process((HANDLE)process) && VirtualQuery((void *)*base, &memory, sizeof memory) != 0 && memory.Type != MEM_IMAGE;
    SetLastError(error);
    if (is_view) tell_mapped(thread, (const void *)*base, (*bytes + 4095) & ~(uintptr_t)4095, frame);
    end_telling(thread);
    leave(thread);
  }
  return status;
}

TOLD(NtMapViewOfSection) {
  ARGUMENTS;
  struct thread_state *thread = enter(frame);
  uintptr_t status = original_NtMapViewOfSection(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9]);
  return told_view(thread, a[1], status, (const uintptr_t *)a[2], (const uintptr_t *)a[6], frame);
}

TOLD(NtMapViewOfSectionEx) {
  ARGUMENTS;
  struct thread_state *thread = enter(frame);
  uintptr_t status = original_NtMapViewOfSectionEx(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8]);
  return told_view(thread, a[1], status, (const uintptr_t *)a[2], (const uintptr_t *)a[4], frame);
}

/* Also of a library that is unloaded, whoever does it. */
static struct thread_state *tell_unviewed(uintptr_t process, uintptr_t at, uintptr_t frame) {
  if (!atomic_load_explicit(tracer_on, memory_order_relaxed) || !is_own_process((HANDLE)process)) return NULL;
  struct thread_state *thread = enter(frame);
  uintptr_t start = at;
  DWORD type = 0, error = GetLastError();
  size_t bytes = rest_of_allocation(at, true, &start, &type);
  SetLastError(error);
  if (bytes && type == MEM_IMAGE) module_unmapped(start);
  else if (bytes && thread) tell_address(thread, EVENT_UNMAP, (const void *)start, bytes);
  return thread;
}

TOLD(NtUnmapViewOfSection) {
  ARGUMENTS;
  struct thread_state *thread = tell_unviewed(a[0], a[1], frame);
  uintptr_t status = original_NtUnmapViewOfSection(a[0], a[1]);
  if (thread) leave(thread);
  return status;
}

TOLD(NtUnmapViewOfSectionEx) {
  ARGUMENTS;
  struct thread_state *thread = tell_unviewed(a[0], a[1], frame);
  uintptr_t status = original_NtUnmapViewOfSectionEx(a[0], a[1], a[2]);
  if (thread) leave(thread);
  return status;
}
