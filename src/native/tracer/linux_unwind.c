/* Recipes from .eh_frame: what the DWARF call frame instructions come to at one return address.
   https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/ehframechpt.html, DWARF 5 section 6.4. */
#include "tracer.h"
#include <string.h>

struct rules {
  int cfa_register;
  int64_t cfa_offset;
  int64_t rbp_offset;
  bool rbp_saved, unknown, outermost;
};

struct reader {
  const uint8_t *at, *end;
};

enum { DW_RSP = 7, DW_RBP = 6, DW_RETURN = 16, MAX_REMEMBERED = 8 };

static uint64_t uleb(struct reader *r) {
  uint64_t value = 0;
  for (int shift = 0; r->at < r->end; shift += 7) {
    uint8_t byte = *r->at++;
    if (shift < 64) value |= (uint64_t)(byte & 127) << shift;
    if (!(byte & 128)) break;
  }
  return value;
}

static int64_t sleb(struct reader *r) {
  uint64_t value = 0;
  int shift = 0;
  uint8_t byte = 0;
  while (r->at < r->end) {
    byte = *r->at++;
    if (shift < 64) value |= (uint64_t)(byte & 127) << shift;
    shift += 7;
    if (!(byte & 128)) break;
  }
  if (shift < 64 && (byte & 64)) value |= -((uint64_t)1 << shift);
  return (int64_t)value;
}

static uint64_t fixed(struct reader *r, unsigned bytes) {
  uint64_t value = 0;
  if ((size_t)(r->end - r->at) < bytes) {
    r->at = r->end;
    return 0;
  }
  memcpy(&value, r->at, bytes);
  r->at += bytes;
  return value;
}

/* A pointer as a DW_EH_PE encoding says; of an indirect one only the place. */
static uintptr_t encoded(struct reader *r, uint8_t encoding, uintptr_t data) {
  uintptr_t at = (uintptr_t)r->at;
  uint64_t value;
  switch (encoding & 15) {
    case 0: case 4: case 12: value = fixed(r, 8); break;
    case 1: value = uleb(r); break;
    case 9: value = (uint64_t)sleb(r); break;
    case 2: value = fixed(r, 2); break;
    case 10: value = (uint64_t)(int64_t)(int16_t)fixed(r, 2); break;
    case 3: value = fixed(r, 4); break;
    case 11: value = (uint64_t)(int64_t)(int32_t)fixed(r, 4); break;
    default: return 0;
  }
  switch (encoding & 0x70) {
    case 0x10: return value + at;
    case 0x30: return value + data;
    default: return value;
  }
}

/* Runs instructions until one that holds for addresses behind pc only. */
static void run(struct reader r, uintptr_t from, uintptr_t pc, uint8_t encoding, uint64_t code_align, int64_t data_align, const struct rules *initial, struct rules *rules) {
  struct rules remembered[MAX_REMEMBERED];
  int depth = 0;
  uintptr_t location = from;
  while (r.at < r.end && !rules->unknown) {
    uint8_t op = *r.at++, low = op & 63;
    uint64_t reg;
    switch (op >> 6) {
      case 1:
        location += low * code_align;
        if (location > pc) return;
        continue;
      case 2: {
        int64_t offset = (int64_t)uleb(&r) * data_align;
        if (low == DW_RBP) rules->rbp_saved = true, rules->rbp_offset = offset;
        continue;
      }
      case 3:
        if (low == DW_RBP && initial) rules->rbp_saved = initial->rbp_saved, rules->rbp_offset = initial->rbp_offset;
        continue;
    }
    switch (op) {
      case 0x00: break;                                                      /* nop */
      case 0x01: location = encoded(&r, encoding, 0); break;                 /* set_loc */
      case 0x02: location += fixed(&r, 1) * code_align; break;               /* advance_loc1 */
      case 0x03: location += fixed(&r, 2) * code_align; break;
      case 0x04: location += fixed(&r, 4) * code_align; break;
      case 0x05: {                                                           /* offset_extended */
        reg = uleb(&r);
        int64_t offset = (int64_t)uleb(&r) * data_align;
        if (reg == DW_RBP) rules->rbp_saved = true, rules->rbp_offset = offset;
        break;
      }
      case 0x06:                                                             /* restore_extended */
        if (uleb(&r) == DW_RBP && initial) rules->rbp_saved = initial->rbp_saved, rules->rbp_offset = initial->rbp_offset;
        break;
      case 0x07:                                                             /* undefined */
        if (uleb(&r) == DW_RETURN) rules->outermost = true;
        break;
      case 0x08:                                                             /* same_value */
        if (uleb(&r) == DW_RBP) rules->rbp_saved = false;
        break;
      case 0x09: uleb(&r), uleb(&r); break;                                  /* register */
      case 0x0a:                                                             /* remember_state */
        if (depth == MAX_REMEMBERED) rules->unknown = true;
        else remembered[depth++] = *rules;
        break;
      case 0x0b:                                                             /* restore_state */
        if (depth > 0) *rules = remembered[--depth];
        break;
      case 0x0c: rules->cfa_register = (int)uleb(&r), rules->cfa_offset = (int64_t)uleb(&r); break;
      case 0x0d: rules->cfa_register = (int)uleb(&r); break;
      case 0x0e: rules->cfa_offset = (int64_t)uleb(&r); break;
      case 0x0f:                                                             /* def_cfa_expression */
        rules->unknown = true;
        break;
      case 0x10: case 0x16: {                                                /* expression, val_expression */
        reg = uleb(&r);
        uint64_t length = uleb(&r);
        if (length > (uint64_t)(r.end - r.at)) length = (uint64_t)(r.end - r.at);
        r.at += length;
        if (reg == DW_RBP || reg == DW_RETURN) rules->unknown = true;
        break;
      }
      case 0x11: {                                                           /* offset_extended_sf */
        reg = uleb(&r);
        int64_t offset = sleb(&r) * data_align;
        if (reg == DW_RBP) rules->rbp_saved = true, rules->rbp_offset = offset;
        break;
      }
      case 0x12: rules->cfa_register = (int)uleb(&r), rules->cfa_offset = sleb(&r) * data_align; break;
      case 0x13: rules->cfa_offset = sleb(&r) * data_align; break;
      case 0x2e: uleb(&r); break;                                            /* GNU_args_size */
      default: rules->unknown = true;
    }
    if (location > pc) return;
  }
}

