/* Recipes from .pdata: what the unwind codes of a function come to at one return address, and the way round by the system's own unwinder for
   what no recipe can tell. https://learn.microsoft.com/cpp/build/exception-handling-x64 */
#include "windows_tracer.h"

enum { REGISTER_RBP = 5, MOST_CHAINED = 32 };
enum { PUSH_NONVOL, ALLOC_LARGE, ALLOC_SMALL, SET_FPREG, SAVE_NONVOL, SAVE_NONVOL_FAR, EPILOG, SPARE, SAVE_XMM128, SAVE_XMM128_FAR, PUSH_MACHFRAME };
enum { CHAINED = 4 };

struct unwind_info {
  uint8_t version_flags, prolog_bytes, code_count, frame; /* frame: register 4 bits, offset in 16 bytes 4 bits */
  uint16_t codes[];
};

__declspec(dllimport) void NTAPI RtlUserThreadStart(void *, void *);

/* The function of an image that holds an address, or NULL. */
static const RUNTIME_FUNCTION *find_function(const struct module *module, uintptr_t pc) {
  uint32_t offset = (uint32_t)(pc - module->start), low = 0, high = module->count;
  const RUNTIME_FUNCTION *functions = module->functions;
  while (low < high) {
    uint32_t middle = (low + high) / 2;
    if (functions[middle].EndAddress <= offset) low = middle + 1;
    else high = middle;
  }
  if (low == module->count || functions[low].BeginAddress > offset) return NULL;
  const RUNTIME_FUNCTION *found = &functions[low];
  /* An entry may stand for another one. */
  return found->UnwindData & 1 ? (const RUNTIME_FUNCTION *)(module->start + (found->UnwindData & ~1u)) : found;
}

/* Every thread begins there, and above it lies nothing. */
static bool is_thread_start(uintptr_t base, const RUNTIME_FUNCTION *function) {
  uintptr_t start = (uintptr_t)&RtlUserThreadStart;
  return start >= base + function->BeginAddress && start < base + function->EndAddress;
}

/* Reads the codes backwards, as the system's unwinder does, with offsets in place of registers: cur is where the stack pointer is from rsp, or
   from rbp once the frame register is what counts. */
static bool read_codes(uintptr_t base, const RUNTIME_FUNCTION *function, uintptr_t return_address, struct recipe *recipe) {
  int64_t cur = 0, rbp_at = 0;
  bool by_rbp = false, saved = false, saved_by_rbp = false;
  for (int depth = 0; depth < MOST_CHAINED; depth++) {
    const struct unwind_info *info = (const struct unwind_info *)(base + function->UnwindData);
    uint64_t offset = return_address - base - function->BeginAddress;
    int64_t frame_offset = (info->frame >> 4) * 16;
    bool has_frame = (info->frame & 15) != 0;
    if (has_frame && (info->frame & 15) != REGISTER_RBP) return false;
    for (uint32_t i = 0; i < info->code_count;) {
      uint16_t code = info->codes[i];
      uint8_t at = code & 255, operation = code >> 8 & 15, operand = code >> 12;
      bool done = depth > 0 || at <= offset;
      uint64_t large = 0;
      uint32_t slots = 1;
      if (operation == SAVE_NONVOL || operation == SAVE_XMM128 || operation == SPARE || (operation == ALLOC_LARGE && operand == 0)) slots = 2;
      else if (operation == SAVE_NONVOL_FAR || operation == SAVE_XMM128_FAR || operation == ALLOC_LARGE) slots = 3;
      if (i + slots > info->code_count) return false;
      if (slots == 2) large = info->codes[i + 1] * 8ull;
      else if (slots == 3) large = info->codes[i + 1] | (uint64_t)info->codes[i + 2] << 16;
      i += slots;
      if (!done || operation == EPILOG) continue;
      switch (operation) {
        case PUSH_NONVOL:
          if (operand == REGISTER_RBP) saved = true, saved_by_rbp = by_rbp, rbp_at = cur;
          cur += 8;
          break;
        case ALLOC_LARGE: cur += (int64_t)large; break;
        case ALLOC_SMALL: cur += operand * 8 + 8; break;
        case SET_FPREG: by_rbp = true, cur = -frame_offset; break;
        case SAVE_NONVOL:
        case SAVE_NONVOL_FAR:
          if (operand == REGISTER_RBP) saved = true, saved_by_rbp = has_frame, rbp_at = (has_frame ? -frame_offset : 0) + (int64_t)large;
          break;
        case SPARE:
        case SAVE_XMM128:
        case SAVE_XMM128_FAR: break;
        default: return false; /* a machine frame, or what is not known here */
      }
    }
    if (!(info->version_flags >> 3 & CHAINED)) {
      int64_t cfa = cur + 8;
      if (saved && saved_by_rbp != by_rbp) return false;
      if (cfa != (int32_t)cfa || (saved && rbp_at - cfa != (int16_t)(rbp_at - cfa))) return false;
      recipe->cfa = (int32_t)cfa;
      recipe->rbp = saved ? (int16_t)(rbp_at - cfa) : 0;
      recipe->flags = (by_rbp ? RECIPE_BY_RBP : 0) | (saved ? RECIPE_RBP_SAVED : 0);
      return true;
    }
    function = (const RUNTIME_FUNCTION *)&info->codes[(info->code_count + 1) & ~1];
  }
  return false;
}

