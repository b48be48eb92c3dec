/* What the tracer asks of Windows. Memory is asked for behind the patches, so that it is never an event. */
#include "windows_tracer.h"

/* There is no C runtime, and compilers call these for assignments. */
void *memset(void *to, int value, size_t bytes) {
  void *at = to;
  __asm__ volatile("rep stosb" : "+D"(at), "+c"(bytes) : "a"(value) : "memory");
  return to;
}

void *memcpy(void *to, const void *from, size_t bytes) {
  void *at = to;
  __asm__ volatile("rep movsb" : "+D"(at), "+S"(from), "+c"(bytes)::"memory");
  return to;
}

NTSTATUS NTAPI NtAllocateVirtualMemory(HANDLE, void **, ULONG_PTR, SIZE_T *, ULONG, ULONG);
NTSTATUS NTAPI NtFreeVirtualMemory(HANDLE, void **, SIZE_T *, ULONG);
NTSTATUS NTAPI NtDelayExecution(BOOLEAN, const LARGE_INTEGER *);
BOOL NTAPI RtlQueryPerformanceCounter(LARGE_INTEGER *);
BOOL NTAPI RtlQueryPerformanceFrequency(LARGE_INTEGER *);

static NTSTATUS allocate(void **at, SIZE_T *bytes, ULONG type) {
  any_function own = original_NtAllocateVirtualMemory;
  return own ? (NTSTATUS)own(THIS_PROCESS, at, (ULONG_PTR)0, bytes, type, (ULONG)PAGE_READWRITE)
             : NtAllocateVirtualMemory(THIS_PROCESS, at, 0, bytes, type, PAGE_READWRITE);
}

void *tracer_pages(size_t bytes) {
  void *at = NULL;
  SIZE_T size = bytes;
  return allocate(&at, &size, MEM_RESERVE | MEM_COMMIT) >= 0 ? at : NULL;
}

void tracer_free_pages(void *at, size_t bytes) {
  (void)bytes;
  SIZE_T all = 0;
  any_function own = original_NtFreeVirtualMemory;
  if (own) own(THIS_PROCESS, &at, &all, (ULONG)MEM_RELEASE);
  else NtFreeVirtualMemory(THIS_PROCESS, &at, &all, MEM_RELEASE);
}

bool pages_commit(void *at, size_t bytes) {
  SIZE_T size = bytes;
  return allocate(&at, &size, MEM_COMMIT) >= 0;
}

uint64_t tracer_now_ns(void) {
  LARGE_INTEGER count, frequency;
  RtlQueryPerformanceCounter(&count);
  RtlQueryPerformanceFrequency(&frequency);
  uint64_t each = (uint64_t)frequency.QuadPart, now = (uint64_t)count.QuadPart;
  return now / each * 1000000000ull + now % each * 1000000000ull / each;
}

/* The agent never sleeps so there: only threads of one process can wake each other. */
void tracer_wake(_Atomic uint32_t *word) { (void)word; }

void tracer_pause(void) {
  LARGE_INTEGER time = {.QuadPart = -500}; /* of 100 ns, from now on */
  NtDelayExecution(FALSE, &time);
}

/* Fibers and coroutines that Windows knows have the thread's block name their stack; whatever else the program runs on is not read. */
void find_stack(struct thread_state *thread, uintptr_t sp) {
  thread->stack_low = teb_read(TEB_STACK_ALLOCATION);
  thread->stack_high = teb_read(TEB_STACK_BASE);
  if (sp < thread->stack_low || sp >= thread->stack_high) thread->stack_low = thread->stack_high = sp;
}

bool is_own_process(HANDLE process) {
  if (likely(process == THIS_PROCESS)) return true;
  PROCESS_BASIC_INFORMATION basic;
  return NtQueryInformationProcess(process, ProcessBasicInformation, &basic, sizeof basic, NULL) >= 0 && basic.UniqueProcessId == teb_read(TEB_PROCESS_ID);
}
