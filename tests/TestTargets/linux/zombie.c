/* Leaves a child that has ended without taking note of it, and prints "child PID". */
#define _GNU_SOURCE
#include "target.h"

#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    pid_t child = fork();
    fail_if(child < 0, "fork");
    if (child == 0)
        _exit(0);
    siginfo_t info;
    fail_if(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) != 0, "waitid");
    printf("child %d\n", (int)child);
    stay_until_input_ends();
    return 0;
}
