#include "ptx.hpp"

#include <cstring>
#include <sstream>

namespace ptx {

int bytes_of(Type type) {
  switch (type) {
    case Type::B8: case Type::U8: case Type::S8: return 1;
    case Type::B16: case Type::U16: case Type::S16: return 2;
    case Type::B32: case Type::U32: case Type::S32: case Type::F32: return 4;
    case Type::B64: case Type::U64: case Type::S64: return 8;
    default: throw Fault("a predicate has no size");
  }
}

bool is_wide(Type type) {
  return type == Type::B64 || type == Type::U64 || type == Type::S64;
}

namespace {

std::string strip(const std::string& s) {
  size_t a = s.find_first_not_of(" \t\r\n");
  size_t b = s.find_last_not_of(" \t\r\n");
  return a == std::string::npos ? "" : s.substr(a, b - a + 1);
}

std::vector<std::string> split(const std::string& s, char at) {
  std::vector<std::string> parts;
  std::string part;
  std::istringstream in(s);
  while (std::getline(in, part, at)) parts.push_back(strip(part));
  return parts;
}

// Operands are separated by commas, except within brackets and braces.
std::vector<std::string> operands(const std::string& s) {
  std::vector<std::string> found;
  std::string part;
  int depth = 0;
  for (char c : s) {
    if (c == '[' || c == '{') depth++;
    if (c == ']' || c == '}') depth--;
    if (c == ',' && depth == 0) {
      found.push_back(strip(part));
      part.clear();
    } else {
      part += c;
    }
  }
  if (!strip(part).empty()) found.push_back(strip(part));
  return found;
}

std::string without_comments(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); i++) {
    if (text[i] == '/' && i + 1 < text.size() && text[i + 1] == '/') {
      while (i < text.size() && text[i] != '\n') i++;
    }
    if (i < text.size()) out += text[i];
  }
  return out;
}

Type type_of(const std::string& name) {
  static const std::map<std::string, Type> types = {
      {"b8", Type::B8}, {"u8", Type::U8}, {"s8", Type::S8}, {"b16", Type::B16}, {"u16", Type::U16},
      {"s16", Type::S16}, {"b32", Type::B32}, {"u32", Type::U32}, {"s32", Type::S32},
      {"f32", Type::F32}, {"b64", Type::B64}, {"u64", Type::U64}, {"s64", Type::S64},
      {"pred", Type::PRED}};
  auto it = types.find(name);
  if (it == types.end()) throw Fault("type ." + name + " is not known to the stand-in");
  return it->second;
}

bool is_type(const std::string& name) {
  try {
    type_of(name);
    return true;
  } catch (const Fault&) {
    return false;
  }
}

struct KernelParser {
  Kernel kernel;
  std::map<std::string, int> registers32, registers64, predicates;
  std::map<std::string, int> shared;           // name -> offset
  std::map<std::string, int> added;            // arrays of a launch's bytes: name -> alignment
  bool added_is_placed = false;
  std::map<std::string, int> parameter_at;     // name -> offset
  std::map<std::string, int> labels;
  std::vector<std::pair<int, std::string>> jumps;

  int align(int at, int to) { return (at + to - 1) / to * to; }

  void parameter(const std::string& text) {
    // .param .u64 name   |   .param .align 8 .b8 name[40]
    std::istringstream in(text);
    std::string word, name;
    int alignment = 0, size = 0;
    while (in >> word) {
      if (word == ".param") continue;
      if (word == ".align") {
        in >> alignment;
      } else if (word[0] == '.') {
        size = bytes_of(type_of(word.substr(1)));
        if (alignment == 0) alignment = size;
      } else {
        name = word;
      }
    }
    size_t bracket = name.find('[');
    if (bracket != std::string::npos) {
      size *= std::stoi(name.substr(bracket + 1));
      name = name.substr(0, bracket);
    }
    int at = align(kernel.parameter_bytes, alignment);
    parameter_at[name] = at;
    kernel.parameters.push_back({at, size});
    kernel.parameter_bytes = at + size;
  }

  // The array of whatever bytes a launch adds lies behind the kernel's own, which are declared before
  // anybody asks where it is.
  bool is_shared(const std::string& name) {
    if (added.count(name) && !shared.count(name)) {
      kernel.shared_bytes = align(kernel.shared_bytes, added.at(name));
      shared[name] = kernel.shared_bytes;
      added_is_placed = true;
    }
    return shared.count(name) > 0;
  }

