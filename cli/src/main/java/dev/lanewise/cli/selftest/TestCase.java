package dev.lanewise.cli.selftest;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Attention;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.GlobalAveragePooling1D;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.MaxPooling1D;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.CategoricalCrossentropy;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.GradientClipping;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A model to train for a few batches on two backends, with start weights and data of its own.
 *
 * @param name what it shows
 * @param spec the model
 * @param batch samples of a batch; the last is shorter
 * @param general whether the backend is kept from kernels made for the model's form
 */
record TestCase(String name, ModelSpec spec, int batch, boolean general) {
  private static final int BATCHES = 3;
  private static final int FEATURES = 28;
  private static final int CLASSES = 10;
  private static final int STEPS = 6;
  private static final int IDS = 11;
  private static final Layer WORDS =
      Embedding.of(IDS, 8).maskingZero(); // every eleventh is padding

  /** Returns every path, layer, loss and optimizer, in sizes around those of the kernels. */
  static List<TestCase> all() {
    List<TestCase> cases = new ArrayList<>();
    Optimizer adam = Adam.withDefaults();
    cases.add(classifier("founding model", 150, 28, 150, adam, false));
    cases.add(classifier("founding model", 150, 28, 150, adam, true));
    for (int units : new int[] {1, 20, 64, 96, 97, 128, 160, 192}) {
      cases.add(classifier("SimpleRNN(" + units + ")", units, 6, 5, Sgd.of(0.1), false));
    }
    for (int units : new int[] {1, 97, 193, 300}) {
      cases.add(classifier("SimpleRNN(" + units + ")", units, 6, 5, Sgd.of(0.1), true));
    }
    cases.add(classifier("momentum", 20, 6, 5, Sgd.of(0.1, 0.9).withNesterov(), false));
    cases.add(
        classifier(
            "clipped",
            20,
            6,
            5,
            Sgd.of(0.1).withClipping(GradientClipping.globalNorm(0.01)),
            false));
    cases.add(
        of(
            "stack",
            Loss.CATEGORICAL_CROSSENTROPY,
            SimpleRnn.of(33).returningSequences().withActivation(Activation.RELU),
            SimpleRnn.of(17).goingBackwards().withActivation(Activation.SIGMOID),
            Dense.of(CLASSES, Activation.SIGMOID)));
    cases.add(
        of(
            "sequence to sequence",
            Loss.MEAN_SQUARED_ERROR,
            Dense.of(9, Activation.TANH),
            SimpleRnn.of(21).returningSequences(),
            Dense.of(CLASSES)));
    cases.add(
        of(
            "softmax to values",
            Loss.MEAN_SQUARED_ERROR,
            SimpleRnn.of(20),
            Dense.of(CLASSES, Activation.SOFTMAX)));
    cases.addAll(family());
    cases.addAll(wired());
    return cases;
  }

  /** Returns gated cells, and layers between them. */
  private static List<TestCase> family() {
    Loss loss = Loss.CATEGORICAL_CROSSENTROPY;
    Dense softmax = Dense.of(CLASSES, Activation.SOFTMAX);
    Layer lstm = Lstm.of(70);
    Layer gru = Gru.of(70);
    Layer before = Gru.of(33).resettingBefore().withActivation(Activation.SILU);
    return List.of(
        of("LSTM(70)", loss, lstm, softmax),
        of("GRU(70)", loss, gru, softmax),
        of("GRU(33), reset before", loss, before, softmax),
        of(
            "both ways, dropped",
            loss,
            Dropout.of(0.2),
            Bidirectional.of(Lstm.of(20).returningSequences()),
            Bidirectional.of(Gru.of(17), Bidirectional.Merge.MUL),
            softmax),
        of(
            "normalized, pooled",
            loss,
            Lstm.of(20).returningSequences(),
            LayerNormalization.withDefaults(),
            MaxPooling1D.of(2),
            GlobalAveragePooling1D.withDefaults(),
            softmax));
  }

