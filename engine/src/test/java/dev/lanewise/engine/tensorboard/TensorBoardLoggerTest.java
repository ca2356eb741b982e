package dev.lanewise.engine.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.CosineDecay;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensorboard.EventReader.Value;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.History;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardLoggerTest {
  private static final int SAMPLES = 50;

  @TempDir private Path folder;

  private static Dataset data() {
    float[] features = new float[SAMPLES * 4 * 3];
    int[] labels = new int[SAMPLES];
    for (int i = 0; i < features.length; i++) {
      features[i] = (i * 37 % 101) / 101f;
    }
    for (int i = 0; i < SAMPLES; i++) {
      labels[i] = i % 2;
    }
    return Dataset.of(Shape.of(4, 3), features, labels, 2);
  }

  private static Model model(Optimizer optimizer) {
    return Model.sequential(Shape.of(4, 3), SimpleRnn.of(5), Dense.of(2, Activation.SOFTMAX))
        .withThreads(1)
        .compile(optimizer, Loss.CATEGORICAL_CROSSENTROPY, Metric.ACCURACY);
  }

  private static FitOptions epochs(int count) {
    return FitOptions.epochs(count).withBatchSize(10).withValidationSplit(0.2);
  }

  private static List<Value> tagged(List<Value> values, String tag) {
    return values.stream().filter(value -> value.tag().equals(tag)).toList();
  }

  private static void requireSeries(List<Value> found, List<Double> expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int e = 0; e < expected.size(); e++) {
      assertThat(found.get(e).step()).isEqualTo(e);
      assertThat(found.get(e).plugin()).isEqualTo("scalars");
      assertThat(found.get(e).kind()).isEqualTo(1);
      assertThat(found.get(e).dtype()).isEqualTo(1);
      assertThat(found.get(e).shape()).isEmpty();
      assertThat(found.get(e).numbers()).containsExactly((double) expected.get(e).floatValue());
    }
  }

  @Test
  void epochsAreWrittenWithTheTagsAndFoldersOfKeras() throws IOException {
    try (Model model = model(Adam.withDefaults());
        TensorBoardLogger logger = new TensorBoardLogger(folder)) {
      History history = model.fit(data(), epochs(3), logger);
      List<Value> train = EventReader.read(folder, "train");
      List<Value> validation = EventReader.read(folder, "validation");

      assertThat(train)
          .extracting(Value::tag)
          .containsOnly("epoch_loss", "epoch_accuracy", "epoch_learning_rate");
      assertThat(validation).extracting(Value::tag).containsOnly("epoch_loss", "epoch_accuracy");
      var reported = history.history();
      requireSeries(tagged(train, "epoch_loss"), reported.get("loss"));
      requireSeries(tagged(train, "epoch_accuracy"), reported.get("accuracy"));
      requireSeries(tagged(train, "epoch_learning_rate"), List.of(0.001, 0.001, 0.001));
      requireSeries(tagged(validation, "epoch_loss"), reported.get("val_loss"));
      requireSeries(tagged(validation, "epoch_accuracy"), reported.get("val_accuracy"));
    }
  }

  @Test
  void theLearningRateIsThatOfTheNextUpdateOfASchedule() throws IOException {
    try (Model model = model(Adam.of(CosineDecay.of(0.1, 8)));
        TensorBoardLogger logger = new TensorBoardLogger(folder)) {
      model.fit(data(), epochs(2), logger); // 4 updates each
      List<Value> rates = tagged(EventReader.read(folder, "train"), "epoch_learning_rate");
      assertThat(rates.get(0).numbers().getFirst()).isEqualTo(0.05, within(1e-7));
      assertThat(rates.get(1).numbers().getFirst()).isEqualTo(0.0, within(1e-7));
    }
  }

  @Test
  void histogramsHoldEveryWeight() throws IOException {
    try (Model model = model(Adam.withDefaults());
        TensorBoardLogger logger = new TensorBoardLogger(folder).withHistograms(model.spec(), 2)) {
      model.fit(data(), epochs(3), logger);
      Parameters last = model.parameters(); // those of epoch 2
      List<Value> train = EventReader.read(folder, "train");
      List<String> tags =
          List.of(
              "0_SimpleRnn/kernel/histogram",
              "0_SimpleRnn/recurrent_kernel/histogram",
              "0_SimpleRnn/bias/histogram",
              "1_Dense/kernel/histogram",
              "1_Dense/bias/histogram");
      for (int i = 0; i < tags.size(); i++) {
        List<Value> own = tagged(train, tags.get(i));
        assertThat(own).as(tags.get(i)).extracting(Value::step).containsExactly(0L, 2L);
        requireHistogram(own.getLast(), last.values().get(i));
      }
    }
  }

  /** Counts by another way: bucket by bucket. */
  private static void requireHistogram(Value found, float[] weights) {
    assertThat(found.plugin()).isEqualTo("histograms");
    assertThat(found.kind()).isEqualTo(2);
    assertThat(found.dtype()).isEqualTo(2);
    assertThat(found.shape()).containsExactly(30L, 3L);
    List<Double> numbers = found.numbers();
    double total = 0;
    for (int b = 0; b < 30; b++) {
      double left = numbers.get(3 * b);
      double right = numbers.get(3 * b + 1);
      assertThat(right).isGreaterThan(left);
      if (b > 0) {
        assertThat(left).isEqualTo(numbers.get(3 * b - 2), within(1e-12));
      }
      int inside = 0;
      int near = 0; // a limit, on whose side is a matter of rounding
      for (float weight : weights) {
        inside += weight >= left && weight < right ? 1 : 0;
        near += Math.abs(weight - left) < 1e-9 || Math.abs(weight - right) < 1e-9 ? 1 : 0;
      }
      assertThat(numbers.get(3 * b + 2)).isEqualTo(inside, within((double) near));
      total += numbers.get(3 * b + 2);
    }
    assertThat(total).isEqualTo(weights.length);
  }

  @Test
  void numbersThatAreAllAlikeAreOneBucket() throws IOException {
    try (EventFile file = new EventFile(folder.resolve("train"))) {
      file.append(7, Summaries.histogram("ones", new float[] {1, 1, 1}));
    }
    Value found = EventReader.read(folder, "train").getFirst();
    assertThat(found.step()).isEqualTo(7);
    assertThat(found.shape()).containsExactly(1L, 3L);
    assertThat(found.numbers()).containsExactly(0.5, 1.5, 3.0);
  }

  @Test
  void textsAndPicturesAreForTheirPlugins() throws IOException {
    byte[] png =
        ByteBuffer.allocate(33) // what a PNG file begins with: its mark, then a header of 13 bytes
            .put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'})
            .putInt(13)
            .put("IHDR".getBytes(StandardCharsets.US_ASCII))
            .putInt(28)
            .putInt(14)
            .array();
    try (TensorBoardLogger logger = new TensorBoardLogger(folder)) {
      logger.text("settings", "| a | b |");
      logger.image("digits", 4, png);
      assertThatThrownBy(() -> logger.image("digits", 4, new byte[30]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("image digits: must be a PNG file");
    }
    List<Value> values = EventReader.read(folder, "train");
    Value text = values.getFirst();
    assertThat(List.of(text.tag(), text.plugin())).containsExactly("settings", "text");
    assertThat(List.of(text.kind(), text.dtype())).containsExactly(2, 7);
    assertThat(text.strings()).containsExactly(ByteString.copyFromUtf8("| a | b |"));
    Value image = values.getLast();
    assertThat(List.of(image.tag(), image.plugin())).containsExactly("digits", "images");
    assertThat(List.of(image.kind(), image.dtype())).containsExactly(3, 7);
    assertThat(image.step()).isEqualTo(4);
    assertThat(image.shape()).containsExactly(3L);
    assertThat(image.strings())
        .containsExactly(
            ByteString.copyFromUtf8("28"), ByteString.copyFromUtf8("14"), ByteString.copyFrom(png));
  }

  /** Two fits in one second, too. */
  @Test
  void everyLoggerHasFilesOfItsOwn() throws IOException {
    for (int i = 0; i < 2; i++) {
      try (TensorBoardLogger logger = new TensorBoardLogger(folder)) {
        logger.text("n", Integer.toString(i));
      }
    }
    assertThat(EventReader.files(folder.resolve("train")))
        .hasSize(2)
        .allMatch(file -> file.getFileName().toString().contains("tfevents"));
  }

  @Test
  void aFolderThatCannotBeMadeIsToldBeforeAnEpoch() throws IOException {
    Path file = Files.writeString(folder.resolve("taken"), "");
    try (Model model = model(Adam.withDefaults());
        TensorBoardLogger logger = new TensorBoardLogger(file)) {
      assertThatThrownBy(() -> model.fit(data(), epochs(1), logger))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("taken")
          .hasMessageContaining("cannot be made");
    }
  }

  @Test
  void rejectsHistogramsOfNoEpoch() {
    try (Model model = model(Adam.withDefaults())) {
      assertThatThrownBy(() -> new TensorBoardLogger(folder).withHistograms(model.spec(), 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("found 0");
    }
  }
}
