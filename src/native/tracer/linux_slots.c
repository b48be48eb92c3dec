/* Standing in front of the allocator of a process that runs: every loaded file has slots through which it calls what lies in other files, and
   those of the allocator's functions are given ours, and theirs back. The loader lists its files under a lock that it also holds when it
   takes one out, so all of it is done while it lists them.
   https://refspecs.linuxbase.org/elf/x86_64-abi-0.99.pdf 4.4 and 5.2, https://flapenguin.me/elf-dt-gnu-hash */
#define _GNU_SOURCE
#include "linux_attach.h"
#include "tracer.h"
#include <link.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define OBJECTS 1024u
#define MATCHES 256u
#define HOOKS 64u
#define WANTED 128u
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

struct object {
  uintptr_t bias, start, end;
  uintptr_t relro, relro_end;
  const ElfW(Dyn) *dynamic;
  const ElfW(Sym) *symbols;
  const char *strings;
  const uint32_t *gnu_hash, *hash;
  const ElfW(Rela) *calls, *others;
  size_t call_count, other_count;
};

struct match {
  _Atomic uintptr_t *slot;
  const struct hook *hook;
};

/* The symbols of a file that are named as what we stand in front of. */
struct wanted {
  bool known; /* else each symbol's name is looked at */
  uint32_t count;
  struct { uint32_t symbol; const struct hook *hook; } symbols[WANTED];
  uint64_t some[16]; /* of each symbol's low bits */
};

struct scan {
  bool in, all;
  uint32_t position;
};

