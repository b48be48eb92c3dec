/* The parts of the tracer that are for Windows alone. It has no C runtime and imports ntdll, and of kernel32 what ntdll has no promised name for. */
#pragma once
#include "tracer.h"
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#include <winternl.h>

#define EXPORT __declspec(dllexport)

/* The functions that the agent patches, where the system has them. Each has hook_NAME, to which the agent leads, and original_NAME, where the
   agent puts what goes on behind the patch. */
#define HOOKS(X) \
  X(RtlAllocateHeap) X(RtlReAllocateHeap) X(RtlFreeHeap) X(RtlDestroyHeap) X(NtAllocateVirtualMemory) X(NtAllocateVirtualMemoryEx) \
  X(NtFreeVirtualMemory) X(NtMapViewOfSection) X(NtMapViewOfSectionEx) X(NtUnmapViewOfSection) X(NtUnmapViewOfSectionEx) \
  X(NtCreateUserProcess) X(NtResumeThread) X(NtAlertResumeThread) X(NtResumeProcess)
typedef uintptr_t (*any_function)();
#define X(name) extern any_function original_##name;
HOOKS(X)
#undef X

/* What hook_NAME calls, with the frame that it made: above that lie its return address and all its arguments in a row. */
#define TOLD(name) __attribute__((used)) uintptr_t told_##name(uintptr_t frame)
#define ARGUMENTS const uintptr_t *a = (const uintptr_t *)(frame + 16)

/* Of the thread's environment block. https://learn.microsoft.com/windows/win32/api/winternl/ns-winternl-teb names few of its fields; these have been
   where they are in every 64-bit Windows, and compilers and runtimes count on them. */
enum { TEB_STACK_BASE = 0x08, TEB_PROCESS_ID = 0x40, TEB_THREAD_ID = 0x48, TEB_STACK_ALLOCATION = 0x1478, TEB_TLS_SLOTS = 0x1480, TEB_TLS_SLOT_COUNT = 64 };

static inline uint64_t teb_read(uint64_t at) {
  uint64_t value;
  __asm__ volatile("movq %%gs:(%1), %0" : "=r"(value) : "r"(at));
  return value;
}

static inline void teb_write(uint64_t at, uint64_t value) { __asm__ volatile("movq %1, %%gs:(%0)" ::"r"(at), "r"(value)); }

/* The calling thread and process, as handles. */
#define THIS_PROCESS ((HANDLE)(intptr_t)-1)
#define THIS_THREAD ((HANDLE)(intptr_t)-2)

/* windows_state.c */
extern uint32_t tracer_slot_at;     /* where in the block a thread's state is; 0 while there is nowhere */
extern uint64_t tracer_recording;   /* counts the recordings of this process */
#define THREAD_BEGINS 1u            /* in place of a state while it is being made */

/* windows_system.c */
bool pages_commit(void *at, size_t bytes);
bool is_own_process(HANDLE process);

/* windows_unwind.c */
bool is_called_from(struct thread_state *thread, uintptr_t frame, uintptr_t outer);

/* windows_modules.c */
struct module {
  uintptr_t start, end;
  const RUNTIME_FUNCTION *functions; /* sorted; none for an image without .pdata */
  uint32_t count;
};
bool module_of(uintptr_t pc, struct module *module);
void modules_forget(void);
void module_unmapped(uintptr_t start);
