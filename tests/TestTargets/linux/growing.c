/* Grows as its input says, a line at a time, and answers with what the C library itself tells of it:
     leak COUNT BYTES   keeps so many more blocks; answers "heap BYTES-THAT-MALLOC-HAS-FROM-THE-SYSTEM"
     load LIBRARY       loads it; answers "loaded BYTES-OF-ADDRESS-SPACE" */
#define _GNU_SOURCE
#include "target.h"

#include <dlfcn.h>
#include <link.h>
#include <malloc.h>
#include <stdint.h>
#include <string.h>

static const char *wanted;

static int add_up(struct dl_phdr_info *library, size_t size, void *bytes)
{
    uintptr_t low = UINTPTR_MAX, high = 0;
    (void)size;
    if (strstr(library->dlpi_name, wanted) == NULL)
        return 0;
    for (int i = 0; i < library->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &library->dlpi_phdr[i];
        if (part->p_type != PT_LOAD)
            continue;
        uintptr_t start = library->dlpi_addr + part->p_vaddr, end = start + part->p_memsz;
        low = start < low ? start : low;
        high = end > high ? end : high;
    }
    *(size_t *)bytes = ((high + 4 * KIB - 1) & ~(4 * KIB - 1)) - (low & ~(4 * KIB - 1));
    return 1;
}

static void leak(size_t count, size_t bytes)
{
    for (; count > 0; count--) {
        char *block = malloc(bytes);
        fail_if(block == NULL, "malloc");
        memset(block, 1, bytes);
    }
    struct mallinfo2 heap = mallinfo2();
    printf("heap %zu\n", heap.arena + heap.hblkhd);
}

static void load(const char *library)
{
    size_t bytes = 0;
    wanted = library;
    if (dlopen(library, RTLD_NOW) == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    dl_iterate_phdr(add_up, &bytes);
    printf("loaded %zu\n", bytes);
}

int main(void)
{
    char line[256], library[200];
    size_t count, bytes;
    /* A first block of its own: where the next ones lie, the kernel joins them with it and not with something else. */
    leak(1, MIB);
    puts("ready");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (sscanf(line, "leak %zu %zu", &count, &bytes) == 2)
            leak(count, bytes);
        else if (sscanf(line, "load %199s", library) == 1)
            load(library);
        else
            return 2;
        fflush(stdout);
    }
    return 0;
}