  /** Returns gated cells as they are walked in one launch, masks, attention and states. */
  private static List<TestCase> wired() {
    Layer softmax = Dense.of(CLASSES, Activation.SOFTMAX);
    GraphBuilder attentive = new GraphBuilder();
    Value seen = attentive.apply(WORDS, attentive.input("words", Shape.of(STEPS)));
    Layer both = Bidirectional.of(Lstm.of(9).withDropout(0.1, 0.2).returningSequences());
    Value read = attentive.apply(both, seen);
    Value looked = attentive.apply(Attention.create(), attentive.apply(Dense.of(18), read), read);
    Value mean = attentive.apply(GlobalAveragePooling1D.withDefaults(), looked);
    attentive.output(attentive.apply(softmax, mean));

    GraphBuilder coded = new GraphBuilder();
    Value words = coded.apply(WORDS, coded.input("words", Shape.of(STEPS)));
    List<Value> code = coded.applyAll(Lstm.of(12).returningState(), words);
    Layer decoder = Lstm.of(12).withDropout(0, 0.2);
    coded.output(coded.apply(softmax, coded.apply(decoder, words, code.get(1), code.get(2))));

    Loss loss = Loss.CATEGORICAL_CROSSENTROPY;
    List<Layer> masked = List.of(WORDS, Gru.of(17).returningSequences(), Gru.of(9), softmax);
    ModelSpec padded = new ModelSpec(Shape.of(STEPS), masked, loss, Adam.withDefaults());
    return List.of(
        new TestCase("LSTM(70), one launch", of("", loss, Lstm.of(70), softmax).spec, 5, false),
        new TestCase("GRU(70), one launch", of("", loss, Gru.of(70), softmax).spec, 5, false),
        new TestCase("padded words", padded, 5, true),
        new TestCase("attention", spec(attentive), 5, true),
        new TestCase("encoder and decoder", spec(coded), 5, true));
  }

  private static ModelSpec spec(GraphBuilder graph) {
    return new ModelSpec(graph.build(), Loss.CATEGORICAL_CROSSENTROPY, Sgd.of(0.1), List.of());
  }

  private static TestCase classifier(
      String name, int units, int steps, int batch, Optimizer optimizer, boolean general) {
    ModelSpec spec =
        new ModelSpec(
            Shape.of(steps, FEATURES),
            List.of(SimpleRnn.of(units), Dense.of(CLASSES, Activation.SOFTMAX)),
            Loss.CATEGORICAL_CROSSENTROPY,
            optimizer);
    return new TestCase(name, spec, batch, general);
  }

  private static TestCase of(String name, Loss loss, Layer... layers) {
    ModelSpec spec = new ModelSpec(Shape.of(STEPS, FEATURES), List.of(layers), loss, Sgd.of(0.1));
    return new TestCase(name, spec, 5, true);
  }

  int samples() {
    return BATCHES * batch - batch / 2;
  }

  /** Returns start weights that keep states from growing. */
  Parameters start() {
    Random random = new Random(1);
    List<float[]> values = new ArrayList<>();
    for (ParameterSpec parameter : spec.parameters()) {
      double scale = 1 / Math.sqrt(parameter.shape().size(0));
      float[] value = new float[Math.toIntExact(parameter.shape().elementCount())];
      for (int i = 0; i < value.length; i++) {
        value[i] = (float) ((2 * random.nextDouble() - 1) * scale);
      }
      values.add(value);
    }
    return Parameters.initial(values);
  }

  /** Returns random pixels, or words, with a class or values each. */
  Dataset data() {
    Random random = new Random(2);
    int samples = samples();
    int outputs = Math.toIntExact(spec.output().elementCount());
    if (spec.layers().contains(WORDS)) {
      float[] ids = new float[Math.toIntExact(samples * spec.input().elementCount())];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = random.nextInt(IDS);
      }
      return Dataset.of(spec.input(), ids, random.ints(samples, 0, CLASSES).toArray(), CLASSES);
    }
    if (spec.loss() instanceof CategoricalCrossentropy && outputs == CLASSES) {
      byte[] pixels = new byte[Math.toIntExact(samples * spec.input().elementCount())];
      random.nextBytes(pixels);
      return Dataset.ofBytes(
          spec.input(), pixels, random.ints(samples, 0, CLASSES).toArray(), CLASSES);
    }
    float[] inputs = randoms(random, samples * spec.input().elementCount());
    return Dataset.of(spec.input(), inputs, randoms(random, (long) samples * outputs), outputs);
  }

  private static float[] randoms(Random random, long count) {
    float[] values = new float[Math.toIntExact(count)];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    return values;
  }
}
