// Vectors of three arrays, and the rotation that ba and ht share.
#pragma once
#include "driver.hpp"

namespace gradus::gradbench {

inline Arrays cross(const Arrays& a, const Arrays& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}
inline Array dot(const Arrays& a, const Arrays& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

/// x turned by the axis and angle r (Rodrigues' formula); to first order where r is 0.
inline Arrays rotate(const Arrays& r, const Arrays& x) {
  const Array square = dot(r, r), angle = sqrt(square), c = cos(angle), s = sin(angle);
  const Arrays w{r[0] / angle, r[1] / angle, r[2] / angle}, turned = cross(w, x);
  const Array along = dot(w, x) * (1 - c);
  const Arrays straight = cross(r, x);
  Arrays result;
  for (std::size_t i = 0; i < 3; ++i)
    result.push_back(select(square > 0, x[i] * c + turned[i] * s + w[i] * along, x[i] + straight[i]));
  return result;
}

}  // namespace gradus::gradbench
