package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.kernel.Signal;
import java.util.List;

/** A layer that is done in steps, each of which reads what others before it give. */
public final class CudaRun implements CudaLayer {
  private final List<CudaLayer> steps;

  private CudaRun(List<CudaLayer> steps) {
    this.steps = List.copyOf(steps);
  }

  /** Returns what the last of the steps gives; a single one is itself. */
  public static CudaLayer of(List<CudaLayer> steps) {
    return steps.size() == 1 ? steps.getFirst() : new CudaRun(steps);
  }

  @Override
  public Signal outputs(int rows) {
    return steps.getLast().outputs(rows);
  }

  @Override
  public long outputGradients() {
    return steps.getLast().outputGradients();
  }

  @Override
  public void forward(CudaPass pass) {
    steps.forEach(step -> step.forward(pass));
  }

  @Override
  public void backward(CudaPass pass) {
    steps.reversed().forEach(step -> step.backward(pass));
  }
}