  void shared_array(const std::string& text) {
    // .shared .align 4 .b8 name[2112]
    if (added_is_placed) throw Fault("shared memory is declared behind that of a launch: " + text);
    std::istringstream in(text);
    std::string word;
    int alignment = 4, element = 1;
    while (in >> word) {
      if (word == ".shared") continue;
      if (word == ".align") {
        in >> alignment;
      } else if (word[0] == '.') {
        element = bytes_of(type_of(word.substr(1)));
      } else {
        size_t bracket = word.find('[');
        int count = bracket == std::string::npos ? 1 : std::stoi(word.substr(bracket + 1));
        int at = align(kernel.shared_bytes, alignment);
        shared[word.substr(0, bracket)] = at;
        kernel.shared_bytes = at + element * count;
      }
    }
  }

  int predicate(const std::string& name) {
    auto [it, fresh] = predicates.try_emplace(name, kernel.predicates);
    if (fresh) kernel.predicates++;
    return it->second;
  }

  Operand constant(uint64_t bits, bool wide) {
    if (wide) {
      kernel.constants64.push_back(bits);
      return ~int(kernel.constants64.size() - 1);
    }
    kernel.constants32.push_back(uint32_t(bits));
    return ~int(kernel.constants32.size() - 1);
  }

  Operand operand(const std::string& name, bool wide) {
    if (name[0] == '%') {
      if (name.find('.') != std::string::npos) {  // a special register
        auto [it, fresh] = kernel.specials.try_emplace(name, kernel.registers32);
        if (fresh) kernel.registers32++;
        return it->second;
      }
      auto& names = wide ? registers64 : registers32;
      int& count = wide ? kernel.registers64 : kernel.registers32;
      auto [it, fresh] = names.try_emplace(name, count);
      if (fresh) count++;
      return it->second;
    }
    if (name.rfind("0f", 0) == 0) return constant(std::stoul(name.substr(2), nullptr, 16), false);
    if (is_shared(name)) return constant(shared[name], wide);
    if (parameter_at.count(name)) return constant(parameter_at[name], wide);  // an address among them
    size_t end = 0;
    bool minus = name[0] == '-';
    uint64_t value = 0;
    try {
      value = std::stoull(minus ? name.substr(1) : name, &end, 0);
    } catch (const std::invalid_argument&) {
      end = 0;  // no number at all
    }
    if (end + minus != name.size()) throw Fault("operand " + name + " is not known");
    return constant(minus ? uint64_t(-int64_t(value)) : value, wide);
  }

  void address(Instruction& i, const std::string& text) {
    std::string inner = text.substr(1, text.size() - 2);
    size_t sign = inner.find('+');
    std::string base = strip(inner.substr(0, sign));
    if (sign != std::string::npos) i.offset = std::stoll(inner.substr(sign + 1));
    if (base[0] == '%') {
      i.has_base = true;
      i.wide_base = base.rfind("%rd", 0) == 0;
      i.address = operand(base, i.wide_base);
    } else if (i.space == Space::PARAM) {
      if (!parameter_at.count(base)) throw Fault("parameter " + base + " is not declared");
      i.offset += parameter_at[base];
    } else if (is_shared(base)) {
      i.offset += shared[base];
    } else {
      throw Fault("address " + text + " is not known");
    }
  }

  std::vector<std::string> group(const std::string& text) {
    if (text[0] != '{') return {text};
    return split(text.substr(1, text.size() - 2), ',');
  }

  void instruction(std::string text) {
    Instruction i;
    i.text = text;
    if (text[0] == '@') {
      size_t space = text.find_first_of(" \t");
      i.guard_negated = text[1] == '!';
      i.guard = predicate(text.substr(i.guard_negated ? 2 : 1, space - (i.guard_negated ? 2 : 1)));
      text = strip(text.substr(space));
    }
    size_t space = text.find_first_of(" \t");
    std::string mnemonic = text.substr(0, space);
    std::vector<std::string> o =
        space == std::string::npos ? std::vector<std::string>{} : operands(text.substr(space));
    decode(i, split(mnemonic, '.'), mnemonic, o);
    kernel.code.push_back(i);
  }

  [[noreturn]] void unknown(const std::string& mnemonic) {
    throw Fault("instruction " + mnemonic + " is not known to the stand-in");
  }

