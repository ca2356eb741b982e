package dev.lanewise.cuda.recurrent;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.cuda.layer.CudaBranch;
import dev.lanewise.cuda.layer.CudaLayer;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.cuda.layer.CudaSource;
import dev.lanewise.cuda.layer.LayerMemory;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.stream.Stream;

/**
 * Two walks on the same sequence, in opposite directions, and what becomes one of their outputs;
 * see bidirectional.cu.
 */
public final class CudaBidirectional implements CudaLayer {
  private final Bidirectional layer;
  private final int positions;
  private final CudaLayer first;
  private final CudaLayer second;
  private final List<CudaBranch> branches;
  private final long outputs;
  private final long gradients;

  /**
   * Builds the layer.
   *
   * @param below the sequence, and behind it the states that it begins with, forward's first, or
   *     none
   */
  public CudaBidirectional(
      LayerMemory memory, Bidirectional layer, Shape input, List<CudaSource> below) {
    this.layer = layer;
    CudaSource sequence = below.getFirst();
    List<CudaSource> given = below.subList(1, below.size());
    int own = given.isEmpty() ? 0 : layer.forward().stateShapes(input).size();
    branches =
        sequence.outputGradients() == 0
            ? List.of()
            : List.of(new CudaBranch(memory, sequence, input));
    first =
        CudaWalks.of(
            memory, layer.forward(), input, CudaWalks.reading(sequence, given.subList(0, own)));
    second =
        CudaWalks.of(
            memory.after(CudaWalks.weights(layer.forward(), input)).second(),
            layer.backward(),
            input,
            CudaWalks.reading(
                branches.isEmpty() ? sequence : branches.getFirst(),
                given.subList(own, given.size())));
    positions = layer.outputShape(input).positions();
    boolean one = layer.merge() != Bidirectional.Merge.NONE;
    int width = one ? layer.width() : layer.backward().units();
    outputs = memory.floats("outputs of both directions", positions, width);
    gradients = memory.trainingFloats("gradients by both directions", positions, width);
  }

  private boolean apart() {
    return layer.merge() == Bidirectional.Merge.NONE;
  }

  /** The second of two values: the backward walk's outputs in the order of the sequence. */
  private final class Turned implements CudaSource {
    @Override
    public Signal outputs(int rows) {
      return new Signal(outputs, layer.backward().units());
    }

    @Override
    public long outputGradients() {
      return gradients;
    }
  }

  @Override
  public Signal outputs(int rows) {
    return apart() ? first.outputs(rows) : new Signal(outputs, layer.width());
  }

  @Override
  public long outputGradients() {
    return apart() ? first.outputGradients() : gradients;
  }

  @Override
  public List<? extends CudaSource> others() {
    Stream<CudaSource> turned = apart() ? Stream.of(new Turned()) : Stream.of();
    Stream<CudaSource> states = Stream.of(first, second).flatMap(walk -> walk.others().stream());
    return Stream.concat(turned, states).toList();
  }

  @Override
  public List<Signal> keptStates() {
    return Stream.of(first, second).flatMap(walk -> walk.keptStates().stream()).toList();
  }

  private void launch(String kernel, CudaPass pass) {
    Signal ofFirst = first.outputs(pass.rows());
    Signal ofSecond = second.outputs(pass.rows());
    Struct walks =
        new Struct()
            .pointer(ofFirst.address())
            .pointer(ofSecond.address())
            .pointer(outputs)
            .pointer(gradients)
            .pointer(first.outputGradients())
            .pointer(second.outputGradients())
            .integer(ofFirst.stride())
            .integer(ofSecond.stride())
            .integer(layer.forward().units())
            .integer(layer.backward().units())
            .integer(positions)
            .integer(pass.rows())
            .integer(code(layer.merge()));
    pass.calls().rows(kernel, pass.rows(positions), new Arguments().struct(walks));
  }

  /** Puts the steps of the backward walk into the other order. */
  private void turn(CudaPass pass, Signal from, long to) {
    int units = layer.backward().units();
    pass.calls().feedOutputs(from, to, units, pass.rows(), positions, units, 0, true);
  }

  private static int code(Bidirectional.Merge merge) {
    return switch (merge) {
      case CONCAT -> 0;
      case SUM -> 1;
      case MUL -> 2;
      case AVE -> 3;
      case NONE -> throw new IllegalStateException("two values are not merged");
    };
  }

  @Override
  public void forward(CudaPass pass) {
    first.forward(pass);
    second.forward(pass);
    if (apart()) {
      turn(pass, second.outputs(pass.rows()), outputs);
    } else {
      launch("merge_walks", pass);
    }
  }

  @Override
  public void backward(CudaPass pass) {
    if (apart()) {
      turn(pass, new Signal(gradients, layer.backward().units()), second.outputGradients());
    } else {
      launch("part_walks", pass);
    }
    first.backward(pass);
    second.backward(pass);
    branches.forEach(branch -> branch.backward(pass));
  }
}
