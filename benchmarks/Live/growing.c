/* Allocates and frees blocks of 64 stacks, PAIRS a second of them, and keeps none. From when GO exists it also keeps 16 MiB more, STEPS
 * times, 600 to 1,000 ms apart, and writes the moment of each, in milliseconds since 1970, as a line of TOLD. Ends three seconds later. */
#define _GNU_SOURCE
#include "target.h"

#include <time.h>
#include <unistd.h>

#define STEP (16 * 1024 * KIB)

static double clock_ms(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* The same numbers in each run. */
static unsigned int next_random(void)
{
    static unsigned int state = 1;
    return (state = state * 1664525u + 1013904223u) >> 16;
}

static __attribute__((noinline)) void churn(unsigned int depth)
{
    if (depth > 0) {
        churn(depth - 1);
    } else {
        void *p = malloc(16 + next_random() % 4096);
        /* Or the compiler leaves both out. */
        __asm__ volatile("" ::"r"(p) : "memory");
        free(p);
    }
    __asm__ volatile("" ::: "memory");
}

static __attribute__((noinline)) void *keep(void)
{
    void *kept = malloc(STEP);
    fail_if(kept == NULL, "malloc");
    return kept;
}

int main(int count, char **arguments)
{
    if (count != 5) {
        fprintf(stderr, "usage: growing TOLD GO STEPS PAIRS\n");
        return 2;
    }
    FILE *told = fopen(arguments[1], "w");
    fail_if(told == NULL, arguments[1]);
    unsigned long steps = strtoul(arguments[3], NULL, 10), done = 0, pairs = strtoul(arguments[4], NULL, 10) / 1000;
    double from = clock_ms(CLOCK_MONOTONIC), next = 0, end = 0;
    for (unsigned long ms = 1; end == 0 || ms < end; ms++) {
        for (unsigned long i = 0; i < pairs; i++)
            churn(next_random() % 64);
        if (next == 0 && ms % 50 == 0 && access(arguments[2], F_OK) == 0)
            next = ms + 500;
        if (next > 0 && done < steps && ms >= next) {
            double now = clock_ms(CLOCK_REALTIME);
            void *kept = keep();
            __asm__ volatile("" ::"r"(kept) : "memory");
            fprintf(told, "%.3f\n", now);
            next = ms + 600 + next_random() % 400;
            if (++done == steps)
                end = ms + 3000;
        }
        double left = from + (double)ms - clock_ms(CLOCK_MONOTONIC);
        if (left > 0) {
            struct timespec pause = { 0, (long)(left * 1e6) };
            nanosleep(&pause, NULL);
        } else {
            /* Behind: not made up for in a burst. */
            from -= left;
        }
    }
    return fclose(told) == 0 ? 0 : 1;
}