  // All results and sources of one width.
  void plain(Instruction& i, Op op, bool wide, const std::vector<std::string>& o) {
    i.op = op;
    i.to[0] = operand(o[0], wide);
    for (size_t s = 1; s < o.size(); s++) i.source[s - 1] = operand(o[s], wide);
  }

  void decode(Instruction& i, const std::vector<std::string>& m, const std::string& mnemonic,
              const std::vector<std::string>& o) {
    const std::string& name = m[0];
    Type type = is_type(m.back()) ? type_of(m.back()) : Type::B32;
    bool wide = is_wide(type);
    bool is_float = type == Type::F32;
    bool is_signed = type == Type::S32 || type == Type::S64;
    i.type = type;
    if (name == "ret" || name == "exit") {
      i.op = Op::RET;
    } else if (name == "bra") {
      i.op = Op::BRA;
      jumps.emplace_back(kernel.code.size(), o[0]);
    } else if (name == "bar" || name == "barrier") {
      if (o.size() != 1 || o[0] != "0") unknown(mnemonic + " with a count");
      i.op = Op::BAR;
    } else if (name == "ld" || name == "st") {
      i.op = name == "ld" ? Op::LD : Op::ST;
      i.space = Space::GLOBAL;  // also generic addresses: shared memory has none here
      for (auto& part : m) {
        if (part == "param") i.space = Space::PARAM;
        if (part == "shared") i.space = Space::SHARED;
        if (part == "local" || part == "const") unknown(mnemonic);
      }
      auto values = group(o[name == "ld" ? 0 : 1]);
      i.count = int(values.size());
      for (int v = 0; v < i.count; v++) {
        (name == "ld" ? i.to : i.source)[v] = operand(values[v], values[v].rfind("%rd", 0) == 0 || wide);
      }
      address(i, o[name == "ld" ? 1 : 0]);
      // A 64-bit register may take a 32-bit value: the type says how to widen it.
      i.from = name == "ld" && values[0].rfind("%rd", 0) == 0 ? Type::U64 : Type::U32;
      i.bytes = bytes_of(type) * i.count;
      i.words = bytes_of(type) == 4 && i.from == Type::U32;
    } else if (name == "cvta") {
      if (m.size() < 3 || m[1] != "to" || m[2] != "global") unknown(mnemonic);
      plain(i, Op::MOV64, true, o);
    } else if (name == "mov") {
      if (type == Type::PRED) {
        i.op = Op::MOVP;
        i.to[0] = predicate(o[0]);
        i.source[0] = o[1][0] == '%' ? predicate(o[1]) : constant(std::stoll(o[1]) ? 1 : 0, false);
      } else if (o[1][0] == '{' || o[0][0] == '{') {
        unknown(mnemonic + " of a pair");
      } else {
        plain(i, wide ? Op::MOV64 : Op::MOV32, wide, o);
      }
    } else if (name == "setp") {
      static const std::map<std::string, Compare> compares = {
          {"eq", Compare::EQ}, {"ne", Compare::NE}, {"lt", Compare::LT}, {"le", Compare::LE},
          {"gt", Compare::GT}, {"ge", Compare::GE}, {"lo", Compare::LT}, {"hi", Compare::GT},
          {"equ", Compare::EQU}, {"neu", Compare::NEU}, {"ltu", Compare::LTU},
          {"leu", Compare::LEU}, {"gtu", Compare::GTU}, {"geu", Compare::GEU},
          {"nan", Compare::UNORDERED}, {"num", Compare::ORDERED}};
      if (!compares.count(m[1]) || m.size() != 3) unknown(mnemonic);
      i.op = Op::SETP;
      i.compare = compares.at(m[1]);
      i.to[0] = predicate(o[0]);
      i.source[0] = operand(o[1], wide);
      i.source[1] = operand(o[2], wide);
    } else if (name == "selp") {
      i.op = wide ? Op::SELP64 : Op::SELP32;
      i.to[0] = operand(o[0], wide);
      i.source[0] = operand(o[1], wide);
      i.source[1] = operand(o[2], wide);
      i.source[2] = predicate(o[3]);
    } else if (name == "shfl") {
      if (m[1] != "sync" || (m[2] != "bfly" && m[2] != "idx")) unknown(mnemonic);
      i.op = Op::SHFL;
      i.butterfly = m[2] == "bfly";
      auto results = split(o[0], '|');
      i.to[0] = operand(results[0], false);
      i.second = results.size() > 1 ? predicate(results[1]) : -1;
      for (int s = 0; s < 4; s++) i.source[s] = operand(o[s + 1], false);
    } else if (name == "vote") {
      if (m[1] != "sync" || m[2] != "ballot") unknown(mnemonic);
      i.op = Op::BALLOT;
      i.to[0] = operand(o[0], false);
      i.source[0] = predicate(o[1]);
      i.source[1] = operand(o[2], false);
    } else if (name == "cvt") {
      i.op = Op::CVT;
      i.type = type_of(m[m.size() - 2]);
      i.from = type;
      if (m[1] == "sat" && is_float && i.type == Type::F32) i.op = Op::SATF;
      if (m[1] == "rni" && is_float && i.type == Type::F32) i.op = Op::ROUNDF;
      if (m[1] == "rzi" && is_float && i.type == Type::F32) i.op = Op::CUTF;
      if (m[1] == "rpi" && is_float && i.type == Type::F32) i.op = Op::CEILF;
      if (m[1] == "rmi" && is_float && i.type == Type::F32) i.op = Op::FLOORF;
      if (m[1] == "rzi" && is_float && i.type == Type::S32) i.op = Op::INTF;
      bool from_float = i.from == Type::F32, to_float = i.type == Type::F32;
      if (i.op == Op::CVT && (from_float || (to_float && i.from == Type::U64))) unknown(mnemonic);
      i.to[0] = operand(o[0], is_wide(i.type));
      i.source[0] = operand(o[1], is_wide(i.from));
    } else if (type == Type::PRED) {
      static const std::map<std::string, Op> ops = {
          {"and", Op::ANDP}, {"or", Op::ORP}, {"xor", Op::XORP}, {"not", Op::NOTP}};
      if (!ops.count(name)) unknown(mnemonic);
      i.op = ops.at(name);
      i.to[0] = predicate(o[0]);
      for (size_t s = 1; s < o.size(); s++) i.source[s - 1] = predicate(o[s]);
    } else if (name == "mul" && m[1] == "wide") {
      i.op = is_signed ? Op::MULWIDE_S32 : Op::MULWIDE_U32;
      i.to[0] = operand(o[0], true);
      i.source[0] = operand(o[1], false);
      i.source[1] = operand(o[2], false);
    } else if (name == "shl" || name == "shr") {
      i.op = name == "shl" ? (wide ? Op::SHL64 : Op::SHL32)
             : wide        ? (is_signed ? Op::SHR_S64 : Op::SHR_U64)
                           : (is_signed ? Op::SHR_S32 : Op::SHR_U32);
      i.to[0] = operand(o[0], wide);
      i.source[0] = operand(o[1], wide);
      i.source[1] = operand(o[2], false);
    } else if (name == "bfi" && !wide) {
      plain(i, Op::BFI32, false, o);
    } else if (name == "bfi") {
      i.op = Op::BFI64;
      i.to[0] = operand(o[0], true);
      for (int s = 0; s < 4; s++) i.source[s] = operand(o[s + 1], s < 2);
    } else {
      arithmetic(i, m, mnemonic, o, is_float, is_signed, wide);
    }
  }

