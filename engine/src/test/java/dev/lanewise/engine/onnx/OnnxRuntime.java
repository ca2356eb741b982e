package dev.lanewise.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.OutputSpec;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.JoinedInputs;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Exported models, answered by onnxruntime. */
final class OnnxRuntime {
  private OnnxRuntime() {}

  /**
   * Returns each output of a model of as many samples.
   *
   * @param inputs an array each, row-major samples
   */
  static List<float[]> answers(byte[] file, ModelSpec spec, List<float[]> inputs, int samples)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensorLike> given = new LinkedHashMap<>();
    try (OrtSession session = environment.createSession(file)) {
      List<Graph.Input> known = spec.graph().inputs();
      for (int i = 0; i < known.size(); i++) {
        String name = known.size() == 1 ? "x" : known.get(i).name();
        given.put(name, tensor(environment, known.get(i).shape(), inputs.get(i), samples));
      }
      List<float[]> answers = new ArrayList<>();
      try (OrtSession.Result result = session.run(given)) {
        for (OutputSpec output : spec.outputs()) {
          String name = spec.outputs().size() == 1 ? "y" : output.name();
          FloatBuffer y = ((OnnxTensor) result.get(name).orElseThrow()).getFloatBuffer();
          float[] values = new float[y.remaining()];
          y.get(values);
          answers.add(values);
        }
      }
      return answers;
    } finally {
      given.values().forEach(OnnxTensorLike::close);
    }
  }

  /** Requires that a model's answers, all of its outputs a sample, are ours. */
  static void requireOurs(Model model, ModelSpec spec, List<float[]> inputs, int samples)
      throws OrtException {
    List<Shape> shapes = spec.graph().inputs().stream().map(Graph.Input::shape).toList();
    float[] x = JoinedInputs.of(shapes, inputs);
    float[] expected = model.predict(Dataset.of(shapes, x, new float[samples], 1), samples);
    byte[] file = OnnxExport.bytes(model.spec(), model.parameters());
    float[] found =
        JoinedInputs.of(
            IntStream.range(0, spec.outputs().size()).mapToObj(spec::shapeOf).toList(),
            answers(file, spec, inputs, samples));
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i])
          .as("%d", i)
          .isCloseTo(expected[i], within(1e-5f * Math.max(1, Math.abs(expected[i]))));
    }
  }

  private static OnnxTensor tensor(
      OrtEnvironment environment, Shape sample, float[] values, int samples) throws OrtException {
    int[] sizes = sample.toArray();
    long[] shape = new long[sizes.length + 1];
    shape[0] = samples;
    for (int i = 0; i < sizes.length; i++) {
      shape[i + 1] = sizes[i];
    }
    return OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape);
  }
}
