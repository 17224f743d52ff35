// Owners of Arb's balls.
#pragma once
#include <acb.h>
#include <arb.h>

#include <utility>

namespace gradus {

class Ball {
 public:
  Ball() { arb_init(value_); }
  Ball(const Ball&) = delete;
  Ball& operator=(const Ball&) = delete;
  ~Ball() { arb_clear(value_); }
  arb_ptr get() { return value_; }
  operator arb_ptr() { return value_; }  // NOLINT: arguments of Arb's functions

 private:
  arb_t value_;
};
class ComplexBall {
 public:
  ComplexBall() { acb_init(value_); }
  explicit ComplexBall(Ball& real) : ComplexBall() { acb_set_arb(value_, real); }
  ComplexBall(const ComplexBall&) = delete;
  ComplexBall& operator=(const ComplexBall&) = delete;
  ~ComplexBall() { acb_clear(value_); }
  operator acb_ptr() { return value_; }  // NOLINT
  arb_ptr real() { return acb_realref(value_); }

 private:
  acb_t value_;
};

}  // namespace gradus
