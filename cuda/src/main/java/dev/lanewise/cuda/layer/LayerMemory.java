package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.DeviceArena;

/**
 * What a layer is given to build itself with.
 *
 * @param arena where its buffers come from
 * @param maximumRows the samples of the largest batch
 * @param weights the address of its weights: kernel, recurrent kernel, bias, without gaps
 * @param gradient the address of their gradients, of no meaning unless training
 * @param training whether buffers for the way back are needed
 * @param seed what decides all that is drawn
 * @param layer its number in the model, which tells its draws from others'
 */
public record LayerMemory(
    DeviceArena arena,
    int maximumRows,
    long weights,
    long gradient,
    boolean training,
    long seed,
    int layer) {

  /** Returns the same with the weights that lie behind so many values. */
  public LayerMemory after(long values) {
    long bytes = values * Float.BYTES;
    return new LayerMemory(
        arena, maximumRows, weights + bytes, gradient + bytes, training, seed, layer);
  }

  /** Returns the same for the next layer. */
  public LayerMemory next() {
    return new LayerMemory(arena, maximumRows, weights, gradient, training, seed, layer + 1);
  }

  /** Returns the address of a buffer of [positions][rows][columns]. */
  public long floats(String what, long positions, long columns) {
    return arena.allocate(
        what, Math.multiplyExact(Math.multiplyExact(positions, maximumRows), columns));
  }

  /** As {@link #floats} where training needs them, else 0. */
  public long trainingFloats(String what, long positions, long columns) {
    return training ? floats(what, positions, columns) : 0;
  }
}
