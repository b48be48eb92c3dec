/* Which image an address lies in, asked of the kernel and not of the loader, whose lock a thread may hold that waits for this one. */
#include "windows_tracer.h"

#define MODULES 1024

/* Found since the epoch began; only appended to, and emptied when the epoch ends. */
static struct module known[MODULES];
static _Atomic uint32_t known_count;
static _Atomic uint32_t known_lock;

NTSTATUS NTAPI NtQueryVirtualMemory(HANDLE, const void *, int, void *, SIZE_T, SIZE_T *);
NTSTATUS NTAPI RtlUnicodeToUTF8N(char *, ULONG, ULONG *, const WCHAR *, ULONG);
enum { MEMORY_BASIC = 0, MEMORY_MAPPED_NAME = 2, MOST_NAME = 1024 };

static void lock(void) {
  while (atomic_exchange_explicit(&known_lock, 1, memory_order_acquire)) tracer_pause();
}

static void unlock(void) { atomic_store_explicit(&known_lock, 0, memory_order_release); }

/* The extent, table of functions and debug directory as the headers have them. https://learn.microsoft.com/windows/win32/debug/pe-format */
static const IMAGE_NT_HEADERS64 *headers(uintptr_t start) {
  const IMAGE_DOS_HEADER *dos = (const IMAGE_DOS_HEADER *)start;
  if (dos->e_magic != IMAGE_DOS_SIGNATURE || dos->e_lfanew < 0 || dos->e_lfanew > 4096 - (LONG)sizeof(IMAGE_NT_HEADERS64)) return NULL;
  const IMAGE_NT_HEADERS64 *nt = (const IMAGE_NT_HEADERS64 *)(start + (uintptr_t)dos->e_lfanew);
  return nt->Signature == IMAGE_NT_SIGNATURE && nt->OptionalHeader.Magic == IMAGE_NT_OPTIONAL_HDR64_MAGIC ? nt : NULL;
}

/* A directory that lies within the image. */
static const void *directory(const IMAGE_NT_HEADERS64 *nt, uintptr_t start, int number, uint32_t *bytes) {
  if (nt->OptionalHeader.NumberOfRvaAndSizes <= (uint32_t)number) return NULL;
  IMAGE_DATA_DIRECTORY entry = nt->OptionalHeader.DataDirectory[number];
  if (entry.Size == 0 || (uint64_t)entry.VirtualAddress + entry.Size > nt->OptionalHeader.SizeOfImage) return NULL;
  *bytes = entry.Size;
  return (const void *)(start + entry.VirtualAddress);
}

/* GUID and age of the program database that belongs to the image. */
static const uint8_t *pdb_id(const IMAGE_NT_HEADERS64 *nt, uintptr_t start) {
  uint32_t bytes;
  const IMAGE_DEBUG_DIRECTORY *entry = directory(nt, start, IMAGE_DIRECTORY_ENTRY_DEBUG, &bytes);
  for (; entry && bytes >= sizeof *entry; entry++, bytes -= sizeof *entry) {
    if (entry->Type != IMAGE_DEBUG_TYPE_CODEVIEW || entry->SizeOfData < 24 || entry->AddressOfRawData == 0
        || (uint64_t)entry->AddressOfRawData + entry->SizeOfData > nt->OptionalHeader.SizeOfImage)
      continue;
    const uint8_t *record = (const uint8_t *)(start + entry->AddressOfRawData);
    if (*(const uint32_t *)record == 0x53445352 /* RSDS */) return record + 4;
  }
  return NULL;
}

static void log_module(const struct module *module, const IMAGE_NT_HEADERS64 *nt) {
  struct {
    UNICODE_STRING name;
    WCHAR text[MOST_NAME];
  } named;
  char path[MOST_NAME * 3];
  ULONG length = 0;
  SIZE_T got;
  if (NtQueryVirtualMemory(THIS_PROCESS, (void *)module->start, MEMORY_MAPPED_NAME, &named, sizeof named, &got) < 0
      || RtlUnicodeToUTF8N(path, sizeof path, &length, named.name.Buffer, named.name.Length) < 0)
    length = 0;
  const uint8_t *id = pdb_id(nt, module->start);
  log_append(1, module->start, module->start, module->end, id, id ? 20 : 0, path, length);
}

bool module_of(uintptr_t pc, struct module *module) {
  uint32_t count = atomic_load_explicit(&known_count, memory_order_acquire);
  for (uint32_t i = 0; i < count; i++) {
    if (pc >= known[i].start && pc < known[i].end) {
      *module = known[i];
      return true;
    }
  }
  MEMORY_BASIC_INFORMATION memory;
  SIZE_T got;
  if (NtQueryVirtualMemory(THIS_PROCESS, (void *)pc, MEMORY_BASIC, &memory, sizeof memory, &got) < 0 || memory.Type != MEM_IMAGE) return false;
  uintptr_t start = (uintptr_t)memory.AllocationBase;
  const IMAGE_NT_HEADERS64 *nt = headers(start);
  if (!nt) return false;
  uint32_t bytes = 0;
  *module = (struct module){start, start + nt->OptionalHeader.SizeOfImage, directory(nt, start, IMAGE_DIRECTORY_ENTRY_EXCEPTION, &bytes), bytes / sizeof(RUNTIME_FUNCTION)};
  lock();
  count = atomic_load_explicit(&known_count, memory_order_relaxed);
  bool there = false;
  for (uint32_t i = 0; i < count; i++) there |= known[i].start == start;
  if (!there && count < MODULES) {
    known[count] = *module;
    log_module(module, nt);
    atomic_store_explicit(&known_count, count + 1, memory_order_release);
  }
  unlock();
  return true;
}

void modules_forget(void) {
  lock();
  atomic_store_explicit(&known_count, 0, memory_order_release);
  unlock();
  atomic_fetch_add_explicit(&tracer_epoch, 1, memory_order_release);
}

/* A library leaves: what was learned of addresses may be of another one from now on. */
void module_unmapped(uintptr_t start) {
  lock();
  uint32_t count = atomic_load_explicit(&known_count, memory_order_relaxed);
  bool was = false;
  for (uint32_t i = 0; i < count; i++) was |= known[i].start == start;
  if (was) {
    atomic_store_explicit(&known_count, 0, memory_order_release);
    log_append(2, 0, 0, 0, NULL, 0, "", 0);
  }
  unlock();
  if (was) atomic_fetch_add_explicit(&tracer_epoch, 1, memory_order_release);
}
