package dev.lanewise.engine.data;

import dev.lanewise.engine.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An array in NumPy's format (NEP 1): versions 1 to 3, little- or big-endian, in C order, of
 * integers or floats. Objects, strings and Fortran order are refused.
 */
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MOST_HEADER = 1 << 16;
  private static final int MOST_RANK = 8;
  private static final int ALIGNMENT = 64;
  private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([<>|=]?)([a-zA-Z]\\d*)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9, ]*)\\)");

  private final String name;
  private final NpyType type;
  private final int[] sizes;
  private final ByteBuffer data;
  private final int count;

  private Npy(String name, NpyType type, int[] sizes, ByteBuffer data, int count) {
    this.name = name;
    this.type = type;
    this.sizes = sizes;
    this.data = data;
    this.count = count;
  }

  /**
   * Reads a file's array.
   *
   * @param file the file to read
   * @return the array
   * @throws FormatException if it is no such file or one of another kind
   * @throws UncheckedIOException if it cannot be read
   */
  public static Npy read(Path file) {
    return of(DataFiles.read(file), file.toString());
  }

  /**
   * Reads an array.
   *
   * @param file the whole file; kept, not copied
   * @param name names it in messages
   * @return the array
   * @throws FormatException if it is no such file or one of another kind
   */
  public static Npy of(byte[] file, String name) {
    if (!Arrays.equals(file, 0, Math.min(file.length, MAGIC.length), MAGIC, 0, MAGIC.length)) {
      throw new FormatException(name + ": expected a .npy file, found " + Signature.of(file));
    }
    if (file.length < 10) {
      throw new FormatException(name + ": ends in its header");
    }
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int version = file[6];
    if (version < 1 || version > 3) {
      throw new FormatException(name + ": .npy version " + version + ", 1 to 3 are read");
    }
    int start = version == 1 ? 10 : 12;
    if (file.length < start) {
      throw new FormatException(name + ": ends in its header");
    }
    long length = version == 1 ? bytes.getShort(8) & 0xFFFF : bytes.getInt(8) & 0xFFFFFFFFL;
    if (length > MOST_HEADER || length > file.length - start) {
      throw new FormatException(
          name + ": its header claims " + length + " bytes, there are " + (file.length - start));
    }
    String header = new String(file, start, (int) length, StandardCharsets.UTF_8);
    return parse(name, header, bytes.position(start + (int) length).slice());
  }

  private static Npy parse(String name, String header, ByteBuffer data) {
    Matcher descr = DESCR.matcher(header);
    Matcher order = ORDER.matcher(header);
    Matcher shape = SHAPE.matcher(header);
    if (!order.find() || !shape.find()) {
      throw new FormatException(name + ": the .npy header cannot be understood");
    }
    if (!descr.find()) {
      throw new FormatException(name + ": holds records, of which no array is read");
    }
    if (order.group(1).equals("True")) {
      throw new FormatException(
          name + ": is in Fortran order; save numpy.ascontiguousarray of it instead");
    }
    NpyType type = NpyType.of(descr.group(2));
    if (type == null) {
      throw new FormatException(
          name
              + ": holds elements of type "
              + descr.group(2)
              + "; integers, float32 and float64 are read");
    }
    int[] sizes = sizes(name, shape.group(1));
    long count = count(name, sizes);
    if (count * type.bytes != data.remaining()) {
      throw new FormatException(
          name
              + ": its shape "
              + Arrays.toString(sizes)
              + " needs "
              + count * type.bytes
              + " bytes, there are "
              + data.remaining());
    }
    boolean big = descr.group(1).equals(">");
    data.order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    return new Npy(name, type, sizes, data, (int) count);
  }

  private static int[] sizes(String name, String list) {
    List<Integer> sizes = new ArrayList<>();
    for (String size : list.split(",", -1)) {
      String digits = size.strip();
      if (digits.isEmpty()) {
        continue;
      }
      if (digits.length() > 9 || digits.indexOf(' ') >= 0) {
        throw new FormatException(name + ": has a size of " + digits);
      }
      sizes.add(Integer.parseInt(digits));
    }
    if (sizes.size() > MOST_RANK) {
      throw new FormatException(name + ": has " + sizes.size() + " dimensions");
    }
    return sizes.stream().mapToInt(Integer::intValue).toArray();
  }

  private static long count(String name, int[] sizes) {
    long count = 1;
    for (int size : sizes) {
      if (size < 1) {
        throw new FormatException(name + ": is empty, its shape is " + Arrays.toString(sizes));
      }
      count *= size; // below 2^31 before, so below 2^61
      if (count > Integer.MAX_VALUE - 8) {
        throw new FormatException(name + ": has more than 2^31 elements");
      }
    }
    return count;
  }

  /** {@return the sizes of the dimensions, outermost first} */
  public int[] sizes() {
    return sizes.clone();
  }

  /** Returns the elements in C order as features. */
  Features features() {
    if (type != NpyType.U1) {
      return Features.of(name, floats());
    }
    byte[] values = new byte[count];
    data.duplicate().get(values);
    return Features.of(name, values);
  }

  /** {@return the elements in C order, rounded to float32} */
  public float[] floats() {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) type.element(data, i);
    }
    return values;
  }

  /**
   * {@return the elements in C order as whole numbers}
   *
   * @throws FormatException if one is none or does not fit
   */
  public int[] ints() {
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      double value = type.element(data, i);
      if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
        throw new FormatException(name + ": element " + i + " is " + value + ", no label");
      }
      values[i] = (int) value;
    }
    return values;
  }

  /**
   * {@return float32 values as a file}
   *
   * @param shape their shape
   * @param values row-major, as many as the shape says
   */
  public static byte[] write(Shape shape, float[] values) {
    StringBuilder sizes = new StringBuilder();
    for (int size : shape.toArray()) {
      sizes.append(size).append(shape.rank() == 1 ? "," : ", ");
    }
    if (shape.rank() > 1) {
      sizes.setLength(sizes.length() - 2);
    }
    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + sizes + "), }";
    int unpadded = MAGIC.length + 4 + header.length() + 1;
    header += " ".repeat(Math.floorMod(-unpadded, ALIGNMENT)) + "\n";
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(MAGIC);
    file.writeBytes(new byte[] {1, 0, (byte) header.length(), (byte) (header.length() >> 8)});
    file.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
    ByteBuffer data = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES));
    data.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    file.writeBytes(data.array());
    return file.toByteArray();
  }
}
