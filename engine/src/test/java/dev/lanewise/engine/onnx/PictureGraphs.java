package dev.lanewise.engine.onnx;

import static dev.lanewise.engine.onnx.OnnxGraphsTest.SEQUENCE;
import static dev.lanewise.engine.onnx.OnnxGraphsTest.STEPS;
import static dev.lanewise.engine.onnx.OnnxGraphsTest.named;
import static dev.lanewise.engine.onnx.OnnxGraphsTest.picture;

import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Conv2D;
import dev.lanewise.engine.layer.Conv3D;
import dev.lanewise.engine.layer.ConvLstm;
import dev.lanewise.engine.layer.ConvTranspose;
import dev.lanewise.engine.layer.Cropping2D;
import dev.lanewise.engine.layer.DepthwiseConv;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.GlobalGridPooling;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.GridPooling;
import dev.lanewise.engine.layer.GridPooling.Kind;
import dev.lanewise.engine.layer.GroupedConv;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Padding;
import dev.lanewise.engine.layer.ParameterRules;
import dev.lanewise.engine.layer.PictureWindow;
import dev.lanewise.engine.layer.SeparableConv;
import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.layer.UpSampling2D;
import dev.lanewise.engine.layer.VolumeWindow;
import dev.lanewise.engine.layer.Window;
import dev.lanewise.engine.layer.ZeroPadding2D;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** Graphs of layers with windows over pictures and sequences, for {@link OnnxGraphsTest}. */
final class PictureGraphs {
  private PictureGraphs() {}

  static Stream<Named<Consumer<GraphBuilder>>> all() {
    return Stream.concat(
        Stream.of(
            named("pictures", PictureGraphs::pictures),
            named("pictures elsewhere", PictureGraphs::picturesElsewhere),
            named("pictures at each step", PictureGraphs::video),
            named("over sequences of pictures", PictureGraphs::volumes)),
        sparse());
  }

  private static PictureWindow window(int rows, int columns, Padding padding) {
    return new PictureWindow(SlidingWindow.of(rows), SlidingWindow.of(columns))
        .withPadding(padding);
  }

  private static void pictures(GraphBuilder g) {
    Value picture = g.input("a", Shape.of(7, 6, 2));
    Value same = g.apply(Conv2D.of(3, window(3, 2, Padding.SAME).withStrides(2, 1)), picture);
    Value valid = g.apply(Conv2D.of(4, 2).withoutBias().withActivation(Activation.RELU), picture);
    Value least = g.apply(GridPooling.average(PictureWindow.tiles(2)), valid);
    Value most =
        g.apply(new GridPooling(Kind.MAX, window(2, 3, Padding.SAME).withStrides(3, 2)), same);
    g.output(
        least,
        most,
        g.apply(new GlobalGridPooling(Kind.MAX, 2, false), valid),
        g.apply(new GlobalGridPooling(Kind.AVERAGE, 2, true), same));
  }

  private static void video(GraphBuilder g) {
    Value seen =
        g.apply(new TimeDistributed(Conv2D.of(3, 2)), g.input("a", Shape.of(STEPS, 4, 3, 2)));
    Value flat =
        g.apply(
            new TimeDistributed(new Flatten()),
            g.apply(new TimeDistributed(GridPooling.max(PictureWindow.tiles(2))), seen));
    g.output(g.apply(Lstm.of(3), flat));
  }

  private static void volumes(GraphBuilder g) {
    Value all = g.input("a", Shape.of(STEPS, 4, 3, 2));
    PictureWindow high = window(3, 2, Padding.SAME).withStrides(2, 1);
    Value states = g.apply(ConvLstm.of(3, high).returningSequences().goingBackwards(), all);
    ConvLstm plain = ConvLstm.of(2, PictureWindow.of(2)).withoutBias();
    Value last = g.apply(plain.withRecurrentActivation(Activation.HARD_SIGMOID), states);
    SlidingWindow line = SlidingWindow.of(2).withDilationRate(2);
    ConvLstm ofLines = ConvLstm.of(3, line).withActivation(Activation.RELU);
    Value volume = g.apply(Conv3D.of(3, VolumeWindow.of(2).withPadding(Padding.SAME)), all);
    Value most = g.apply(GridPooling.max(VolumeWindow.tiles(1, 2)), volume);
    g.output(
        last,
        g.apply(ofLines, g.input("b", Shape.of(STEPS, 5, 3))),
        most,
        g.apply(GridPooling.average(VolumeWindow.tiles(2, 2)), volume),
        g.apply(new GlobalGridPooling(Kind.MAX, 3, true), volume),
        g.apply(new GlobalGridPooling(Kind.AVERAGE, 3, false), volume));
  }

  /** Convolutions some of whose products are left out, over one axis, two and three. */
  private static Stream<Named<Consumer<GraphBuilder>>> sparse() {
    SlidingWindow two = SlidingWindow.of(2);
    List<SlidingWindow> axes =
        List.of(
            two,
            SlidingWindow.of(3).withPadding(Padding.SAME).withStrides(2),
            two.withDilationRate(2).withPadding(Padding.SAME),
            two.withStrides(3)); // apart, so that something is not seen
    List<Named<Consumer<GraphBuilder>>> all = new ArrayList<>();
    for (SlidingWindow steps : axes) {
      for (Window window : List.of(steps, new PictureWindow(steps, steps))) {
        all.add(named("depthwise " + window, g -> seen(g, DepthwiseConv.of(window), window)));
        all.add(named("separable " + window, g -> seen(g, SeparableConv.of(3, window), window)));
        all.add(named("groups " + window, g -> seen(g, grouped(window), window)));
        all.add(named("turned " + window, g -> seen(g, ConvTranspose.of(3, window), window)));
      }
    }
    Window causal = two.withPadding(Padding.CAUSAL);
    all.add(named("depthwise, causal", g -> seen(g, DepthwiseConv.of(causal), causal)));
    DepthwiseConv several =
        new DepthwiseConv(two, 3, Activation.TANH, false, ParameterRules.DEFAULT);
    all.add(named("depthwise, several each", g -> seen(g, several, two)));
    Window volume = VolumeWindow.tiles(1, 2);
    all.add(named("groups of volumes", g -> seen(g, grouped(volume), volume)));
    all.add(named("volumes turned", g -> seen(g, ConvTranspose.of(2, volume), volume)));
    return all.stream();
  }

  private static GroupedConv grouped(Window window) {
    return new GroupedConv(6, 2, window, Activation.RELU, true, ParameterRules.DEFAULT);
  }

  private static void seen(GraphBuilder g, Layer layer, Window window) {
    Shape shape =
        switch (window.axes().size()) {
          case 1 -> SEQUENCE;
          case 2 -> Shape.of(6, 5, 4);
          default -> Shape.of(2, 4, 4, 2);
        };
    g.output(g.apply(layer, g.input("a", shape)));
  }

  private static void picturesElsewhere(GraphBuilder g) {
    Value all = picture(g);
    g.output(
        g.apply(new ZeroPadding2D(1, 0, 2, 3), all),
        g.apply(new Cropping2D(1, 0, 0, 2), all),
        g.apply(new UpSampling2D(2, 3), all));
  }
}
