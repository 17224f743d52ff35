// One walk over the instructions with the product of the sizes of the loops that are open. What does not vary inside
// the lanes loop is done once a block. A size such as n-1 is a factor of its own until the names have values.
#include "gradus/program/cost.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>

#include "gradus/core/shape.hpp"

namespace gradus::program {

Count& Count::operator+=(const Count& other) {
  for (const auto& [factors, c] : other.terms)
    if ((terms[factors] += c) == 0) terms.erase(factors);
  return *this;
}

Count operator*(const Count& a, const Count& b) {
  Count product;
  for (const auto& [left, c] : a.terms)
    for (const auto& [right, d] : b.terms) {
      std::vector<std::string> factors = left;
      factors.insert(factors.end(), right.begin(), right.end());
      std::sort(factors.begin(), factors.end());
      product.terms[factors] += c * d;
    }
  return product;
}

namespace {

std::optional<double> value_of(const std::string& dimension, const NamedSizes& sizes) {
  const auto value = size_of(dimension, [&](std::string_view name) -> std::optional<std::int64_t> {
    for (const auto& [known, size] : sizes)
      if (known == name) return size;
    return std::nullopt;
  });
  if (!value) return std::nullopt;
  return double(std::max<std::int64_t>(*value, 0));
}

std::string number_text(double x) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, std::fabs(x) < 1e7 ? "%.0f" : "%.3g", x);
  return buffer;
}

}  // namespace

double Count::at(const NamedSizes& sizes, double unknown) const {
  NamedSizes all = sizes;
  for (const auto& [factors, c] : terms)
    for (const std::string& factor : factors) {
      for (const std::string& name : names_of(Dim{1, factor}))
        if (std::none_of(all.begin(), all.end(), [&](const auto& s) { return s.first == name; }))
          all.emplace_back(name, std::int64_t(unknown));
    }
  double sum = 0;
  for (const auto& [factors, c] : terms) {
    double product = c;
    for (const std::string& factor : factors) product *= value_of(factor, all).value_or(unknown);
    sum += product;
  }
  return sum;
}

std::string Count::text(const NamedSizes& sizes) const {
  std::map<std::vector<std::string>, double> left;
  for (const auto& [factors, c] : terms) {
    double number = c;
    std::vector<std::string> names;
    for (const std::string& factor : factors) {
      const auto value = value_of(factor, sizes);
      value ? void(number *= *value) : names.push_back(factor);
    }
    left[names] += number;
  }
  std::vector<std::pair<std::vector<std::string>, double>> order(left.begin(), left.end());
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
  std::string text;
  for (const auto& [names, c] : order) {
    if (std::fabs(c) < 0.5 && left.size() > 1) continue;
    text += text.empty() ? "" : " + ";
    std::string factors = names.empty() || std::fabs(c - 1) > 1e-9 ? number_text(c) : "";
    for (const std::string& name : names) {
      const bool sum = name.find_first_of("+-") != std::string::npos;
      factors += (factors.empty() ? "" : "*") + (sum ? "(" + name + ")" : name);
    }
    text += factors;
  }
  return text.empty() ? "0" : text;
}

double Cost::work(const NamedSizes& sizes, double unknown) const {
  return operations.at(sizes, unknown) + function_weight * functions.at(sizes, unknown) + bytes.at(sizes, unknown) / 8;
}

