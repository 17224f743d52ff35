// The walk itself, the tables of arrays and sizes, and what every instruction becomes.
#include <algorithm>

#include "emitter.hpp"

namespace gradus::program::jit {

void Emitter::empty_tables() {
  tables_.sizes.assign(p_.sizes.size(), nullptr);
  tables_.bases.assign(p_.arrays.size(), nullptr);
  tables_.strides.assign(p_.arrays.size(), {});
}

Value* Emitter::size(Id k) {
  if (p_.sizes[k].value >= 0) return integer(p_.sizes[k].value);
  const auto read = [&](IRBuilder<>& at) {
    return at.CreateLoad(i64_, at.CreateConstInBoundsGEP1_64(i64_, function_->getArg(1), k));
  };
  if (p_.sizes[k].computed) return read(b_);
  Value*& known = tables_.sizes[k];
  return known ? known : known = read(first_);
}

Value* Emitter::base(Id k) {
  const auto read = [&](IRBuilder<>& at) {
    return at.CreateLoad(ptr_, at.CreateConstInBoundsGEP1_64(ptr_, function_->getArg(0), k));
  };
  if (p_.arrays[k].growing) return read(b_);
  Value*& known = tables_.bases[k];
  if (known) return known;
  const std::int64_t place = known_places_.places[k];
  if (place <= 0) return known = read(first_);
  const Id first = p_.arrays[k].own ? known_places_.first_own : known_places_.first_shared;
  return known = first_.CreateConstInBoundsGEP1_64(f64_, base(first), std::uint64_t(place));
}

// The first is the number of entries.
Values Emitter::strides(Id k) {
  if (!tables_.strides[k].empty()) return tables_.strides[k];
  const std::vector<Id>& shape = p_.arrays[k].shape;
  const bool fixed = std::none_of(shape.begin(), shape.end(), [&](Id s) { return p_.sizes[s].computed; });
  IRBuilder<>& at = fixed ? first_ : b_;
  Values strides(shape.size() + 1);
  strides.back() = integer(1);
  for (std::size_t axis = shape.size(); axis-- > 0;) strides[axis] = at.CreateMul(strides[axis + 1], size(shape[axis]));
  if (fixed) tables_.strides[k] = strides;
  return strides;
}

void Emitter::run() {
  f64_ = b_.getDoubleTy();
  i64_ = b_.getInt64Ty();
  ptr_ = b_.getPtrTy();
  f32_ = b_.getFloatTy();
  i32_ = b_.getInt32Ty();
  values_.resize(p_.code.size());
  folded_.resize(p_.code.size());
  counters_.resize(p_.code.size());
  ends_.resize(p_.code.size());
  for (Id i = 0; i < p_.code.size(); ++i)
    if (p_.code[i].opcode == Opcode::end) ends_[p_.code[i].target] = i;
  const std::vector<Piece> list = pieces();
  if (list.size() > 1) return emit_pieces(list);
  function_ = open_function(kernel_name, {ptr_, ptr_, ptr_}, true);
  emit_range(0, Id(p_.code.size()));
  b_.CreateRet(b_.getInt32(std::uint32_t(Status::done)));
}

void Emitter::emit_range(Id from, Id below) {
  const bool whole_piece = from == piece_.from && below == piece_.below;  // not the body of a loop
  for (Id i = from; i < below; ++i) {
    const Id first = i;
    const Instruction& in = p_.code[i];
    switch (in.opcode) {
      case Opcode::loop:
        in.lanes ? emit_lanes(i) : emit_sequential(i);
        i = ends_[i];
        break;
      case Opcode::when:
        emit_when(i);
        i = ends_[i];
        break;
      case Opcode::leave: {
        BasicBlock* go_on = block("go_on");
        b_.CreateCondBr(truth(in.a, 0, false), go_on, left_);
        b_.SetInsertPoint(go_on);
        break;
      }
      case Opcode::reserve:
        emit_reserve(in);
        break;
      case Opcode::routine:
        emit_routine(i);
        break;
      case Opcode::set_size:
        b_.CreateStore(b_.CreateFPToSI(operand(in.a, 0, false, f64_), i64_),
                       b_.CreateConstInBoundsGEP1_64(i64_, function_->getArg(1), in.target));
        break;
      case Opcode::accumulate:
        if (!emit_accumulate_of_rounds(in)) each_copy(in.jams, [&] { emit_accumulate(in); });
        break;
      case Opcode::end:
      case Opcode::phi:
        break;
      case Opcode::constant:
        values_[i] = {number(in.number)};
        break;
      case Opcode::size:
        values_[i] = {b_.CreateSIToFP(size(in.target), f64_)};
        break;
      case Opcode::counter:
      case Opcode::load:
        values_[i].clear();
        each_copy(in.jams, [&] { in.opcode == Opcode::load ? emit_load(i) : emit_counter(i); });
        break;
      case Opcode::store:
        if (const Id last = emit_rows(i); last != none) {
          i = last;
          break;
        }
        each_copy(in.jams, [&] { emit_store(in); });
        break;
      case Opcode::fold:
        each_copy(in.jams, [&] { emit_fold(i); });
        break;
      default: {
        Values result;
        if (known_)
          if (const auto at = known_->find(i); at != known_->end()) {
            result.assign(width(in) * copies(in.jams), b_.CreateVectorSplat(unsigned(lanes_), b_.getInt1(at->second)));
            values_[i] = result;
            break;
          }
        each_copy(in.jams, [&] {
          for (std::size_t u = 0; u < width(in); ++u)
            result.push_back(in.varying && u >= live_ ? PoisonValue::get(type_of(in, true)) : pointwise(in, u));
        });
        values_[i] = result;
      }
    }
    if (whole_piece) store_crossings(first, i);
  }
}

std::string symbol_of(Id op, int lanes) { return "gradus_op" + std::to_string(op) + "_" + std::to_string(lanes); }

std::unique_ptr<Module> emit(LLVMContext& context, const Program& program, HasVector has_vector, const void* source) {
  auto module = std::make_unique<Module>("gradus", context);
  Emitter(*module, program, has_vector, source).run();
  return module;
}

}  // namespace gradus::program::jit
