#include "memory.hpp"

#include <cstring>

namespace memory {

namespace {
// A NaN whose bits are easy to tell: what was never written shows in results, too.
constexpr uint32_t UNWRITTEN = 0x7fc0dead;
constexpr uint64_t ALIGNMENT = 256;

uint64_t words(uint64_t bytes) { return (bytes + 3) / 4; }
}  // namespace

uint64_t Heap::allocate(uint64_t size) {
  if (size == 0 || size > limit_ - used_) return 0;
  Allocation a;
  a.size = size;
  uint64_t room = words(size) * 4 + ALIGNMENT;
  a.bytes.reset(new (std::nothrow) uint8_t[room]);
  if (!a.bytes) return 0;
  uint64_t raw = reinterpret_cast<uint64_t>(a.bytes.get());
  a.base = (raw + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  auto* at = reinterpret_cast<uint32_t*>(a.base);
  for (uint64_t i = 0; i < words(size); i++) at[i] = UNWRITTEN;
  a.shadow = zeros<Shadow>(words(size));
  a.initialized = zeros<uint8_t>(words(size));
  if (!a.shadow || !a.initialized) return 0;
  used_ += size;
  uint64_t base = a.base;
  allocations_.emplace(base, std::move(a));
  return base;
}

bool Heap::free(uint64_t address) {
  auto it = allocations_.find(address);
  if (it == allocations_.end()) return false;
  used_ -= it->second.size;
  allocations_.erase(it);
  return true;
}

Allocation* Heap::find(uint64_t address, uint64_t length) {
  auto it = allocations_.upper_bound(address);
  if (it == allocations_.begin()) return nullptr;
  --it;
  return it->second.holds(address, length) ? &it->second : nullptr;
}

void Heap::mark_written(uint64_t address, uint64_t length) {
  Allocation* a = find(address, length);
  if (a && length > 0) {
    uint64_t first = (address - a->base) / 4;
    uint64_t last = (address - a->base + length - 1) / 4;
    std::memset(a->initialized.get() + first, 1, last - first + 1);
  }
}

void Heap::clear() {
  allocations_.clear();
  used_ = 0;
}

}  // namespace memory
