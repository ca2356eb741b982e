package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * A layer at each step by itself: the steps of a sample are samples of the wrapped layer, one after
 * another as on the CPU, so that what is drawn for each is the same; see places.cu. Several values
 * are taken apart alike.
 */
public final class CudaTimeDistributed extends CudaValues {
  private final int steps;
  private final List<CudaSource> read;

  /** By value that is read. */
  private final List<Apart> aparts = new ArrayList<>();

  private final CudaLayer wrapped;
  private final int partsOfOutput;

  /**
   * Builds the layer.
   *
   * @param inputs the shapes of one sample of what it reads
   * @param build makes the wrapped layer of its memory and what it reads
   */
  public CudaTimeDistributed(
      LayerMemory memory,
      TimeDistributed layer,
      List<Shape> inputs,
      List<CudaSource> below,
      BiFunction<LayerMemory, List<CudaSource>, CudaLayer> build) {
    super(memory, "all steps", layer.outputShapes(inputs).getFirst(), below.getFirst());
    read = below;
    steps = inputs.getFirst().size(0);
    LayerMemory ofSteps = memory.times(steps);
    for (int i = 0; i < below.size(); i++) {
      aparts.add(new Apart(ofSteps, inputs.get(i).part(), below.get(i).outputGradients() != 0));
    }
    wrapped = build.apply(ofSteps, List.copyOf(aparts));
    partsOfOutput = positions / steps;
  }

  /** The steps that the wrapped layer reads. */
  private static final class Apart implements CudaSource {
    private final int parts;
    private final int width;
    private final long values;
    private final long gradients;

    Apart(LayerMemory memory, Shape step, boolean wanted) {
      parts = step.positions();
      width = step.size(-1);
      values = memory.floats("steps apart", parts, width);
      gradients = wanted ? memory.trainingFloats("gradients by steps", parts, width) : 0;
    }

    @Override
    public Signal outputs(int rows) {
      return new Signal(values, width);
    }

    @Override
    public long outputGradients() {
      return gradients;
    }
  }

  private void launch(String kernel, CudaPass pass, Signal from, long to, int parts, int columns) {
    pass.calls()
        .rows(
            kernel,
            Math.multiplyExact(pass.rows(steps), parts),
            new Arguments()
                .pointer(from.address())
                .integer(from.stride())
                .pointer(to)
                .integer(steps)
                .integer(parts)
                .integer(pass.rows())
                .integer(columns));
  }

  private CudaPass ofSteps(CudaPass pass) {
    return new CudaPass(pass.calls(), pass.batch(), pass.rows(steps), pass.mode());
  }

  @Override
  public void forward(CudaPass pass) {
    CudaPass inner = ofSteps(pass);
    for (int i = 0; i < aparts.size(); i++) {
      Apart apart = aparts.get(i);
      Signal inputs = read.get(i).outputs(pass.rows());
      launch("take_apart", pass, inputs, apart.values, apart.parts, apart.width);
    }
    wrapped.forward(inner);
    launch("put_together", pass, wrapped.outputs(inner.rows()), outputs, partsOfOutput, width);
  }

  @Override
  public void backward(CudaPass pass) {
    Signal all = new Signal(gradients, width);
    launch("take_apart", pass, all, wrapped.outputGradients(), partsOfOutput, width);
    wrapped.backward(ofSteps(pass));
    for (int i = 0; i < aparts.size(); i++) {
      Apart apart = aparts.get(i);
      long target = read.get(i).outputGradients();
      if (target != 0) {
        Signal byParts = new Signal(apart.gradients, apart.width);
        launch("put_together", pass, byParts, target, apart.parts, apart.width);
      }
    }
  }
}
