/* A program that waits for a signal, again and again. Where there is no C library for it (-m32 -nostdlib) it asks the kernel itself. */
#ifdef __i386__
void _start(void) {
  for (;;) __asm__ volatile("int $0x80" ::"a"(29) : "memory");
}
#else
#include <unistd.h>

int main(void) {
  for (;;) pause();
}
#endif
