/* A library that a program loads while it runs. */
#include <stdlib.h>
void *make(size_t size) { return malloc(size); }
