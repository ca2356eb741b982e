package dev.lanewise.cuda.recurrent;

import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.cuda.layer.CudaSource;
import java.util.List;

/**
 * Steps that are launched one after the other: any cell, of any size, from any states.
 *
 * @param walk whose steps
 * @param cell what each is
 * @param states what is before the first and after the last
 */
record StepByStep(Walk walk, CudaCell cell, WalkStates states) implements Steps {
  @Override
  public long inputBias() {
    return 0; // each step adds it
  }

  @Override
  public List<? extends CudaSource> lastStates() {
    return states.last();
  }

  @Override
  public List<Signal> keptStates() {
    return states.kept();
  }

  @Override
  public void forward(CudaPass pass) {
    states.begin(pass);
    for (int t = 0; t < walk.positions(); t++) {
      cell.forward(pass, t);
    }
    states.end(pass);
  }

  @Override
  public void backward(CudaPass pass) {
    states.beginBack(pass);
    for (int t = walk.positions() - 1; t >= 0; t--) {
      cell.backward(pass, t);
    }
    states.endBack(pass);
  }

  @Override
  public void weightGradients(CudaPass pass) {
    cell.weightGradients(pass);
  }
}
