// Exercises in differentiation, made at random from a number, so that they can be asked for again.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gradus/core/context.hpp"

namespace gradus::service {

struct Exercise {
  NodePtr formula = nullptr;
  std::string_view topic;
};

/// What exercises may be about, in the order of their difficulty: "power", "functions", "product", …
std::string_view topics_text();
bool is_topic(std::string_view name);

/// The exercise number `index` of `seed`, of level 1 (sums of powers) to 5 (rules inside rules), in x. Its topic is one
/// of the level's, or the one given; the level then says how large it is. The steps of its derivation are looked at:
/// the rules of the topic are among them, and none above the level.
Exercise make_exercise(Context& context, int level, std::string_view topic, std::uint64_t seed, std::uint64_t index);

}  // namespace gradus::service
