// Device memory as the stand-in keeps it: host memory with a table of what is allocated, what has
// been written, and who touched which word last within the running launch.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>

namespace memory {

// Who touches a word: the launch, its block, the stretch between two barriers, the thread.
struct Toucher {
  uint64_t bits;

  static Toucher of(uint32_t launch, uint32_t block, uint32_t interval, uint32_t thread) {
    return {uint64_t(launch & 0x3ffff) << 44 | uint64_t(block & 0xfffff) << 24 |
            uint64_t(interval & 0x3fff) << 10 | (thread & 0x3ff)};
  }
  uint64_t launch() const { return bits >> 44 & 0x3ffff; }
  uint64_t block() const { return bits >> 24; }     // with the launch
  uint64_t stretch() const { return bits >> 10; }   // with block and launch
};

constexpr uint64_t NOBODY = 0;
constexpr uint64_t MANY_THREADS = uint64_t(1) << 62;
constexpr uint64_t MANY_BLOCKS = uint64_t(1) << 63;

// The last writer and reader of a word. Two that touch it, one of them writing, are a race unless
// they are one thread, or of one block with a barrier between them, or of different launches.
struct Shadow {
  std::atomic<uint64_t> writer{NOBODY};
  std::atomic<uint64_t> reader{NOBODY};

  // Returns whether there is a race.
  bool write(Toucher me) {
    uint64_t other_writer = writer.load(std::memory_order_relaxed);
    uint64_t other_reader = reader.load(std::memory_order_relaxed);
    bool race = clash(other_writer, me);
    Toucher read{other_reader & ~(MANY_THREADS | MANY_BLOCKS)};
    if (other_reader != NOBODY && read.launch() == me.launch()) {
      race |= (other_reader & MANY_BLOCKS) || clash(read.bits, me) ||
              ((other_reader & MANY_THREADS) && read.stretch() == me.stretch());
    }
    writer.store(me.bits, std::memory_order_relaxed);
    return race;
  }

  bool read(Toucher me) {
    bool race = clash(writer.load(std::memory_order_relaxed), me);
    uint64_t before = reader.load(std::memory_order_relaxed);
    if (before == me.bits) return race;
    Toucher old{before & ~(MANY_THREADS | MANY_BLOCKS)};
    uint64_t now = me.bits;
    if (before != NOBODY && old.launch() == me.launch()) {
      if (old.block() != me.block() || (before & MANY_BLOCKS)) {
        now |= MANY_BLOCKS;
      } else if (old.stretch() == me.stretch() && (old.bits != me.bits || (before & MANY_THREADS))) {
        now |= MANY_THREADS;
      }
    }
    reader.store(now, std::memory_order_relaxed);
    return race;
  }

 private:
  static bool clash(uint64_t other, Toucher me) {
    Toucher o{other};
    if (other == NOBODY || other == me.bits || o.launch() != me.launch()) return false;
    return o.block() != me.block() || o.stretch() == me.stretch();
  }
};

// Zeros from the system, which takes no page of memory before it is touched: much of what a program
// allocates it does not use.
template <class T>
using Zeros = std::unique_ptr<T[], decltype(&std::free)>;
template <class T>
Zeros<T> zeros(uint64_t count) {
  return {static_cast<T*>(std::calloc(count, sizeof(T))), &std::free};
}

struct Allocation {
  uint64_t base;
  uint64_t size;
  std::unique_ptr<uint8_t[]> bytes;
  Zeros<Shadow> shadow{nullptr, &std::free};        // by word
  Zeros<uint8_t> initialized{nullptr, &std::free};  // by word

  bool holds(uint64_t address, uint64_t length) const {
    return address >= base && length <= size && address - base <= size - length;
  }
};

class Heap {
 public:
  explicit Heap(uint64_t limit) : limit_(limit) {}

  // Returns 0 where there is no room.
  uint64_t allocate(uint64_t size);
  bool free(uint64_t address);
  // Null where no allocation holds all of it.
  Allocation* find(uint64_t address, uint64_t length);
  void mark_written(uint64_t address, uint64_t length);
  uint64_t used() const { return used_; }
  uint64_t limit() const { return limit_; }
  size_t count() const { return allocations_.size(); }
  void limit(uint64_t bytes) { limit_ = bytes; }
  void clear();

 private:
  std::map<uint64_t, Allocation> allocations_;  // by base
  uint64_t limit_;
  uint64_t used_ = 0;
};

}  // namespace memory