/* The entry of the sorted table of .eh_frame_hdr that may hold pc. */
static const uint8_t *find_fde(const uint8_t *header, uintptr_t pc) {
  /* Version 1, and the table as every linker writes it: data-relative, four bytes signed. */
  if (header[0] != 1 || header[3] != 0x3b) return NULL;
  struct reader r = {header + 4, header + 4 + 32};
  encoded(&r, header[1], (uintptr_t)header);
  uint64_t count = encoded(&r, header[2], (uintptr_t)header);
  const int32_t *table = (const int32_t *)r.at;
  int64_t wanted = (int64_t)(pc - (uintptr_t)header);
  if (count == 0 || wanted < table[0]) return NULL;
  uint64_t low = 0, high = count;
  while (high - low > 1) {
    uint64_t middle = (low + high) / 2;
    if (table[middle * 2] <= wanted) low = middle;
    else high = middle;
  }
  return header + table[low * 2 + 1];
}

/* Code that a compiler made while the program ran has no entry, nor has what V8 and Go put into their programs' files: they keep frame pointers. */
static void by_frame_pointer(struct recipe *recipe) {
  recipe->cfa = 16;
  recipe->rbp = -16;
  recipe->flags = RECIPE_BY_RBP | RECIPE_RBP_SAVED;
}

void recipe_make(uintptr_t return_address, struct recipe *recipe) {
  /* A call may be the last instruction of its function. */
  uintptr_t pc = return_address - 1;
  const uint8_t *header;
  recipe->pc = return_address;
  recipe->cfa = 0;
  recipe->rbp = 0;
  recipe->flags = RECIPE_STOP;
  const uint8_t *fde = module_of(pc, &header) && header ? find_fde(header, pc) : NULL;
  if (!fde) {
    by_frame_pointer(recipe);
    return;
  }
  uint32_t length = *(const uint32_t *)fde, back = *(const uint32_t *)(fde + 4);
  if (length == 0xffffffffu || back == 0) return;
  const uint8_t *cie = fde + 4 - back;
  uint32_t cie_length = *(const uint32_t *)cie;
  struct reader head = {cie + 9, cie + 4 + cie_length};
  const char *augmentation = (const char *)head.at;
  head.at += strlen(augmentation) + 1;
  uint64_t code_align = uleb(&head);
  int64_t data_align = sleb(&head);
  if (uleb(&head) != DW_RETURN) return;
  uint8_t encoding = 0;
  bool signal = false;
  if (augmentation[0] == 'z') {
    uint64_t bytes = uleb(&head);
    const uint8_t *after = head.at + bytes;
    for (const char *c = augmentation + 1; *c; c++) {
      if (*c == 'R') encoding = *head.at++;
      else if (*c == 'L') head.at++;
      else if (*c == 'P') {
        uint8_t how = *head.at++;
        encoded(&head, how, 0);
      } else if (*c == 'S') signal = true;
    }
    head.at = after;
  } else if (augmentation[0]) return;
  struct reader body = {fde + 8, fde + 4 + length};
  uintptr_t from = encoded(&body, encoding, 0), bytes = encoded(&body, encoding & 15, 0);
  if (pc < from || pc >= from + bytes) {
    by_frame_pointer(recipe);
    return;
  }
  if (signal) {
    recipe->flags = RECIPE_SIGNAL;
    return;
  }
  if (augmentation[0] == 'z') {
    uint64_t skip = uleb(&body);
    body.at += skip;
  }
  struct rules rules = {DW_RSP, 8, 0, false, false, false};
  run(head, 0, UINTPTR_MAX, encoding, code_align, data_align, NULL, &rules);
  struct rules initial = rules;
  run(body, from, pc, encoding, code_align, data_align, &initial, &rules);
  if (rules.outermost) {
    recipe->flags = RECIPE_END;
    return;
  }
  if (rules.unknown || (rules.cfa_register != DW_RSP && rules.cfa_register != DW_RBP) || rules.cfa_offset != (int32_t)rules.cfa_offset
      || (rules.rbp_saved && rules.rbp_offset != (int16_t)rules.rbp_offset))
    return;
  recipe->cfa = (int32_t)rules.cfa_offset;
  recipe->rbp = (int16_t)rules.rbp_offset;
  recipe->flags = (rules.cfa_register == DW_RBP ? RECIPE_BY_RBP : 0) | (rules.rbp_saved ? RECIPE_RBP_SAVED : 0);
}
