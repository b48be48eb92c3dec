/* Processes that a recorded one starts, when the agent wants them followed. Each takes one of the memories that the agent keeps ready for
   them and tells there, so that also one that lives for a millisecond is recorded whole: after a fork at once, and what was started by
   other ways when its program is loaded. Nothing here allocates, and whatever is missing leaves the process as it is, not recorded. */
#define _GNU_SOURCE
#include "linux_children.h"
#include "tracer.h"
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A process starts seldom enough to wait longer than a thread for room, when the agent says that there will be a spare. */
#define SPARE_WAIT_NS 500000000ull

/* The first page of the memory of the process that was launched, and the folder in which the agent's open files are. */
static struct ring_header *root;
static char files[64];
static size_t files_length;

bool shared_open(const char *path, struct shared *shared) {
  struct stat file;
  long ring = -1;
  shared->header = NULL;
  shared->fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
  if (shared->fd >= 0 && fstat(shared->fd, &file) == 0 && (uint64_t)file.st_size == RING_FILE_BYTES)
    ring = syscall(SYS_mmap, NULL, RING_FIRST_SLOT, PROT_READ | PROT_WRITE, MAP_SHARED, shared->fd, 0);
  if (ring != -1) {
    shared->header = (struct ring_header *)ring;
    shared->file = file.st_ino;
    if (shared->header->magic == RING_MAGIC && shared->header->version == RING_VERSION) return true;
  }
  shared_close(shared);
  return false;
}

void shared_close(struct shared *shared) {
  if (shared->header) syscall(SYS_munmap, shared->header, RING_FIRST_SLOT);
  if (shared->fd >= 0) syscall(SYS_close, shared->fd);
  shared->header = NULL;
  shared->fd = -1;
}

bool children_know(struct ring_header *header, const char *path) {
  const char *end = strrchr(path, '/');
  if (atomic_load(&header->follow) == FOLLOW_NONE || !end || (size_t)(end + 1 - path) > sizeof files - 16) return false;
  files_length = (size_t)(end + 1 - path);
  memcpy(files, path, files_length);
  root = header;
  return true;
}

bool children_known(void) { return root != NULL; }

bool children_is_root(const struct ring_header *header) { return header == root; }

struct identity {
  uint32_t pid, parent;
  uint64_t started;
};

/* By /proc, for that is the agent's: in a namespace of its own a process has another id than the agent knows it by. */
static bool identify(struct identity *own) {
  char text[1024];
  int fd = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/stat", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  ssize_t length = syscall(SYS_read, fd, text, sizeof text - 1);
  syscall(SYS_close, fd);
  if (length <= 0) return false;
  text[length] = 0;
  /* https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: the program's name is in brackets, and may hold any. */
  const char *at = strrchr(text, ')');
  if (!at) return false;
  uint64_t fields[23] = {0};
  for (const char *c = text; *c >= '0' && *c <= '9'; c++) fields[1] = fields[1] * 10 + (uint64_t)(*c - '0');
  for (int field = 2; *at && field < 23; at++) {
    if (*at == ' ') field++;
    else if (*at >= '0' && *at <= '9' && field < 23) fields[field] = fields[field] * 10 + (uint64_t)(*at - '0');
  }
  *own = (struct identity){(uint32_t)fields[1], (uint32_t)fields[4], fields[22]};
  return own->pid != 0;
}

static void tell_program(struct ring_header *ring) {
  ssize_t length = readlink("/proc/self/exe", ring->program, sizeof ring->program - 1);
  if (length < 0) length = 0;
  memset(ring->program + length, 0, sizeof ring->program - (size_t)length);
}

static bool open_spare(uint64_t spare, struct shared *shared) {
  char path[sizeof files + 16], digits[16];
  uint32_t file = (uint32_t)(spare >> RING_SPARE_FILE_SHIFT) - 1;
  size_t length = files_length, count = 0;
  memcpy(path, files, files_length);
  do digits[count++] = (char)('0' + file % 10);
  while (file /= 10);
  while (count) path[length++] = digits[--count];
  path[length] = 0;
  return shared_open(path, shared);
}

/* Taken before, by the program that this process ran until its exec. */
static bool find_own(const struct identity *own, struct shared *shared) {
  for (uint32_t i = 0; i < RING_SPARES; i++) {
    uint64_t spare = atomic_load(&root->spares[i]);
    if ((uint32_t)spare != own->pid || !open_spare(spare, shared)) continue;
    if (atomic_load(&shared->header->pid) == own->pid && shared->header->started == own->started) return true;
    shared_close(shared);
  }
  return false;
}

enum taken { TAKEN, NONE_SPARE, NO_WAY_THERE };

static enum taken take_spare(const struct identity *own, bool forked, struct shared *shared) {
  for (uint32_t i = 0; i < RING_SPARES; i++) {
    /* Not all from the first on: many may come at once. */
    _Atomic uint64_t *at = &root->spares[(i + own->pid * 7) % RING_SPARES];
    uint64_t spare = atomic_load(at), taken = spare | own->pid;
    if (spare == 0 || (uint32_t)spare != 0 || !atomic_compare_exchange_strong(at, &spare, taken)) continue;
    if (!open_spare(spare, shared)) {
      /* The agent is gone, or this process may not open any more files: another one may. */
      atomic_compare_exchange_strong(at, &taken, spare);
      return NO_WAY_THERE;
    }
    shared->header->parent = own->parent;
    shared->header->started = own->started;
    atomic_store(&shared->header->forked, forked);
    tell_program(shared->header);
    atomic_store(&shared->header->pid, own->pid);
    return TAKEN;
  }
  return NONE_SPARE;
}

bool children_take(struct ring_header *parent, struct shared *shared, bool *again) {
  struct identity own;
  shared->header = NULL;
  shared->fd = -1;
  *again = false;
  if (!root || atomic_load(&root->follow) == FOLLOW_NONE || !identify(&own)) return false;
  if (!parent && find_own(&own, shared)) {
    *again = true;
    atomic_store(&shared->header->forked, 0);
    tell_program(shared->header);
    return true;
  }
  uint64_t from = tracer_now_ns(), most = (uint64_t)root->max_wait_us * 1000;
  if (most < SPARE_WAIT_NS) most = SPARE_WAIT_NS;
  enum taken taken;
  while ((taken = take_spare(&own, parent != NULL, shared)) == NONE_SPARE && atomic_load(&root->follow) == FOLLOW_SPARES) {
    if (tracer_now_ns() - from >= most) {
      /* Nobody else has to wait in vain: an agent that lives says so again. */
      uint32_t spares = FOLLOW_SPARES;
      atomic_compare_exchange_strong(&root->follow, &spares, FOLLOW_FULL);
      break;
    }
    tracer_pause();
  }
  if (taken == TAKEN) return true;
  /* When nobody is followed any more it is no loss. */
  if (atomic_load(&root->follow) != FOLLOW_NONE) atomic_fetch_add(&(parent ? parent : root)->not_followed, 1);
  return false;
}
