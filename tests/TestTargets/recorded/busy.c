/* Four threads that never stop allocating and freeing, until the program is killed. */
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void *work(void *number) {
  void *held[64] = {0};
  for (uint32_t i = (uint32_t)(uintptr_t)number;; i = i * 1664525u + 1013904223u) {
    void **slot = &held[i >> 8 & 63];
    free(*slot);
    *slot = i >> 30 ? malloc(1 + (i >> 16 & 1023)) : calloc(1, 1 + (i >> 16 & 255));
    if (i % 7 == 0) *slot = realloc(*slot, 2000);
    memset(*slot, 1, 1);
  }
  return NULL;
}

int main(void) {
  pthread_t all[4];
  for (uintptr_t i = 0; i < 4; i++) pthread_create(&all[i], NULL, work, (void *)(i + 1));
  pthread_join(all[0], NULL);
}
