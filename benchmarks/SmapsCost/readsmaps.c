/* What reading smaps costs at least: opens /proc/PID/smaps and reads it to its end, and prints the milliseconds, of the clock and of
 * the processor, for each line of input anew. Nothing is parsed. */
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static double now_ms(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

int main(int count, char **arguments)
{
    static char buffer[64 * 1024];
    char path[64], line[16];
    if (count != 2) {
        fprintf(stderr, "usage: readsmaps PID\n");
        return 2;
    }
    snprintf(path, sizeof path, "/proc/%s/smaps", arguments[1]);
    while (fgets(line, sizeof line, stdin) != NULL) {
        double start = now_ms(CLOCK_MONOTONIC), cpu = now_ms(CLOCK_THREAD_CPUTIME_ID);
        int file = open(path, O_RDONLY);
        long total = 0, got;
        while ((got = read(file, buffer, sizeof buffer)) > 0)
            total += got;
        close(file);
        printf("%.3f %.3f %ld\n", now_ms(CLOCK_MONOTONIC) - start, now_ms(CLOCK_THREAD_CPUTIME_ID) - cpu, total);
        fflush(stdout);
        if (file < 0 || got < 0)
            return 1;
    }
    return 0;
}
