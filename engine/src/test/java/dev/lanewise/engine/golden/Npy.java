package dev.lanewise.engine.golden;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** A golden array: .npy version 1, C order, float32, float64 or int32, widened to double. */
public record Npy(int[] shape, double[] values) {
  private static final Pattern HEADER =
      Pattern.compile("'descr': '<(f4|f8|i4)'.*'fortran_order': False.*'shape': \\(([^)]*)\\)");

  /** Reads {@code golden/path.npy} from the test resources. */
  public static Npy read(String path) {
    try (InputStream in = Npy.class.getResourceAsStream("/golden/" + path + ".npy")) {
      return parse(path, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a member of {@code golden/path.npz}. */
  public static Npy readMember(String path, String member) {
    try (InputStream in = Npy.class.getResourceAsStream("/golden/" + path + ".npz");
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (entry.getName().equals(member + ".npy")) {
          return parse(path, zip.readAllBytes());
        }
      }
      throw new IllegalArgumentException(path + ": no member " + member);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns as many zeros. */
  public Npy zeros() {
    return new Npy(shape, new double[values.length]);
  }

  /** Reads the bytes of a file. */
  public static Npy of(String path, byte[] bytes) {
    return parse(path, bytes);
  }

  private static Npy parse(String path, byte[] bytes) {
    ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int header = data.getShort(8);
    Matcher m = HEADER.matcher(new String(bytes, 10, header, StandardCharsets.US_ASCII));
    if (!m.find()) {
      throw new IllegalArgumentException(path + ": not a supported .npy");
    }
    int[] shape =
        Arrays.stream(m.group(2).split(","))
            .map(String::strip)
            .filter(s -> !s.isEmpty())
            .mapToInt(Integer::parseInt)
            .toArray();
    data.position(10 + header);
    double[] values = new double[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (m.group(1)) {
            case "f4" -> data.getFloat();
            case "f8" -> data.getDouble();
            default -> data.getInt();
          };
    }
    return new Npy(shape, values);
  }

  /** Returns the values rounded to float32. */
  public float[] floats() {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  /** Returns |found - this| / |this| in the Frobenius norm. */
  public double relativeError(float[] found) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < values.length; i++) {
      difference += (found[i] - values[i]) * (found[i] - values[i]);
      norm += values[i] * values[i];
    }
    return Math.sqrt(difference / norm);
  }

  /** Returns the largest |found - this|. */
  public double absoluteError(float[] found) {
    double largest = 0;
    for (int i = 0; i < values.length; i++) {
      largest = Math.max(largest, Math.abs(found[i] - values[i]));
    }
    return largest;
  }
}
