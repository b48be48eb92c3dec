/* Breaks its own address space up and knows the outcome. At the start it prints the gaps between ranges that it has reserved:
 *   gap address size
 * Then for each line of input it shows what is the largest block that can still be had in one piece: it maps it whole, finds that
 * not a page more fits on either side, gives it back, and answers
 *   largest address size
 * For the line "halve" it has put a page into the middle of the largest block before. */
#define _GNU_SOURCE
#include "target.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { RANGES = 40 };
static const size_t PAGE = 4 * KIB;
static const size_t USER_END = 0x7ffffffff000;
static char maps[256 * 1024];

struct block {
    size_t start, size;
};

static char *map_there(size_t at, size_t size)
{
    return mmap((void *)at, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
}

static size_t lowest(void)
{
    char text[32] = "";
    int file = open("/proc/sys/vm/mmap_min_addr", O_RDONLY);
    fail_if(file < 0 || read(file, text, sizeof text - 1) <= 0, "mmap_min_addr");
    close(file);
    return strtoul(text, NULL, 10);
}

/* Without stdio, which would take memory while it reads. */
static void read_maps(void)
{
    size_t used = 0;
    ssize_t count;
    int file = open("/proc/self/maps", O_RDONLY);
    fail_if(file < 0, "maps");
    while ((count = read(file, maps + used, sizeof maps - 1 - used)) > 0)
        used += (size_t)count;
    fail_if(count < 0 || used == sizeof maps - 1, "maps");
    maps[used] = 0;
    close(file);
}

static struct block largest_gap(void)
{
    read_maps();
    struct block found = {0, 0};
    size_t end = lowest();
    for (char *line = maps;;) {
        char *rest;
        size_t start = *line ? strtoul(line, &rest, 16) : USER_END;
        start = start < USER_END ? start : USER_END;
        if (start > end && start - end > found.size)
            found = (struct block){end, start - end};
        if (start == USER_END)
            return found;
        end = strtoul(rest + 1, NULL, 16);
        line = strchr(line, '\n') + 1;
    }
}

static void prove(struct block free_block)
{
    char *p = map_there(free_block.start, free_block.size);
    fail_if(p == MAP_FAILED, "map the largest block");
    fail_if(munmap(p, free_block.size) != 0, "munmap");
    /* Below the lowest address only who may do raw I/O gets anything, and nobody should. */
    fail_if(free_block.start > lowest() && map_there(free_block.start - PAGE, PAGE) != MAP_FAILED, "a page below fits");
    fail_if(map_there(free_block.start + free_block.size, PAGE) != MAP_FAILED, "a page above fits");
}

int main(void)
{
    /* A range, a gap, a range and so on; a gap is some pages more than the one before. */
    size_t whole = 0;
    for (size_t i = 0; i < RANGES; i++)
        whole += MIB + (i + 1) * 3 * PAGE;
    char *room = mmap(NULL, whole, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    fail_if(room == MAP_FAILED, "room");
    fail_if(munmap(room, whole) != 0, "munmap");
    size_t at = (size_t)room;
    for (size_t i = 0; i < RANGES; i++) {
        fail_if(map_there(at, MIB) == MAP_FAILED, "range");
        at += MIB;
        if (i + 1 < RANGES)
            printf("gap %#zx %zu\n", at, (i + 1) * 3 * PAGE);
        at += (i + 1) * 3 * PAGE;
    }
    puts("ready");
    fflush(stdout);

    char line[16];
    while (fgets(line, sizeof line, stdin)) {
        struct block largest = largest_gap();
        if (strcmp(line, "halve\n") == 0) {
            fail_if(map_there(largest.start + (largest.size / 2 & ~(PAGE - 1)), PAGE) == MAP_FAILED, "halve");
            largest = largest_gap();
        }
        prove(largest);
        printf("largest %#zx %zu\n", largest.start, largest.size);
        fflush(stdout);
    }
    return 0;
}
