// What is drawn in training: hashes, the same as the CPU's, of the key (of seed and layer), the update, the
// row's place in the batch, a number that tells a row's draws apart, and the column.
#pragma once

#include "batch.cuh"

// The finalizer of SplitMix64 (Steele et al. 2014), and a state that depends on another and a value:
// those of SplitMix64.java.
static const unsigned long long GOLDEN_GAMMA = 0x9E3779B97F4A7C15ull;

static __device__ __forceinline__ unsigned long long mixed(unsigned long long z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

static __device__ __forceinline__ unsigned long long combined(
    unsigned long long state, unsigned long long value) {
  return mixed(mixed(state + GOLDEN_GAMMA) ^ (value * GOLDEN_GAMMA));
}

// The finalizer of MurmurHash3 (Appleby 2011), as in Murmur.java.
static __device__ __forceinline__ unsigned murmur(unsigned h) {
  h = (h ^ (h >> 16)) * 0x85EBCA6Bu;
  h = (h ^ (h >> 13)) * 0xC2B2AE35u;
  return h ^ (h >> 16);
}

// 24 bits for an element.
static __device__ __forceinline__ unsigned drawn(
    unsigned long long of_update, unsigned place, unsigned long long draw, int column) {
  unsigned own = (unsigned)combined(combined(of_update, place), draw);
  return murmur(own + column * 0x9E3779B9u) >> 8;
}
