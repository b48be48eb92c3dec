/* Memory that is shared with the agent as a file, and the processes that take some of it. */
#pragma once
#include "ring.h"
#include <stdbool.h>
#include <sys/types.h>

struct shared {
  struct ring_header *header;
  int fd;
  ino_t file;
};
/* False when there is no such file, or none that this tracer understands. */
bool shared_open(const char *path, struct shared *shared);
void shared_close(struct shared *shared);

/* From here on this process knows where its children find their memory; false when they are not wanted. */
bool children_know(struct ring_header *root, const char *path);
bool children_known(void);
bool children_is_root(const struct ring_header *header);

/* This process's own memory: the one that it had before its exec (then again is set), or a spare one. Waits for one, but never long; counted when
   there is none. parent is that of the process that forked this one, NULL when its program was just loaded. */
bool children_take(struct ring_header *parent, struct shared *shared, bool *again);
