/* Which file's code an address lies in, asked of the loader without its lock; what is found goes into the log, by which the agent knows it too. */
#define _GNU_SOURCE
#include "linux_attach.h"
#include "tracer.h"
#include <dlfcn.h>
#include <link.h>
#include <string.h>
#include <unistd.h>

#define MODULES 1024

struct module {
  uintptr_t start, end;
  const uint8_t *eh_frame_hdr;
};

/* Found since the epoch began; only appended to, and emptied when the epoch ends. */
static struct module known[MODULES];
static _Atomic uint32_t known_count;
static _Atomic uint32_t known_lock;

/* glibc 2.35 and later: no lock, safe in a signal's handler. https://www.gnu.org/software/libc/manual/html_node/Dynamic-Linker-Introspection.html */
extern int _dl_find_object(void *pc, struct dl_find_object *result) __attribute__((weak));

/* The build id stands in a note that is loaded with the program headers. */
static void log_module(uintptr_t start, uintptr_t end, uintptr_t bias, const char *name) {
  const uint8_t *id = NULL;
  uint32_t id_bytes = 0;
  const ElfW(Ehdr) *elf = (const ElfW(Ehdr) *)start;
  if (end - start >= 4096 && memcmp(elf->e_ident, ELFMAG, SELFMAG) == 0 && elf->e_phoff + elf->e_phnum * sizeof(ElfW(Phdr)) <= 4096) {
    const ElfW(Phdr) *header = (const ElfW(Phdr) *)(start + elf->e_phoff);
    for (int i = 0; i < elf->e_phnum && !id; i++) {
      uintptr_t at = bias + header[i].p_vaddr, stop = at + header[i].p_filesz;
      if (header[i].p_type != PT_NOTE || at < start || stop > end) continue;
      while (at + sizeof(ElfW(Nhdr)) <= stop) {
        const ElfW(Nhdr) *note = (const ElfW(Nhdr) *)at;
        uintptr_t owner = at + sizeof *note, content = owner + ((note->n_namesz + 3) & ~3u);
        if (content + note->n_descsz > stop) break;
        if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 && memcmp((const void *)owner, "GNU", 4) == 0 && note->n_descsz <= 64) {
          id = (const uint8_t *)content;
          id_bytes = note->n_descsz;
          break;
        }
        at = content + ((note->n_descsz + 3) & ~3u);
      }
    }
  }
  char own[4096];
  if (name[0] == 0) {
    ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
    own[length > 0 ? length : 0] = 0;
    name = own;
  }
  log_append(1, bias, start, end, id, id_bytes, name, strnlen(name, 4096));
}

struct search {
  uintptr_t pc, start, end, bias;
  const uint8_t *eh_frame_hdr;
  const char *name;
};

static int visit(struct dl_phdr_info *info, size_t size, void *data) {
  (void)size;
  struct search *s = data;
  uintptr_t low = UINTPTR_MAX, high = 0;
  const uint8_t *header = NULL;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) *p = &info->dlpi_phdr[i];
    uintptr_t at = info->dlpi_addr + p->p_vaddr;
    if (p->p_type == PT_LOAD) {
      if (at < low) low = at;
      if (at + p->p_memsz > high) high = at + p->p_memsz;
    } else if (p->p_type == PT_GNU_EH_FRAME) header = (const uint8_t *)at;
  }
  if (s->pc < low || s->pc >= high) return 0;
  s->start = low & ~4095ull;
  s->end = high;
  s->bias = info->dlpi_addr;
  s->eh_frame_hdr = header;
  s->name = info->dlpi_name ? info->dlpi_name : "";
  return 1;
}

static bool ask_loader(struct search *s) {
  if (_dl_find_object) {
    struct dl_find_object found;
    if (_dl_find_object((void *)s->pc, &found) != 0) return false;
    s->start = (uintptr_t)found.dlfo_map_start;
    s->end = (uintptr_t)found.dlfo_map_end;
    s->eh_frame_hdr = found.dlfo_eh_frame;
    s->bias = found.dlfo_link_map ? found.dlfo_link_map->l_addr : s->start;
    s->name = found.dlfo_link_map && found.dlfo_link_map->l_name ? found.dlfo_link_map->l_name : "[vdso]";
    return true;
  }
  return dl_iterate_phdr(visit, s) != 0;
}

bool module_of(uintptr_t pc, const uint8_t **eh_frame_hdr) {
  uint32_t count = atomic_load_explicit(&known_count, memory_order_acquire);
  for (uint32_t i = 0; i < count; i++) {
    if (pc >= known[i].start && pc < known[i].end) {
      *eh_frame_hdr = known[i].eh_frame_hdr;
      return true;
    }
  }
  struct search s = {.pc = pc};
  if (!ask_loader(&s)) return false;
  *eh_frame_hdr = s.eh_frame_hdr;
  take_lock(&known_lock);
  count = atomic_load_explicit(&known_count, memory_order_relaxed);
  bool there = false;
  for (uint32_t i = 0; i < count; i++) there |= known[i].start == s.start;
  if (!there && count < MODULES) {
    known[count] = (struct module){s.start, s.end, s.eh_frame_hdr};
    log_module(s.start, s.end, s.bias, s.name);
    atomic_store_explicit(&known_count, count + 1, memory_order_release);
  }
  leave_lock(&known_lock);
  return true;
}

/* A library left: what was learned of addresses may be of another one from now on. */
void modules_changed(void) {
  take_lock(&known_lock);
  atomic_store_explicit(&known_count, 0, memory_order_release);
  log_append(2, 0, 0, 0, NULL, 0, "", 0);
  leave_lock(&known_lock);
  atomic_fetch_add_explicit(&tracer_epoch, 1, memory_order_release);
}

void modules_begin(bool forked) {
  if (forked) leave_lock(&known_lock);
  take_lock(&known_lock);
  atomic_store_explicit(&known_count, 0, memory_order_release);
  atomic_store_explicit(&tracer_ring->log_length, 0, memory_order_release);
  leave_lock(&known_lock);
  atomic_fetch_add_explicit(&tracer_epoch, 1, memory_order_release);
}