/* dlopen and its like ask who calls them, so they are not called but jumped to: what came in is noticed at the next of these calls. */
static void *own_dlopen, *own_dlmopen, *own_dlsym, *own_dlvsym;
static void slots_look(void);
static void (*const look)(void) = slots_look;
#define PASS_ON(name)                                                                                                          \
  __attribute__((naked, noinline)) static void hook_##name(void) {                                                             \
    __asm__ volatile("push %%rdi\n\tpush %%rsi\n\tpush %%rdx\n\tcall *%0\n\tpop %%rdx\n\tpop %%rsi\n\tpop %%rdi\n\tjmp *%1" \
                     ::"m"(look), "m"(own_##name));                                                                            \
  }
PASS_ON(dlopen)
PASS_ON(dlmopen)
PASS_ON(dlsym)
PASS_ON(dlvsym)
static const struct hook loader_hooks[] = {
    {"dlopen", hook_dlopen, &own_dlopen},
    {"dlmopen", hook_dlmopen, &own_dlmopen},
    {"dlsym", hook_dlsym, &own_dlsym},
    {"dlvsym", hook_dlvsym, &own_dlvsym},
};
#define LOADER_HOOKS ((uint32_t)(sizeof loader_hooks / sizeof *loader_hooks))

/* Under the loader's lock. */
static bool installed, resolved, pending, can_probe, has_operators;
static unsigned long long adds, subs;
static struct { uintptr_t bias; const void *dynamic; } seen[OBJECTS];
static uint32_t seen_count;
static uint32_t beginnings[HOOKS], hook_count;

/* Those that a preloaded tracer also needs come first: the loader has the others come to it as they are. */
static const struct hook *hook_at(uint32_t i) {
  if (i < tracer_operator_count) return &tracer_operators[i];
  i -= tracer_operator_count;
  return i < LOADER_HOOKS ? &loader_hooks[i] : &tracer_hooks[i - LOADER_HOOKS];
}

static bool is_operator(const struct hook *hook) { return hook >= tracer_operators && hook < tracer_operators + tracer_operator_count; }

/* No name is shorter than three letters, so that four bytes of it can be read. */
static uint32_t beginning(const char *name) {
  uint32_t letters;
  memcpy(&letters, name, sizeof letters);
  return letters;
}

static const struct hook *hook_named(const char *name) {
  if (!name[0] || !name[1] || !name[2]) return NULL;
  uint32_t letters = beginning(name);
  for (uint32_t i = 0; i < hook_count; i++)
    if (beginnings[i] == letters && strcmp(hook_at(i)->name, name) == 0) return hook_at(i);
  return NULL;
}

static bool is_ours(const struct object *o) { return (uintptr_t)&seen >= o->start && (uintptr_t)&seen < o->end; }

/* The loader makes addresses of a dynamic section absolute where it can write them, which is not so of the kernel's own. */
static uintptr_t absolute(const struct object *o, uintptr_t value) { return value < o->start ? value + o->bias : value; }

static bool read_object(const struct dl_phdr_info *info, struct object *o) {
  memset(o, 0, sizeof *o);
  o->bias = info->dlpi_addr;
  o->start = UINTPTR_MAX;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) *p = &info->dlpi_phdr[i];
    uintptr_t at = o->bias + p->p_vaddr;
    if (p->p_type == PT_LOAD) {
      if (at < o->start) o->start = at;
      if (at + p->p_memsz > o->end) o->end = at + p->p_memsz;
    } else if (p->p_type == PT_DYNAMIC) o->dynamic = (const ElfW(Dyn) *)at;
    else if (p->p_type == PT_GNU_RELRO) {
      /* As the loader rounds it. */
      o->relro = at & ~4095ull;
      o->relro_end = (at + p->p_memsz) & ~4095ull;
    }
  }
  if (!o->dynamic || o->start >= o->end) return false;
  for (const ElfW(Dyn) *d = o->dynamic; d->d_tag != DT_NULL; d++) {
    switch (d->d_tag) {
      case DT_SYMTAB: o->symbols = (const ElfW(Sym) *)absolute(o, d->d_un.d_ptr); break;
      case DT_STRTAB: o->strings = (const char *)absolute(o, d->d_un.d_ptr); break;
      case DT_GNU_HASH: o->gnu_hash = (const uint32_t *)absolute(o, d->d_un.d_ptr); break;
      case DT_HASH: o->hash = (const uint32_t *)absolute(o, d->d_un.d_ptr); break;
      case DT_JMPREL: o->calls = (const ElfW(Rela) *)absolute(o, d->d_un.d_ptr); break;
      case DT_PLTRELSZ: o->call_count = d->d_un.d_val / sizeof(ElfW(Rela)); break;
      case DT_RELA: o->others = (const ElfW(Rela) *)absolute(o, d->d_un.d_ptr); break;
      case DT_RELASZ: o->other_count = d->d_un.d_val / sizeof(ElfW(Rela)); break;
    }
  }
  return o->symbols && o->strings;
}

static bool defines(const struct object *o, uint32_t symbol, const char *name) {
  const ElfW(Sym) *s = &o->symbols[symbol];
  return s->st_shndx != SHN_UNDEF && ELF64_ST_TYPE(s->st_info) == STT_FUNC && strcmp(o->strings + s->st_name, name) == 0;
}

static uint32_t gnu_hash_of(const char *name) {
  uint32_t h = 5381;
  for (const char *c = name; *c; c++) h = h * 33 + (uint8_t)*c;
  return h;
}

/* Where a file defines a function itself: an executable may also have an entry of the name that only leads to another file's. */
static uintptr_t find_function(const struct object *o, const char *name) {
  if (o->gnu_hash) {
    uint32_t h = gnu_hash_of(name);
    uint32_t buckets = o->gnu_hash[0], first = o->gnu_hash[1], bloom = o->gnu_hash[2];
    const uint32_t *bucket = o->gnu_hash + 4 + bloom * 2, *chain = bucket + buckets;
    if (buckets == 0 || bucket[h % buckets] < first) return 0;
    for (uint32_t i = bucket[h % buckets];; i++) {
      if ((chain[i - first] | 1) == (h | 1) && defines(o, i, name)) return o->bias + o->symbols[i].st_value;
      if (chain[i - first] & 1) return 0;
    }
  }
  if (o->hash) {
    uint32_t h = 0;
    for (const char *c = name; *c; c++) {
      h = (h << 4) + (uint8_t)*c;
      h = (h ^ (h & 0xf0000000u) >> 24) & 0x0fffffffu;
    }
    if (o->hash[0] == 0) return 0;
    for (uint32_t i = o->hash[2 + h % o->hash[0]]; i != 0; i = o->hash[2 + o->hash[0] + i])
      if (defines(o, i, name)) return o->bias + o->symbols[i].st_value;
  }
  return 0;
}

