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
};

// Throws ptx::Fault, naming kernel, block and instruction, where the kernel does what it must not.
void run(const ptx::Kernel& kernel, const std::vector<uint8_t>& arguments, Grid grid,
         uint32_t index, uint32_t launch, memory::Heap& heap);

}  // namespace block
