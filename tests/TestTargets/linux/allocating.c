/* Knows how much it has allocated, by whichever malloc it was given. For each line of input three threads allocate and write 4 MiB in
 * blocks of 64 bytes, 8 MiB in blocks of 10,000 bytes and 12 MiB in blocks of 3 MiB each, and keep them; the answer is
 *   allocated bytes address size address size ...
 * with the bytes of all blocks, and some of the blocks of each size and thread. */
#define _GNU_SOURCE
#include "target.h"

#include <pthread.h>
#include <string.h>

enum { THREADS = 3, SIZES = 3 };
static const struct {
    size_t size, together;
} sizes[SIZES] = {{64, 4 * MIB}, {10000, 8 * MIB}, {3 * MIB, 12 * MIB}};

static pthread_barrier_t begin, end;
static struct {
    char *first, *last;
    size_t bytes;
} made[THREADS][SIZES];

static void *run(void *argument)
{
    long number = (long)argument;
    for (;;) {
        pthread_barrier_wait(&begin);
        for (int i = 0; i < SIZES; i++) {
            made[number][i].first = NULL;
            made[number][i].bytes = 0;
            for (size_t have = 0; have + sizes[i].size <= sizes[i].together; have += sizes[i].size) {
                char *block = malloc(sizes[i].size);
                fail_if(block == NULL, "malloc");
                memset(block, 1, sizes[i].size);
                made[number][i].first = made[number][i].first ? made[number][i].first : block;
                made[number][i].last = block;
                made[number][i].bytes += sizes[i].size;
            }
        }
        pthread_barrier_wait(&end);
    }
    return NULL;
}

int main(void)
{
    char line[16];
    pthread_barrier_init(&begin, NULL, THREADS + 1);
    pthread_barrier_init(&end, NULL, THREADS + 1);
    for (long i = 0; i < THREADS; i++) {
        pthread_t thread;
        fail_if(pthread_create(&thread, NULL, run, (void *)i) != 0, "pthread_create");
    }
    puts("ready");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        size_t bytes = 0;
        pthread_barrier_wait(&begin);
        pthread_barrier_wait(&end);
        for (int i = 0; i < THREADS * SIZES; i++)
            bytes += made[i / SIZES][i % SIZES].bytes;
        printf("allocated %zu", bytes);
        for (int i = 0; i < THREADS * SIZES; i++)
            printf(" %p %zu %p %zu", (void *)made[i / SIZES][i % SIZES].first, sizes[i % SIZES].size,
                (void *)made[i / SIZES][i % SIZES].last, sizes[i % SIZES].size);
        puts("");
        fflush(stdout);
    }
    return 0;
}
