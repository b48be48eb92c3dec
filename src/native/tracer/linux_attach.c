/* What the agent has a thread of a running process call. The numbers come from another program: they are its, not this one's. */
#include "linux_attach.h"
#include "ring.h"
#include "tracer.h"

#define ENTRY __attribute__((visibility("default"), used))

/* By which an agent knows a tracer that was left in a process as its own kind. */
ENTRY const uint32_t webvmmap_tracer_version = RING_VERSION;

ENTRY int64_t webvmmap_attach(uint64_t max_wait_us, uint64_t max_frames, uint64_t sample_bytes, uint64_t take_over, uint64_t file_from) {
  int error = tracer_error();
  uint32_t busy = tracer_busy;
  tracer_busy = 2;
  int64_t result = tracer_attach((uint32_t)max_wait_us, (uint32_t)max_frames, sample_bytes, take_over != 0, (uint32_t)file_from);
  tracer_busy = busy;
  tracer_restore_error(error);
  return result;
}

ENTRY int64_t webvmmap_detach(void) {
  int error = tracer_error();
  uint32_t busy = tracer_busy;
  tracer_busy = 2;
  tracer_detach();
  tracer_busy = busy;
  tracer_restore_error(error);
  return 0;
}