/* In the order in which the loader looks: the program, what it was linked with, then what came later. */
static int resolve_in(struct dl_phdr_info *info, size_t size, void *data) {
  (void)size, (void)data;
  struct object o;
  if (!read_object(info, &o) || is_ours(&o)) return 0;
  for (uint32_t i = 0; i < hook_count; i++) {
    const struct hook *hook = hook_at(i);
    if (!*hook->own) *hook->own = (void *)find_function(&o, hook->name);
  }
  return 0;
}

/* Operators of another file than the one with malloc call that, and are told of there. */
static int keep_operators(struct dl_phdr_info *info, size_t size, void *data) {
  (void)size;
  struct object o;
  uintptr_t allocator = (uintptr_t)*tracer_hooks[tracer_hook_count - 1].own;
  if (!read_object(info, &o) || allocator < o.start || allocator >= o.end) return 0;
  bool *any = data;
  for (uint32_t i = 0; i < tracer_operator_count; i++) {
    void **own = tracer_operators[i].own;
    if ((uintptr_t)*own < o.start || (uintptr_t)*own >= o.end) *own = NULL;
    else *any = true;
  }
  return 1;
}

static int find_order(struct dl_phdr_info *info, size_t size, void *data) {
  (void)size;
  struct object o;
  if (!read_object(info, &o)) return 0;
  if (is_ours(&o)) {
    *(bool *)data = true;
    return 1;
  }
  return find_function(&o, "__libc_start_main") != 0; /* libc came first */
}

/* Whether the loader put the tracer in front of libc when the program started: then every call comes here as it is. */
bool is_preloaded(void) {
  static int known = -1;
  if (known < 0) {
    bool first = false;
    dl_iterate_phdr(find_order, &first);
    known = first;
  }
  return known;
}

/* Asked of the kernel, which before Linux 5.14 is told by its list of all mappings only. */
static bool is_writable(uintptr_t at) {
  if (can_probe) return syscall(SYS_madvise, at & ~4095ull, 4096, MADV_POPULATE_WRITE) == 0;
  struct mapping mapping;
  return find_mapping(at, &mapping) && mapping.writable;
}

/* Whether a slot calls what we stand in front of: it holds it, or what looks for it at the first call. The C++ library also defines the
   operators that it calls so, and finds the allocator's, which comes before it. */
static bool leads_to_own(const struct object *o, const ElfW(Rela) *r, uintptr_t value, const struct hook *hook) {
  if (value == (uintptr_t)*hook->own) return true;
  const ElfW(Sym) *symbol = &o->symbols[ELF64_R_SYM(r->r_info)];
  return ELF64_R_TYPE(r->r_info) == R_X86_64_JUMP_SLOT && value >= o->start && value < o->end
         && (symbol->st_shndx == SHN_UNDEF || (is_operator(hook) && value != o->bias + symbol->st_value));
}

enum found { FOUND, LATER, FOREIGN };

static void want(struct wanted *wanted, uint32_t symbol, const struct hook *hook) {
  if (wanted->count == WANTED) {
    wanted->known = false;
    return;
  }
  wanted->symbols[wanted->count].symbol = symbol;
  wanted->symbols[wanted->count++].hook = hook;
  wanted->some[symbol / 64 % 16] |= 1ull << symbol % 64;
}

