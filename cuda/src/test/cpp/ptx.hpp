// A PTX module as the stand-in runs it: parsed once, registers numbered, constants in tables.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace ptx {

constexpr int WARP = 32;

// What a kernel does with its own memory and threads is checked; this says what it did wrong, or
// what the module holds that is not known here.
struct Fault : std::runtime_error {
  using std::runtime_error::runtime_error;
};

enum class Op {
  LD, ST, MOV32, MOV64, MOVP, CVTA, ADD32, ADD64, SUB32, SUB64, MUL32, MUL64, MULHI_S32, MULHI_U32,
  MULWIDE_S32, MULWIDE_U32, MAD32, DIV_S32, DIV_U32, REM_S32, REM_U32, MIN_S32, MAX_S32, MIN_U32,
  MAX_U32, AND32, AND64, OR32, OR64, XOR32, XOR64, NOT32, NOT64, POPC, ANDP, ORP, XORP, NOTP, SHL32, SHL64,
  SHR_U32, SHR_S32, SHR_U64, SHR_S64, BFI32, BFI64, NEG_S32, NEG_S64, ADDF, ADDF_CUT, SUBF, MULF, FMAF, FMAF_DOWN, DIVF, RCPF,
  SQRTF, NEGF, ABSF, MINF, MAXF, COPYSIGNF, EX2F, LG2F, SATF, ROUNDF, CUTF, CEILF, FLOORF, INTF, SETP, SELP32, SELP64, CVT, SHFL, BALLOT, BRA,
  BAR, RET
};

enum class Space { PARAM, GLOBAL, SHARED };
enum class Compare { EQ, NE, LT, LE, GT, GE, ORDERED, EQU, NEU, LTU, LEU, GTU, GEU, UNORDERED };
enum class Type { B8, U8, S8, B16, U16, S16, B32, U32, S32, F32, B64, U64, S64, PRED };

int bytes_of(Type type);
bool is_wide(Type type);

// An operand: a register (>= 0) or a constant (~index). Predicates are registers only.
using Operand = int;

struct Instruction {
  Op op{};
  Type type{};         // of the operation; of the result in CVT
  Type from{};         // CVT: of the source
  Compare compare{};
  Space space{};
  int guard = -1;      // predicate register, -1 for none
  bool guard_negated = false;
  std::array<Operand, 4> to{};      // LD: up to 4 results
  std::array<Operand, 4> source{};  // ST: up to 4 values
  int count = 1;       // LD, ST: values
  int bytes = 0;       // LD, ST: of all values, a power of two
  bool words = false;  // LD, ST: values of four bytes, in registers of as many
  Operand address = 0; // LD, ST: 64-bit register, or 32-bit in shared memory
  bool has_base = false;
  bool wide_base = false;  // the base of a shared address is a 64-bit register
  int64_t offset = 0;
  int second = -1;     // SHFL: predicate result
  bool butterfly = false;
  int target = -1;     // BRA
  std::string text;    // for messages
};

struct Parameter {
  int offset;
  int size;
};

struct Kernel {
  std::string name;
  std::vector<Parameter> parameters;
  int parameter_bytes = 0;
  int most_threads = 1024;
  int shared_bytes = 0;     // its own, without those that a launch adds
  int registers32 = 0;
  int registers64 = 0;
  int predicates = 0;
  std::vector<uint32_t> constants32;
  std::vector<uint64_t> constants64;
  std::map<std::string, int> specials;  // %tid.x and the like: 32-bit register
  std::vector<Instruction> code;
};

struct Module {
  std::map<std::string, Kernel> kernels;
};

// Throws Fault where the text has something that the stand-in does not know.
Module parse(const std::string& text);

}  // namespace ptx
