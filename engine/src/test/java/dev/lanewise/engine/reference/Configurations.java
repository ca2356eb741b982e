package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Bidirectional.Merge;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Elu;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LeakyRelu;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.RepeatVector;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.layer.SpatialDropout;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Stacks of layers in every combination that makes sense, around the width of a vector. */
public record Configurations(String name, Shape input, List<Layer> stack, Loss loss) {
  private static Configurations of(String name, Shape input, Loss loss, Layer... stack) {
    return new Configurations(name, input, List.of(stack), loss);
  }

  /** Returns single recurrent layers of every kind, and stacks. */
  public static Stream<Configurations> all() {
    return Stream.of(
            recurrent(),
            gated(),
            activations(),
            stacks(),
            WindowConfigurations.all(),
            ConvLstmConfigurations.all(),
            DroppingConfigurations.all(),
            MaskedConfigurations.all())
        .flatMap(each -> each);
  }

  /** Returns every activation in cells that are followed by one more step, and in a dense layer. */
  private static Stream<Configurations> activations() {
    return Stream.of(Activation.values())
        .filter(f -> f != Activation.SOFTMAX)
        .map(
            f ->
                of(
                    f + " throughout",
                    Shape.of(2, 3),
                    Loss.MEAN_SQUARED_ERROR,
                    Dense.of(6, f),
                    Dense.of(
                        4), // the exponential of an exponential of one is no number to test with
                    Lstm.of(5).withActivation(f).returningSequences(),
                    Dense.of(4),
                    Lstm.of(4).withRecurrentActivation(f).returningSequences(),
                    Dense.of(4),
                    Gru.of(4).withActivation(f).withRecurrentActivation(f).returningSequences(),
                    Dense.of(4),
                    Gru.of(3).resettingBefore().withActivation(f).returningSequences(),
                    Dense.of(4),
                    SimpleRnn.of(5).withActivation(f)));
  }

  private static Stream<Configurations> gated() {
    return Stream.of(1, 15, 16, 17)
        .flatMap(Configurations::gatedLayers)
        .flatMap(
            l ->
                Stream.of(1, 4)
                    .map(
                        steps ->
                            of(
                                l + " steps " + steps,
                                Shape.of(steps, 3),
                                Loss.MEAN_SQUARED_ERROR,
                                l)));
  }

  private static Stream<Recurrent> gatedLayers(int units) {
    return Stream.concat(lstms(units), grus(units));
  }

  private static Stream<Recurrent> grus(int units) {
    return Stream.of(Gru.of(units), Gru.of(units).resettingBefore())
        .flatMap(l -> Stream.of(l, l.withoutBias()))
        .flatMap(l -> Stream.of(l, l.returningSequences(), l.goingBackwards()))
        .flatMap(
            l ->
                Stream.of(
                    l,
                    l.withActivation(Activation.RELU),
                    l.withActivation(Activation.SIGMOID).withRecurrentActivation(Activation.TANH)));
  }

  private static Stream<Recurrent> lstms(int units) {
    return Stream.of(Lstm.of(units), Lstm.of(units).withoutBias())
        .flatMap(l -> Stream.of(l, l.returningSequences(), l.goingBackwards()))
        .flatMap(
            l ->
                Stream.of(
                    l,
                    l.withActivation(Activation.RELU),
                    l.withActivation(Activation.SIGMOID).withRecurrentActivation(Activation.TANH)));
  }

  private static Stream<Configurations> recurrent() {
    return Stream.of(1, 15, 16, 17)
        .flatMap(
            units ->
                Stream.of(SimpleRnn.of(units), SimpleRnn.of(units).withoutBias())
                    .flatMap(l -> Stream.of(l, l.returningSequences()))
                    .flatMap(l -> Stream.of(l, l.goingBackwards()))
                    .flatMap(
                        l ->
                            Stream.of(
                                l,
                                l.withActivation(Activation.SIGMOID),
                                l.withActivation(Activation.RELU),
                                l.withActivation(Activation.LINEAR)))
                    .flatMap(
                        l ->
                            Stream.of(1, 4)
                                .map(
                                    steps ->
                                        of(
                                            l + " steps " + steps,
                                            Shape.of(steps, 3),
                                            Loss.MEAN_SQUARED_ERROR,
                                            l))));
  }

