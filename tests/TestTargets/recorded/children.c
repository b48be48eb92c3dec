/* A program whose processes know what each of them allocates. Usage: children SCENARIO [NUMBER]. Each process writes lines
   "site PID/FUNCTION BLOCKS BYTES FREED-BLOCKS FREED-BYTES" of what it did since its fork or exec, and "parent PID PARENT". */
#define _GNU_SOURCE
#include <malloc.h>
#include <pthread.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static long blocks, bytes, freed_blocks, freed_bytes;
static char self[4096];
static char *const *environment;

#define SITE __attribute__((noinline, noclone)) static
SITE void *plain(size_t size) {
  void *p = malloc(size);
  if (!p) _exit(3);
  memset(p, 1, size);
  blocks++;
  bytes += (long)size;
  return p;
}
static void release(void *p, size_t size) {
  freed_blocks++;
  freed_bytes += (long)size;
  free(p);
}
/* By system call, as one that nobody's other line comes into; nothing of it allocates. */
static void say(const char *text) {
  if (write(1, text, strlen(text)) < 0) _exit(4);
}
static void report(pid_t pid, pid_t parent) {
  char text[256];
  snprintf(text, sizeof text, "site %d/plain %ld %ld %ld %ld\nparent %d %d\n", (int)pid, blocks, bytes, freed_blocks, freed_bytes, (int)pid, (int)parent);
  say(text);
}
static void begin(void) { blocks = bytes = freed_blocks = freed_bytes = 0; }
static void work(int count) {
  for (int i = 1; i <= count; i++) {
    void *p = plain((size_t)i);
    if (i % 3) release(p, (size_t)i);
  }
}
static void await(pid_t pid) {
  int status;
  if (waitpid(pid, &status, 0) != pid || status != 0) {
    say("a child failed\n");
    _exit(5);
  }
}
/* What it still has is gone with its exec. */
static void exec(const char *scenario, const char *number) {
  freed_blocks = blocks;
  freed_bytes = bytes;
  report(getpid(), getppid());
  execl(self, "children", scenario, number, (char *)NULL);
  _exit(6);
}
static void leave(void) {
  report(getpid(), getppid());
  _exit(0);
}

