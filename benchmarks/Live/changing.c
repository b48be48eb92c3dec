/* Has COUNT neighbouring mappings of 1 to 16 pages, every second one only for reading, so the kernel joins none; some of their pages
 * are in memory. For each line of input the next CHANGED of the writable ones change: their first page appears, or goes again.
 * Answers each line when it is done. */
#define _GNU_SOURCE
#include "target.h"

#include <sys/mman.h>

/* The same numbers in each run. */
static unsigned int next_random(void)
{
    static unsigned int state = 1;
    return (state = state * 1664525u + 1013904223u) >> 16;
}

int main(int count, char **arguments)
{
    char line[16];
    if (count != 3) {
        fprintf(stderr, "usage: changing COUNT CHANGED\n");
        return 2;
    }
    size_t regions = strtoul(arguments[1], NULL, 10) & ~1ul;
    size_t changed = strtoul(arguments[2], NULL, 10);
    size_t pages = 0, next = 1;
    size_t *sizes = calloc(regions + 1, sizeof *sizes);
    char **starts = calloc(regions + 1, sizeof *starts);
    char *touched = calloc(regions + 1, 1);
    fail_if(sizes == NULL || starts == NULL || touched == NULL, "calloc");
    for (size_t i = 0; i < regions; i++)
        pages += sizes[i] = 1 + next_random() % 16;
    char *p = mmap(NULL, pages * 4 * KIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    fail_if(p == MAP_FAILED, "mmap");
    fail_if(madvise(p, pages * 4 * KIB, MADV_NOHUGEPAGE) != 0, "madvise");
    for (size_t i = 0; i < regions; p += sizes[i++] * 4 * KIB) {
        starts[i] = p;
        /* Half of them hold something, up to all of their pages. */
        for (size_t page = next_random() % 2 ? next_random() % (sizes[i] + 1) : 0; page > 0; page--)
            p[(page - 1) * 4 * KIB] = touched[i] = 1;
        if (i % 2 == 0)
            fail_if(mprotect(p, sizes[i] * 4 * KIB, PROT_READ) != 0, "mprotect");
    }
    puts("ready");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL) {
        for (size_t i = 0; i < changed; i++, next = (next + 2) % regions) {
            if (touched[next])
                fail_if(madvise(starts[next], 4 * KIB, MADV_DONTNEED) != 0, "madvise");
            else
                *starts[next] = 1;
            touched[next] = !touched[next];
        }
        puts("done");
        fflush(stdout);
    }
    return 0;
}
