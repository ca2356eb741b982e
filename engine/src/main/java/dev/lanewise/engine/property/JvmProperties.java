package dev.lanewise.engine.property;

import java.util.List;
import java.util.Locale;
import java.util.Properties;

/**
 * The engine's properties of the JVM, all of them checked when the first is asked for: one that
 * cannot be meant is refused even if nothing would come to read it.
 *
 * @param kernels {@value #KERNELS}: auto, simd or scalar
 * @param vectorBits {@value #VECTOR_BITS}: 128, 256 or 512; 0 for the machine's
 * @param bounded {@value #MEMORY}: whether it is bounded, not system
 * @param boundedBytes {@value #BOUNDED_BYTES}: the size of that memory
 * @param budget {@value #BUDGET}: the most bytes off-heap; 0 for a share of the machine's
 */
public record JvmProperties(
    String kernels, int vectorBits, boolean bounded, long boundedBytes, long budget) {
  /** Names the kernels to use. */
  public static final String KERNELS = "lanewise.kernels";

  /** Names the width of vectors. */
  public static final String VECTOR_BITS = "lanewise.vectorBits";

  /** Names the kind of off-heap memory. */
  public static final String MEMORY = "lanewise.memory";

  /** Names the size of bounded memory. */
  public static final String BOUNDED_BYTES = "lanewise.memory.bytes";

  /** Names the most off-heap memory to take. */
  public static final String BUDGET = "lanewise.memory.budget";

  /** All of them. */
  public static final List<String> NAMES =
      List.of(KERNELS, VECTOR_BITS, MEMORY, BOUNDED_BYTES, BUDGET);

  private static final long DEFAULT_BOUNDED_BYTES = 512L << 20;

  /**
   * {@return what this JVM was started with}
   *
   * @throws IllegalArgumentException if a value has no meaning, at every call
   */
  public static JvmProperties get() {
    if (Read.OUTCOME instanceof JvmProperties properties) {
      return properties;
    }
    throw new IllegalArgumentException((String) Read.OUTCOME);
  }

  static JvmProperties of(Properties given) {
    String bits = oneOf(given, VECTOR_BITS, "0", "128", "256", "512");
    return new JvmProperties(
        oneOf(given, KERNELS, "auto", "simd", "scalar"),
        Integer.parseInt(bits),
        oneOf(given, MEMORY, "system", "bounded").equals("bounded"),
        bytes(given, BOUNDED_BYTES, DEFAULT_BOUNDED_BYTES),
        bytes(given, BUDGET, 0));
  }

  /** Returns the property's value, or the first of {@code values} if it is not given. */
  private static String oneOf(Properties given, String name, String... values) {
    String found = given.getProperty(name);
    if (found == null) {
      return values[0];
    }
    List<String> choices = List.of(values).subList(values[0].equals("0") ? 1 : 0, values.length);
    if (!choices.contains(found)) {
      int last = choices.size() - 1;
      String list = String.join(", ", choices.subList(0, last)) + " or " + choices.get(last);
      throw new IllegalArgumentException(name + " must be " + list + ", found " + found);
    }
    return found;
  }

  private static long bytes(Properties given, String name, long otherwise) {
    String found = given.getProperty(name);
    if (found == null) {
      return otherwise;
    }
    try {
      long bytes = Long.parseLong(found);
      if (bytes >= 1) {
        return bytes;
      }
    } catch (NumberFormatException e) {
      // Said below, with what else is no size.
    }
    throw new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "%s must be a number of bytes, at least 1, found %s; 512 MiB are %d",
            name,
            found,
            DEFAULT_BOUNDED_BYTES));
  }

  /** Holds the properties or what is wrong: thrown from here that would be said only once. */
  private static final class Read {
    private static final Object OUTCOME = outcome();

    private static Object outcome() {
      try {
        return of(System.getProperties());
      } catch (IllegalArgumentException e) {
        return String.valueOf(e.getMessage());
      }
    }
  }
}
