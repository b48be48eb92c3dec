/* The log of modules, by which the agent knows what lies where. Written under the lock of whoever knows the modules. */
#include "tracer.h"
#include <string.h>

void log_append(uint32_t kind, uintptr_t bias, uintptr_t start, uintptr_t end, const uint8_t *build_id, uint32_t build_id_bytes, const char *path, size_t path_bytes) {
  uint32_t bytes = (uint32_t)((sizeof(struct log_entry) + build_id_bytes + path_bytes + 7) & ~7ull);
  uint64_t length = atomic_load_explicit(&tracer_ring->log_length, memory_order_relaxed);
  if (length + bytes > RING_LOG_BYTES) return; /* full: what is not in it has no module */
  struct log_entry entry = {bytes, kind, bias, start, end, build_id_bytes, (uint32_t)path_bytes};
  uint8_t *to = (uint8_t *)tracer_ring + RING_HEADER_BYTES + length;
  memcpy(to, &entry, sizeof entry);
  if (build_id_bytes) memcpy(to + sizeof entry, build_id, build_id_bytes);
  memcpy(to + sizeof entry + build_id_bytes, path, path_bytes);
  atomic_store_explicit(&tracer_ring->log_length, length + bytes, memory_order_release);
}

uint32_t modules_log_length(void) { return (uint32_t)atomic_load_explicit(&tracer_ring->log_length, memory_order_acquire); }
