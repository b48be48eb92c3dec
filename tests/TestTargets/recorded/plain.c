/* A program that allocates in threads and in a child, says so, and ends with 7. For any C library. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void *work(void *unused) {
  long sum = 0;
  (void)unused;
  for (int i = 1; i <= 1000; i++) {
    char *p = malloc((size_t)i);
    memset(p, 1, (size_t)i);
    sum += p[i - 1];
    free(p);
  }
  return (void *)sum;
}

int main(void) {
  pthread_t thread;
  void *sum;
  int status;
  pthread_create(&thread, NULL, work, NULL);
  pthread_join(thread, &sum);
  pid_t pid = fork();
  if (pid == 0) _exit((long)work(NULL) == 1000 ? 0 : 1);
  waitpid(pid, &status, 0);
  printf("%ld and %d\n", (long)sum, status);
  return 7;
}
