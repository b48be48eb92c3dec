/* A Windows program whose processes know what each of them allocates. Usage: children SCENARIO [NUMBER]. Each process writes lines
   "site PID/plain BLOCKS BYTES FREED-BLOCKS FREED-BYTES" of what it did, and "parent PID PARENT". Built with x86_64-w64-mingw32-gcc -gdwarf-4. */
#include <windows.h>
#include <winternl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Atomic long blocks, bytes, freed_blocks, freed_bytes;
static char self[1024];
NTSTATUS NTAPI NtResumeProcess(HANDLE);

#define SITE __attribute__((noinline, noclone)) static
static void need(int holds, const char *what) {
  if (holds) return;
  fprintf(stderr, "%s failed: error %lu\n", what, GetLastError());
  ExitProcess(3);
}
SITE void *plain(size_t size) {
  void *p = malloc(size);
  need(p != NULL, "malloc");
  memset(p, 1, size);
  blocks++;
  bytes += (long)size;
  return p;
}
static void release(void *p, size_t size) {
  freed_blocks++;
  freed_bytes += (long)size;
  free(p);
}
/* By one call, that nobody's other line comes into it. */
static void say(const char *text) {
  DWORD written;
  need(WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), text, (DWORD)strlen(text), &written, NULL), "WriteFile");
}
static void report(void) {
  char text[256];
  PROCESS_BASIC_INFORMATION basic;
  need(NtQueryInformationProcess(GetCurrentProcess(), ProcessBasicInformation, &basic, sizeof basic, NULL) >= 0, "NtQueryInformationProcess");
  unsigned long pid = GetCurrentProcessId();
  snprintf(text, sizeof text, "site %lu/plain %ld %ld %ld %ld\nparent %lu %lu\n", pid, (long)blocks, (long)bytes, (long)freed_blocks, (long)freed_bytes, pid, (unsigned long)(ULONG_PTR)basic.InheritedFromUniqueProcessId);
  say(text);
}
static void work(int count) {
  for (int i = 1; i <= count; i++) {
    void *p = plain((size_t)i);
    if (i % 3) release(p, (size_t)i);
  }
}
static PROCESS_INFORMATION start(DWORD flags, const char *scenario, int number) {
  char command[2 * sizeof self];
  STARTUPINFOA startup = {.cb = sizeof startup};
  PROCESS_INFORMATION started;
  snprintf(command, sizeof command, "\"%s\" %s %d", self, scenario, number);
  need(CreateProcessA(NULL, command, NULL, NULL, TRUE, flags, NULL, NULL, &startup, &started), "CreateProcess");
  return started;
}
static void await(PROCESS_INFORMATION started, DWORD expected) {
  DWORD code;
  need(WaitForSingleObject(started.hProcess, INFINITE) == WAIT_OBJECT_0 && GetExitCodeProcess(started.hProcess, &code), "waiting for a process");
  /* The process stays held: until nobody holds it its id is not given to another one, and here each is known by its id. */
  CloseHandle(started.hThread);
  if (code == expected) return;
  fprintf(stderr, "a process ended with %lu in place of %lu\n", code, expected);
  ExitProcess(4);
}

static void spawned(int count) {
  for (int i = 1; i <= count; i++) {
    work(3);
    await(start(0, "leaf", i), (DWORD)i);
  }
}
/* One that is started suspended runs when it is let, and not before: it is held exactly once whatever happens meanwhile, but for the moment in which
   a recording that ends just then holds it too, on top of that. */