namespace {

Count length(const Program& p, Id size) {
  Count count;
  if (size != none && p.sizes[size].chosen) {  // as when all rounds are one segment
    count = 1;
    for (const Segments& s : p.segments)
      if (s.segment == size && s.least == 0) return length(p, s.length);
    return count;
  }
  if (size == none)
    count.terms[{"rounds"}] = 1;
  else if (p.sizes[size].value >= 0)
    count = double(p.sizes[size].value);
  else
    count.terms[{p.sizes[size].name}] = 1;
  return count;
}

// A loop in steps goes round once a step, one over a step as often as that is long.
Count rounds(const Program& p, const Instruction& loop) {
  if (loop.segment != none) return Count(1);
  if (loop.a != none && p.code[loop.a].segment != none)
    return length(p, loop.target) * Count(loop.block == 0 ? 1 : 1.0 / loop.block);
  if (loop.a != none) return Count(double(p.code[loop.a].block));
  return length(p, loop.target) * Count(loop.block == 0 ? 1 : 1.0 / loop.block);
}

double arithmetic(const Instruction& in) {
  switch (in.opcode) {
    case Opcode::fma:
      return 2;
    case Opcode::fold:
      return in.b == none ? 1 : 2;
    case Opcode::accumulate:
      return 1;
    case Opcode::constant:
    case Opcode::size:
    case Opcode::counter:
    case Opcode::load:
    case Opcode::store:
    case Opcode::call:
    case Opcode::loop:
    case Opcode::when:
    case Opcode::end:
    case Opcode::leave:
    case Opcode::reserve:
    case Opcode::set_size:
    case Opcode::phi:
      return 0;
    default:
      return 1;
  }
}

double numbers_moved(const Instruction& in) {
  switch (in.opcode) {
    case Opcode::load:
    case Opcode::store:
      return 1;
    case Opcode::accumulate:
      return 2;
    default:
      return 0;
  }
}

}  // namespace

Cost cost(const Program& p) {
  Cost sum;
  struct Open {
    Count times;
    double block = 1;  // of the lanes loop around: places in a block
    bool choice = false;
    bool parallel = false;  // what stands directly in it is done once a block, and not counted
  };
  std::vector<Open> open{{Count(1), 1}};
  for (const Instruction& in : p.code) {
    if (in.opcode == Opcode::end) {
      open.pop_back();
      continue;
    }
    const Open at = open.back();
    if (at.parallel && in.opcode != Opcode::loop) continue;
    const bool each = in.varying || in.opcode == Opcode::store || in.opcode == Opcode::fold;
    const Count times = at.block == 1 || each ? at.times : at.times * Count(1 / at.block);
    if (const double k = arithmetic(in); k > 0) sum.operations += times * Count(k);
    if (in.opcode == Opcode::call) sum.functions += times;
    if (const double k = numbers_moved(in); k > 0)
      sum.bytes += times * Count(k * double(bytes_of(p.arrays[in.target].element)));
    if (in.opcode == Opcode::when) open.push_back({at.times, at.block, true});
    if (in.opcode == Opcode::loop) {
      const bool again = in.a != none && p.code[in.a].segment != none && at.choice;
      const bool of_blocks = in.target != none && p.sizes[in.target].chosen;  // adds up what they gave
      open.push_back({at.times * (again || of_blocks ? Count(0) : rounds(p, in)),
                      in.lanes ? double(in.unroll) * p.lanes : at.block, false, in.parallel});
    }
  }
  for (std::size_t k = p.inputs + p.outputs; k < p.arrays.size(); ++k) {
    Count entries(double(bytes_of(p.arrays[k].element)) * (p.arrays[k].role == Role::partial ? p.lanes : 1));
    for (const Id size : p.arrays[k].shape) entries = entries * length(p, size);
    sum.memory += entries;
  }
  return sum;
}

std::string CostReport::text() const {
  std::vector<std::vector<std::string>> table{{"", "operations", "functions", "bytes", "memory", "ratio"}};
  const double first = rows.empty() ? 1 : rows[0].cost.work(sizes);
  for (const CostRow& row : rows) {
    char ratio[32];
    std::snprintf(ratio, sizeof ratio, "%.2f", first > 0 ? row.cost.work(sizes) / first : 1.0);
    table.push_back({row.name, row.cost.operations.text(sizes), row.cost.functions.text(sizes),
                     row.cost.bytes.text(sizes), row.cost.memory.text(sizes), ratio});
  }
  std::vector<std::size_t> width(table[0].size());
  for (const auto& line : table)
    for (std::size_t k = 0; k < line.size(); ++k) width[k] = std::max(width[k], line[k].size());
  std::string text;
  for (const auto& line : table) {
    for (std::size_t k = 0; k < line.size(); ++k) {
      const std::string space(width[k] - line[k].size(), ' ');
      text += k == 0 ? line[k] + space : "  " + space + line[k];
    }
    text += '\n';
  }
  return text;
}

}  // namespace gradus::program
