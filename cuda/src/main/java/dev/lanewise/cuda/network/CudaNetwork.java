package dev.lanewise.cuda.network;

import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.cuda.layer.CudaPass;
import java.util.List;

/** A model's layers at work, one way or the other. */
interface CudaNetwork {
  /** Launches a pass. */
  void run(CudaPass pass);

  /** Returns what its layers keep from batch to batch, [rows of the largest batch][stride] each. */
  default List<Signal> keptStates() {
    return List.of();
  }

  /** Returns one of the model's outputs, without what its layer leaves to the loss. */
  Signal outputs(int output, int rows);
}