void recipe_make(uintptr_t return_address, struct recipe *recipe) {
  /* A call may be the last instruction of its function. */
  uintptr_t pc = return_address - 1, base;
  struct module module;
  const RUNTIME_FUNCTION *function;
  recipe->pc = return_address;
  recipe->cfa = 0;
  recipe->rbp = 0;
  recipe->flags = RECIPE_STOP;
  if (module_of(pc, &module)) {
    base = module.start;
    function = find_function(&module, pc);
    if (!function) {
      /* Without an entry a function changes no register that counts, not even rsp. */
      recipe->cfa = 8;
      recipe->flags = 0;
      return;
    }
    if (is_thread_start(base, function)) {
      recipe->flags = RECIPE_END;
      return;
    }
  } else {
    /* Code made in memory, if its runtime said how to unwind it. */
    DWORD64 found;
    function = RtlLookupFunctionEntry(pc, &found, NULL);
    if (!function) return;
    base = found;
  }
  if (!read_codes(base, function, return_address, recipe)) recipe->flags = RECIPE_BY_SYSTEM;
}

/* Whether a hook's frame lies above another one on the same stack as a caller of it, not as what was left of one. In doubt it does. */
bool is_called_from(struct thread_state *thread, uintptr_t frame, uintptr_t outer) {
  uintptr_t sp = frame + 16, pc = ((const uintptr_t *)frame)[1], rbp = ((const uintptr_t *)frame)[0];
  while (sp <= outer) {
    struct recipe *recipe = &thread->recipes[(pc * 0x9E3779B97F4A7C15ull) >> 52];
    if (recipe->pc != pc) recipe_make(pc, recipe);
    if (recipe->flags & RECIPE_END) return false;
    if (recipe->flags & (RECIPE_STOP | RECIPE_BY_SYSTEM)) return true;
    uintptr_t cfa = (recipe->flags & RECIPE_BY_RBP ? rbp : sp) + (uintptr_t)(intptr_t)recipe->cfa;
    if (cfa <= sp || cfa > outer + 16) return false;
    if (recipe->flags & RECIPE_RBP_SAVED) rbp = *(const uintptr_t *)(cfa + (uintptr_t)(intptr_t)recipe->rbp);
    pc = *(const uintptr_t *)(cfa - 8);
    sp = cfa;
  }
  return sp == outer + 16;
}

uint32_t walk_by_system(uintptr_t frame, uintptr_t *addresses, uint32_t most, bool *cut) {
  CONTEXT context;
  RtlCaptureContext(&context);
  uintptr_t low = teb_read(TEB_STACK_ALLOCATION), high = teb_read(TEB_STACK_BASE);
  uint32_t count = 0;
  *cut = true;
  while (context.Rsp >= low && context.Rsp < high) {
    bool above = context.Rsp > frame;
    if (above) {
      if (context.Rip < LOWEST_CODE) {
        *cut = false;
        break;
      }
      if (count == most) break;
      addresses[count++] = context.Rip;
    }
    DWORD64 base;
    RUNTIME_FUNCTION *function = RtlLookupFunctionEntry(context.Rip, &base, NULL);
    if (function && is_thread_start(base, function)) {
      *cut = false;
      break;
    }
    if (!function) {
      struct module module;
      if (!module_of(context.Rip, &module)) break;
      context.Rip = *(const uintptr_t *)context.Rsp;
      context.Rsp += 8;
      continue;
    }
    /* For the log of modules too. */
    struct module module;
    module_of(context.Rip, &module);
    void *data;
    DWORD64 establisher;
    RtlVirtualUnwind(UNW_FLAG_NHANDLER, base, context.Rip, function, &context, &data, &establisher, NULL);
  }
  return count;
}
