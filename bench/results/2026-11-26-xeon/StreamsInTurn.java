import ai.onnxruntime.*;
import dev.lanewise.engine.backend.*;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.layer.*;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.onnx.OnnxExport;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import java.nio.*;
import java.util.*;

/**
 * Times steps of one sequence, a stream here and onnxruntime on the same model with its states
 * handed on by hand, in turn: blocks of 2,000 steps each. onnxruntime has one thread, buffers of
 * its own kind that are made once, and writes its outputs where the next step reads them. Prints
 * p50, p99 and p99.9 in microseconds of each, and the largest difference of their states.
 */
public class StreamsInTurn {
  static final int BLOCK = 2000;

  public static void main(String[] args) throws Exception {
    int blocks = Integer.parseInt(args[0]);
    System.out.println(
        "cell,units,ours p50,p99,p99.9,onnxruntime p50,p99,p99.9,ratio p50,difference");
    for (String cell : List.of("lstm", "gru")) {
      for (int units : new int[] {8, 16, 32, 64, 150, 256}) {
        time(cell, units, blocks);
      }
    }
    allocated();
  }

  /** Prints the bytes that ten million steps leave on the heap. */
  static void allocated() {
    ModelSpec spec =
        new ModelSpec(
            Shape.of(1, 1), List.of(Lstm.of(16)), Loss.MEAN_SQUARED_ERROR, Adam.withDefaults());
    SplitMix64 random = new SplitMix64(1);
    Parameters start =
        Parameters.initial(
            spec.parameters().stream()
                .map(p -> p.initializer().values(p.shape(), random))
                .toList());
    var threads =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    try (Predictor predictor = new CpuBackend().predictor(spec, start, 1);
        Stream stream = predictor.stream()) {
      float[] input = {1};
      float[] output = new float[16];
      long before = 0;
      for (int i = -500_000; i < 10_000_000; i++) { // vectors are objects until they are compiled
        before = i == 0 ? threads.getCurrentThreadAllocatedBytes() : before;
        input[0] = i & 3;
        stream.step(input, output);
      }
      long bytes = threads.getCurrentThreadAllocatedBytes() - before;
      System.out.println("10,000,000 steps allocated " + bytes + " bytes");
    }
  }

  static void time(String cell, int units, int blocks) throws Exception {
    Layer layer = cell.equals("lstm") ? Lstm.of(units) : Gru.of(units);
    ModelSpec spec =
        new ModelSpec(Shape.of(1, 1), List.of(layer), Loss.MEAN_SQUARED_ERROR, Adam.withDefaults());
    SplitMix64 random = new SplitMix64(1);
    Parameters start =
        Parameters.initial(
            spec.parameters().stream()
                .map(p -> p.initializer().values(p.shape(), random))
                .toList());
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    try (Predictor predictor = new CpuBackend().predictor(spec, start, 1);
        Stream stream = predictor.stream();
        OrtSession session =
            environment.createSession(OnnxExport.stepBytes(spec, start), options)) {
      FloatBuffer x = direct(1);
      FloatBuffer y = direct(units);
      OnnxTensor in = OnnxTensor.createTensor(environment, x, new long[] {1, 1, 1});
      OnnxTensor out = OnnxTensor.createTensor(environment, y, new long[] {1, units});
      List<Map<String, OnnxTensor>> reads = List.of(new HashMap<>(), new HashMap<>());
      List<Map<String, OnnxTensor>> writes = List.of(new HashMap<>(), new HashMap<>());
      for (String state : session.getInputNames()) {
        for (int side = 0; side < 2 && !state.equals("x"); side++) {
          OnnxTensor kept =
              OnnxTensor.createTensor(environment, direct(units), new long[] {1, 1, units});
          reads.get(side).put(state, kept);
          writes.get(1 - side).put(state + "_after", kept);
        }
      }
      for (int side = 0; side < 2; side++) {
        reads.get(side).put("x", in);
        writes.get(side).put("y", out);
      }
      long[][] times = new long[2][blocks * BLOCK];
      float[] ours = new float[units];
      float[] input = new float[1];
      float difference = 0;
      int turn = 0;
      for (int b = -5; b < blocks; b++) {
        float[] inputs = new float[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
          inputs[i] = (float) random.nextGaussian();
        }
        for (int i = 0; i < BLOCK; i++) {
          input[0] = inputs[i];
          long begin = System.nanoTime();
          stream.step(input, ours);
          times[0][Math.max(b, 0) * BLOCK + i] = System.nanoTime() - begin;
        }
        for (int i = 0; i < BLOCK; i++) {
          long begin = System.nanoTime();
          x.put(0, inputs[i]);
          session.run(reads.get(turn), writes.get(turn)).close();
          times[1][Math.max(b, 0) * BLOCK + i] = System.nanoTime() - begin;
          turn = 1 - turn;
        }
        for (int u = 0; u < units; u++) {
          difference = Math.max(difference, Math.abs(y.get(u) - ours[u]));
        }
      }
      Arrays.sort(times[0]);
      Arrays.sort(times[1]);
      System.out.printf(
          Locale.ROOT,
          "%s,%d,%.2f,%.2f,%.2f,%.2f,%.2f,%.2f,%.1f,%.1e%n",
          cell,
          units,
          at(times[0], 0.5),
          at(times[0], 0.99),
          at(times[0], 0.999),
          at(times[1], 0.5),
          at(times[1], 0.99),
          at(times[1], 0.999),
          at(times[1], 0.5) / at(times[0], 0.5),
          difference);
    }
  }

  static double at(long[] sorted, double share) {
    return sorted[(int) (sorted.length * share)] / 1e3;
  }

  static FloatBuffer direct(int floats) {
    return ByteBuffer.allocateDirect(floats * 4).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }
}
