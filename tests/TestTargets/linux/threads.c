/* Starts COUNT named threads, the last of them on a stack of the program's own, and prints for each: "thread TID NAME ADDRESS", the
 * address being one on its stack. Every third one never sleeps. */
#define _GNU_SOURCE
#include "target.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

static pthread_barrier_t all_said;
static pthread_mutex_t output = PTHREAD_MUTEX_INITIALIZER;
static atomic_int ending;

static void *run(void *argument)
{
    long number = (long)argument;
    char name[16];
    snprintf(name, sizeof name, "worker-%ld", number);
    pthread_setname_np(pthread_self(), name);
    pthread_mutex_lock(&output);
    printf("thread %d %s %p\n", gettid(), name, (void *)&name);
    pthread_mutex_unlock(&output);
    pthread_barrier_wait(&all_said);
    while (number % 3 == 0 && !ending)
        usleep(number % 2 ? 0 : 50);
    pthread_barrier_wait(&all_said);
    return NULL;
}

int main(int count, char **arguments)
{
    long threads = count > 1 ? atol(arguments[1]) : 4;
    pthread_barrier_init(&all_said, NULL, (unsigned)threads + 1);
    for (long i = 0; i < threads; i++) {
        pthread_t thread;
        pthread_attr_t attributes;
        pthread_attr_init(&attributes);
        if (i == threads - 1) {
            char *stack = mmap(NULL, MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
            fail_if(stack == MAP_FAILED, "mmap");
            pthread_attr_setstack(&attributes, stack, MIB);
        } else {
            pthread_attr_setstacksize(&attributes, 256 * KIB);
        }
        fail_if(pthread_create(&thread, &attributes, run, (void *)i) != 0, "pthread_create");
    }
    pthread_barrier_wait(&all_said);
    stay_until_input_ends();
    ending = 1;
    pthread_barrier_wait(&all_said);
    return 0;
}
