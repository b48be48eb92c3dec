/* Has COUNT neighbouring mappings over MEGABYTES of touched memory: every second one may only be read, so the kernel joins none. */
#define _GNU_SOURCE
#include "target.h"

#include <sys/mman.h>

int main(int count, char **arguments)
{
    if (count != 3) {
        fprintf(stderr, "usage: manyregions COUNT MEGABYTES\n");
        return 2;
    }
    size_t regions = strtoul(arguments[1], NULL, 10);
    size_t bytes = strtoul(arguments[2], NULL, 10) * MIB;
    size_t each = regions == 0 ? 0 : bytes / regions & ~(4 * KIB - 1);
    if (each < 4 * KIB)
        each = 4 * KIB;
    char *p = mmap(NULL, each * regions, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    fail_if(p == MAP_FAILED, "mmap");
    fail_if(madvise(p, each * regions, MADV_NOHUGEPAGE) != 0, "madvise");
    for (size_t i = 0; bytes != 0 && i < each * regions; i += 4 * KIB)
        p[i] = 1;
    for (size_t i = 0; i < regions; i += 2)
        fail_if(mprotect(p + i * each, each, PROT_READ) != 0, "mprotect");
    printf("regions %p %zu %zu\n", (void *)p, each, regions);
    stay_until_input_ends();
    return 0;
}
