package dev.lanewise.cuda.network;

import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.cuda.layer.CudaPass;

/** A model's layers at work, one way or the other. */
interface CudaNetwork {
  /** Launches a pass. */
  void run(CudaPass pass);

  /** Returns one of the model's outputs, without what its layer leaves to the loss. */
  Signal outputs(int output, int rows);
}
