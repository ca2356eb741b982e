package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.layer.Cropping1D;
import dev.lanewise.engine.layer.Cropping2D;
import dev.lanewise.engine.layer.Relocation;
import dev.lanewise.engine.layer.UpSampling1D;
import dev.lanewise.engine.layer.UpSampling2D;
import dev.lanewise.engine.layer.ZeroPadding1D;
import dev.lanewise.engine.layer.ZeroPadding2D;
import dev.lanewise.engine.tensor.Shape;

/**
 * Places of a picture that are another's, or zeros: padding, cropping and upsampling, of sequences
 * too, which are pictures of one column; see places.cu.
 */
public final class CudaPicked extends CudaValues {
  private final Shape input;
  private final Shape output;
  private final Along rows;
  private final Along columns;

  /**
   * What happens along rows, or columns.
   *
   * @param before how many there are before the input's first; less than 0 if it is left out
   * @param times how often each is there
   */
  private record Along(int before, int times) {
    static final Along SAME = new Along(0, 1);

    static Along shifted(int before) {
      return new Along(before, 1);
    }

    static Along repeated(int times) {
      return new Along(0, times);
    }
  }

  private CudaPicked(
      LayerMemory memory, Shape input, Shape output, Along rows, Along columns, CudaSource below) {
    super(memory, "places of others", output, below);
    this.input = input;
    this.output = output;
    this.rows = rows;
    this.columns = columns;
  }

  public static CudaPicked of(
      LayerMemory memory, ZeroPadding1D layer, Shape input, CudaSource below) {
    return ofSteps(memory, input, layer.outputShape(input), Along.shifted(layer.before()), below);
  }

  public static CudaPicked of(LayerMemory memory, Cropping1D layer, Shape input, CudaSource below) {
    return ofSteps(memory, input, layer.outputShape(input), Along.shifted(-layer.before()), below);
  }

  public static CudaPicked of(
      LayerMemory memory, UpSampling1D layer, Shape input, CudaSource below) {
    return ofSteps(memory, input, layer.outputShape(input), Along.repeated(layer.size()), below);
  }

  private static CudaPicked ofSteps(
      LayerMemory memory, Shape input, Shape output, Along steps, CudaSource below) {
    return new CudaPicked(memory, input, output, steps, Along.SAME, below);
  }

  public static CudaPicked of(LayerMemory memory, Relocation layer, Shape input, CudaSource below) {
    Along rows =
        switch (layer) {
          case ZeroPadding2D padding -> Along.shifted(padding.top());
          case Cropping2D cropping -> Along.shifted(-cropping.top());
          case UpSampling2D sampling -> Along.repeated(sampling.rows());
        };
    Along columns =
        switch (layer) {
          case ZeroPadding2D padding -> Along.shifted(padding.left());
          case Cropping2D cropping -> Along.shifted(-cropping.left());
          case UpSampling2D sampling -> Along.repeated(sampling.columns());
        };
    return new CudaPicked(memory, input, layer.outputShape(input), rows, columns, below);
  }

  private static int columnsOf(Shape shape) {
    return shape.rank() < 3 ? 1 : shape.size(1);
  }

  private void launch(String kernel, CudaPass pass, Signal from, long to, Shape picture) {
    Struct picked =
        new Struct()
            .pointer(from.address())
            .pointer(to)
            .integer(from.stride())
            .integer(pass.rows())
            .integer(width)
            .integer(input.size(0))
            .integer(columnsOf(input))
            .integer(output.size(0))
            .integer(columnsOf(output))
            .integer(rows.before())
            .integer(columns.before())
            .integer(rows.times())
            .integer(columns.times());
    pass.calls().rows(kernel, pass.rows(picture.positions()), new Arguments().struct(picked));
  }

  @Override
  public void forward(CudaPass pass) {
    launch("pick", pass, below.outputs(pass.rows()), outputs, output);
  }

  @Override
  public void backward(CudaPass pass) {
    if (below.outputGradients() != 0) {
      Signal from = new Signal(gradients, width);
      launch("pick_backward", pass, from, below.outputGradients(), input);
    }
  }
}
