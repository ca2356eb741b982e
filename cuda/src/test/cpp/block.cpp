#include "block.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace block {

using memory::Toucher;
using ptx::Compare;
using ptx::Fault;
using ptx::Instruction;
using ptx::Op;
using ptx::Operand;
using ptx::Space;
using ptx::Type;
using ptx::WARP;

namespace {

constexpr uint32_t ALL = 0xffffffffu;
constexpr uint64_t SECTOR = 32;
constexpr uint32_t UNWRITTEN = 0x7fc0dead;

float f(uint32_t bits) {
  float x;
  std::memcpy(&x, &bits, 4);
  return x;
}

uint32_t b(float x) {
  uint32_t bits;
  std::memcpy(&bits, &x, 4);
  return bits;
}

// a * b + c rounded down: exact in double but for the last addition, which is then compared.
float fma_down(float x, float y, float z) {
  double product = double(x) * y;
  double sum = product + z;
  float nearest = float(sum);
  if (double(nearest) > sum) nearest = std::nextafterf(nearest, -INFINITY);
  return nearest;
}

// a + b rounded towards zero: exact in double where no exponent is far from the other's, and what is
// lost there is below the last bit of both.
float add_cut(float x, float y) {
  double sum = double(x) + y;
  float nearest = float(sum);
  if (std::fabs(double(nearest)) > std::fabs(sum)) nearest = std::nextafterf(nearest, 0.0f);
  return nearest;
}

float flushed(float x) { return std::fpclassify(x) == FP_SUBNORMAL ? std::copysign(0.0f, x) : x; }

template <class T>
struct Lanes {
  alignas(64) T of[WARP];
};

using Lanes32 = Lanes<uint32_t>;
using Lanes64 = Lanes<uint64_t>;

struct Warp {
  std::vector<Lanes32> r32;
  std::vector<Lanes64> r64;
  std::vector<uint32_t> predicates;
  int pc[WARP];
  uint32_t live;

  // The lanes at work: those at the smallest pc; `meet` is the next pc where others wait.
  uint32_t active;
  int at;
  int meet;

  void regroup() {
    at = std::numeric_limits<int>::max();
    meet = at;
    for (int l = 0; l < WARP; l++) {
      if (live >> l & 1 && pc[l] < at) at = pc[l];
    }
    active = 0;
    for (int l = 0; l < WARP; l++) {
      if (!(live >> l & 1)) continue;
      if (pc[l] == at) active |= 1u << l;
      else if (pc[l] < meet) meet = pc[l];
    }
  }

  void leave(int next) {
    for (int l = 0; l < WARP; l++) {
      if (active >> l & 1) pc[l] = next;
    }
  }
};

struct Block {
  const ptx::Kernel& kernel;
  const std::vector<uint8_t>& arguments;
  Grid grid;
  uint32_t index;
  uint32_t launch;
  memory::Heap& heap;
  std::vector<Lanes32> constants32;
  std::vector<Lanes64> constants64;
  int shared_bytes;
  std::vector<uint32_t> shared;
  std::vector<memory::Shadow> shared_shadow;
  std::vector<uint8_t> shared_written;
  uint32_t interval = 0;
  Counts counts;
  memory::Allocation* recent = nullptr;

  Block(const ptx::Kernel& k, const std::vector<uint8_t>& a, Grid g, uint32_t i, uint32_t l,
        memory::Heap& h)
      : kernel(k), arguments(a), grid(g), index(i), launch(l), heap(h),
        constants32(k.constants32.size()), constants64(k.constants64.size()),
        shared_bytes(k.shared_bytes + int(g.shared)), shared((shared_bytes + 3) / 4, UNWRITTEN),
        shared_shadow((shared_bytes + 3) / 4), shared_written((shared_bytes + 3) / 4) {
    for (size_t c = 0; c < constants32.size(); c++) {
      for (auto& x : constants32[c].of) x = k.constants32[c];
    }
    for (size_t c = 0; c < constants64.size(); c++) {
      for (auto& x : constants64[c].of) x = k.constants64[c];
    }
  }

