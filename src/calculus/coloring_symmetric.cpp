// Star and acyclic colourings of the graph of a symmetric matrix, greedy by falling degree. An equation (v, c) is row v
// of the sweep of colour c: the sum of v's entries in columns of that colour. Of a star or acyclic colouring there is
// always an equation with one unknown entry left, for the edges of two colours form a forest; a diagonal entry stands
// alone in its own.
#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "gradus/calculus/coloring.hpp"

namespace gradus {
namespace {

constexpr std::uint32_t none = Coloring::uncolored;

std::vector<std::uint32_t> by_degree(const SparsityPattern& p) {
  std::vector<std::uint32_t> order(std::size_t(p.rows));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return p.row(a).size() > p.row(b).size(); });
  return order;
}

// Colours that a vertex may not have, cleared by the next one.
class Forbidden {
 public:
  void next(std::uint32_t vertex) { vertex_ = vertex + 1; }
  void add(std::uint32_t color) {
    if (color >= last_.size()) last_.resize(color + 1, 0);
    last_[color] = vertex_;
  }
  bool has(std::uint32_t color) const { return color < last_.size() && last_[color] == vertex_; }

 private:
  std::vector<std::uint32_t> last_;
  std::uint32_t vertex_ = 0;
};

// Vertices of so many neighbours get colours of their own; no path of two colours goes through them.
std::uint32_t color_hubs(const SparsityPattern& p, std::vector<std::uint32_t>& color) {
  if (p.rows == 0) return 0;
  const double limit = 8 * double(p.size()) / double(p.rows) + 32;
  std::uint32_t count = 0;
  for (std::size_t v = 0; v < std::size_t(p.rows); ++v)
    if (double(p.row(v).size()) > limit) color[v] = count++;
  return count;
}

// Merging sets of two-coloured edges; an element is a vertex and the other colour.
class Trees {
 public:
  std::uint32_t find(std::uint32_t vertex, std::uint32_t other, bool make) {
    const std::uint64_t key = std::uint64_t(vertex) << 32 | other;
    if (!make) {
      const auto at = element_.find(key);
      return at == element_.end() ? none : root(at->second);
    }
    const auto [at, fresh] = element_.try_emplace(key, std::uint32_t(parent_.size()));
    if (fresh) parent_.push_back(at->second);
    return root(at->second);
  }
  void unite(std::uint32_t a, std::uint32_t b) { parent_[a] = b; }

 private:
  std::uint32_t root(std::uint32_t k) {
    while (parent_[k] != k) k = parent_[k] = parent_[parent_[k]];
    return k;
  }
  std::unordered_map<std::uint64_t, std::uint32_t> element_;
  std::vector<std::uint32_t> parent_;
};

}  // namespace

Coloring color_star(const SparsityPattern& p) {
  Coloring c;
  c.color.assign(std::size_t(p.rows), none);
  const std::uint32_t hubs = c.count = color_hubs(p, c.color);
  const auto is_hub = [&](std::uint32_t v) { return c.color[v] != none && c.color[v] < hubs; };
  Forbidden forbidden, seen, twice;
  for (const std::uint32_t v : by_degree(p)) {
    if (is_hub(v)) continue;
    forbidden.next(v), seen.next(v), twice.next(v);
    for (const std::uint32_t w : p.row(v)) {
      if (w == v || c.color[w] == none || is_hub(w)) continue;
      forbidden.add(c.color[w]);
      if (seen.has(c.color[w])) twice.add(c.color[w]);
      seen.add(c.color[w]);
    }
    for (const std::uint32_t w : p.row(v)) {
      if (w == v || is_hub(w)) continue;
      for (const std::uint32_t x : p.row(w)) {
        if (x == v || x == w || c.color[x] == none || is_hub(x) || forbidden.has(c.color[x])) continue;
        // v - w - x - y with w and y alike, x - w - v - w' with w and w' alike, or w not yet coloured.
        bool alike = c.color[w] == none || twice.has(c.color[w]);
        if (!alike)
          for (const std::uint32_t y : p.row(x)) alike = alike || (y != w && c.color[y] == c.color[w]);
        if (alike) forbidden.add(c.color[x]);
      }
    }
    std::uint32_t least = hubs;
    while (forbidden.has(least)) ++least;
    c.color[v] = least;
    c.count = std::max(c.count, least + 1);
  }
  return c;
}

