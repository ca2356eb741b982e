package dev.lanewise.cuda.recurrent;

import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.cuda.layer.CudaSource;
import java.util.List;

/** How a walk over time goes through its steps, when the inputs' part of all sums is there. */
interface Steps {
  /** Returns the address of the biases that the inputs' part has to have, 0 for none. */
  long inputBias();

  /** Launches all steps. */
  void forward(CudaPass pass);

  /** Launches all steps back, down to the gradients by the sums. */
  void backward(CudaPass pass);

  /** Returns the states after the last step as values that others read. */
  default List<? extends CudaSource> lastStates() {
    return List.of();
  }

  /** Returns the states that stay from batch to batch. */
  default List<Signal> keptStates() {
    return List.of();
  }

  /** Launches the gradients of the weights, after all steps. */
  void weightGradients(CudaPass pass);
}