/* A file with thousands of slots has few symbols of others, which come first in its table, and its own are found by their hash. */
static void find_wanted(const struct object *o, struct wanted *wanted) {
  memset(wanted, 0, sizeof *wanted);
  if (!o->gnu_hash) return;
  uint32_t buckets = o->gnu_hash[0], first = o->gnu_hash[1], bloom = o->gnu_hash[2];
  const uint32_t *bucket = o->gnu_hash + 4 + bloom * 2, *chain = bucket + buckets;
  /* An empty table does not say where the symbols of others end. */
  if (buckets == 0 || (buckets == 1 && bucket[0] < first)) return;
  wanted->known = true;
  for (uint32_t i = 1; i < first; i++) {
    const struct hook *hook = hook_named(o->strings + o->symbols[i].st_name);
    if (hook) want(wanted, i, hook);
  }
  for (uint32_t n = 0; n < hook_count; n++) {
    const char *name = hook_at(n)->name;
    uint32_t h = gnu_hash_of(name);
    if (bucket[h % buckets] < first) continue;
    for (uint32_t i = bucket[h % buckets];; i++) {
      if ((chain[i - first] | 1) == (h | 1) && strcmp(o->strings + o->symbols[i].st_name, name) == 0) want(wanted, i, hook_at(n));
      if (chain[i - first] & 1) break;
    }
  }
}

static const struct hook *hook_of(const struct object *o, const struct wanted *wanted, uint32_t symbol) {
  if (!wanted->known) return hook_named(o->strings + o->symbols[symbol].st_name);
  if (!(wanted->some[symbol / 64 % 16] >> symbol % 64 & 1)) return NULL;
  for (uint32_t i = 0; i < wanted->count; i++)
    if (wanted->symbols[i].symbol == symbol) return wanted->symbols[i].hook;
  return NULL;
}

/* The slots of a file that are to be changed. */
static enum found find_slots(const struct object *o, const struct wanted *wanted, const ElfW(Rela) *from, size_t count, bool in, struct match *matches, uint32_t *found) {
  for (size_t i = 0; i < count; i++) {
    const ElfW(Rela) *r = &from[i];
    uint32_t type = (uint32_t)ELF64_R_TYPE(r->r_info), symbol = (uint32_t)ELF64_R_SYM(r->r_info);
    if (symbol == 0 || (type != R_X86_64_JUMP_SLOT && type != R_X86_64_GLOB_DAT && (type != R_X86_64_64 || r->r_addend != 0))) continue;
    const struct hook *hook = hook_of(o, wanted, symbol);
    if (!hook || !*hook->own) continue;
    uintptr_t at = o->bias + r->r_offset;
    if (at < o->start || at + 8 > o->end || at % 8 != 0) continue;
    _Atomic uintptr_t *slot = (_Atomic uintptr_t *)at;
    uintptr_t value = atomic_load_explicit(slot, memory_order_relaxed);
    if (value == (uintptr_t)hook->function) {
      if (in) continue;
    } else if (!in) continue;
    else if (!leads_to_own(o, r, value, hook)) {
      if (type != R_X86_64_JUMP_SLOT) continue;
      /* Not put in place by the loader yet: another thread is just loading this file. */
      if (value < o->end - o->start && o->bias != 0) return LATER;
      if (is_operator(hook)) continue; /* another's than the allocator's */
      /* It has an allocator of its own, and is left alone: what one allocates the other cannot free. */
      if (o->symbols[symbol].st_shndx == SHN_UNDEF || value < o->start || value >= o->end) return FOREIGN;
      continue;
    }
    if (*found < MATCHES) matches[(*found)++] = (struct match){slot, hook};
  }
  return FOUND;
}

static void change(const struct match *matches, uint32_t found, bool in) {
  for (uint32_t i = 0; i < found; i++)
    atomic_store_explicit(matches[i].slot, (uintptr_t)(in ? matches[i].hook->function : *matches[i].hook->own), memory_order_release);
}

