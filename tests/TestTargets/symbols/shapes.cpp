// Much inlining, templates, lambdas, virtual calls and two units: what names and lines of C++ come in.
#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <regex>
#include <string>
#include <unordered_map>
#include <vector>

int weigh(const char *text);

namespace {
struct Hidden {
    int value;
    __attribute__((noinline)) int twice() const { return value * 2; }
};
}

namespace shapes {
inline namespace v2 {
class Shape {
public:
    virtual ~Shape() = default;
    virtual double area() const = 0;
    bool operator<(const Shape &other) const { return area() < other.area(); }
};

template <typename T, int Corners> class Polygon : public Shape {
    std::vector<T> sides_;
public:
    explicit Polygon(std::initializer_list<T> sides) : sides_(sides) {}
    double area() const override {
        double sum = 0;
        for (const auto &side : sides_) {
            sum += static_cast<double>(side) * Corners;
        }
        return sum;
    }
    template <typename F> auto each(F &&visit) const -> decltype(visit(sides_[0])) {
        decltype(visit(sides_[0])) last{};
        for (const auto &side : sides_) {
            last = visit(side);
        }
        return last;
    }
};
}

template <typename... Parts> std::string join(const Parts &...parts) {
    std::string all;
    (all.append(parts).append("/"), ...);
    return all;
}

__attribute__((noinline)) std::map<std::string, std::unique_ptr<Shape>> make(int count) {
    std::map<std::string, std::unique_ptr<Shape>> made;
    for (int i = 0; i < count; i++) {
        auto name = join(std::string("shape"), std::to_string(i));
        if (i % 2) {
            made[name] = std::make_unique<Polygon<int, 3>>(std::initializer_list<int>{i, i + 1, i + 2});
        } else {
            made.emplace(name, new Polygon<double, 4>({i * 0.5, i * 1.5}));
        }
    }
    return made;
}

enum class Colour : unsigned char { Red, Green };
template <Colour C> __attribute__((noinline)) int paint(int (*brush)(int), const char (&name)[4]) { return brush(name[0]) + static_cast<int>(C); }
}

static int brush(int x) { return x ^ 0x55; }

__attribute__((noinline)) static int match(const std::string &text) {
    std::regex pattern("([a-z]+)/([0-9]+)");
    std::smatch found;
    return std::regex_search(text, found, pattern) ? static_cast<int>(found.size()) : 0;
}

struct Counter {
    int count = 0;
    Counter &operator+=(int n) { count += n; return *this; }
    operator bool() const { return count != 0; }
    int operator()(int a, std::function<int(int)> f) { return f(a) + count; }
};

int main(int argc, char **argv) {
    auto made = shapes::make(argc * 10);
    std::vector<const shapes::Shape *> sorted;
    for (const auto &[name, shape] : made) {
        sorted.push_back(shape.get());
    }
    std::sort(sorted.begin(), sorted.end(), [](auto *a, auto *b) { return *a < *b; });
    std::unordered_map<std::string, int> matches;
    for (const auto &[name, shape] : made) {
        matches[name] += match(name) + weigh(name.c_str());
    }
    Counter counter;
    auto add = [&counter, argc](int x) mutable { counter += x + argc; return counter.count; };
    counter(3, add);
    Hidden hidden{argc};
    shapes::Polygon<int, 5> five{1, 2, argc};
    int last = five.each([&](int side) { return side + hidden.twice(); });
    last += shapes::paint<shapes::Colour::Green>(brush, "abc");
    std::printf("%zu %zu %d %d %s\n", sorted.size(), matches.size(), counter ? 1 : 0, last, argv[0]);
    return 0;
}