  [[noreturn]] void fault(const Instruction& i, const std::string& what) {
    throw Fault("kernel " + kernel.name + ", block " + std::to_string(index) + ": " + what + ": " +
                i.text);
  }

  // A special register that all threads of the block see alike.
  uint32_t special(const std::string& name) {
    uint32_t bx = index % grid.x, by = index / grid.x % grid.y, bz = index / grid.x / grid.y;
    if (name == "%tid.y" || name == "%tid.z") return 0;
    if (name == "%ntid.x") return grid.threads;
    if (name == "%ntid.y" || name == "%ntid.z") return 1;
    if (name == "%ctaid.x") return bx;
    if (name == "%ctaid.y") return by;
    if (name == "%ctaid.z") return bz;
    if (name == "%nctaid.x") return grid.x;
    if (name == "%nctaid.y") return grid.y;
    if (name == "%nctaid.z") return grid.z;
    throw Fault("register " + name + " is not known to the stand-in");
  }

  void run() {
    uint32_t count = (grid.threads + WARP - 1) / WARP;
    std::vector<Warp> warps(count);
    for (uint32_t w = 0; w < count; w++) {
      Warp& warp = warps[w];
      warp.r32.resize(kernel.registers32);
      warp.r64.resize(kernel.registers64);
      for (auto& r : warp.r32) for (auto& x : r.of) x = UNWRITTEN;
      for (auto& r : warp.r64) for (auto& x : r.of) x = uint64_t(UNWRITTEN) << 32 | UNWRITTEN;
      warp.predicates.resize(kernel.predicates);
      uint32_t threads = std::min<uint32_t>(WARP, grid.threads - w * WARP);
      warp.live = threads == WARP ? ALL : (1u << threads) - 1;
      for (auto& p : warp.pc) p = 0;
      for (auto& [name, reg] : kernel.specials) {
        bool thread = name == "%tid.x";
        uint32_t same = thread ? 0 : special(name);
        for (uint32_t l = 0; l < WARP; l++) warp.r32[reg].of[l] = thread ? w * WARP + l : same;
      }
    }
    bool running = true;
    while (running) {
      running = false;
      for (uint32_t w = 0; w < count; w++) {
        if (warps[w].live) {
          step(warps[w], w * WARP);
          running |= warps[w].live != 0;
        }
      }
      interval++;
    }
  }

  const uint32_t* in32(const Warp& w, Operand o) const {
    return o >= 0 ? w.r32[o].of : constants32[~o].of;
  }
  const uint64_t* in64(const Warp& w, Operand o) const {
    return o >= 0 ? w.r64[o].of : constants64[~o].of;
  }

