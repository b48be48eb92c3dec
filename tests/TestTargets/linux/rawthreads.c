/* Starts COUNT threads without the thread library, as some runtimes do: nothing in memory tells of them. Each sleeps in the kernel on
 * a stack with a guard below it. Prints "raw TID ADDRESS", the address being one on the thread's stack. */
#define _GNU_SOURCE
#include "target.h"

#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Shares the first thread's thread-local storage: so no library function but the bare system call. */
static int sleep_for_ever(void *unused)
{
    (void)unused;
    while (syscall(SYS_pause) != 0)
        continue;
    return 0;
}

int main(int count, char **arguments)
{
    long threads = count > 1 ? atol(arguments[1]) : 4;
    size_t size = 128 * KIB;
    for (long i = 0; i < threads; i++) {
        char *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        fail_if(stack == MAP_FAILED || mprotect(stack, 4 * KIB, PROT_NONE) != 0, "mmap");
        int tid = clone(sleep_for_ever, stack + size,
                        CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM, NULL);
        fail_if(tid < 0, "clone");
        char path[64], text[256] = "";
        snprintf(path, sizeof path, "/proc/self/task/%d/syscall", tid);
        do {
            FILE *file = fopen(path, "r");
            fail_if(file == NULL || fgets(text, sizeof text, file) == NULL, path);
            fclose(file);
        } while (atoi(text) != SYS_pause);
        printf("raw %d %p\n", tid, (void *)(stack + size - 64));
    }
    stay_until_input_ends();
    _exit(0);
}