  private static Stream<Configurations> stacks() {
    Dense softmax = Dense.of(5, Activation.SOFTMAX);
    Dense sigmoid = Dense.of(5, Activation.SIGMOID);
    SimpleRnn sequences = SimpleRnn.of(18).returningSequences();
    return Stream.of(
        of("classifier", Shape.of(5, 33), Loss.CATEGORICAL_CROSSENTROPY, SimpleRnn.of(20), softmax),
        of("one feature", Shape.of(9, 1), Loss.CATEGORICAL_CROSSENTROPY, SimpleRnn.of(7), softmax),
        of(
            "rnn on rnn",
            Shape.of(6, 3),
            Loss.CATEGORICAL_CROSSENTROPY,
            sequences,
            SimpleRnn.of(9),
            softmax),
        of(
            "rnn on rnn, both backwards",
            Shape.of(6, 3),
            Loss.MEAN_SQUARED_ERROR,
            sequences.goingBackwards(),
            SimpleRnn.of(9).goingBackwards(),
            Dense.of(2)),
        of(
            "lstm on lstm",
            Shape.of(6, 33),
            Loss.CATEGORICAL_CROSSENTROPY,
            Lstm.of(18).returningSequences(),
            Lstm.of(20).goingBackwards(),
            softmax),
        of(
            "gru on gru",
            Shape.of(6, 33),
            Loss.CATEGORICAL_CROSSENTROPY,
            Gru.of(18).returningSequences(),
            Gru.of(20).resettingBefore().returningSequences(),
            Gru.of(9).goingBackwards(),
            softmax),
        of(
            "both directions, every merge",
            Shape.of(5, 3),
            Loss.MEAN_SQUARED_ERROR,
            Bidirectional.of(Lstm.of(6).returningSequences()),
            Bidirectional.of(Gru.of(5).returningSequences(), Merge.SUM),
            Bidirectional.of(SimpleRnn.of(4).returningSequences(), Merge.MUL),
            Bidirectional.of(Gru.of(5).resettingBefore().returningSequences(), Merge.AVE),
            Bidirectional.of(Lstm.of(7))),
        of(
            "two kinds, last states",
            Shape.of(5, 3),
            Loss.MEAN_SQUARED_ERROR,
            new Bidirectional(Lstm.of(6), Gru.of(4).goingBackwards(), Merge.CONCAT),
            Dense.of(2)),
        of(
            "layers without weights",
            Shape.of(6, 4),
            Loss.CATEGORICAL_CROSSENTROPY,
            Dropout.of(0.5),
            Lstm.of(6).returningSequences(),
            new LeakyRelu(0.3),
            Dropout.of(0.25),
            new SpatialDropout(0.25, 1),
            Reshape.to(9, 4),
            new ActivationLayer(Activation.SILU),
            new Flatten(),
            Dense.of(7),
            new RepeatVector(3),
            Gru.of(5).returningSequences(),
            new TimeDistributed(Dense.of(4, Activation.TANH)),
            new Flatten(),
            Dense.of(5),
            new ActivationLayer(Activation.SOFTMAX)),
        of(
            "what is dropped together",
            Shape.of(5, 9),
            Loss.MEAN_SQUARED_ERROR,
            new Dropout(0.4, true, false),
            SimpleRnn.of(9).returningSequences(),
            new Dropout(0.4, false, true),
            Dense.of(7, Activation.TANH),
            new Dropout(0.4, true, true),
            new Dropout(0.3, false, false)),
        of(
            "softmax alone in the middle",
            Shape.of(4, 3),
            Loss.MEAN_SQUARED_ERROR,
            new ActivationLayer(Activation.TANH),
            SimpleRnn.of(5).returningSequences(),
            new ActivationLayer(Activation.SOFTMAX),
            new TimeDistributed(new ActivationLayer(Activation.TANH)),
            Dense.of(2)),
        of(
            "elus with depths of their own",
            Shape.of(4, 3),
            Loss.MEAN_SQUARED_ERROR,
            Dense.of(17),
            new Elu(0.5),
            Gru.of(5).returningSequences(),
            new TimeDistributed(new Elu(1.5)),
            Dense.of(3),
            new Elu(0)),
        of("flatten first", Shape.of(4, 3), Loss.MEAN_SQUARED_ERROR, new Flatten(), Dense.of(3)),
        of("repeat first", Shape.of(5), Loss.MEAN_SQUARED_ERROR, new RepeatVector(3), Gru.of(4)),
        of("dense on sequences", Shape.of(4, 3), Loss.CATEGORICAL_CROSSENTROPY, sequences, softmax),
        of(
            "dense below rnn",
            Shape.of(4, 3),
            Loss.MEAN_SQUARED_ERROR,
            Dense.of(6, Activation.TANH),
            SimpleRnn.of(8)),
        of(
            "dense alone",
            Shape.of(21),
            Loss.CATEGORICAL_CROSSENTROPY,
            Dense.of(17, Activation.RELU),
            softmax),
        of(
            "softmax with squared error",
            Shape.of(21),
            Loss.MEAN_SQUARED_ERROR,
            Dense.of(6),
            softmax),
        of(
            "softmax in the middle",
            Shape.of(21),
            Loss.MEAN_SQUARED_ERROR,
            softmax,
            Dense.of(3).withoutBias()),
        of(
            "gelu below silu, both in sequences",
            Shape.of(4, 3),
            Loss.MEAN_SQUARED_ERROR,
            sequences.withActivation(Activation.GELU).goingBackwards(),
            SimpleRnn.of(9).withActivation(Activation.SILU).returningSequences(),
            Dense.of(3, Activation.GELU)),
        of(
            "sigmoid with crossentropy",
            Shape.of(21),
            Loss.CATEGORICAL_CROSSENTROPY,
            Dense.of(6, Activation.TANH),
            sigmoid));
  }

  /** Returns the shape of one sample's output. */
  public Shape output() {
    Shape shape = input;
    for (Layer layer : stack) {
      shape = layer.outputShape(shape);
    }
    return shape;
  }

  /** Returns random weights that are exact in float32, biases not zero. */
  public List<double[]> weights(Random random) {
    Shape shape = input;
    Stream.Builder<double[]> weights = Stream.builder();
    for (Layer layer : stack) {
      layer
          .parameters(shape)
          .forEach(p -> weights.add(randoms(random, p.shape().elementCount(), 0.4)));
      shape = layer.outputShape(shape);
    }
    return weights.build().toList();
  }

  /**
   * Returns random samples that are exact in float32; some steps are masked where there is a mask.
   */
  public double[] inputs(Random random, int samples) {
    double[] x = randoms(random, samples * input.elementCount(), 1);
    if (stack.getFirst() instanceof Masking masking) {
      MaskedConfigurations.pad(x, input, masking.maskValue(), random);
    }
    return x;
  }

  /** Returns values in [-scale, scale] that are exact in float32. */
  public static double[] randoms(Random random, long count, double scale) {
    return random.doubles(count).map(v -> (float) ((2 * v - 1) * scale)).toArray();
  }

  @Override
  public String toString() {
    return name;
  }
}
