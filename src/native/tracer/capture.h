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

/* Two chains, so that the multiplications overlap. The offsets are few hundred bytes apart, so the loads run ahead. */
static inline uint64_t layout_hash(const struct layout *layout, uintptr_t base) {
  const int32_t *at = layout->at;
  uint32_t frames = layout->frames, i = 0;
  uint64_t h1 = frames, h2 = 0x8EBC6AF09C88C6E3ull;
  for (; i + 1 < frames; i += 2) {
    h1 = (h1 ^ *(const uintptr_t *)(base + at[i])) * 0x9E3779B97F4A7C15ull;
    h2 = (h2 ^ *(const uintptr_t *)(base + at[i + 1])) * 0xD6E8FEB86659FD93ull;
    h1 ^= h1 >> 29;
    h2 ^= h2 >> 31;
  }
  if (i < frames) h1 = mix(h1, *(const uintptr_t *)(base + at[i]));
  for (uint32_t j = 0; j < layout->saved; j++) h2 = mix(h2, *(const uintptr_t *)(base + at[frames + j]) - base);
  return mix(h1, h2);
}

/* The number of the stack that leads here. frame is the hook's own: its caller's rbp, then the return address. */
static inline uint32_t capture(struct thread_state *thread, uintptr_t frame) {
  uintptr_t key = layout_key(frame);
  struct layout *layout = &thread->layouts[key & (LAYOUTS - 1)];
  /* What lies above this frame must be of the stack that we know: then the loads cannot fault. */
  if (likely(layout->key == key && layout->frames && thread->epoch == atomic_load_explicit(&tracer_epoch, memory_order_relaxed)
             && frame >= thread->stack_low && frame + 24 + (uintptr_t)layout->top <= thread->stack_high)) {
    uint64_t hash = layout_hash(layout, frame + 16);
    if (likely(hash == layout->last_hash)) return layout->last_number;
    uint32_t mask = thread->stack_room - 1;
    for (uint32_t i = (uint32_t)(hash >> 32) & mask;; i = (i + 1) & mask) {
      if (thread->set[i].hash == hash) {
        layout->last_hash = hash;
        return layout->last_number = thread->set[i].number;
      }
      if (thread->set[i].number == 0) break;
    }
  }
  return capture_slow(thread, frame, layout, key);
}
