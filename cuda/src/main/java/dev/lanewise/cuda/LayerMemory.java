package dev.lanewise.cuda;

import dev.lanewise.cuda.driver.DeviceArena;

/**
 * What a layer is given to build itself with.
 *
 * @param arena where its buffers come from
 * @param maximumRows the samples of the largest batch
 * @param weights the address of its weights: kernel, recurrent kernel, bias, without gaps
 * @param gradient the address of their gradients, of no meaning unless training
 * @param training whether buffers for the way back are needed
 */
record LayerMemory(
    DeviceArena arena, int maximumRows, long weights, long gradient, boolean training) {

  long floats(String what, long rows, long columns) {
    return arena.allocate(what, Math.multiplyExact(rows, columns));
  }

  /** As {@link #floats} where training needs them, else 0. */
  long trainingFloats(String what, long rows, long columns) {
    return training ? floats(what, rows, columns) : 0;
  }
}
