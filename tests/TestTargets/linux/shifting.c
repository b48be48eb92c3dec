/* Has 300 mappings that stay, and below them in the address space others that come and go: for each line of input, "come" maps 5 more
 * and "go" takes all of those away. It answers with how many there are now: "below COUNT". Every mapping has a hole on both sides, so
 * that the kernel joins none with its neighbours. At the start it prints where those that stay begin: "stays ADDRESS". */
#define _GNU_SOURCE
#include "target.h"

#include <string.h>
#include <sys/mman.h>

enum { STAY = 300, COME = 5, MOST = 400 };
static const size_t PAGE = 4 * KIB;

static void map_page(char *at)
{
    char *p = mmap(at, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    fail_if(p != at, "mmap");
    *p = 1;
}

int main(void)
{
    size_t whole = (size_t)(MOST + STAY) * 2 * PAGE;
    char *room = mmap(NULL, whole + 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    fail_if(room == MAP_FAILED, "room");
    fail_if(munmap(room, whole + 2 * PAGE) != 0, "munmap");
    room += PAGE;
    char *stays = room + (size_t)MOST * 2 * PAGE;
    for (size_t i = 0; i < STAY; i++)
        map_page(stays + i * 2 * PAGE);
    printf("stays %p\n", (void *)stays);
    puts("ready");
    fflush(stdout);

    size_t below = 0;
    char line[16];
    while (fgets(line, sizeof line, stdin)) {
        if (strcmp(line, "come\n") == 0) {
            for (size_t i = 0; i < COME && below < MOST; i++, below++)
                map_page(room + below * 2 * PAGE);
        } else {
            for (; below > 0; below--)
                fail_if(munmap(room + (below - 1) * 2 * PAGE, PAGE) != 0, "munmap");
        }
        printf("below %zu\n", below);
        fflush(stdout);
    }
    return 0;
}
