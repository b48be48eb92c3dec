/* A library that allocates. Built twice, with NAME given, for one address. */
#include <windows.h>

__attribute__((noinline, noclone)) static void *NAME(size_t size) {
  void *p = HeapAlloc(GetProcessHeap(), 0, size);
  __asm__ volatile("" ::: "memory");
  return p;
}

__declspec(dllexport) void *allocate(size_t size) {
  void *p = NAME(size);
  __asm__ volatile("" ::: "memory");
  return p;
}
