package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.layer.Reduction;
import dev.lanewise.engine.tensor.Shape;

/** One number of all elements along some sizes; see reduce.cu. */
public final class CudaReduction extends CudaValues {
  private final Reduction layer;
  private final Shape input;

  /** The output's sizes with those of 1 that it may have left out. */
  private final Shape kept;

  private final Shape gone;
  private final long notes;

  public CudaReduction(LayerMemory memory, Reduction layer, Shape input, CudaSource below) {
    super(memory, "a reduction", layer.outputShape(input), below);
    this.layer = layer;
    this.input = input;
    int[] left = input.toArray();
    int[] together = input.toArray();
    for (int axis = 0; axis < left.length; axis++) {
      boolean over = layer.isOver(axis);
      left[axis] = over ? 1 : left[axis];
      together[axis] = over ? together[axis] : 1;
    }
    kept = Shape.of(left);
    gone = Shape.of(together);
    notes = memory.floats("notes beside a reduction", positions, width);
  }

  private static int code(Reduction.Kind kind) {
    return switch (kind) {
      case SUM -> 0;
      case MEAN -> 1;
      case MAX -> 2;
      case MIN -> 3;
      case VAR -> 4;
      case STD -> 5;
      case PROD -> 6;
      case LOGSUMEXP -> 7;
      case ANY, ALL, ARGMAX, ARGMIN -> throw new IllegalStateException("refused before: " + kind);
    };
  }

  /** Returns {@code struct Reduced}. */
  private Struct struct(CudaPass pass) {
    Signal from = below.outputs(pass.rows());
    return new Struct()
        .pointer(from.address())
        .pointer(outputs)
        .pointer(notes)
        .pointer(gradients)
        .pointer(below.outputGradients())
        .integer(from.stride())
        .integer(input.size(-1))
        .integer(input.positions())
        .integer(width)
        .integer(positions)
        .integer(pass.rows())
        .integer(code(layer.kind()))
        .integer(Math.toIntExact(gone.elementCount()));
  }

  private Arguments arguments(CudaPass pass) {
    int[] inInput = CudaAxes.apart(input);
    return new Arguments()
        .struct(struct(pass))
        .struct(CudaAxes.of(kept, inInput))
        .struct(CudaAxes.of(gone, inInput));
  }

  @Override
  public void forward(CudaPass pass) {
    pass.calls().rows("reduce", pass.rows(positions), arguments(pass));
  }

  @Override
  public void backward(CudaPass pass) {
    if (below.outputGradients() != 0) {
      int all = pass.rows(input.positions());
      Struct back = CudaAxes.of(input, CudaAxes.apartOrRepeated(kept, input));
      pass.calls().rows("reduce_backward", all, arguments(pass).struct(back));
    }
  }
}