  void arithmetic(Instruction& i, const std::vector<std::string>& m, const std::string& mnemonic,
                  const std::vector<std::string>& o, bool is_float, bool is_signed, bool wide) {
    const std::string& name = m[0];
    if (is_float) {
      static const std::map<std::string, Op> ops = {
          {"add", Op::ADDF}, {"sub", Op::SUBF}, {"mul", Op::MULF}, {"fma", Op::FMAF},
          {"div", Op::DIVF}, {"rcp", Op::RCPF}, {"sqrt", Op::SQRTF}, {"neg", Op::NEGF},
          {"abs", Op::ABSF}, {"min", Op::MINF}, {"max", Op::MAXF}, {"copysign", Op::COPYSIGNF},
          {"ex2", Op::EX2F}, {"lg2", Op::LG2F}};
      if (!ops.count(name)) unknown(mnemonic);
      Op op = ops.at(name);
      for (auto& part : m) {
        if (part == "rm") op = op == Op::FMAF ? Op::FMAF_DOWN : (unknown(mnemonic), op);
        if (part == "rz") op = op == Op::ADDF ? Op::ADDF_CUT : (unknown(mnemonic), op);
        if (part == "rp" || part == "sat") unknown(mnemonic);
      }
      plain(i, op, false, o);
      return;
    }
    Op op;
    if (name == "add") op = wide ? Op::ADD64 : Op::ADD32;
    else if (name == "sub") op = wide ? Op::SUB64 : Op::SUB32;
    else if (name == "mul" && m[1] == "lo") op = wide ? Op::MUL64 : Op::MUL32;
    else if (name == "mul" && m[1] == "hi" && !wide) op = is_signed ? Op::MULHI_S32 : Op::MULHI_U32;
    else if (name == "mad" && m[1] == "lo" && !wide) op = Op::MAD32;
    else if (name == "div" && !wide) op = is_signed ? Op::DIV_S32 : Op::DIV_U32;
    else if (name == "rem" && !wide) op = is_signed ? Op::REM_S32 : Op::REM_U32;
    else if (name == "min" && !wide) op = is_signed ? Op::MIN_S32 : Op::MIN_U32;
    else if (name == "max" && !wide) op = is_signed ? Op::MAX_S32 : Op::MAX_U32;
    else if (name == "and") op = wide ? Op::AND64 : Op::AND32;
    else if (name == "or") op = wide ? Op::OR64 : Op::OR32;
    else if (name == "xor") op = wide ? Op::XOR64 : Op::XOR32;
    else if (name == "popc" && !wide) op = Op::POPC;
    else if (name == "not") op = wide ? Op::NOT64 : Op::NOT32;
    else if (name == "neg") op = wide ? Op::NEG_S64 : Op::NEG_S32;
    else unknown(mnemonic);
    plain(i, op, wide, o);
  }

