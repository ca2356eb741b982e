package dev.lanewise.cuda.network;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.cuda.layer.CudaLayer;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.cuda.layer.LayerMemory;
import java.util.List;

/**
 * A mask made of others: where parts share steps, a step counts that one of them counts; see
 * mask.cu.
 */
final class JoinedMask implements CudaLayer {
  private final List<Part> parts;
  private final long mask;

  /**
   * A mask of some of the steps.
   *
   * @param first the first of them
   * @param steps how many
   * @param mask its address, 0 where all of them count
   */
  record Part(int first, int steps, long mask) {}

  JoinedMask(LayerMemory memory, int steps, List<Part> parts) {
    this.parts = parts;
    mask = memory.floats("a joined mask", steps, 1);
  }

  /** Returns the address of the mask, [steps][rows]. */
  long mask() {
    return mask;
  }

  @Override
  public void forward(CudaPass pass) {
    int begun = 0; // steps that a part before has told
    for (Part part : parts) {
      int count = pass.rows(part.steps());
      pass.calls()
          .elements(
              "join_mask",
              count,
              new Arguments()
                  .pointer(part.mask())
                  .pointer(mask + (long) pass.rows(part.first()) * Float.BYTES)
                  .integer(count)
                  .integer(part.first() < begun ? 1 : 0));
      begun = part.first() + part.steps();
    }
  }

  @Override
  public void backward(CudaPass pass) {}

  @Override
  public Signal outputs(int rows) {
    throw new IllegalStateException("a mask is no value");
  }

  @Override
  public long outputGradients() {
    return 0;
  }
}
