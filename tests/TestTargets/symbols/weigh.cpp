#include <cstring>
#include <sstream>
#include <string>

extern "C" int plain_sum(const char *text, int times);

static inline int squared(int x) { return x * x; }

template <typename Number> static inline Number cubed(Number x) { return x * squared(static_cast<int>(x)); }

int weigh(const char *text) {
    std::ostringstream out;
    out << text << cubed<long>(static_cast<long>(std::strlen(text)));
    return plain_sum(out.str().c_str(), 3) + squared(static_cast<int>(out.str().size()));
}
