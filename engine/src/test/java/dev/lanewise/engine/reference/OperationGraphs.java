package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Activated;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Arithmetic;
import dev.lanewise.engine.layer.Arithmetic.Operator;
import dev.lanewise.engine.layer.ArrayArithmetic;
import dev.lanewise.engine.layer.Clip;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Constant;
import dev.lanewise.engine.layer.ConvTranspose;
import dev.lanewise.engine.layer.Cumsum;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.DepthwiseConv;
import dev.lanewise.engine.layer.Elements;
import dev.lanewise.engine.layer.Elu;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.GroupedConv;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Joined;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.Operation;
import dev.lanewise.engine.layer.Padding;
import dev.lanewise.engine.layer.ParameterRules;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.layer.PictureWindow;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.layer.Prelu;
import dev.lanewise.engine.layer.Reduction;
import dev.lanewise.engine.layer.Reduction.Kind;
import dev.lanewise.engine.layer.Relu;
import dev.lanewise.engine.layer.RepeatVector;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.RmsNormalization;
import dev.lanewise.engine.layer.Rowwise;
import dev.lanewise.engine.layer.SeparableConv;
import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.layer.Softmax;
import dev.lanewise.engine.layer.SoftmaxOver;
import dev.lanewise.engine.layer.UnitNormalization;
import dev.lanewise.engine.layer.VolumeWindow;
import dev.lanewise.engine.layer.Window;
import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Graphs with operations in them. */
final class OperationGraphs {
  private OperationGraphs() {}

  static Stream<GraphConfigurations> all() {
    return Stream.of(
            Arrays.stream(Operator.values())
                .filter(operator -> !operator.isTruth())
                .flatMap(OperationGraphs::arithmetic),
            Stream.of(ofOne(Arithmetic.with(Operator.GREATER, 0.5))), // as all without a gradient
            Arrays.stream(Elements.Function.values())
                .filter(f -> f != Elements.Function.STOP_GRADIENT) // a difference knows of no stop
                .map(f -> ofOne(new Elements(f))),
            Arrays.stream(Kind.values()).flatMap(OperationGraphs::reductions),
            Stream.of(
                    new Relu(1.5, 0.25, 0.5),
                    new Relu(null, 0, 0.5),
                    new Elu(0.5),
                    new Prelu(List.of()),
                    new Prelu(List.of(1)),
                    new Prelu(List.of(2)),
                    new Prelu(List.of(1, 2)),
                    new UnitNormalization(),
                    RmsNormalization.withDefaults(),
                    new RmsNormalization(0.5))
                .map(OperationGraphs::rowwise),
            convolutions(),
            Stream.of(layer(new Softmax(1)), layer(new Softmax(2))),
            Stream.of(
                ofOne(new Clip(0.4, 0.6)),
                ofOne(new Activated(Activation.TANH)),
                ofOne(new Activated(Activation.GELU)),
                ofOne(new Activated(Activation.SOFTMAX)),
                ofOne(new SoftmaxOver(1)),
                ofOne(new Cumsum(1)),
                ofOne(new Cumsum(2)),
                joined(new Joined(1, false)),
                joined(new Joined(2, false)),
                ofVectors(new Joined(1, true)),
                ofVectors(new Joined(2, true)),
                attention(),
                attentionOverSteps(),
                maskEnded(),
                masked()))
        .flatMap(each -> each);
  }

  /** Returns values between 0 and 1 that depend on weights. */
  private static Value shares(GraphBuilder g, String name, Shape shape) {
    Value x = g.input(name, shape.withLast(3));
    return g.apply(Dense.of(shape.size(-1), Activation.SIGMOID), x);
  }

  private static Value end(GraphBuilder g, Value y) {
    return g.apply(Dense.of(2), y.shape().rank() == 1 ? y : g.apply(new Flatten(), y));
  }

