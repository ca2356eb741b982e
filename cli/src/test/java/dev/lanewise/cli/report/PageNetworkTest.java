package dev.lanewise.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lanewise.cli.image.DigitPreparation;
import dev.lanewise.cli.image.Grey;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.backend.Stream;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Initializer;
import dev.lanewise.engine.layer.Initializers;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the page's scripts compute, against the engine and the preparation of pictures. */
class PageNetworkTest {
  private static final int SIDE = 28;
  private static final Shape DIGIT = Shape.of(SIDE, SIDE);
  private static final Dense CLASSES = Dense.of(10, Activation.SOFTMAX);

  private static byte[] pixels(long seed) {
    byte[] pixels = new byte[SIDE * SIDE];
    Random random = new Random(seed);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : 0);
    }
    return pixels;
  }

  private static Model model(Graph.Input input, Layer... layers) {
    return Model.sequential(input, layers)
        .withSeed(7)
        .compile(Adam.withDefaults(), Loss.CATEGORICAL_CROSSENTROPY);
  }

  private static Model model(Layer... layers) {
    return model(new Graph.Input("digit", DIGIT), layers);
  }

  private static String page(Model model) {
    byte[] pixels = pixels(1);
    return DrawingPad.of(model, Dataset.ofBytes(DIGIT, pixels, new int[1], 10));
  }

  /** A stream's steps are a picture's rows. */
  private static void agrees(Layer... layers) {
    byte[] pixels = pixels(layers.length);
    try (Model model = model(layers);
        Predictor predictor = model.predictor();
        Stream stream = predictor.stream();
        PageScripts scripts = new PageScripts()) {
      String page = page(model);
      String before = "id=\"pad-network\">";
      int from = page.indexOf(before) + before.length();
      scripts.give("described", page.substring(from, page.indexOf("</script>", from)));
      scripts.give("pixels", pixels);
      double[] said =
          scripts.numbers(
              "[].concat.apply([], answers(readNetwork(JSON.parse(described)), pixels, 28)"
                  + ".map((row) => Array.from(row)))");
      float[] row = new float[SIDE];
      float[] expected = new float[10];
      for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
          row[x] = (pixels[y * SIDE + x] & 0xff) / 255f;
        }
        stream.step(row, expected);
        requireClose("row " + y, said, 10 * y, expected);
      }
      Dataset sample = Dataset.ofBytes(DIGIT, pixels, new int[1], 10);
      requireClose("predict", said, 10 * (SIDE - 1), model.predict(sample, 1));
    }
  }

  private static void requireClose(String what, double[] said, int from, float[] expected) {
    for (int c = 0; c < expected.length; c++) {
      assertThat(said[from + c]).as(what + ", class " + c).isCloseTo(expected[c], within(1e-5));
    }
  }

  private static final Initializers BIASED =
      Initializers.DEFAULT.withBias(new Initializer.RandomUniform(-0.5, 0.5));

  @Test
  void theFoundingNetworkAnswersInThePageWhatItAnswersHere() {
    agrees(SimpleRnn.of(150), CLASSES);
  }

  @Test
  void soDoSimpleCellsOfEveryFunction() {
    agrees(
        SimpleRnn.of(9).withActivation(Activation.RELU).returningSequences(),
        SimpleRnn.of(8).withActivation(Activation.SIGMOID).withInitializers(BIASED),
        Dropout.of(0.5),
        Dense.of(7).withInitializers(BIASED),
        CLASSES.withoutBias());
  }

  @Test
  void soDoGatesOfAnLstm() {
    agrees(
        Lstm.of(9).withInitializers(BIASED).returningSequences(),
        Lstm.of(7).withoutBias().withActivation(Activation.LINEAR),
        CLASSES.frozen());
  }

  @Test
  void soDoGatesOfAGru() {
    agrees(
        Gru.of(9).withInitializers(BIASED).returningSequences(),
        Gru.of(8).resettingBefore().withInitializers(BIASED).returningSequences(),
        Gru.of(7).withoutBias(),
        CLASSES);
  }

  @Test
  void whatThePageCannotComputeIsNotInIt() {
    Layer[][] others = {
      {Bidirectional.of(Lstm.of(4)), CLASSES},
      {SimpleRnn.of(4).goingBackwards(), CLASSES},
      {SimpleRnn.of(4).withActivation(Activation.GELU), CLASSES},
      {SimpleRnn.of(4).returningSequences(), CLASSES},
      {new Flatten(), CLASSES},
      {SimpleRnn.of(4), Dense.of(10)},
      {SimpleRnn.of(4), Dense.of(41, Activation.SOFTMAX)},
      {SimpleRnn.of(600), CLASSES},
    };
    for (Layer[] layers : others) {
      try (Model model = model(layers)) {
        assertThat(page(model)).as(layers[0].toString()).isEmpty();
      }
    }
    Graph.Input series = new Graph.Input("series", Shape.of(SIDE, 3));
    try (Model model = model(series, SimpleRnn.of(4), CLASSES)) {
      assertThat(page(model)).isEmpty();
    }
  }

  @Test
  void numbersThatAreNoPixelsAreNotDrawn() {
    try (Model model = model(SimpleRnn.of(4), CLASSES)) {
      Dataset numbers = Dataset.of(DIGIT, new float[SIDE * SIDE], new int[1], 10);
      assertThat(DrawingPad.of(model, numbers)).isEmpty();
      assertThat(page(model)).isNotEmpty();
    }
  }

  @Test
  void nothingIsFetched() {
    try (Model model = model(SimpleRnn.of(4), CLASSES)) {
      assertThat(page(model)).doesNotContain("http", "//cdn", "src=", "@import", "url(");
    }
  }

  /** Strokes, rims and specks, dark on light too. */
  @Test
  void drawingsArePreparedAsPicturesAre() {
    try (PageScripts scripts = new PageScripts()) {
      for (int seed = 0; seed < 12; seed++) {
        Random random = new Random(seed);
        int rows = 30 + random.nextInt(40);
        int columns = 30 + random.nextInt(40);
        byte[] levels = new byte[rows * columns];
        for (int stroke = 0; stroke < seed; stroke++) {
          int y = random.nextInt(rows);
          int x = random.nextInt(columns);
          for (int step = 0; step < 60; step++) {
            y = Math.clamp(y + random.nextInt(3) - 1, 0, rows - 1);
            x = Math.clamp(x + random.nextInt(3) - 1, 0, columns - 1);
            levels[y * columns + x] = (byte) random.nextInt(256);
          }
        }
        Grey picture = new Grey(rows, columns);
        for (int i = 0; i < levels.length; i++) {
          if (seed % 4 == 3) {
            levels[i] = (byte) (255 - (levels[i] & 0xff));
          }
          picture.set(i / columns, i % columns, levels[i] & 0xff);
        }
        scripts.give("levels", levels);
        double[] prepared = scripts.numbers("prepared(levels, " + rows + ", " + columns + ")");
        byte[] expected = DigitPreparation.of(picture).pixels();
        for (int i = 0; i < expected.length; i++) {
          assertThat(prepared[i]).as("seed %d, pixel %d", seed, i).isEqualTo(expected[i] & 0xff);
        }
      }
    }
  }
}
