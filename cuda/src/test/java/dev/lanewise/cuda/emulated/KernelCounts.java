package dev.lanewise.cuda.emulated;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a kernel's launches did on the emulation, in ways that have no time in them: {@code struct
 * Counts} of {@code src/test/cpp/block.hpp}.
 *
 * @param instructions of the PTX, once a warp
 * @param loaded bytes of global memory, in the sectors of 32 that each instruction touches
 * @param stored the same of what is written
 * @param shared instructions that read or write shared memory
 * @param barriers once for each warp that comes to one
 */
record KernelCounts(
    long launches,
    long instructions,
    long loaded,
    long stored,
    long shared,
    long shuffles,
    long barriers) {
  static final String HEADER =
      "kernel,launches,instructions,loaded,stored,shared,shuffles,barriers";

  /** Returns the counts since {@link Emulation#forget}, by kernel. */
  static SortedMap<String, KernelCounts> now() {
    SortedMap<String, KernelCounts> counts = new TreeMap<>();
    Emulation.counts().lines().forEach(line -> counts.put(line.split(",", 2)[0], of(line)));
    return counts;
  }

  private static KernelCounts of(String line) {
    String[] of = line.split(",", -1);
    return new KernelCounts(
        Long.parseLong(of[1]),
        Long.parseLong(of[2]),
        Long.parseLong(of[3]),
        Long.parseLong(of[4]),
        Long.parseLong(of[5]),
        Long.parseLong(of[6]),
        Long.parseLong(of[7]));
  }

  KernelCounts plus(KernelCounts other) {
    return new KernelCounts(
        launches + other.launches,
        instructions + other.instructions,
        loaded + other.loaded,
        stored + other.stored,
        shared + other.shared,
        shuffles + other.shuffles,
        barriers + other.barriers);
  }

  KernelCounts minus(KernelCounts other) {
    return new KernelCounts(
        launches - other.launches,
        instructions - other.instructions,
        loaded - other.loaded,
        stored - other.stored,
        shared - other.shared,
        shuffles - other.shuffles,
        barriers - other.barriers);
  }

  /** Returns the counts in the order of {@link #HEADER}, behind a name. */
  String row(String name) {
    return String.join(
        ",",
        name,
        Long.toString(launches),
        Long.toString(instructions),
        Long.toString(loaded),
        Long.toString(stored),
        Long.toString(shared),
        Long.toString(shuffles),
        Long.toString(barriers));
  }
}
