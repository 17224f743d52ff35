// Vector calculus in formulas: grad(f, x, y), laplacian(f, x, y), divergence([P, Q], x, y), curl([P, Q, R], x, y, z).
#include "text/parser.hpp"

namespace gradus::text {

NodePtr Parser::field_call(const Frame& f, Special special, std::span<const NodePtr> x, Span span) {
  const std::string name(lexed_.names[f.name]);
  const bool scalar = special == Special::gradient || special == Special::laplacian;
  const std::string form = name + (scalar ? "(f, x, y)" : "([P, Q], x, y)");
  if (x.size() < 2)
    return error(Code::E102, "'" + name + "' takes what is differentiated, then the coordinates", span,
                 "like this: " + form);
  const auto coordinates = x.subspan(1);
  for (std::size_t i = 0; i < coordinates.size(); i++)
    if (!coordinates[i]->is(Op::symbol) || coordinates[i]->shape)
      return error(Code::E109, "'" + argument_text(f, i + 1) + "' is not a coordinate", spans_[f.base + i + 1],
                   "like this: " + form);
  const auto slope = [&](NodePtr g, std::size_t i) { return derivative(g, coordinates[i], 1, span); };
  std::vector<NodePtr> parts;
  if (scalar) {
    if (x[0]->shape) return error(Code::E301, "'" + name + "' is of a scalar", span, "like this: " + form);
    for (std::size_t i = 0; i < coordinates.size(); i++)
      parts.push_back(special == Special::gradient ? slope(x[0], i) : derivative(x[0], coordinates[i], 2, span));
  } else {
    const bool field = x[0]->is(Op::stack) && x[0]->rank() == 1 && x[0]->arity == coordinates.size();
    const bool turns = special != Special::curl || coordinates.size() == 2 || coordinates.size() == 3;
    if (!field || !turns)
      return error(Code::E301, "'" + name + "' is of a vector with a component for each coordinate", span,
                   "like this: " + form);
    const auto turn = [&](std::size_t i, std::size_t j) {  // ∂_i F_j - ∂_j F_i
      return context_.sub(slope(x[0]->operand(j), i), slope(x[0]->operand(i), j));
    };
    if (special == Special::divergence)
      for (std::size_t i = 0; i < coordinates.size(); i++) parts.push_back(slope(x[0]->operand(i), i));
    else if (coordinates.size() == 2)
      parts.push_back(turn(0, 1));
    else
      parts = {turn(1, 2), turn(2, 0), turn(0, 1)};
  }
  for (const NodePtr p : parts)
    if (is_hole(p)) return hole_;
  const bool vector = special == Special::gradient || (special == Special::curl && parts.size() == 3);
  return vector ? context_.stack(parts) : context_.add(parts);
}

}  // namespace gradus::text
