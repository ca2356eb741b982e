package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.Conv2D;
import dev.lanewise.engine.layer.ConvTranspose;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.DepthwiseConv;
import dev.lanewise.engine.layer.GroupedConv;
import dev.lanewise.engine.layer.PictureWindow;
import dev.lanewise.engine.layer.SeparableConv;
import dev.lanewise.engine.layer.SlidingWindow.Windows;
import dev.lanewise.engine.layer.SparseConvolution;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A convolution: what its windows see is put side by side, and a dense layer of all that is what
 * the products are; see convolution.cu.
 */
public final class CudaConvolution implements CudaLayer {
  private final CudaWindows windows;
  private final @Nullable CudaSpreadKernel spread;
  private final CudaDense dense;

  private CudaConvolution(CudaWindows windows, @Nullable CudaSpreadKernel spread, CudaDense dense) {
    this.windows = windows;
    this.spread = spread;
    this.dense = dense;
  }

  /**
   * Builds a layer.
   *
   * @param logits whether it leaves its function to the loss
   */
  public static CudaConvolution of(
      LayerMemory memory, Conv1D layer, Shape input, CudaSource below, boolean logits) {
    Dense dense = dense(layer.filters(), layer.activation(), layer.useBias());
    return of(memory, layer.windows(input), CudaWindow.ONE_COLUMN, dense, input, below, logits);
  }

  /** Builds a layer. */
  public static CudaConvolution of(
      LayerMemory memory, Conv2D layer, Shape input, CudaSource below, boolean logits) {
    PictureWindow.Places places = layer.window().places(layer.className(), input);
    Dense dense = dense(layer.filters(), layer.activation(), layer.useBias());
    return of(memory, places.rows(), places.columns(), dense, input, below, logits);
  }

  private static Dense dense(int filters, Activation activation, boolean useBias) {
    Dense dense = Dense.of(filters, activation);
    return useBias ? dense : dense.withoutBias();
  }

  private static CudaConvolution of(
      LayerMemory memory,
      Windows down,
      Windows across,
      Dense dense,
      Shape input,
      CudaSource below,
      boolean logits) {
    int features = input.size(-1);
    CudaWindows windows = new CudaWindows(memory, down, across, false, features, below);
    Shape seen = CudaWindows.seen(down, across, false, features);
    return new CudaConvolution(windows, null, new CudaDense(memory, dense, seen, windows, logits));
  }

  /** Builds a layer. */
  public static CudaLayer of(
      LayerMemory memory, SparseConvolution layer, Shape input, CudaSource below, boolean logits) {
    return switch (layer) {
      case DepthwiseConv each -> spread(memory, each, input.size(-1), input, below, logits);
      case GroupedConv grouped -> spread(memory, grouped, grouped.groups(), input, below, logits);
      case ConvTranspose back -> spread(memory, back, 1, input, below, logits);
      case SeparableConv two -> separable(memory, two, input, below, logits);
    };
  }

  private static CudaLayer separable(
      LayerMemory memory, SeparableConv layer, Shape input, CudaSource below, boolean logits) {
    DepthwiseConv each = layer.depthwise();
    CudaLayer first = of(memory, each, input, below, false);
    long own = each.parameters(input).getFirst().shape().elementCount();
    Dense dense = dense(layer.filters(), layer.activation(), layer.useBias());
    Shape between = each.outputShape(input);
    return new CudaSeries(first, new CudaDense(memory.after(own), dense, between, first, logits));
  }

  private static CudaConvolution spread(
      LayerMemory memory,
      SparseConvolution layer,
      int groups,
      Shape input,
      CudaSource below,
      boolean logits) {
    int filters = layer.outputShape(input).size(-1);
    int features = input.size(-1);
    boolean turned = layer instanceof ConvTranspose;
    List<Windows> axes = layer.places(input).axes();
    Windows down = axes.getFirst();
    Windows across = axes.size() == 1 ? CudaWindow.ONE_COLUMN : axes.get(1);
    CudaWindows windows = new CudaWindows(memory, down, across, turned, features, below);
    int taps = Math.multiplyExact(down.size(), across.size());
    CudaSpreadKernel spread =
        new CudaSpreadKernel(
            memory, taps, features, filters, groups, turned, layer.useBias() ? 1 : 0);
    Shape seen = CudaWindows.seen(down, across, turned, features);
    Dense dense = dense(filters, layer.activation(), layer.useBias());
    CudaDense products = new CudaDense(spread.dense(), dense, seen, windows, logits);
    return new CudaConvolution(windows, spread, products);
  }

  @Override
  public Signal outputs(int rows) {
    return dense.outputs(rows);
  }

  @Override
  public long outputGradients() {
    return dense.outputGradients();
  }

  @Override
  public void forward(CudaPass pass) {
    windows.forward(pass);
    if (spread != null) {
      spread.spread(pass.calls());
    }
    dense.forward(pass);
  }

  @Override
  public void backward(CudaPass pass) {
    dense.backward(pass);
    if (spread != null) {
      spread.collect(pass.calls());
    }
    windows.backward(pass);
  }
}
