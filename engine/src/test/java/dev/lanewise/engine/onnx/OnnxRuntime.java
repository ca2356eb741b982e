package dev.lanewise.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.OutputSpec;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.tensor.Shape;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
