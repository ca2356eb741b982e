package dev.lanewise.cuda.recurrent;

import dev.lanewise.cuda.layer.CudaPass;

/**
 * Steps that are launched one after the other: any cell, of any size.
 *
 * @param walk whose steps
 * @param cell what each is
 */
record StepByStep(Walk walk, CudaCell cell) implements Steps {
  @Override
  public long inputBias() {
    return 0; // each step adds it
  }

  @Override
  public void forward(CudaPass pass) {
    for (int t = 0; t < walk.positions(); t++) {
      cell.forward(pass, t);
    }
  }

  @Override
  public void backward(CudaPass pass) {
    for (int t = walk.positions() - 1; t >= 0; t--) {
      cell.backward(pass, t);
    }
  }

  @Override
  public void weightGradients(CudaPass pass) {
    cell.weightGradients(pass);
  }
}
