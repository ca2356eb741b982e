package dev.lanewise.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.keras.KerasFile;
import dev.lanewise.engine.keras.ModelFormatException;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every model of Keras's that tests have, as ONNX: it answers as here, or is known not to go. */
class KerasOnnxTest {
  private static final String DRAWN = System.getProperty("lanewise.test.drawn", "");
  private static final int SAMPLES = 4;
  private static final int STEPS = 7;

  private static final Set<String> NOT_WRITTEN =
      Set.of(
          "cells/stateful.keras",
          "examples/sentences.keras",
          "examples/sentences_stack.keras",
          "masked_graphs/merges.keras",
          "operations/unit_vectors.keras",
          "stateful/bidirectional.keras",
          "stateful/masked.keras",
          "stateful/masked_sequences.keras",
          "stateful/stack.keras",
          "recurrent/files/stateful/stateful.keras");

  private static Path golden() throws URISyntaxException {
    return Path.of(KerasOnnxTest.class.getResource("/golden").toURI());
  }

  private static Stream<String> models(boolean written) throws IOException, URISyntaxException {
    Path golden = golden();
    try (Stream<Path> files = Files.walk(golden)) {
      List<String> names =
          files
              .map(file -> golden.relativize(file).toString().replace('\\', '/'))
              .filter(name -> name.endsWith(".keras"))
              .filter(name -> !name.startsWith("drawn/unrolled/")) // is refused when it is read
              .filter(name -> !name.equals("examples/course.keras")) // by itself
              .sorted()
              .toList();
      assertThat(names).containsAll(NOT_WRITTEN);
      return names.stream().filter(name -> NOT_WRITTEN.contains(name) != written);
    }
  }

  static Stream<String> written() throws IOException, URISyntaxException {
    return models(true);
  }

  static Stream<String> notWritten() throws IOException, URISyntaxException {
    return models(false);
  }

  @ParameterizedTest
  @MethodSource("written")
  void onnxRuntimeAnswersAsWeDo(String name) throws URISyntaxException, OrtException {
    requireOurs(KerasFile.read(golden().resolve(name)));
  }

  private static void requireOurs(SavedModel saved) throws OrtException {
    List<Shape> shapes =
        saved.graph().inputs().stream()
            .map(input -> input.anySteps() ? input.shape().withFirst(STEPS) : input.shape())
            .toList();
    ModelSpec spec = saved.spec().forInputs(shapes);
    try (Model model = saved.toModel()) {
      OnnxRuntime.requireOurs(model, spec, inputs(spec.graph(), shapes), SAMPLES);
    }
  }

  /** Of a folder by {@code -Dlanewise.test.drawn}; what became of each is in {@code onnx.txt}. */
  @Test
  void drawnModelsAnswerAsWeDoOrAreRefused() throws IOException, OrtException {
    if (DRAWN.isEmpty()) {
      return;
    }
    List<Path> folders;
    try (Stream<Path> list = Files.list(Path.of(DRAWN))) {
      folders = list.filter(path -> Files.exists(path.resolve("facts.npz"))).sorted().toList();
    }
    List<String> found = new ArrayList<>();
    for (Path folder : folders) {
      Path archive = folder.resolve("model.keras");
      found.add(
          folder.getFileName()
              + " "
              + answered(Files.exists(archive) ? archive : folder.resolve("model.h5")));
    }
    Files.write(Path.of(DRAWN, "onnx.txt"), found);
    assertThat(found).isNotEmpty();
  }

  private static String answered(Path file) throws OrtException {
    SavedModel saved;
    try {
      saved = KerasFile.read(file);
      OnnxExport.bytes(saved.spec(), saved.parameters());
    } catch (ModelFormatException e) {
      return "not read: " + e.getMessage();
    } catch (IllegalArgumentException e) {
      return "refused: " + e.getMessage();
    }
    requireOurs(saved);
    return "alike";
  }

  private static List<float[]> inputs(Graph graph, List<Shape> shapes) {
    SplitMix64 random = new SplitMix64(3);
    List<float[]> inputs = new ArrayList<>();
    for (int i = 0; i < shapes.size(); i++) {
      int rows = graph.tokenRows(i);
      float[] values = new float[Math.toIntExact(SAMPLES * shapes.get(i).elementCount())];
      for (int v = 0; v < values.length; v++) {
        values[v] = rows > 0 ? random.nextInt(rows) : (float) random.nextGaussian();
      }
      inputs.add(values);
    }
    return inputs;
  }

  @ParameterizedTest
  @MethodSource("notWritten")
  void othersAreRefusedByName(String name) throws URISyntaxException {
    SavedModel saved = KerasFile.read(golden().resolve(name));
    assertThatThrownBy(() -> OnnxExport.bytes(saved.spec(), saved.parameters()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("(onnx: .+|layer0 .+ONNX.+)");
  }
}
