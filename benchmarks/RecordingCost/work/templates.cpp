#include <algorithm>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <regex>
#include <string>
#include <unordered_map>
#include <vector>
int main() { std::map<std::string, std::vector<std::function<int(int)>>> m; std::regex r("a+(b|c)*"); std::unordered_map<int, std::shared_ptr<std::string>> u;
for (int i = 0; i < 10; i++) { m[std::to_string(i)].push_back([i](int x) { return x + i; }); u[i] = std::make_shared<std::string>("x"); }
std::vector<std::string> v; for (auto &p : m) v.push_back(p.first); std::sort(v.begin(), v.end(), [](auto &a, auto &b) { return a > b; });
for (auto &s : v) if (std::regex_match(s, r)) std::cout << s << std::endl; }