/* False when it is not ready for it yet. */
static bool change_object(const struct object *o, bool in) {
  struct match matches[MATCHES];
  struct wanted wanted;
  uint32_t found = 0, kept = 0;
  find_wanted(o, &wanted);
  enum found calls = find_slots(o, &wanted, o->calls, o->call_count, in, matches, &found);
  enum found others = calls == FOUND ? find_slots(o, &wanted, o->others, o->other_count, in, matches, &found) : calls;
  if (calls == LATER || others == LATER) return false;
  if (calls == FOREIGN || others == FOREIGN) return true;
  for (uint32_t i = 0; i < found; i++) kept += (uintptr_t)matches[i].slot >= o->relro && (uintptr_t)matches[i].slot < o->relro_end;
  if (kept == 0) {
    change(matches, found, in);
    return true;
  }
  if (is_writable(o->relro)) {
    /* The loader is not done with it, and would find it closed if we did this. */
    if (in) return false;
    change(matches, found, in);
    return true;
  }
  size_t bytes = o->relro_end - o->relro;
  if (syscall(SYS_mprotect, o->relro, bytes, PROT_READ | PROT_WRITE) != 0) return true;
  change(matches, found, in);
  syscall(SYS_mprotect, o->relro, bytes, PROT_READ);
  return true;
}

static bool was_seen(const struct object *o) {
  for (uint32_t i = 0; i < seen_count; i++)
    if (seen[i].bias == o->bias && seen[i].dynamic == o->dynamic) return true;
  return false;
}

static int change_in(struct dl_phdr_info *info, size_t size, void *data) {
  struct scan *scan = data;
  if (scan->position++ == 0) {
    if (!scan->all && (!installed || (adds == info->dlpi_adds && subs == info->dlpi_subs && !pending))) return 1;
    /* What lies where one was that left is another. */
    if (scan->all || subs != info->dlpi_subs) seen_count = 0;
    adds = info->dlpi_adds;
    subs = info->dlpi_subs;
    pending = false;
  }
  (void)size;
  struct object o;
  if (!read_object(info, &o) || is_ours(&o) || (scan->in && was_seen(&o))) return 0;
  if (!change_object(&o, scan->in)) pending = true;
  else if (scan->in && seen_count < OBJECTS) {
    seen[seen_count].bias = o.bias;
    seen[seen_count++].dynamic = o.dynamic;
  }
  return 0;
}

int hooks_install(void) {
  if (!resolved) {
    uint32_t first = tracer_operator_count + LOADER_HOOKS, all = first + tracer_hook_count;
    hook_count = is_preloaded() ? first : all < HOOKS ? all : HOOKS;
    if (is_preloaded()) hooks_resolve();
    dl_iterate_phdr(resolve_in, NULL);
    dl_iterate_phdr(keep_operators, &has_operators);
    if (!is_preloaded() || has_operators) {
      void *page = tracer_pages(4096);
      can_probe = page && syscall(SYS_madvise, page, 4096, MADV_POPULATE_WRITE) == 0;
      if (page) tracer_free_pages(page, 4096);
      for (uint32_t i = 0; i < hook_count; i++) beginnings[i] = beginning(hook_at(i)->name);
    }
    resolved = true;
  }
  if (is_preloaded() && !has_operators) return 0;
  for (uint32_t i = 0; i < tracer_hook_count; i++)
    if (!*tracer_hooks[i].own && (strcmp(tracer_hooks[i].name, "malloc") == 0 || strcmp(tracer_hooks[i].name, "free") == 0)) return ATTACH_NO_ALLOCATOR;
  installed = true;
  struct scan scan = {.in = true, .all = true};
  dl_iterate_phdr(change_in, &scan);
  return 0;
}

void hooks_remove(void) {
  if (!installed) return;
  installed = false;
  struct scan scan = {.in = false, .all = true};
  dl_iterate_phdr(change_in, &scan);
}

/* Gives what was loaded since the last look its slots. */
static void slots_look(void) {
  if (!atomic_load_explicit(tracer_on, memory_order_relaxed)) return;
  int error = tracer_error();
  struct scan scan = {.in = true};
  dl_iterate_phdr(change_in, &scan);
  tracer_restore_error(error);
}