  void body(const std::string& text) {
    std::string statement;
    for (size_t at = 0; at < text.size(); at++) {
      char c = text[at];
      if (c == ';') {
        one(strip(statement));
        statement.clear();
      } else if (c == ':') {
        labels[strip(statement)] = int(kernel.code.size());
        statement.clear();
      } else {
        statement += c;
      }
    }
    for (auto& [at, label] : jumps) {
      if (!labels.count(label)) throw Fault("label " + label + " is missing");
      kernel.code[at].target = labels[label];
    }
  }

  void one(const std::string& statement) {
    if (statement.empty() || statement.rfind(".reg", 0) == 0 || statement.rfind(".pragma", 0) == 0) {
      return;
    }
    if (statement.rfind(".shared", 0) == 0) {
      shared_array(statement);
    } else if (statement[0] == '.') {
      throw Fault("directive " + statement + " is not known to the stand-in");
    } else {
      instruction(statement);
    }
  }
};

size_t closing(const std::string& text, size_t open) {
  int depth = 0;
  for (size_t i = open; i < text.size(); i++) {
    if (text[i] == '{') depth++;
    if (text[i] == '}' && --depth == 0) return i;
  }
  throw Fault("a brace is not closed");
}

// The arrays whose sizes launches decide: .extern .shared .align 16 .b8 name[];
std::map<std::string, int> added_arrays(const std::string& text) {
  std::map<std::string, int> found;
  for (size_t at = 0; (at = text.find(".extern .shared", at)) != std::string::npos; at++) {
    std::istringstream in(text.substr(at, text.find(';', at) - at));
    std::string word;
    int alignment = 1;
    while (in >> word) {
      if (word == ".align") in >> alignment;
      else if (word[0] != '.') found[word.substr(0, word.find('['))] = alignment;
    }
  }
  return found;
}

}  // namespace

Module parse(const std::string& raw) {
  std::string text = without_comments(raw);
  Module module;
  std::map<std::string, int> added = added_arrays(text);
  size_t at = 0;
  while ((at = text.find(".entry", at)) != std::string::npos) {
    size_t paren = text.find('(', at);
    size_t paren_end = text.find(')', paren);
    size_t brace = text.find('{', paren_end);
    size_t end = closing(text, brace);
    KernelParser parser;
    parser.added = added;
    parser.kernel.name = strip(text.substr(at + 6, paren - at - 6));
    for (auto& p : operands(text.substr(paren + 1, paren_end - paren - 1))) parser.parameter(p);
    std::string directives = text.substr(paren_end + 1, brace - paren_end - 1);
    size_t maxntid = directives.find(".maxntid");
    if (maxntid != std::string::npos) {
      parser.kernel.most_threads = std::stoi(directives.substr(maxntid + 8));
    }
    parser.body(text.substr(brace + 1, end - brace - 1));
    module.kernels[parser.kernel.name] = parser.kernel;
    at = end;
  }
  if (module.kernels.empty()) throw Fault("the module has no kernel");
  return module;
}

}  // namespace ptx
