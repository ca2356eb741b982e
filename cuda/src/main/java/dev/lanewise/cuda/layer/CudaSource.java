package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.kernel.Signal;

/** What a layer reads. */
public interface CudaSource {
  /** Returns the outputs for batches of {@code rows} samples. */
  Signal outputs(int rows);

  /**
   * Returns the address of the gradients by the outputs, [positions][rows][units] without gaps; 0
   * where nobody wants them.
   */
  long outputGradients();
}
