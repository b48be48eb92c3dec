/* A heap whose blocks are known: so many of 16 to 1,900 bytes, all written to, of which every tenth is freed. Says "BLOCKS BYTES" of those that are left, in usable
   bytes, and waits for good. */
#define _GNU_SOURCE
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int main(int count, char **arguments) {
  long blocks = count > 1 ? atol(arguments[1]) : 0, left = 0, bytes = 0;
  void **all = mmap(NULL, sizeof *all * (size_t)blocks + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (all == MAP_FAILED) return 1;
  uint32_t random = 1;
  for (long i = 0; i < blocks; i++) {
    random = random * 1664525u + 1013904223u;
    size_t size = 16 + (random >> 8) % 1885;
    if (!(all[i] = malloc(size))) return 1;
    memset(all[i], 1, size);
  }
  for (long i = 0; i < blocks; i++) {
    if (i % 10 == 9) free(all[i]);
    else left++, bytes += (long)malloc_usable_size(all[i]);
  }
  char text[64];
  if (write(1, text, (size_t)snprintf(text, sizeof text, "%ld %ld\n", left, bytes)) < 0) return 1;
  for (;;) pause();
}
