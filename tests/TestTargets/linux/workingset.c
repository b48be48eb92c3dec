/* Touches SIZE bytes of a mapped file, as much with no file behind it, and 64 KiB that it locks, and prints where they are:
 * "file ADDRESS", "anonymous ADDRESS", "locked ADDRESS". */
#define _GNU_SOURCE
#include "target.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static char *map(size_t size, int flags, int file)
{
    char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, file, 0);
    fail_if(memory == MAP_FAILED, "mmap");
    return memory;
}

int main(int count, char **arguments)
{
    fail_if(count != 3, "usage: workingset FILE SIZE");
    size_t size = (size_t)atol(arguments[2]);
    int file = open(arguments[1], O_RDWR | O_CREAT | O_TRUNC, 0600);
    fail_if(file < 0 || ftruncate(file, (off_t)size) != 0, arguments[1]);
    char *mapped = map(size, MAP_SHARED, file);
    memset(mapped, 1, size);
    /* A page that is written to its file already can go at once. */
    fail_if(msync(mapped, size, MS_SYNC) != 0, "msync");
    char *anonymous = map(size, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    memset(anonymous, 1, size);
    char *locked = map(64 * KIB, MAP_SHARED | MAP_ANONYMOUS, -1);
    fail_if(mlock(locked, 64 * KIB) != 0, "mlock");
    printf("file %p\nanonymous %p\nlocked %p\n", (void *)mapped, (void *)anonymous, (void *)locked);
    stay_until_input_ends();
    return 0;
}
