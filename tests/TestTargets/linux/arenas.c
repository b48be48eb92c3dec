/* Allocates from several threads, so that glibc makes arenas, and prints for each thread "arena ADDRESS", a block in that
 * thread's arena, and for the whole "main ADDRESS" (in [heap]) and "large ADDRESS SIZE" (blocks with a mapping of their own). The
 * last thread fills more than one heap of 64 MiB. */
#define _GNU_SOURCE
#include "target.h"

#include <pthread.h>
#include <string.h>

static pthread_barrier_t allocated;
static pthread_mutex_t output = PTHREAD_MUTEX_INITIALIZER;
static long threads;

static void *run(void *argument)
{
    long number = (long)argument;
    size_t wanted = number == threads - 1 ? 150 * MIB : 64 * KIB;
    char *block = NULL;
    for (size_t have = 0; have < wanted; have += 32 * KIB) {
        block = malloc(32 * KIB);
        fail_if(block == NULL, "malloc");
        memset(block, 1, 64);
        if (have == 0 || have + 32 * KIB >= wanted) {
            pthread_mutex_lock(&output);
            printf("arena %ld %p\n", number, (void *)block);
            pthread_mutex_unlock(&output);
        }
    }
    pthread_barrier_wait(&allocated);
    pthread_barrier_wait(&allocated);
    return NULL;
}

int main(int count, char **arguments)
{
    threads = count > 1 ? atol(arguments[1]) : 4;
    pthread_barrier_init(&allocated, NULL, (unsigned)threads + 1);
    for (long i = 0; i < threads; i++) {
        pthread_t thread;
        fail_if(pthread_create(&thread, NULL, run, (void *)i) != 0, "pthread_create");
    }
    pthread_barrier_wait(&allocated);
    printf("main 0 %p\n", malloc(100));
    for (long i = 0; i < 3; i++) {
        char *large = malloc(MIB);
        fail_if(large == NULL, "malloc");
        memset(large, 1, MIB);
        printf("large %ld %p\n", i, (void *)large);
    }
    stay_until_input_ends();
    pthread_barrier_wait(&allocated);
    return 0;
}