static void forked(int count) {
  void *kept = plain(1000);
  for (int i = 1; i <= count; i++) {
    pid_t pid = fork();
    if (pid == 0) {
      begin();
      free(kept); /* that its parent made */
      work(i);
      leave();
    }
    work(3);
    await(pid);
  }
}
static void executed(int count) {
  for (int i = 1; i <= count; i++) {
    pid_t pid = fork();
    if (pid == 0) {
      begin();
      work(i);
      exec("leaf", "7");
    }
    await(pid);
  }
}
static void spawned(int count) {
  for (int i = 1; i <= count; i++) {
    pid_t pid;
    if (i % 2) {
      char *arguments[] = {"children", "leaf", "11", NULL};
      if (posix_spawn(&pid, self, NULL, NULL, arguments, environment) != 0) _exit(7);
    } else if ((pid = vfork()) == 0) {
      execl(self, "children", "leaf", "12", (char *)NULL);
      _exit(6);
    }
    await(pid);
  }
}
static void descend(int depth) {
  work(depth);
  if (depth == 0) return;
  pid_t pid = fork();
  if (pid == 0) {
    begin();
    if (depth % 2) exec("descend", depth == 5 ? "4" : depth == 3 ? "2" : "0");
    descend(depth - 1);
    leave();
  }
  await(pid);
}
static void twice(int count) {
  pid_t pid = fork();
  if (pid == 0) {
    begin();
    work(count);
    exec("once", "5");
  }
  await(pid);
}
/* Ends at once, without a word: its parent knows what it did. */
static void quick(int count) {
  for (int i = 1; i <= count; i++) {
    pid_t pid = fork();
    if (pid == 0) {
      plain((size_t)i);
      _exit(0);
    }
    char text[256];
    snprintf(text, sizeof text, "site %d/plain 1 %d 0 0\nparent %d %d\n", (int)pid, i, (int)pid, (int)getpid());
    say(text);
    if (i % 20 == 0 || i == count)
      while (waitpid(-1, NULL, 0) > 0) continue;
  }
}
/* A child that has what its parent allocated, and says so: "block ADDRESS USABLE-BYTES" of each. It frees every second of them when the file is there. */
static void inherit(int count, const char *file) {
  void **all = malloc(sizeof *all * (size_t)count);
  for (int i = 0; i < count; i++) all[i] = plain(i % 500 == 7 ? 300000 : 24 + (size_t)i % 3000);
  for (int i = 0; i < count; i += 3) free(all[i]), all[i] = NULL;
  pid_t pid = fork();
  if (pid == 0) {
    char text[64];
    begin();
    snprintf(text, sizeof text, "block %lx %zu\n", (unsigned long)all, malloc_usable_size(all));
    say(text);
    for (int i = 0; i < count; i++) {
      if (!all[i]) continue;
      snprintf(text, sizeof text, "block %lx %zu\n", (unsigned long)all[i], malloc_usable_size(all[i]));
      say(text);
    }
    say("told\n");
    work(10);
    while (access(file, F_OK) != 0) usleep(1000);
    for (int i = 0; i < count; i += 2) free(all[i]);
    leave();
  }
  await(pid);
}
static _Atomic int going = 1;
static void *churns(void *unused) {
  (void)unused;
  while (atomic_load(&going)) free(malloc(100));
  return NULL;
}
static void *works(void *unused) {
  (void)unused;
  for (int i = 0; i < 1000; i++) free(malloc(50));
  return NULL;
}
/* Forks while other threads allocate, children that have threads themselves. */
static void threads(int count) {
  pthread_t other[2], own;
  for (int i = 0; i < 2; i++) pthread_create(&other[i], NULL, churns, NULL);
  for (int i = 1; i <= count; i++) {
    pid_t pid = fork();
    if (pid == 0) {
      begin();
      if (pthread_create(&own, NULL, works, NULL) != 0) _exit(8);
      work(i);
      pthread_join(own, NULL);
      leave();
    }
    work(2);
    await(pid);
  }
  atomic_store(&going, 0);
  for (int i = 0; i < 2; i++) pthread_join(other[i], NULL);
}
/* So many at once, each until its parent lets it go. */
static void together(int count) {
  int hold[2];
  pid_t all[1024];
  if (count > 1024 || pipe(hold) != 0) _exit(9);
  for (int i = 0; i < count; i++) {
    all[i] = fork();
    if (all[i] == 0) {
      char end;
      begin();
      close(hold[1]);
      work(i + 1);
      if (read(hold[0], &end, 1) != 0) _exit(10);
      leave();
    }
  }
  close(hold[1]);
  for (int i = 0; i < count; i++) await(all[i]);
}

int main(int count, char **arguments, char **environ_given) {
  environment = environ_given;
  ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
  if (count < 2 || length < 0) return 2;
  const char *scenario = arguments[1];
  int number = count > 2 ? atoi(arguments[2]) : 0;
  if (strcmp(scenario, "fork") == 0) forked(number);
  else if (strcmp(scenario, "exec") == 0) executed(number);
  else if (strcmp(scenario, "spawn") == 0) spawned(number);
  else if (strcmp(scenario, "descend") == 0) descend(number);
  else if (strcmp(scenario, "twice") == 0) twice(number);
  else if (strcmp(scenario, "quick") == 0) quick(number);
  else if (strcmp(scenario, "threads") == 0) threads(number);
  else if (strcmp(scenario, "together") == 0) together(number);
  else if (strcmp(scenario, "inherit") == 0 && count > 3) inherit(number, arguments[3]);
  else if (strcmp(scenario, "system") == 0) {
    char command[3 * sizeof self];
    snprintf(command, sizeof command, "'%s' leaf %d; '%s' leaf 2 | cat", self, number, self);
    work(4);
    if (system(command) != 0) return 11;
  } else if (strcmp(scenario, "once") == 0) {
    work(number);
    exec("leaf", "9");
  } else if (strcmp(scenario, "leaf") == 0) work(number);
  else if (strcmp(scenario, "gone") == 0) {
    /* When it is told that nobody reads any more. */
    char go;
    say("ready\n");
    if (read(0, &go, 1) != 1) return 12;
    forked(number);
    executed(number);
  } else return 2;
  report(getpid(), getppid());
  return 0;
}
