/* What the small programs that the tests inspect have in common. */
#ifndef WEBVMMAP_TARGET_H
#define WEBVMMAP_TARGET_H

#include <stdio.h>
#include <stdlib.h>

#define KIB 1024ul
#define MIB (1024ul * KIB)

static inline void fail_if(int wrong, const char *what)
{
    if (wrong) {
        perror(what);
        exit(1);
    }
}

/* Says that everything is in place, then stays as it is until the test closes our input. */
static inline void stay_until_input_ends(void)
{
    char c;
    puts("ready");
    fflush(stdout);
    while (fread(&c, 1, 1, stdin) == 1) {
    }
}

#endif
