// What the analysis found, in words.
#pragma once
#include <string>

#include "gradus/analysis/point.hpp"
#include "service/session.hpp"

namespace gradus::service {

/// "rising", "falling", "stationary: minimum", "not differentiable: slope -1 on the left, 1 on the right".
std::string meaning_of(const PointReport& report);
/// The same as a sentence or several, for `interpret`.
std::vector<std::string> sentences(const PointReport& report, const std::string& x, const std::string& at);

std::string extremum_word(Extremum extremum);
const char* feature_word(Feature feature);
const char* answer_word(Answer3 answer);
/// A value of which no digit is certain but that it is next to nothing is shown as 0.
Cell value_cell(const Session& session, const Value& value);
/// "-1", "infinite", "none".
std::string side_text(const OneSided& side);

}  // namespace gradus::service
