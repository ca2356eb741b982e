package dev.lanewise.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.keras.KerasFile;
import dev.lanewise.engine.keras.ModelFormatException;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A saved model comes back, or is told what is wrong with it; none is lost. */
class ModelFolderTest {
  private static SparkSession session;
  private static Dataset<Row> table;
  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    session = LocalCluster.builder("local[1]").getOrCreate();
    session
        .sparkContext()
        .hadoopConfiguration()
        .set("fs.dying.impl", DyingFileSystem.class.getName());
    List<Row> rows =
        List.of(
            RowFactory.create(List.of(1f, 2f, 3f, 4f)), RowFactory.create(List.of(0f, 1f, 0f, 1f)));
    table = session.createDataFrame(rows, new StructType().add("series", "array<float>"));
  }

  @AfterAll
  static void stop() {
    session.stop();
  }

  private static Model model(int seed) {
    return Model.sequential(Shape.of(2, 2), Gru.of(3), Dense.of(2))
        .withSeed(seed)
        .compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR);
  }

  private static LanewiseModel scoring(int seed) {
    try (Model model = model(seed)) {
      return LanewiseModel.of(model)
          .setInputCol("series")
          .setOutputCol("answer" + seed)
          .setBatchSize(7);
    }
  }

  private List<String> names() {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String path() {
    return folder.resolve("model").toUri().toString();
  }

  private LanewiseModel loaded() {
    return LanewiseModel.load(session, path());
  }

  @Test
  void whatIsLoadedIsWhatWasSaved() throws IOException {
    LanewiseModel first = scoring(1);
    first.write().save(path());
    LanewiseModel again = loaded();
    assertThat(again.uid()).isEqualTo(first.uid());
    assertThat(again.getInputCols()).containsExactly("series");
    assertThat(again.getBatchSize()).isEqualTo(7);
    List<Row> expected = first.transform(table).collectAsList();
    assertThat(again.transform(table).collectAsList()).isEqualTo(expected);
    assertThat(expected.getFirst().schema().fieldNames()).containsExactly("series", "answer1");

    assertThatThrownBy(() -> scoring(2).write().save(path()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is there already; write().overwrite() replaces it");
    assertThat(loaded().getOutputCols()).containsExactly("answer1");
    scoring(2).write().overwrite().save(path());
    assertThat(loaded().transform(table).collectAsList())
        .isEqualTo(scoring(2).transform(table).collectAsList())
        .isNotEqualTo(expected);
    assertThat(names()).containsExactly("model");
  }

  @Test
  void aPipelineSavesAndLoadsIt() throws IOException {
    PipelineStage[] stages = {scoring(1), scoring(2)};
    PipelineModel pipeline = new Pipeline().setStages(stages).fit(table);
    pipeline.write().save(path());
    List<Row> answers = PipelineModel.load(path()).transform(table).collectAsList();
    assertThat(answers).isEqualTo(pipeline.transform(table).collectAsList());
    assertThat(answers.getFirst().schema().fieldNames())
        .containsExactly("series", "answer1", "answer2");
  }

  @Test
  void aKerasFileIsTakenAsItIs() {
    Path file = folder.resolve("model.keras");
    try (Model model = model(1)) {
      KerasFile.write(SavedModel.of(model, LocalDateTime.of(2026, 1, 2, 3, 4)), file);
    }
    LanewiseModel scoring = LanewiseModel.ofKerasFile(session, file.toUri().toString());
    List<Row> answers =
        scoring.setInputCol("series").setOutputCol("answer1").transform(table).collectAsList();
    assertThat(answers).isEqualTo(scoring(1).transform(table).collectAsList());
    assertThatThrownBy(() -> LanewiseModel.ofKerasFile(session, path() + ".h5"))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("model.h5: is missing");
  }

  /** Whenever the process dies, the old model or the new is there: under its name or one told. */
  @Test
  void aSaveThatIsCutOffLosesNoModel() throws IOException {
    LanewiseModel old = scoring(1);
    LanewiseModel next = scoring(2);
    int cut = 0;
    boolean saved = false;
    int replaced = 0;
    for (; !saved; cut++) {
      old.write().overwrite().save(path());
      DyingFileSystem.changesLeft = cut;
      try {
        next.write().overwrite().save("dying://" + folder.resolve("model"));
        saved = true;
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("the process is dead");
      }
      if (!Files.exists(folder.resolve("model"))) {
        String left = names().stream().filter(name -> name.contains("replaced")).findAny().get();
        assertThatThrownBy(this::loaded)
            .isInstanceOf(ModelFormatException.class)
            .hasMessageContaining("there is no saved model; a save that was cut off left it as")
            .hasMessageEndingWith(left + ", rename that");
        Files.move(folder.resolve(left), folder.resolve("model"));
        replaced++;
      }
      assertThat(loaded().getOutputCols()[0]).isIn("answer1", "answer2");
    }
    assertThat(replaced).as("cuts between the two renames").isEqualTo(1);
    assertThat(cut)
        .as("saves: one for each change they make, and one that is not cut")
        .isEqualTo(6);
    assertThat(loaded().getOutputCols()).containsExactly("answer2");
  }

  @Test
  void whatIsWrongWithAFolderIsToldByName() throws IOException {
    refused("model: there is no saved model");
    Files.createDirectory(folder.resolve("model"));
    refused("model/metadata/part-00000: is missing");
    assertThatThrownBy(() -> scoring(1).write().overwrite().save(path()))
        .hasMessageContaining("no saved model, so it is not replaced");
    Files.delete(folder.resolve("model"));

    refusedWith(text -> text.replace("\"format\":1", "\"format\":2"), "was saved in format 2");
    refusedWith(text -> text.replace("LanewiseModel", "Other"), "holds a dev.lanewise.spark.Other");
    refusedWith(text -> text.replace("\"uid\"", "\"id\""), "the metadata has no uid");
    refusedWith(text -> text.replace("batchSize", "size"), "sets an unknown parameter, size");
    refusedWith(text -> text.replace("[\"series\"]", "3"), "the metadata is damaged");
    refusedWith(text -> text.substring(9), "the metadata is no JSON");
    scoring(1).write().overwrite().save(path());
    Path keras = folder.resolve("model/model.keras");
    byte[] bytes = Files.readAllBytes(keras);
    bytes[bytes.length / 2] ^= 1;
    Files.write(keras, bytes);
    Files.delete(folder.resolve("model/.model.keras.crc"));
    refused("its digest is another");
    Files.delete(keras);
    refused("model.keras: is missing");
  }

  private void refused(String message) {
    assertThatThrownBy(this::loaded)
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(message);
  }

  private void refusedWith(UnaryOperator<String> change, String message) throws IOException {
    scoring(1).write().overwrite().save(path());
    Path metadata = folder.resolve("model/metadata/part-00000");
    Files.writeString(metadata, change.apply(Files.readString(metadata)));
    Files.delete(folder.resolve("model/metadata/.part-00000.crc"));
    refused(message);
  }
}
