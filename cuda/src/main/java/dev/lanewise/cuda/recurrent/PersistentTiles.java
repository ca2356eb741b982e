package dev.lanewise.cuda.recurrent;

import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.CellLayer;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.SimpleRnn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sizes of the kernels that take all steps in one launch, and which of them takes a layer: the
 * smallest whose threads have all of its units and whose block the device has shared memory for.
 * Registers are a matter of the kernel, at most 255 a thread on every architecture.
 *
 * @param gates the sums of a unit
 * @param tile the units of a group of lanes in {@code walk.cuh}: 32 times as many of a block
 * @param ownForward the vectors of four weights that a thread has in registers
 * @param ownBack the same on the way back
 */
record PersistentTiles(int gates, int tile, int ownForward, int ownBack) {
  private static final int GROUPS = 32;
  private static final int THREADS = 256;
  private static final int ROWS = 2;
  private static final int VECTOR = 4;
  private static final int BUFFERS = 2; // which take turns

  /** The numbers of lstm_walk.cu. */
  private static final List<PersistentTiles> LSTM =
      List.of(
          new PersistentTiles(4, 2, 16, 16),
          new PersistentTiles(4, 4, 51, 51),
          new PersistentTiles(4, 5, 45, 47));

  /** The numbers of gru_walk.cu. */
  private static final List<PersistentTiles> GRU =
      List.of(
          new PersistentTiles(3, 2, 12, 12),
          new PersistentTiles(3, 4, 48, 48),
          new PersistentTiles(3, 5, 46, 46));

  /**
   * Returns what takes a layer, or null where it goes step by step.
   *
   * @param sharedBytes what the device can give to a block
   */
  static @Nullable PersistentTiles of(CellLayer layer, int sharedBytes) {
    if (System.getProperty("lanewise.cuda.path", "").equals("general")) {
      return null;
    }
    if (layer.stateful() || layer.returnState()) {
      return null;
    }
    return kernels(layer).stream()
        .filter(each -> layer.units() <= GROUPS * each.tile && each.sharedBytes() <= sharedBytes)
        .findFirst()
        .orElse(null);
  }

  /** Returns the kernels for a layer of whatever size, which have tanh and sigmoid built in. */
  private static List<PersistentTiles> kernels(CellLayer layer) {
    return switch (layer) {
      case Lstm lstm when builtIn(lstm.activation(), lstm.recurrentActivation()) -> LSTM;
      case Gru gru when gru.resetAfter() && builtIn(gru.activation(), gru.recurrentActivation()) ->
          GRU;
      case Lstm _, Gru _, SimpleRnn _ -> List.of();
    };
  }

  private static boolean builtIn(Activation state, Activation gate) {
    return state == Activation.TANH && gate == Activation.SIGMOID;
  }

  private int vectors() {
    return gates * tile * tile;
  }

  /** Returns the values of a packed copy of the weights. */
  int packed() {
    return vectors() * THREADS * VECTOR;
  }

  /** Returns the bytes of shared memory that a launch adds. */
  int addedForward() {
    return added(ownForward);
  }

  /** Returns the same on the way back. */
  int addedBack() {
    return added(ownBack);
  }

  private int added(int own) {
    return Math.max(0, vectors() - own) * THREADS * VECTOR * Float.BYTES;
  }

  /** Returns what a block needs, with what its kernel declares. */
  private int sharedBytes() {
    int states = BUFFERS * ROWS * GROUPS * tile * Float.BYTES;
    int gradients = BUFFERS * ROWS * gates * (GROUPS * tile + VECTOR) * Float.BYTES;
    return Math.max(states + addedForward(), gradients + addedBack());
  }
}
