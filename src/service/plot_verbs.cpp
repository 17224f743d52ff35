// plot, descend: pictures, and the path of a descent.
#include "service/picture.hpp"
#include "service/verbs.hpp"

namespace gradus::service {

void run_plot(Session& s) {
  if (!s.choose_named_variables() || !s.read_points()) return;
  const auto free = free_variables(s);
  if (!s.ok()) return;
  s.variables = free;
  std::optional<Descent> descent;
  if (!s.request.start.empty()) {
    descent = descend_from_request(s);
    if (!descent) return;
  }
  if (free.size() == 2 && s.functions.size() > 1) {
    s.fail({Code::E701, "level lines are drawn of one formula at a time"});
    return;
  }
  const Descent* path = descent ? &*descent : nullptr;
  auto scene = free.size() == 2 ? levels_scene(s, free[0], free[1], path) : curves_scene(s, free[0], path);
  if (scene && s.ok()) s.answer.pictures.push_back(std::move(*scene));
}

void run_descend(Session& s) {
  if (!s.choose_variables() || !s.need_scalars() || !s.read_points()) return;
  if (s.request.start.empty()) {
    s.fail({Code::E701, "where to start? --start 0.8, say, or --start x=1,y=1"});
    return;
  }
  const auto descent = descend_from_request(s);
  if (!descent) return;
  Table table{"path", {{"step", "step"}}, {}};
  table.brief = true;
  for (const NodePtr v : s.variables) table.columns.push_back({std::string(v->name()), std::string(v->name())});
  table.columns.push_back({"f", s.f().name});
  table.columns.push_back({"gradient", "|grad " + s.f().name + "|"});
  const int digits = s.request.digits > 0 ? s.request.digits : 8;
  const auto cell = [&](double value) { return Cell{Cell::Kind::number, number_text(value, digits), value}; };
  for (std::size_t i = 0; i < descent->path.size(); ++i) {
    const DescentStep& step = descent->path[i];
    std::vector<Cell> row{Cell{Cell::Kind::number, std::to_string(i), double(i)}};
    for (const double v : step.point) row.push_back(cell(v));
    row.push_back(cell(step.value));
    row.push_back(cell(step.length));
    table.rows.push_back(std::move(row));
  }
  const DescentStep& last = descent->path.back();
  std::string place;
  for (std::size_t i = 0; i < last.point.size(); ++i) {
    place += (i ? ", " : "") + std::string(s.variables[i]->name()) + " = " + number_text(last.point[i], 6);
  }
  for (const double v : last.point) s.answer.bare += (s.answer.bare.empty() ? "" : ", ") + number_text(v);
  if (last.point.size() > 1) s.answer.bare = "[" + s.answer.bare + "]";
  const std::string steps = std::to_string(descent->path.size() - 1) + " steps";
  std::string end = "converged";
  switch (descent->end) {
    case Descent::End::converged:
      s.answer.notes.push_back("After " + steps + " the gradient is as good as zero: " + place + ".");
      break;
    case Descent::End::steps:
      s.answer.notes.push_back("After " + steps + " the gradient is still " + number_text(last.length, 3) +
                               " long, at " + place + ".");
      end = "steps";
      s.answer.exit = 1;
      break;
    case Descent::End::diverged:
      s.answer.notes.push_back("After " + steps +
                               " there is no value any more: the rate is too large, or the path left the domain.");
      end = "diverged";
      s.answer.exit = 1;
      break;
  }
  s.answer.tables.push_back(std::move(table));
  s.answer.status = end;
  auto scene = s.variables.size() == 1   ? curves_scene(s, s.variables[0], &*descent)
               : s.variables.size() == 2 ? levels_scene(s, s.variables[0], s.variables[1], &*descent)
                                         : std::optional(progress_scene(*descent, s.f().name));
  if (scene && s.ok()) s.answer.pictures.push_back(std::move(*scene));
}

}  // namespace gradus::service
