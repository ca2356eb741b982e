package dev.lanewise.engine.train;

import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.checkpoint.DamagedFileException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A checkpoint as bytes; {@code docs/checkpoint-format.md} has the layout. Every count is held
 * against the bytes that are left before anything of its size is made.
 */
final class CheckpointFormat {
  /** In place of a step size, where none was set. */
  private static final double NO_RATE = 0;

  private final ByteBuffer bytes;

  private CheckpointFormat(byte[] content) {
    bytes = ByteBuffer.wrap(content);
  }

  static byte[] bytes(Checkpoint checkpoint) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(content)) {
      TrainingState state = checkpoint.state();
      out.writeInt(checkpoint.settings().size());
      for (Map.Entry<String, String> setting : checkpoint.settings().entrySet()) {
        text(out, setting.getKey());
        text(out, setting.getValue());
      }
      out.writeInt(state.epoch());
      out.writeInt(state.batch());
      out.writeInt(state.sums().length);
      for (double sum : state.sums()) {
        out.writeDouble(sum);
      }
      history(out, state.history());
      out.writeLong(state.parameters().iterations());
      Double rate = state.parameters().learningRate();
      out.writeDouble(rate == null ? NO_RATE : rate);
      arrays(out, state.parameters().values());
      slots(out, state.parameters().slots());
      arrays(out, state.states());
      lists(out, state.callbacks());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail so
    }
    return content.toByteArray();
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }

  private static void history(DataOutputStream out, History history) throws IOException {
    out.writeInt(history.history().size());
    for (String name : history.history().keySet()) {
      text(out, name);
    }
    out.writeInt(history.epoch().size());
    for (int i = 0; i < history.epoch().size(); i++) {
      out.writeInt(history.epoch().get(i));
      for (double value : history.logs(i).values()) {
        out.writeDouble(value);
      }
    }
  }

  private static void slots(DataOutputStream out, List<Parameters.Slot> slots) throws IOException {
    out.writeInt(slots.size());
    for (Parameters.Slot slot : slots) {
      text(out, slot.name());
      arrays(out, slot.values());
    }
  }

  private static void lists(DataOutputStream out, List<List<float[]>> lists) throws IOException {
    out.writeInt(lists.size());
    for (List<float[]> list : lists) {
      arrays(out, list);
    }
  }

  private static void arrays(DataOutputStream out, List<float[]> arrays) throws IOException {
    out.writeInt(arrays.size());
    for (float[] array : arrays) {
      ByteBuffer values = ByteBuffer.allocate(Math.multiplyExact(array.length, Float.BYTES));
      values.asFloatBuffer().put(array);
      out.writeInt(array.length);
      out.write(values.array());
    }
  }

  /**
   * Reads a checkpoint.
   *
   * @throws DamagedFileException if the bytes are none
   */
  static Checkpoint read(byte[] content) {
    CheckpointFormat format = new CheckpointFormat(content);
    Map<String, String> settings = format.settings();
    int epoch = format.number();
    int batch = format.number();
    double[] sums = format.sums();
    History history = format.history();
    format.require(Long.BYTES);
    long iterations = format.bytes.getLong();
    double rate = format.real();
    List<float[]> values = format.arrays();
    Parameters parameters =
        new Parameters(values, format.slots(), iterations, rate == NO_RATE ? null : rate);
    List<float[]> states = format.arrays();
    TrainingState state =
        new TrainingState(parameters, epoch, batch, sums, history, states, format.lists());
    if (format.bytes.hasRemaining()) {
      throw new DamagedFileException(
          "checkpoint: has " + format.bytes.remaining() + " bytes too many");
    }
    return new Checkpoint(settings, state);
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    for (int left = count(2 * Integer.BYTES); left > 0; left--) {
      String name = text();
      settings.put(name, text());
    }
    return settings;
  }

  private double[] sums() {
    double[] sums = new double[count(Double.BYTES)];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = real();
    }
    return sums;
  }

  private History history() {
    List<String> names = new ArrayList<>();
    for (int left = count(Integer.BYTES); left > 0; left--) {
      names.add(text());
    }
    History history = new History();
    for (int left = count(Integer.BYTES + names.size() * (long) Double.BYTES); left > 0; left--) {
      int epoch = number();
      Map<String, Double> logs = new TreeMap<>();
      for (String name : names) {
        logs.put(name, real());
      }
      history.add(epoch, logs);
    }
    return history;
  }

  private List<Parameters.Slot> slots() {
    List<Parameters.Slot> slots = new ArrayList<>();
    for (int left = count(2 * Integer.BYTES); left > 0; left--) {
      String name = text();
      slots.add(new Parameters.Slot(name, arrays()));
    }
    return slots;
  }

  private List<List<float[]>> lists() {
    List<List<float[]>> lists = new ArrayList<>();
    for (int left = count(Integer.BYTES); left > 0; left--) {
      lists.add(arrays());
    }
    return lists;
  }

  private List<float[]> arrays() {
    List<float[]> arrays = new ArrayList<>();
    for (int left = count(Integer.BYTES); left > 0; left--) {
      float[] array = new float[count(Float.BYTES)];
      bytes.asFloatBuffer().get(array);
      bytes.position(bytes.position() + array.length * Float.BYTES);
      arrays.add(array);
    }
    return arrays;
  }

  private String text() {
    byte[] utf8 = new byte[count(1)];
    bytes.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private double real() {
    require(Double.BYTES);
    return bytes.getDouble();
  }

  private int number() {
    require(Integer.BYTES);
    return bytes.getInt();
  }

  /** Returns how many things follow that take at least so many bytes each. */
  private int count(long bytesEach) {
    int count = number();
    if (count < 0 || count * bytesEach > bytes.remaining()) {
      throw new DamagedFileException(
          "checkpoint: claims "
              + count
              + " entries where "
              + bytes.remaining()
              + " bytes are left");
    }
    return count;
  }

  private void require(int count) {
    if (bytes.remaining() < count) {
      throw new DamagedFileException("checkpoint: ends too early");
    }
  }
}
