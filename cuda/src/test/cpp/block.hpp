// Runs one block of a kernel: its warps in turn from barrier to barrier, 32 lanes in lock step, the
// lanes that are furthest behind first where they have parted ways.
#pragma once

#include <cstdint>
#include <vector>

#include "memory.hpp"
#include "ptx.hpp"

namespace block {

struct Grid {
  uint32_t x, y, z;
  uint32_t threads;
  uint32_t shared;  // bytes of shared memory beside the kernel's own
};

// What a launch does, in ways that have no time in them. Instructions are those of the PTX, once for a
// warp, whichever of its lanes take part; a barrier counts for each warp that comes to it; bytes of
// global memory are those of the sectors of 32 that an instruction touches, as a device moves them.
struct Counts {
  uint64_t launches = 0;
  uint64_t instructions = 0;
  uint64_t loaded = 0;
  uint64_t stored = 0;
  uint64_t shared = 0;  // instructions that read or write shared memory
  uint64_t shuffles = 0;
  uint64_t barriers = 0;

  void add(const Counts& other) {
    launches += other.launches;
    instructions += other.instructions;
    loaded += other.loaded;
    stored += other.stored;
    shared += other.shared;
    shuffles += other.shuffles;
    barriers += other.barriers;
  }
};

// Adds to `counts`. Throws ptx::Fault, naming kernel, block and instruction, where the kernel does what it must not.
void run(const ptx::Kernel& kernel, const std::vector<uint8_t>& arguments, Grid grid,
         uint32_t index, uint32_t launch, memory::Heap& heap, Counts& counts);

}  // namespace block
