package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.keras.KerasFile;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.layer.Attention;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GraphBuilder.SharedPart;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Initializer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Pretrained;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layers that were trained in one model, in another. */
class PretrainedTest {
  private static final Shape WAVES = Shape.of(6, 3);
  private static final List<Integer> NO_MASKS = List.of();

  private static Dataset data(int samples, int targets) {
    float[] x = new float[samples * WAVES.size(0) * WAVES.size(1)];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i * 7 % 13) / 13f;
    }
    float[] y = new float[samples * targets];
    for (int i = 0; i < y.length; i++) {
      y[i] = i % 3;
    }
    return Dataset.of(WAVES, x, y, targets);
  }

  private static Model compiled(Model model) {
    return model.withSeed(4).compile(Adam.of(0.01), Loss.MEAN_SQUARED_ERROR);
  }

  /** Layers of 4 and 3 units, and 2 outputs, trained for a while. */
  private static Model base() {
    Model base =
        compiled(Model.sequential(WAVES, Lstm.of(4).returningSequences(), Gru.of(3), Dense.of(2)));
    base.fit(data(12, 2), FitOptions.epochs(2).withBatchSize(5));
    return base;
  }

  private static List<float[]> weights(Model model) {
    return model.parameters().values();
  }

  @Test
  void aTrunkGivesWhatItGaveInItsModel() {
    try (Model base = base();
        Model below =
            compiled(Model.sequential(WAVES, Lstm.of(4).returningSequences(), Gru.of(3)));
        Model trunk =
            compiled(
                Model.graph(
                    g -> g.output(g.apply(base.pretrained().upTo(-2), g.input("x", WAVES)))))) {
      below.setParameters(below.parameters().withValues(weights(base).subList(0, 6)));
      assertThat(trunk.spec().graph().layers()).isEqualTo(below.spec().graph().layers());
      assertThat(trunk.predict(data(12, 3), 5)).containsExactly(below.predict(data(12, 3), 5));
    }
  }

  @Test
  void aFrozenTrunkStaysUnderAHeadThatLearns(@TempDir Path folder) {
    try (Model base = base();
        Model model =
            compiled(
                Model.graph(
                    g -> {
                      Pretrained trunk = base.pretrained().upTo(1).frozen();
                      Value features = g.apply(trunk, g.input("x", WAVES));
                      g.output(g.apply(Dense.of(1), features));
                    }))) {
      List<float[]> head = weights(model).subList(6, 8);
      model.fit(data(12, 1), FitOptions.epochs(2).withBatchSize(5));
      for (int i = 0; i < 6; i++) {
        assertThat(weights(model).get(i)).containsExactly(weights(base).get(i));
      }
      assertThat(weights(model).get(6)).isNotEqualTo(head.getFirst());
      assertThat(model.spec().trainableParameters()).hasSize(2);

      Path file = folder.resolve("model.keras");
      KerasFile.write(SavedModel.of(model, LocalDateTime.now()), file);
      try (Model again = KerasFile.read(file).toModel()) {
        assertThat(again.predict(data(12, 1), 5)).containsExactly(model.predict(data(12, 1), 5));
      }
    }
  }

  /** Of a file's model as of one at hand, and before any layer that is drawn by its seed. */
  @Test
  void aPartThatIsSharedHasItsWeightsOnce(@TempDir Path folder) {
    Path file = folder.resolve("base.keras");
    try (Model base = base()) {
      KerasFile.write(SavedModel.of(base, LocalDateTime.now()), file);
      try (Model twins =
          compiled(
              Model.graph(
                  g -> {
                    Value left = g.input("left", WAVES);
                    Value right = g.input("right", Shape.of(9, 3));
                    Value first = g.apply(Dense.of(3), left);
                    SharedPart tower = g.share(KerasFile.read(file).pretrained());
                    g.output(g.apply(Concatenate.FEATURES, tower.apply(first), tower.apply(right)));
                  }))) {
        assertThat(twins.spec().graph().shapes().getLast()).isEqualTo(Shape.of(4));
        assertThat(weights(twins)).hasSize(2 + 8);
        for (int i = 0; i < 8; i++) {
          assertThat(weights(twins).get(2 + i)).containsExactly(weights(base).get(i));
        }
      }
    }
  }

  /**
   * Of a decoder that heeds a mask told to it, the part below: one of two inputs, states and all.
   */
  @Test
  void aPartOfAGraphKeepsWhatItReads() {
    GraphBuilder g = new GraphBuilder();
    Value price = g.input("price", Shape.of(2));
    Value words = g.input("words", Shape.of(5));
    Value known = g.apply(Embedding.of(7, 3).maskingZero(), words);
    List<Value> read = g.applyAll(Lstm.of(4).returningState(), known);
    List<Value> attended =
        g.share(Attention.create()).applyUnder(List.of(GraphBuilder.UNMASKED, known), known, known);
    List<Value> told =
        g.share(Lstm.of(4).returningSequences())
            .applyUnder(List.of(known), attended.getFirst(), read.get(1), read.get(2));
    Value last = g.apply(Gru.of(2), told.getFirst());
    g.output(
        g.apply(Dense.of(1), g.apply(Concatenate.FEATURES, last, g.apply(Dense.of(2), price))));
    try (Model whole = compiled(Model.of(g.build()))) {
      Pretrained all = whole.pretrained();
      Pretrained part = all.upTo(4);
      assertThat(part.graph().inputs()).containsExactly(whole.spec().graph().inputs().get(1));
      assertThat(part.graph().layers()).isEqualTo(whole.spec().graph().layers().subList(0, 5));
      assertThat(part.graph().nodes())
          .map(Graph.Node::masks)
          .containsExactly(NO_MASKS, NO_MASKS, List.of(-1, 1), List.of(1), NO_MASKS);
      assertThat(part.graph().shapes().getLast()).isEqualTo(Shape.of(2));
      assertThat(all.upTo(-1).graph()).isEqualTo(whole.spec().graph());
      try (Model again =
          compiled(Model.graph(b -> b.output(b.apply(part, b.input("w", Shape.of(5))))))) {
        for (int i = 0; i < weights(again).size(); i++) {
          assertThat(weights(again).get(i)).containsExactly(weights(whole).get(i));
        }
        assertThat(again.spec().graph().nodes()).isEqualTo(part.graph().nodes());
      }
    }
  }

  @Test
  void vectorsThatAreKnownAreAnEmbeddingsStart() {
    float[] vectors = {0, 0, 1, 2, 3, 4};
    Embedding table = Embedding.of(3, 2).withInitializer(new Initializer.Values(vectors));
    try (Model model = compiled(Model.sequential(Shape.of(5), table, Lstm.of(4), Dense.of(1)))) {
      assertThat(weights(model).getFirst()).containsExactly(vectors).isNotSameAs(vectors);
    }
    Embedding wide = Embedding.of(3, 3).withInitializer(new Initializer.Values(vectors));
    try (Model model = compiled(Model.sequential(Shape.of(5), wide, Lstm.of(4), Dense.of(1)))) {
      assertThatThrownBy(model::parameters)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("initializer: 6 values are given, and [3, 3] has 9");
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    try (Model base = base()) {
      Pretrained all = base.pretrained();
      GraphBuilder g = new GraphBuilder();
      Value narrow = g.input("x", Shape.of(6, 2));
      assertThatThrownBy(() -> g.apply(all, narrow))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "Pretrained: layer 0, a LSTM, has arrays of [48, 64, 16] values, and needs"
                  + " [kernel [2, 16], recurrent_kernel [4, 16], bias [16]] for what it reads"
                  + " here, [[6, 2]]");
      assertThatThrownBy(() -> g.apply(all, narrow, narrow))
          .hasMessage("model: has 1 inputs, is given 2 values");
      assertThatThrownBy(() -> all.upTo(3))
          .hasMessage("Pretrained: has 3 layers, found no layer 3");
      assertThatThrownBy(() -> all.upTo(-4))
          .hasMessage("Pretrained: has 3 layers, found no layer -4");
      assertThatThrownBy(() -> Pretrained.of(all.graph(), weights(base).subList(0, 7)))
          .hasMessage("Pretrained: the model has 8 arrays of weights, found 7");
      assertThatThrownBy(() -> Pretrained.of(all.graph(), weights(base).reversed()))
          .hasMessageStartingWith("Pretrained: layer 0, a LSTM, has arrays of");
    }
  }
}