static void suspended(int count, DWORD besides) {
  for (int i = 1; i <= count; i++) {
    PROCESS_INFORMATION started = start(CREATE_SUSPENDED, "leaf", i);
    work(2);
    need(SuspendThread(started.hThread) - 1 <= besides, "finding it suspended once");
    need(ResumeThread(started.hThread) - 2 <= besides, "finding it suspended twice");
    need(WaitForSingleObject(started.hProcess, 20) == WAIT_TIMEOUT, "finding it held");
    if (i % 2) need(ResumeThread(started.hThread) - 1 <= besides, "letting it run");
    else need(NtResumeProcess(started.hProcess) >= 0, "letting it run");
    await(started, (DWORD)i);
  }
}
/* Some that never run, and one after them. */
static void unused(int count) {
  for (int i = 1; i <= count; i++) {
    PROCESS_INFORMATION started = start(CREATE_SUSPENDED, "leaf", 1);
    need(TerminateProcess(started.hProcess, 7), "TerminateProcess");
    await(started, 7);
  }
  await(start(0, "leaf", 5), 5);
}
static void descend(int depth) {
  work(depth + 1);
  if (depth > 0) await(start(0, "descend", depth - 1), 0);
}
/* Ends at once, without a word: its parent knows what it did. */
static void quick(int count) {
  for (int i = 1; i <= count; i++) {
    char text[256];
    PROCESS_INFORMATION started = start(0, i % 2 ? "exit" : "kill", i);
    snprintf(text, sizeof text, "site %lu/plain 1 %d 0 0\nparent %lu %lu\n", started.dwProcessId, i, started.dwProcessId, GetCurrentProcessId());
    say(text);
    await(started, (DWORD)i);
  }
}
static DWORD WINAPI churns(void *going) {
  while (*(_Atomic int *)going) free(malloc(100));
  return 0;
}
static DWORD WINAPI starts(void *number) {
  int i = (int)(intptr_t)number;
  await(start(0, "leaf", i), (DWORD)i);
  return 0;
}
/* Several are started at once by threads of their own, while another one allocates. */
static void threads(int count) {
  HANDLE all[MAXIMUM_WAIT_OBJECTS], other;
  _Atomic int going = 1;
  other = CreateThread(NULL, 0, churns, (void *)&going, 0, NULL);
  need(count < MAXIMUM_WAIT_OBJECTS && other != NULL, "CreateThread");
  for (int i = 0; i < count; i++) need((all[i] = CreateThread(NULL, 0, starts, (void *)(intptr_t)(i + 1), 0, NULL)) != NULL, "CreateThread");
  need(WaitForMultipleObjects((DWORD)count, all, TRUE, INFINITE) == WAIT_OBJECT_0, "waiting for threads");
  going = 0;
  WaitForSingleObject(other, INFINITE);
  work(4);
}
/* So many at once, each until its parent lets it go. */
static void together(int count) {
  SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
  HANDLE hold = CreateEventA(&inherited, TRUE, FALSE, NULL);
  PROCESS_INFORMATION all[256];
  need(count <= 256 && hold != NULL, "CreateEvent");
  char text[32];
  snprintf(text, sizeof text, "%llu", (unsigned long long)(ULONG_PTR)hold);
  SetEnvironmentVariableA("HOLD", text);
  for (int i = 0; i < count; i++) all[i] = start(0, "held", i + 1);
  SetEvent(hold);
  for (int i = 0; i < count; i++) await(all[i], (DWORD)i + 1);
}
/* Asks in place of the tracer, in the memory that it shares with the agent, for a process that is none of its own. */
static void forged(int pid) {
  MEMORY_BASIC_INFORMATION memory;
  _Atomic unsigned long long *request = NULL;
  for (char *at = NULL; !request && VirtualQuery(at, &memory, sizeof memory) != 0; at = (char *)memory.BaseAddress + memory.RegionSize)
    if (memory.Type == MEM_MAPPED && memory.State == MEM_COMMIT && memory.Protect == PAGE_READWRITE && memcmp(memory.BaseAddress, "WMVRING1", 8) == 0)
      request = (_Atomic unsigned long long *)((char *)memory.BaseAddress + 608);
  need(request != NULL, "finding the tracer's memory");
  *request = 1ull << 32 | (unsigned)pid;
  while (*request != 0) Sleep(1);
}
/* Under a debugger, which this is. */
static void debugged(int count) {
  PROCESS_INFORMATION started = start(DEBUG_ONLY_THIS_PROCESS, "leaf", count);
  DEBUG_EVENT event;
  do {
    need(WaitForDebugEvent(&event, INFINITE), "WaitForDebugEvent");
    if (event.dwDebugEventCode == CREATE_PROCESS_DEBUG_EVENT) CloseHandle(event.u.CreateProcessInfo.hFile);
    ContinueDebugEvent(event.dwProcessId, event.dwThreadId, event.dwDebugEventCode == EXCEPTION_DEBUG_EVENT && event.u.Exception.ExceptionRecord.ExceptionCode != (DWORD)EXCEPTION_BREAKPOINT ? DBG_EXCEPTION_NOT_HANDLED : DBG_CONTINUE);
  } while (event.dwDebugEventCode != EXIT_PROCESS_DEBUG_EVENT);
  await(started, (DWORD)count);
}

int main(int count, char **arguments) {
  if (count < 2 || GetModuleFileNameA(NULL, self, sizeof self) == 0) return 2;
  const char *scenario = arguments[1];
  int number = count > 2 ? atoi(arguments[2]) : 0, code = 0;
  if (strcmp(scenario, "spawn") == 0) spawned(number);
  else if (strcmp(scenario, "suspended") == 0) suspended(number, 0);
  else if (strcmp(scenario, "unused") == 0) unused(number);
  else if (strcmp(scenario, "descend") == 0) descend(number);
  else if (strcmp(scenario, "quick") == 0) quick(number);
  else if (strcmp(scenario, "threads") == 0) threads(number);
  else if (strcmp(scenario, "together") == 0) together(number);
  else if (strcmp(scenario, "debugged") == 0) debugged(number);
  else if (strcmp(scenario, "forged") == 0) forged(number);
  else if (strcmp(scenario, "exit") == 0 || strcmp(scenario, "kill") == 0) {
    plain((size_t)number);
    if (scenario[0] == 'e') ExitProcess((UINT)number);
    TerminateProcess(GetCurrentProcess(), (UINT)number);
  } else if (strcmp(scenario, "shell") == 0) {
    char command[3 * sizeof self];
    snprintf(command, sizeof command, "\"%s\" leaf %d", self, number);
    work(4);
    if (system(command) != number) return 11;
  } else if (strcmp(scenario, "held") == 0) {
    work(number);
    need(WaitForSingleObject((HANDLE)(ULONG_PTR)_strtoui64(getenv("HOLD"), NULL, 10), INFINITE) == WAIT_OBJECT_0, "waiting to be let go");
    code = number;
  } else if (strcmp(scenario, "leaf") == 0) {
    work(number);
    code = number;
  } else if (strcmp(scenario, "gone") == 0) {
    /* When it is told that nobody reads any more. */
    char go;
    DWORD got;
    say("ready\n");
    need(ReadFile(GetStdHandle(STD_INPUT_HANDLE), &go, 1, &got, NULL) && got == 1, "ReadFile");
    spawned(number);
    suspended(number, 1);
  } else return 2;
  report();
  return code;
}