Coloring color_acyclic(const SparsityPattern& p) {
  Coloring c;
  c.color.assign(std::size_t(p.rows), none);
  Trees trees;
  Forbidden adjacent;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> neighbours;  // colour, vertex
  for (const std::uint32_t v : by_degree(p)) {
    adjacent.next(v);
    neighbours.clear();
    for (const std::uint32_t w : p.row(v)) {
      if (w == v || c.color[w] == none) continue;
      adjacent.add(c.color[w]);
      neighbours.emplace_back(c.color[w], w);
    }
    std::sort(neighbours.begin(), neighbours.end());
    // Two neighbours of one colour that a path of that colour and `candidate` joins would close a cycle through v.
    const auto closes = [&](std::uint32_t candidate) {
      std::vector<std::uint32_t> met;
      for (std::size_t i = 0; i < neighbours.size(); ++i) {
        if (i == 0 || neighbours[i].first != neighbours[i - 1].first) met.clear();
        const std::uint32_t tree = trees.find(neighbours[i].second, candidate, false);
        if (tree == none) continue;
        if (std::find(met.begin(), met.end(), tree) != met.end()) return true;
        met.push_back(tree);
      }
      return false;
    };
    std::uint32_t least = 0;
    while (adjacent.has(least) || (least < c.count && closes(least))) ++least;
    c.color[v] = least;
    c.count = std::max(c.count, least + 1);
    for (const auto& [color, w] : neighbours) trees.unite(trees.find(w, least, true), trees.find(v, color, true));
  }
  return c;
}

Recovery recover_symmetric(const SparsityPattern& p, const Coloring& coloring) {
  const auto& color = coloring.color;
  const std::uint64_t n = std::uint64_t(p.rows);
  // Going through the rows in order meets the entries of each column in order: those of its own row, mirrored.
  std::vector<std::uint32_t> mirror(p.size()), row_of(p.size());
  std::vector<std::int64_t> next(p.row_begin.begin(), p.row_begin.end() - 1);
  for (std::size_t i = 0; i < n; ++i)
    for (std::int64_t k = p.row_begin[i]; k < p.row_begin[i + 1]; ++k) {
      row_of[std::size_t(k)] = std::uint32_t(i);
      mirror[std::size_t(k)] = std::uint32_t(next[p.column[std::size_t(k)]]++);
    }
  // Equations in compressed form: the entries of each row sorted by the colour of their columns.
  std::vector<std::uint32_t> sorted(p.size()), equation_of(p.size());
  std::iota(sorted.begin(), sorted.end(), 0);
  std::vector<std::uint32_t> begin, unknown;
  for (std::size_t i = 0; i < n; ++i) {
    const auto first = sorted.begin() + p.row_begin[i], last = sorted.begin() + p.row_begin[i + 1];
    std::stable_sort(first, last, [&](auto a, auto b) { return color[p.column[a]] < color[p.column[b]]; });
    for (auto at = first; at != last; ++at) {
      if (at == first || color[p.column[*at]] != color[p.column[*(at - 1)]]) {
        begin.push_back(std::uint32_t(at - sorted.begin()));
        unknown.push_back(0);
      }
      equation_of[*at] = std::uint32_t(begin.size() - 1);
      ++unknown.back();
    }
  }
  begin.push_back(std::uint32_t(p.size()));
  Recovery r;
  std::vector<std::uint32_t> found(p.size(), none);  // the entry that was found for it: itself or its mirror image
  std::vector<std::uint32_t> ready;
  for (std::uint32_t e = 0; e < unknown.size(); ++e)
    if (unknown[e] == 1) ready.push_back(e);
  for (std::size_t at = 0; at < ready.size(); ++at) {
    const std::uint32_t e = ready[at];
    if (unknown[e] != 1) continue;
    Recovery::Step step;
    std::uint32_t entry = none;
    for (std::uint32_t s = begin[e]; s < begin[e + 1]; ++s) {
      if (found[sorted[s]] == none) {
        entry = sorted[s];
      } else {
        r.minus.push_back(found[sorted[s]]);
        ++step.minus;
      }
    }
    step.entry = entry;
    step.places = 1;
    r.places.push_back(color[p.column[entry]] * n + row_of[entry]);
    r.steps.push_back(step);
    found[entry] = entry;
    unknown[e] = 0;
    const std::uint32_t other = mirror[entry];
    if (other == entry) continue;
    found[other] = entry;
    r.copies.emplace_back(entry, other);
    if (--unknown[equation_of[other]] == 1) ready.push_back(equation_of[other]);
  }
  return r;
}

}  // namespace gradus
