// Threads that never stop allocating and freeing, in C's way and in C++'s, until the program is killed.
// Usage: busy THREADS [rest]: with "rest" each thread sleeps most of the time, lest they starve all else.
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

static void work(unsigned seed, bool rests) {
  std::map<unsigned, std::string> names;
  void *held[64] = {};
  for (unsigned i = seed;; i = i * 1664525u + 1013904223u) {
    void *&slot = held[i >> 8 & 63];
    free(slot);
    slot = malloc(1 + (i >> 16 & 1023));
    memset(slot, 1, 1);
    names[i >> 20 & 255].assign(1 + (i >> 12 & 127), 'x');
    if (names.size() > 200) names.erase(names.begin());
    if (rests && (i & 0x70000) == 0) usleep(20000);
  }
}

int main(int count, char **arguments) {
  int threads = count > 1 ? atoi(arguments[1]) : 4;
  bool rests = count > 2;
  std::vector<std::thread> all;
  for (int i = 0; i < threads; i++) all.emplace_back(work, i + 1, rests);
  for (auto &thread : all) thread.join();
}