  private static Stream<GraphConfigurations> arithmetic(Operator operator) {
    return Stream.concat(
        Stream.of(
                List.of(Shape.of(4, 5), Shape.of(4, 5)),
                List.of(Shape.of(4, 1), Shape.of(4, 17)),
                List.of(Shape.of(1, 5), Shape.of(4, 1)),
                List.of(Shape.of(5), Shape.of(1)))
            .map(
                shapes ->
                    GraphConfigurations.of(
                        operator + " of " + shapes,
                        g ->
                            g.output(
                                end(
                                    g,
                                    g.apply(
                                        Arithmetic.of(operator),
                                        shares(g, "a", shapes.getFirst()),
                                        shares(g, "b", shapes.getLast())))))),
        Stream.of(
            ofOne(Arithmetic.with(operator, 1.5)),
            ofOne(new Arithmetic(operator, 0.5, null)),
            ofOne(new ArrayArithmetic(operator, array(Shape.of(4, 5)), false)),
            ofOne(new ArrayArithmetic(operator, array(Shape.of(5)), true)),
            ofOne(new ArrayArithmetic(operator, array(Shape.of(4, 1)), true))));
  }

  private static Constant array(Shape shape) {
    float[] values = new float[(int) shape.elementCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.7f + 0.1f * (i % 5);
    }
    return Constant.of(shape, values);
  }

  private static Stream<GraphConfigurations> reductions(Kind kind) {
    boolean ofPlace = kind == Kind.ARGMAX || kind == Kind.ARGMIN;
    return Stream.of(
            new Reduction(kind, List.of(1), false),
            new Reduction(kind, List.of(1), true),
            new Reduction(kind, List.of(2), false),
            new Reduction(kind, List.of(2), true),
            ofPlace
                ? new Reduction(kind, List.of(2), true)
                : new Reduction(kind, List.of(1, 2), true))
        .distinct()
        .map(OperationGraphs::ofOne);
  }

  private static GraphConfigurations ofOne(Operation operation) {
    return GraphConfigurations.of(
        operation.toString(),
        g -> g.output(end(g, g.apply(operation, shares(g, "x", Shape.of(4, 5))))));
  }

  /** Between layers, of 4 features over 7 steps, and over pictures of 5 by 4. */
  private static Stream<GraphConfigurations> convolutions() {
    SlidingWindow three = SlidingWindow.of(3);
    SlidingWindow two = SlidingWindow.of(2);
    Stream<GraphConfigurations> ofSequences =
        Stream.of(
                three,
                three.withPadding(Padding.SAME),
                two.withStrides(3).withPadding(Padding.SAME),
                SlidingWindow.of(4).withStrides(2),
                two.withDilationRate(2).withPadding(Padding.SAME))
            .flatMap(window -> convolutions(window, window.withStrides(1)))
            .map(layer -> convolution(layer, Shape.of(7, 2)));
    Stream<GraphConfigurations> ofPictures =
        Stream.of(
                new PictureWindow(three, two),
                new PictureWindow(two, three).withStrides(2, 3),
                new PictureWindow(two, three).withStrides(1, 2).withPadding(Padding.SAME),
                new PictureWindow(two.withDilationRate(3), two).withPadding(Padding.SAME))
            .flatMap(window -> convolutions(window, window.withStrides(1, 1)))
            .map(layer -> convolution(layer, Shape.of(5, 4, 2)));
    VolumeWindow volume = new VolumeWindow(two, new PictureWindow(two, SlidingWindow.of(1)));
    Stream<GraphConfigurations> ofVolumes =
        Stream.of(volume, volume.withPadding(Padding.SAME))
            .flatMap(window -> Stream.of(grouped(4, 2, window), ConvTranspose.of(2, window)))
            .map(layer -> convolution(layer, Shape.of(3, 2, 3, 2)));
    return Stream.of(ofSequences, ofPictures, ofVolumes).flatMap(each -> each);
  }

  private static Stream<Layer> convolutions(Window window, Window byOne) {
    ParameterRules rules = ParameterRules.DEFAULT;
    return Stream.of(
        new DepthwiseConv(window, 2, Activation.TANH, true, rules),
        DepthwiseConv.of(window),
        SeparableConv.of(3, window),
        new SeparableConv(5, byOne, 2, Activation.SOFTMAX, false, rules.kernel(), rules),
        grouped(6, 2, window),
        new GroupedConv(4, 4, window, Activation.LINEAR, false, rules),
        ConvTranspose.of(3, window),
        new ConvTranspose(2, window, Activation.TANH, false, rules));
  }

  private static Layer grouped(int filters, int groups, Window window) {
    return new GroupedConv(
        filters, groups, window, Activation.SIGMOID, true, ParameterRules.DEFAULT);
  }