  // Runs a warp to its next barrier or its end.
  void step(Warp& w, uint32_t first_thread);
  void access(Warp& w, const Instruction& i, uint32_t mask, uint32_t first_thread);
  void access_global(Warp& w, const Instruction& i, uint32_t mask, uint32_t first_thread);
  void access_shared(Warp& w, const Instruction& i, uint32_t mask, uint32_t first_thread);
  void load_parameter(Warp& w, const Instruction& i, uint32_t mask);
  void shuffle(Warp& w, const Instruction& i, uint32_t mask);
  uint32_t compare(const Warp& w, const Instruction& i);
  void convert(Warp& w, const Instruction& i, uint32_t mask);
  void put(Warp& w, const Instruction& i, int value, int lane, const void* from);
  void get(Warp& w, const Instruction& i, int value, int lane, void* to);
  void move(Warp& w, const Instruction& i, int lane, uint8_t* at);
};

template <class T, class F>
inline void each(T* to, uint32_t mask, F value) {
  if (mask == ALL) {
    for (int l = 0; l < WARP; l++) to[l] = value(l);
  } else {
    for (int l = 0; l < WARP; l++) {
      T x = value(l);
      to[l] = mask >> l & 1 ? x : to[l];
    }
  }
}

#define BINARY(OP, READ, WRITE, TYPE, EXPRESSION)                       \
  case Op::OP: {                                                        \
    auto* x = READ(w, i.source[0]);                                     \
    auto* y = READ(w, i.source[1]);                                     \
    each(w.WRITE[i.to[0]].of, mask, [&](int l) -> TYPE { return EXPRESSION; }); \
    break;                                                              \
  }
#define UNARY(OP, READ, WRITE, TYPE, EXPRESSION)                        \
  case Op::OP: {                                                        \
    auto* x = READ(w, i.source[0]);                                     \
    each(w.WRITE[i.to[0]].of, mask, [&](int l) -> TYPE { return EXPRESSION; }); \
    break;                                                              \
  }
#define TERNARY(OP, READ, WRITE, TYPE, EXPRESSION)                      \
  case Op::OP: {                                                        \
    auto* x = READ(w, i.source[0]);                                     \
    auto* y = READ(w, i.source[1]);                                     \
    auto* z = READ(w, i.source[2]);                                     \
    each(w.WRITE[i.to[0]].of, mask, [&](int l) -> TYPE { return EXPRESSION; }); \
    break;                                                              \
  }
#define PREDICATE(OP, EXPRESSION)                                       \
  case Op::OP: {                                                        \
    uint32_t p = w.predicates[i.source[0]];                             \
    uint32_t q = i.source[1] >= 0 ? w.predicates[i.source[1]] : 0;      \
    (void)q;                                                            \
    uint32_t& to = w.predicates[i.to[0]];                               \
    to = (to & ~mask) | ((EXPRESSION) & mask);                          \
    break;                                                              \
  }

void Block::step(Warp& w, uint32_t first_thread) {
  w.regroup();
  while (true) {
    if (w.at >= w.meet) {
      w.leave(w.at);
      w.regroup();
    }
    const Instruction& i = kernel.code[w.at];
    counts.instructions++;
    uint32_t mask = w.active;
    if (i.guard >= 0) {
      uint32_t p = w.predicates[i.guard];
      mask &= i.guard_negated ? ~p : p;
    }
    switch (i.op) {
      case Op::BRA:
        if (mask == w.active) {
          w.at = i.target;
          w.leave(w.at);
          if (w.active != w.live) w.regroup();
          continue;
        }
        if (mask != 0) {
          for (int l = 0; l < WARP; l++) {
            if (w.active >> l & 1) w.pc[l] = mask >> l & 1 ? i.target : w.at + 1;
          }
          w.regroup();
          continue;
        }
        break;
      case Op::RET:
        w.live &= ~mask;
        if (w.live == 0) return;
        if (mask != 0) {
          w.leave(w.at + 1);
          w.regroup();
          continue;
        }
        break;
      case Op::BAR:
        if (mask != w.live) fault(i, "a barrier that not all threads of a warp reach");
        w.leave(w.at + 1);
        counts.barriers++;
        return;
      case Op::LD:
      case Op::ST:
        if (mask) access(w, i, mask, first_thread);
        break;
      case Op::SHFL:
        shuffle(w, i, mask);
        counts.shuffles++;
        break;
      case Op::BALLOT: {
        auto* members = in32(w, i.source[1]);
        for (int l = 0; l < WARP; l++) {
          if (mask >> l & 1 && members[l] != mask) fault(i, "a vote that not all its members reach");
        }
        uint32_t votes = w.predicates[i.source[0]] & mask;
        each(w.r32[i.to[0]].of, mask, [&](int) { return votes; });
        break;
      }
      case Op::SETP: {
        uint32_t& to = w.predicates[i.to[0]];
        to = (to & ~mask) | (compare(w, i) & mask);
        break;
      }
      case Op::MOVP: {
        uint32_t from = i.source[0] >= 0 ? w.predicates[i.source[0]]
                                         : (constants32[~i.source[0]].of[0] ? ALL : 0);
        uint32_t& to = w.predicates[i.to[0]];
        to = (to & ~mask) | (from & mask);
        break;
      }
      PREDICATE(ANDP, p & q)
      PREDICATE(ORP, p | q)
      PREDICATE(XORP, p ^ q)
      PREDICATE(NOTP, ~p)
      case Op::SELP32: {
        auto* x = in32(w, i.source[0]);
        auto* y = in32(w, i.source[1]);
        uint32_t p = w.predicates[i.source[2]];
        each(w.r32[i.to[0]].of, mask, [&](int l) { return p >> l & 1 ? x[l] : y[l]; });
        break;
      }
      case Op::SELP64: {
        auto* x = in64(w, i.source[0]);
        auto* y = in64(w, i.source[1]);
        uint32_t p = w.predicates[i.source[2]];
        each(w.r64[i.to[0]].of, mask, [&](int l) { return p >> l & 1 ? x[l] : y[l]; });
        break;
      }
      case Op::CVT:
        convert(w, i, mask);
        break;
      case Op::CVTA:
        fault(i, "not known to the stand-in");
      UNARY(MOV32, in32, r32, uint32_t, x[l])
      UNARY(MOV64, in64, r64, uint64_t, x[l])
      BINARY(ADD32, in32, r32, uint32_t, x[l] + y[l])
      BINARY(ADD64, in64, r64, uint64_t, x[l] + y[l])
      BINARY(SUB32, in32, r32, uint32_t, x[l] - y[l])
      BINARY(SUB64, in64, r64, uint64_t, x[l] - y[l])
      BINARY(MUL32, in32, r32, uint32_t, x[l] * y[l])
      BINARY(MUL64, in64, r64, uint64_t, x[l] * y[l])
      BINARY(MULHI_S32, in32, r32, uint32_t, uint32_t(int64_t(int32_t(x[l])) * int32_t(y[l]) >> 32))
      BINARY(MULHI_U32, in32, r32, uint32_t, uint32_t(uint64_t(x[l]) * y[l] >> 32))
      BINARY(MULWIDE_S32, in32, r64, uint64_t, uint64_t(int64_t(int32_t(x[l])) * int32_t(y[l])))
      BINARY(MULWIDE_U32, in32, r64, uint64_t, uint64_t(x[l]) * y[l])
      TERNARY(MAD32, in32, r32, uint32_t, x[l] * y[l] + z[l])
      BINARY(DIV_S32, in32, r32, uint32_t,
             y[l] == 0 || (x[l] == 0x80000000u && y[l] == ALL) ? ALL : uint32_t(int32_t(x[l]) / int32_t(y[l])))
      BINARY(DIV_U32, in32, r32, uint32_t, y[l] == 0 ? ALL : x[l] / y[l])
      BINARY(REM_S32, in32, r32, uint32_t,
             y[l] == 0 || (x[l] == 0x80000000u && y[l] == ALL) ? 0 : uint32_t(int32_t(x[l]) % int32_t(y[l])))
      BINARY(REM_U32, in32, r32, uint32_t, y[l] == 0 ? ALL : x[l] % y[l])
      BINARY(MIN_S32, in32, r32, uint32_t, uint32_t(std::min(int32_t(x[l]), int32_t(y[l]))))
      BINARY(MAX_S32, in32, r32, uint32_t, uint32_t(std::max(int32_t(x[l]), int32_t(y[l]))))
      BINARY(MIN_U32, in32, r32, uint32_t, std::min(x[l], y[l]))
      BINARY(MAX_U32, in32, r32, uint32_t, std::max(x[l], y[l]))
      BINARY(AND32, in32, r32, uint32_t, x[l] & y[l])
      BINARY(AND64, in64, r64, uint64_t, x[l] & y[l])
      BINARY(OR32, in32, r32, uint32_t, x[l] | y[l])
      BINARY(OR64, in64, r64, uint64_t, x[l] | y[l])
      BINARY(XOR32, in32, r32, uint32_t, x[l] ^ y[l])
      BINARY(XOR64, in64, r64, uint64_t, x[l] ^ y[l])
      UNARY(POPC, in32, r32, uint32_t, uint32_t(__builtin_popcount(x[l])))
      UNARY(NOT32, in32, r32, uint32_t, ~x[l])
      UNARY(NOT64, in64, r64, uint64_t, ~x[l])
      BINARY(SHL32, in32, r32, uint32_t, y[l] > 31 ? 0 : x[l] << y[l])
      BINARY(SHR_U32, in32, r32, uint32_t, y[l] > 31 ? 0 : x[l] >> y[l])
      BINARY(SHR_S32, in32, r32, uint32_t, uint32_t(int32_t(x[l]) >> std::min(y[l], 31u)))
      case Op::SHL64:
      case Op::SHR_U64:
      case Op::SHR_S64: {
        auto* x = in64(w, i.source[0]);
        auto* y = in32(w, i.source[1]);
        each(w.r64[i.to[0]].of, mask, [&](int l) -> uint64_t {
          if (i.op == Op::SHR_S64) return uint64_t(int64_t(x[l]) >> std::min(y[l], 63u));
          if (y[l] > 63) return 0;
          return i.op == Op::SHL64 ? x[l] << y[l] : x[l] >> y[l];
        });
        break;
      }
      case Op::BFI32: {
        auto* x = in32(w, i.source[0]);
        auto* y = in32(w, i.source[1]);
        auto* p = in32(w, i.source[2]);
        auto* n = in32(w, i.source[3]);
        each(w.r32[i.to[0]].of, mask, [&](int l) {
          uint64_t field = ((uint64_t(1) << std::min(n[l], 32u)) - 1) << std::min(p[l], 63u);
          return uint32_t((y[l] & ~field) | (uint64_t(x[l]) << std::min(p[l], 63u) & field));
        });
        break;
      }
      case Op::BFI64: {
        auto* x = in64(w, i.source[0]);
        auto* y = in64(w, i.source[1]);
        auto* p = in32(w, i.source[2]);
        auto* n = in32(w, i.source[3]);
        each(w.r64[i.to[0]].of, mask, [&](int l) -> uint64_t {
          uint32_t at = p[l] & 255, bits = n[l] & 255;
          if (at > 63 || bits == 0) return y[l];
          uint64_t field = (bits > 63 ? ~uint64_t(0) : (uint64_t(1) << bits) - 1) << at;
          return (y[l] & ~field) | (x[l] << at & field);
        });
        break;
      }
      UNARY(NEG_S32, in32, r32, uint32_t, 0u - x[l])
      UNARY(NEG_S64, in64, r64, uint64_t, uint64_t(0) - x[l])
      BINARY(ADDF, in32, r32, uint32_t, b(f(x[l]) + f(y[l])))
      BINARY(ADDF_CUT, in32, r32, uint32_t, b(add_cut(f(x[l]), f(y[l]))))
      BINARY(SUBF, in32, r32, uint32_t, b(f(x[l]) - f(y[l])))
      BINARY(MULF, in32, r32, uint32_t, b(f(x[l]) * f(y[l])))
      TERNARY(FMAF, in32, r32, uint32_t, b(std::fma(f(x[l]), f(y[l]), f(z[l]))))
      TERNARY(FMAF_DOWN, in32, r32, uint32_t, b(fma_down(f(x[l]), f(y[l]), f(z[l]))))
      BINARY(DIVF, in32, r32, uint32_t, b(f(x[l]) / f(y[l])))
      UNARY(RCPF, in32, r32, uint32_t, b(1.0f / f(x[l])))
      UNARY(SQRTF, in32, r32, uint32_t, b(std::sqrt(f(x[l]))))
      UNARY(NEGF, in32, r32, uint32_t, x[l] ^ 0x80000000u)
      UNARY(ABSF, in32, r32, uint32_t, x[l] & 0x7fffffffu)
      BINARY(MINF, in32, r32, uint32_t, b(std::fmin(f(x[l]), f(y[l]))))
      BINARY(MAXF, in32, r32, uint32_t, b(std::fmax(f(x[l]), f(y[l]))))
      BINARY(COPYSIGNF, in32, r32, uint32_t, (y[l] & 0x7fffffffu) | (x[l] & 0x80000000u))
      UNARY(EX2F, in32, r32, uint32_t, b(flushed(std::exp2(flushed(f(x[l]))))))
      UNARY(LG2F, in32, r32, uint32_t, b(std::log2(f(x[l]))))
      UNARY(ROUNDF, in32, r32, uint32_t, b(std::nearbyint(f(x[l]))))
      UNARY(CEILF, in32, r32, uint32_t, b(std::ceil(f(x[l]))))
      UNARY(FLOORF, in32, r32, uint32_t, b(std::floor(f(x[l]))))
      UNARY(CUTF, in32, r32, uint32_t, b(std::trunc(f(x[l]))))
      // Bounded; a NaN becomes 0, as the instruction set says.
      UNARY(INTF, in32, r32, uint32_t,
            f(x[l]) != f(x[l]) ? 0 : uint32_t(int32_t(std::fmin(std::fmax(double(f(x[l])), -2147483648.0), 2147483647.0))))
      // A NaN becomes 0, as the instruction set says.
      UNARY(SATF, in32, r32, uint32_t, b(f(x[l]) > 0.0f ? std::fmin(f(x[l]), 1.0f) : 0.0f))
    }
    w.at++;
  }
}

uint32_t Block::compare(const Warp& w, const Instruction& i) {
  uint32_t bits = 0;
  auto fill = [&](auto lane) {
    for (int l = 0; l < WARP; l++) bits |= uint32_t(lane(l)) << l;
  };
  auto ordered = [&](auto x, auto y) {
    switch (i.compare) {
      case Compare::EQ: case Compare::EQU: return x == y;
      case Compare::NE: case Compare::NEU: return x != y;
      case Compare::LT: case Compare::LTU: return x < y;
      case Compare::LE: case Compare::LEU: return x <= y;
      case Compare::GT: case Compare::GTU: return x > y;
      case Compare::UNORDERED: return false;
      case Compare::ORDERED: return true;
      default: return x >= y;
    }
  };
  if (i.type == Type::F32) {
    auto* x = in32(w, i.source[0]);
    auto* y = in32(w, i.source[1]);
    bool or_unordered = i.compare >= Compare::EQU;
    fill([&](int l) {
      float p = f(x[l]), q = f(y[l]);
      return std::isnan(p) || std::isnan(q) ? or_unordered : ordered(p, q);
    });
  } else if (ptx::is_wide(i.type)) {
    auto* x = in64(w, i.source[0]);
    auto* y = in64(w, i.source[1]);
    if (i.type == Type::S64) fill([&](int l) { return ordered(int64_t(x[l]), int64_t(y[l])); });
    else fill([&](int l) { return ordered(x[l], y[l]); });
  } else {
    auto* x = in32(w, i.source[0]);
    auto* y = in32(w, i.source[1]);
    if (i.type == Type::S32) fill([&](int l) { return ordered(int32_t(x[l]), int32_t(y[l])); });
    else fill([&](int l) { return ordered(x[l], y[l]); });
  }
  return bits;
}

void Block::convert(Warp& w, const Instruction& i, uint32_t mask) {
  auto integer = [&](int l) -> int64_t {
    switch (i.from) {
      case Type::U8: return uint8_t(in32(w, i.source[0])[l]);
      case Type::U16: return uint16_t(in32(w, i.source[0])[l]);
      case Type::S32: return int32_t(in32(w, i.source[0])[l]);
      case Type::U32: return in32(w, i.source[0])[l];
      case Type::S64: case Type::U64: return int64_t(in64(w, i.source[0])[l]);
      default: fault(i, "a conversion that is not known to the stand-in");
    }
  };
  if (i.type == Type::F32) {
    each(w.r32[i.to[0]].of, mask, [&](int l) { return b(float(integer(l))); });
  } else if (ptx::is_wide(i.type)) {
    each(w.r64[i.to[0]].of, mask, [&](int l) { return uint64_t(integer(l)); });
  } else if (i.type == Type::U32 || i.type == Type::S32) {
    each(w.r32[i.to[0]].of, mask, [&](int l) { return uint32_t(integer(l)); });
  } else {
    fault(i, "a conversion that is not known to the stand-in");
  }
}

void Block::shuffle(Warp& w, const Instruction& i, uint32_t mask) {
  auto* value = in32(w, i.source[0]);
  auto* lane = in32(w, i.source[1]);
  auto* clamp = in32(w, i.source[2]);
  auto* members = in32(w, i.source[3]);
  uint32_t result[WARP];
  uint32_t there = 0;
  for (int l = 0; l < WARP; l++) {
    if (!(mask >> l & 1)) continue;
    if (members[l] != mask) fault(i, "a shuffle that not all its members reach");
    uint32_t segment = clamp[l] >> 8 & 31;
    uint32_t most = (l & segment) | (clamp[l] & 31 & ~segment);
    uint32_t from = i.butterfly ? l ^ (lane[l] & 31) : (l & segment) | (lane[l] & 31 & ~segment);
    bool inside = from <= most;
    if (!inside) from = l;
    if (!(mask >> from & 1)) fault(i, "a shuffle from a lane that is not there");
    result[l] = value[from];
    there |= uint32_t(inside) << l;
  }
  each(w.r32[i.to[0]].of, mask, [&](int l) { return result[l]; });
  if (i.second >= 0) {
    uint32_t& to = w.predicates[i.second];
    to = (to & ~mask) | (there & mask);
  }
}

// A loaded value into its register, widened as the type says.
void Block::put(Warp& w, const Instruction& i, int value, int lane, const void* from) {
  int64_t x = 0;
  switch (i.type) {
    case Type::U8: case Type::B8: x = *static_cast<const uint8_t*>(from); break;
    case Type::S8: x = *static_cast<const int8_t*>(from); break;
    case Type::U16: case Type::B16: { uint16_t v; std::memcpy(&v, from, 2); x = v; break; }
    case Type::S32: { int32_t v; std::memcpy(&v, from, 4); x = v; break; }
    case Type::U32: case Type::B32: case Type::F32: { uint32_t v; std::memcpy(&v, from, 4); x = v; break; }
    default: std::memcpy(&x, from, 8);
  }
  if (i.from == Type::U64) w.r64[i.to[value]].of[lane] = uint64_t(x);
  else w.r32[i.to[value]].of[lane] = uint32_t(x);
}

void Block::get(Warp& w, const Instruction& i, int value, int lane, void* to) {
  if (ptx::is_wide(i.type)) std::memcpy(to, &in64(w, i.source[value])[lane], 8);
  else std::memcpy(to, &in32(w, i.source[value])[lane], ptx::bytes_of(i.type));
}

// All values of a lane, to or from memory; those of four bytes, nearly all, without a look at their type.
inline void Block::move(Warp& w, const Instruction& i, int lane, uint8_t* at) {
  int each = i.bytes / i.count;
  for (int v = 0; v < i.count; v++, at += each) {
    if (i.words) {
      if (i.op == Op::LD) std::memcpy(&w.r32[i.to[v]].of[lane], at, 4);
      else std::memcpy(at, &in32(w, i.source[v])[lane], 4);
    } else if (i.op == Op::LD) {
      put(w, i, v, lane, at);
    } else {
      get(w, i, v, lane, at);
    }
  }
}

void Block::access(Warp& w, const Instruction& i, uint32_t mask, uint32_t first_thread) {
  switch (i.space) {
    case Space::PARAM: load_parameter(w, i, mask); break;
    case Space::SHARED: access_shared(w, i, mask, first_thread); break;
    default: access_global(w, i, mask, first_thread);
  }
}

void Block::load_parameter(Warp& w, const Instruction& i, uint32_t mask) {
  int size = i.bytes / i.count;
  for (int l = 0; l < WARP; l++) {
    if (!(mask >> l & 1)) continue;
    int64_t at = i.offset + (i.has_base ? int64_t(in64(w, i.address)[l]) : 0);
    if (i.op != Op::LD || at < 0 || at + i.bytes > int64_t(arguments.size())) {
      fault(i, "an access beyond the parameters");
    }
    for (int v = 0; v < i.count; v++) put(w, i, v, l, arguments.data() + at + v * size);
  }
}

void Block::access_shared(Warp& w, const Instruction& i, uint32_t mask, uint32_t first_thread) {
  counts.shared++;
  int size = i.bytes;
  auto* bytes = reinterpret_cast<uint8_t*>(shared.data());
  for (int l = 0; l < WARP; l++) {
    if (!(mask >> l & 1)) continue;
    int64_t at = i.offset;
    if (i.has_base) at += i.wide_base ? int64_t(in64(w, i.address)[l]) : int64_t(in32(w, i.address)[l]);
    if (at < 0 || at + size > shared_bytes) fault(i, "an access beyond shared memory");
    if (at & (size - 1)) fault(i, "a misaligned access to shared memory");
    Toucher me = Toucher::of(launch, index, interval, first_thread + l);
    for (int64_t word = at / 4; word <= (at + size - 1) / 4; word++) {
      bool race = i.op == Op::LD ? shared_shadow[word].read(me) : shared_shadow[word].write(me);
      if (race) fault(i, "a race in shared memory between threads of a block");
      if (i.op == Op::ST) shared_written[word] = 1;
      else if (!shared_written[word]) fault(i, "a read of shared memory that nobody wrote");
    }
    move(w, i, l, bytes + at);
  }
}

void Block::access_global(Warp& w, const Instruction& i, uint32_t mask, uint32_t first_thread) {
  uint64_t size = i.bytes;
  uint64_t sectors[WARP];
  int touched = 0;
  for (int l = 0; l < WARP; l++) {
    if (!(mask >> l & 1)) continue;
    uint64_t at = (i.has_base ? in64(w, i.address)[l] : 0) + i.offset;
    if (at & (size - 1)) fault(i, "a misaligned access to global memory");
    if (touched == 0 || sectors[touched - 1] != at / SECTOR) sectors[touched++] = at / SECTOR;
    if (!recent || !recent->holds(at, size)) {
      recent = heap.find(at, size);
      if (!recent) fault(i, "an access beyond what is allocated");
    }
    Toucher me = Toucher::of(launch, index, interval, first_thread + l);
    uint64_t first = (at - recent->base) / 4;
    for (uint64_t word = first; word <= (at - recent->base + size - 1) / 4; word++) {
      memory::Shadow& shadow = recent->shadow[word];
      bool race = i.op == Op::LD ? shadow.read(me) : shadow.write(me);
      if (race) fault(i, "a race in global memory between threads of a launch");
      if (i.op == Op::ST) recent->initialized[word] = 1;
      else if (!recent->initialized[word]) fault(i, "a read of global memory that nobody wrote");
    }
    move(w, i, l, reinterpret_cast<uint8_t*>(at));
  }
  std::sort(sectors, sectors + touched);
  uint64_t different = std::unique(sectors, sectors + touched) - sectors;
  (i.op == Op::LD ? counts.loaded : counts.stored) += different * SECTOR;
}

}  // namespace

void run(const ptx::Kernel& kernel, const std::vector<uint8_t>& arguments, Grid grid,
         uint32_t index, uint32_t launch, memory::Heap& heap, Counts& counts) {
  Block block(kernel, arguments, grid, index, launch, heap);
  block.run();
  counts.add(block.counts);
}

}  // namespace block
