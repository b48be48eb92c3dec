/* The fast half of taking a stack: inlined into the hooks. */
#pragma once
#include "tracer.h"

static inline uint64_t mix(uint64_t hash, uint64_t value) {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15ull;
  return hash ^ (hash >> 32);
}

static inline uintptr_t layout_key(uintptr_t frame) {
  uintptr_t key = ((uintptr_t *)frame)[1] * 0x9E3779B97F4A7C15ull ^ (frame + 16) * 0xBF58476D1CE4E5B9ull;
  return key ^ (key >> 29);
}

static inline uint32_t by_fours(uint32_t frames) { return (frames + 3) & ~3u; }

/* Four chains, so that the multiplications overlap. The offsets are few hundred bytes apart, so the loads run ahead. */
static inline uint64_t layout_hash(const struct layout *layout, uintptr_t base) {
  const int32_t *at = layout->at, *end = at + by_fours(layout->frames);
  uint64_t h1 = layout->frames, h2 = 0x8EBC6AF09C88C6E3ull, h3 = 0x589965CC75374CC3ull, h4 = 0x1D8E4E27C47D124Full;
  for (; at < end; at += 4) {
    h1 = (h1 ^ *(const uintptr_t *)(base + at[0])) * 0x9E3779B97F4A7C15ull;
    h2 = (h2 ^ *(const uintptr_t *)(base + at[1])) * 0xD6E8FEB86659FD93ull;
    h3 = (h3 ^ *(const uintptr_t *)(base + at[2])) * 0xE7037ED1A0B428DBull;
    h4 = (h4 ^ *(const uintptr_t *)(base + at[3])) * 0xA0761D6478BD642Full;
    h1 = h1 << 32 | h1 >> 32;
    h2 = h2 << 32 | h2 >> 32;
    h3 = h3 << 32 | h3 >> 32;
    h4 = h4 << 32 | h4 >> 32;
  }
  for (uint32_t j = 0; j < layout->saved; j++) h2 = mix(h2, *(const uintptr_t *)(base + at[j]) - base);
  return mix(mix(h1, h2), mix(h3, h4));
}

/* The number of the stack when it lies as this layout says and was told before; else 0. */
static inline uint32_t known_stack(struct thread_state *thread, struct layout *layout, uintptr_t frame) {
  /* What lies above this frame must be of the stack that we know: then the loads cannot fault. */
  if (unlikely(frame < thread->stack_low || frame + 24 + (uintptr_t)layout->top > thread->stack_high)) return 0;
  uint64_t hash = layout_hash(layout, frame + 16);
  if (likely(hash == layout->last_hash)) return layout->last_number;
  uint32_t mask = thread->stack_room - 1;
  for (uint32_t i = (uint32_t)(hash >> 32) & mask; thread->set[i].number; i = (i + 1) & mask) {
    if (thread->set[i].hash == hash) {
      layout->last_hash = hash;
      return layout->last_number = thread->set[i].number;
    }
  }
  return 0;
}

/* The number of the stack that leads here. frame is the hook's own: its caller's rbp, then the return address. */
static inline uint32_t capture(struct thread_state *thread, uintptr_t frame) {
  uintptr_t key = layout_key(frame);
  struct layout *ways = thread->layouts[key & (LAYOUTS - 1)];
  if (likely(ways->key == key && ways->frames && thread->epoch == atomic_load_explicit(&tracer_epoch, memory_order_relaxed))) {
    uint32_t number = known_stack(thread, ways, frame);
    if (likely(number)) return number;
  }
  return capture_slow(thread, frame, ways, key);
}