  private static GraphConfigurations convolution(Layer layer, Shape input) {
    return GraphConfigurations.of(
        layer.toString(),
        g -> {
          Value x = g.apply(Dense.of(4), g.input("x", input));
          g.output(end(g, g.apply(layer, x)));
        });
  }

  private static GraphConfigurations layer(Layer layer) {
    return GraphConfigurations.of(
        layer.toString(),
        g -> {
          Value x = g.apply(Dense.of(5), g.input("x", Shape.of(4, 3)));
          g.output(end(g, g.apply(layer, x)));
        });
  }

  private static GraphConfigurations rowwise(Rowwise layer) {
    return GraphConfigurations.of(
        layer.toString(),
        g -> {
          Value x = g.apply(Dense.of(5), g.input("x", Shape.of(4, 3)));
          g.output(end(g, g.apply(layer, x)));
        });
  }

  private static GraphConfigurations joined(Joined joined) {
    return GraphConfigurations.of(
        joined.toString(),
        g -> {
          Value a = shares(g, "a", Shape.of(4, 2));
          g.output(end(g, g.apply(joined, a, shares(g, "b", Shape.of(4, 2)), a)));
        });
  }

  private static GraphConfigurations ofVectors(Joined joined) {
    return GraphConfigurations.of(
        joined + " of vectors",
        g -> {
          Value a = shares(g, "a", Shape.of(5));
          g.output(end(g, g.apply(joined, a, shares(g, "b", Shape.of(5)))));
        });
  }

  /** As it is best known: a share a step, spread over the features. */
  private static GraphConfigurations attention() {
    return GraphConfigurations.of(
        "attention by hand",
        g -> {
          Value states = g.apply(Gru.of(6).returningSequences(), g.input("x", Shape.of(4, 3)));
          Value e = g.apply(new Flatten(), g.apply(Dense.of(1, Activation.TANH), states));
          Value shares = g.apply(new Activated(Activation.SOFTMAX), e);
          Value spread = g.apply(Permute.turning(), g.apply(new RepeatVector(6), shares));
          Value all = g.apply(Pointwise.MULTIPLY, states, spread);
          g.output(end(g, g.apply(new Reduction(Kind.SUM, List.of(1), false), all)));
        });
  }

  private static GraphConfigurations attentionOverSteps() {
    return GraphConfigurations.of(
        "attention by hand, over steps",
        g -> {
          Value states = g.apply(Gru.of(6).returningSequences(), g.input("x", Shape.of(4, 3)));
          Value e = g.apply(new Activated(Activation.TANH), g.apply(Dense.of(1), states));
          Value shares = g.apply(new SoftmaxOver(1), e);
          Value all = g.apply(Arithmetic.of(Operator.MULTIPLY), states, shares);
          Value context = g.apply(new Reduction(Kind.SUM, List.of(1), false), all);
          Value last = g.apply(new Reduction(Kind.MAX, List.of(1), false), states);
          g.output(end(g, g.apply(Concatenate.FEATURES, context, last)));
        });
  }

  /** Above a normalization that ends a mask all steps count, and below it those that did. */
  private static GraphConfigurations maskEnded() {
    return GraphConfigurations.of(
        "RMSNormalization ends a mask",
        g -> {
          Value x = g.apply(new Activated(Activation.RELU), g.input("x", Shape.of(4, 2)));
          Value steps = g.apply(Gru.of(6).returningSequences(), g.apply(Masking.ofZeros(), x));
          Value all = g.apply(RmsNormalization.withDefaults(), steps);
          g.output(g.apply(Dense.of(2), g.apply(Gru.of(5), all)));
        });
  }

  /** What is masked below an operation counts above it. */
  private static GraphConfigurations masked() {
    return GraphConfigurations.of(
        "operations end masks",
        g -> {
          Value x = g.apply(new Activated(Activation.RELU), g.input("x", Shape.of(4, 2)));
          Value steps = g.apply(Gru.of(6).returningSequences(), g.apply(Masking.ofZeros(), x));
          Value product = g.apply(Arithmetic.of(Operator.MULTIPLY), steps, steps);
          Value more = g.apply(new Joined(1, false), product, g.apply(Reshape.to(4, 6), steps));
          g.output(g.apply(Dense.of(2), g.apply(Gru.of(5), more)));
        });
  }
}
