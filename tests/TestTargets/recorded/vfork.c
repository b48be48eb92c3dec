/* A program that waits for good until the process has its program that it starts by vfork. */
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(void) {
  if (vfork() == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) pause();
  }
  return 0;
}
