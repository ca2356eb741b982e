package dev.lanewise.engine.onnx;

import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.layer.Window;
import dev.lanewise.engine.onnx.OnnxGraph.Attribute;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** What layers with windows have in common: how windows slide, and ONNX's order of axes. */
final class OnnxGrid {
  private OnnxGrid() {}

  /**
   * Returns how a window slides.
   *
   * @param layer names who asks
   * @param over what it slides over, features last
   */
  static List<Attribute> window(String layer, Window window, Shape over) {
    List<SlidingWindow> axes = window.axes();
    List<SlidingWindow.Windows> places = new ArrayList<>();
    for (int i = 0; i < axes.size(); i++) {
      places.add(axes.get(i).over(layer, over.size(i)));
    }
    LongStream before = places.stream().mapToLong(SlidingWindow.Windows::before);
    LongStream after = places.stream().mapToLong(SlidingWindow.Windows::after);
    return new ArrayList<>(
        List.of(
            Attribute.of("kernel_shape", axes.stream().mapToLong(SlidingWindow::size).toArray()),
            Attribute.of("strides", axes.stream().mapToLong(SlidingWindow::strides).toArray()),
            Attribute.of("pads", LongStream.concat(before, after).toArray())));
  }

  /** Returns how a convolution's window slides. */
  static Attribute[] convolution(String layer, Window window, Shape over) {
    List<Attribute> all = window(layer, window, over);
    LongStream rates = window.axes().stream().mapToLong(SlidingWindow::dilationRate);
    all.add(Attribute.of("dilations", rates.toArray()));
    return all.toArray(Attribute[]::new);
  }

  /** Adds a convolution's kernel, [columns, features, the window's sizes], and returns its name. */
  static String kernel(
      OnnxGraph graph, String name, Window window, int features, int columns, float[] kernel) {
    int positions = Math.toIntExact(window.positions());
    IntStream sizes = window.axes().stream().mapToInt(SlidingWindow::size);
    int[] shape = IntStream.concat(IntStream.of(columns, features), sizes).toArray();
    float[] values = OnnxWindows.filtersFirst(kernel, positions, features, columns);
    return graph.constant(name, Shape.of(shape), values);
  }

  /** Puts features, behind so many axes, right behind the batch. */
  static String featuresFirst(OnnxGraph graph, String as, String x, int axes) {
    LongStream order =
        LongStream.concat(LongStream.of(0, axes + 1L), LongStream.rangeClosed(1, axes));
    graph.node("Transpose", List.of(x), List.of(as), Attribute.of("perm", order.toArray()));
    return as;
  }

  /**
   * Puts features behind so many axes.
   *
   * @param at where they are
   */
  static String featuresLast(OnnxGraph graph, String as, String x, int at, int axes) {
    LongStream before = LongStream.range(0, at);
    LongStream behind = LongStream.rangeClosed(at + 1L, at + (long) axes);
    long[] order =
        LongStream.concat(LongStream.concat(before, behind), LongStream.of(at)).toArray();
    graph.node("Transpose", List.of(x), List.of(as), Attribute.of("perm", order));
    return as;
  }
}
