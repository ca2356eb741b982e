package dev.lanewise.cuda.network;

import dev.lanewise.cuda.recurrent.WalkPaths;
import dev.lanewise.engine.backend.ModelSpec;

/** Which path a model takes, in one line. */
public final class Paths {
  private Paths() {}

  /**
   * Returns it.
   *
   * @param sharedBytes the shared memory that the device can give to a block
   */
  public static String of(ModelSpec model, int sharedBytes) {
    RnnTiles tiles = RnnTiles.of(model);
    String walks = tiles.fused() ? "" : WalkPaths.story(model.graph(), sharedBytes);
    return walks.isEmpty() ? tiles.reason() : tiles.reason() + "; " + walks;
  }
}
