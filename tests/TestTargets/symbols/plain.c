/* C: no mangling, a function that is split into a cold part, one that is copied for its arguments. */
#include <stdio.h>
#include <stdlib.h>

static __attribute__((noinline)) int digits(const char *text, int base) {
    int sum = 0;
    for (; *text; text++) {
        sum = sum * base + (*text - '0');
        if (__builtin_expect(sum < -100000000, 0)) {
            fprintf(stderr, "%s: out of range\n", text);
            abort();
        }
    }
    return sum;
}

static inline int turned(unsigned x, int by) { return (int)(x << by | x >> (32 - by)); }

int plain_sum(const char *text, int times) {
    int sum = 0;
    for (int i = 0; i < times; i++) {
        sum += turned((unsigned)digits(text, 10), i + 1);
    }
    return sum;
}
