// What the analysis found, in words.
#include "service/analysis_words.hpp"

#include <cmath>

namespace gradus::service {
namespace {

std::string six(const Value& value) { return number_text(value.number, 6); }

std::string feature_sentence(const PointReport& r, const std::string& at) {
  switch (r.feature) {
    case Feature::kink:
      return "At " + at + " the graph has a kink: the slope is " + side_text(r.left_slope) + " on the left and " +
             side_text(r.right_slope) + " on the right.";
    case Feature::vertical_tangent:
      return "At " + at + " the tangent is vertical.";
    case Feature::cusp:
      return "At " + at + " the graph has a cusp: the slope is infinite, with opposite signs on both sides.";
    case Feature::jump:
      return "At " + at + " the function jumps: from " + side_text(r.left_limit) + " on the left to " +
             side_text(r.right_limit) + " on the right.";
    case Feature::removable:
      return "At " + at + " the limit is " + side_text(r.left_limit) + ", but the function " +
             (r.value.ok() ? "has the value " + six(r.value) + "." : "has no value.");
    case Feature::pole:
      return "At " + at + " the function has a pole.";
    case Feature::edge:
      return "At " + at + " the function's domain ends.";
    case Feature::outside:
      return "At " + at + " the function has no value" + (r.value.reason.empty() ? "." : ": " + r.value.reason + ".");
    case Feature::smooth:
    case Feature::undecided:
      break;
  }
  return {};
}

}  // namespace

const char* feature_word(Feature feature) {
  switch (feature) {
    case Feature::smooth:
      return "smooth";
    case Feature::kink:
      return "kink";
    case Feature::vertical_tangent:
      return "vertical tangent";
    case Feature::cusp:
      return "cusp";
    case Feature::jump:
      return "jump";
    case Feature::removable:
      return "gap";
    case Feature::pole:
      return "pole";
    case Feature::edge:
      return "edge of the domain";
    case Feature::outside:
      return "no value";
    case Feature::undecided:
      break;
  }
  return "not decided";
}

const char* answer_word(Answer3 answer) {
  return answer == Answer3::yes ? "yes" : answer == Answer3::no ? "no" : "not decided";
}

Cell value_cell(const Session& s, const Value& value) {
  if (value.status == Status::undetermined && value.lower > -1e-12 && value.upper < 1e-12)
    return {Cell::Kind::number, "0", 0};
  return s.cell(value);
}

std::string side_text(const OneSided& side) {
  switch (side.kind) {
    case OneSided::Kind::finite:
      return six(side.value);
    case OneSided::Kind::plus_infinity:
      return "infinite";
    case OneSided::Kind::minus_infinity:
      return "minus infinite";
    case OneSided::Kind::absent:
      return "none";
    case OneSided::Kind::undecided:
      break;
  }
  return "not decided";
}

std::string extremum_word(Extremum extremum) {
  switch (extremum) {
    case Extremum::minimum:
      return "minimum";
    case Extremum::maximum:
      return "maximum";
    case Extremum::inflection:
      return "inflection";
    case Extremum::flat:
      return "flat";
    case Extremum::saddle:
      return "saddle";
    case Extremum::undecided:
      return "kind not decided";
    case Extremum::none:
      break;
  }
  return {};
}

std::string meaning_of(const PointReport& r) {
  if (r.differentiable == Answer3::yes) {
    if (r.trend == Trend::rising) return "rising";
    if (r.trend == Trend::falling) return "falling";
    if (r.trend == Trend::constant) return "stationary";
    return "not decided";
  }
  if (r.differentiable == Answer3::undecided) return "not decided" + (r.reason.empty() ? "" : ": " + r.reason);
  switch (r.feature) {
    case Feature::kink:
      return "not differentiable: slope " + side_text(r.left_slope) + " on the left, " + side_text(r.right_slope) +
             " on the right";
    case Feature::vertical_tangent:
      return "not differentiable: vertical tangent";
    case Feature::cusp:
      return "not differentiable: cusp";
    case Feature::jump:
      return "not differentiable: jump";
    case Feature::removable:
      return "not differentiable: the value is not the limit";
    case Feature::pole:
      return "not differentiable: pole";
    case Feature::edge:
      return "not differentiable: the domain ends";
    default:
      return "not differentiable" + (r.reason.empty() ? "" : ": " + r.reason);
  }
}

std::vector<std::string> sentences(const PointReport& r, const std::string& x, const std::string& at) {
  std::vector<std::string> out;
  if (const std::string feature = feature_sentence(r, at); !feature.empty()) out.push_back(feature);
  if (r.differentiable == Answer3::no) {
    out.emplace_back("There is no derivative there.");
    if ((r.extremum == Extremum::minimum || r.extremum == Extremum::maximum)) {
      out.push_back("It is a local " + extremum_word(r.extremum) + " all the same.");
    }
  } else if (r.differentiable == Answer3::undecided) {
    out.push_back("Whether there is a derivative at " + at + " is not decided" +
                  (r.reason.empty() ? "." : ": " + r.reason + "."));
  } else if (r.derivative.ok()) {
    const double slope = r.derivative.number;
    if (slope == 0) {
      std::string kind;
      if (r.extremum == Extremum::minimum || r.extremum == Extremum::maximum) {
        kind = ": a local " + extremum_word(r.extremum);
      } else if (r.extremum == Extremum::inflection) {
        kind = ": a point of inflection, the function goes on as it came";
      } else if (r.extremum == Extremum::flat) {
        kind = ": the function is constant around it";
      }
      out.push_back("At " + at + " the function is stationary: its slope is 0" + kind + ".");
    } else {
      out.push_back("At " + at + " the function is " + (slope > 0 ? "rising" : "falling") + ": where " + x +
                    " grows by a little step d, f " + (slope > 0 ? "grows" : "shrinks") + " by about " +
                    number_text(std::abs(slope), 6) + "*d.");
    }
  }
  if (r.differentiable == Answer3::yes && r.second.ok() && r.second.number != 0) {
    const bool up = r.second.number > 0, rising = r.derivative.number > 0, flat = r.derivative.number == 0;
    std::string pace = flat ? "" : up == rising ? ", so it gets steeper" : ", so it gets less steep";
    out.push_back(std::string("Its graph curves ") + (up ? "upwards" : "downwards") + ": f'' is " + six(r.second) +
                  pace + ".");
  }
  if (!r.proven) out.emplace_back("A number that cannot be told from zero was taken for zero.");
  return out;
}

}  // namespace gradus::service
