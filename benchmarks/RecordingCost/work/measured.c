/* Runs a program and writes what it took: seconds of the clock, then of the processor. Linked statically, so that no tracer is loaded into it,
   and what runs a script, which is its first argument: a statically linked program is refused to be recorded, of a script nobody knows.
   Usage: measured SCRIPT FILE INPUT PROGRAM ARGUMENTS... */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int main(int count, char **arguments) {
  if (count < 5) return 2;
  struct timespec from, to;
  struct rusage usage;
  int status = 0;
  clock_gettime(CLOCK_MONOTONIC, &from);
  pid_t child = fork();
  if (child == 0) {
    if (!freopen(arguments[3], "r", stdin)) _exit(126);
    execvp(arguments[4], arguments + 4);
    _exit(127);
  }
  if (child < 0 || wait4(child, &status, 0, &usage) != child) return 2;
  clock_gettime(CLOCK_MONOTONIC, &to);
  FILE *file = fopen(arguments[2], "w");
  if (!file) return 2;
  fprintf(file, "%.6f %.6f\n", (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9,
          (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6);
  fclose(file);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
