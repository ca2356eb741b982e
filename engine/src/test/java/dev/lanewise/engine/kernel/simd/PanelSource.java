package dev.lanewise.engine.kernel.simd;

import java.util.List;
import java.util.Locale;

/**
 * Writes the source of the GEMM's register tiles. Accumulators have to be local variables, each
 * spelt out: in an array of vectors they are boxed.
 *
 * <p>A method has at most about 70 vector operations. With many more, the JIT's first compiler
 * gives up ("out of virtual registers") and may leave the method unoptimised for good. Twenty sums
 * that start from a row each are as many as that allows.
 *
 * <p>Tiles of several rows spare instructions: a bounds check is two, and on cores with six to
 * issue a cycle they take the places of multiplications, as they do where a core's other thread is
 * at work. So addresses are masked, which lets the JIT drop its checks against a segment of all
 * addresses, and strides too, to fit an {@code int}, which lets it put them into the loads' own
 * addresses. The loops end at an address: one that counts is unrolled where it is short, and then
 * reads A ahead for all of it and has no registers left. Twenty sums of 25 possible ones leave
 * registers for what the JIT loads ahead in a loop without checks. Share of the FMA peak of 25 x
 * 178 x 160 by tiles alone, 512 bits, one core of a Xeon (family 6, model 207): 5 x 5 checked 0.63,
 * 5 x 4 masked 0.88, 5 x 3 masked 0.86, 4 x 5 masked 0.89, 5 x 5 masked 0.90. The last had 0.74 in
 * a prototype on a Zen 5, where 4 x 5 and 5 x 4 had 0.95.
 *
 * <p>The panel of two vectors is where machines with 16 registers spend their time. Five rows leave
 * them registers for two terms at a time, which saves half the masks and the loop's end; three
 * terms at a time, or six rows by two, do not fit. An odd number of terms begins with one alone, in
 * a method of its own.
 *
 * <p>A method reads few floats. The JIT's last compiler adds up how often each method that it
 * inlines was compiled in vain; from 201 on ({@code PerMethodRecompilationCutoff} / 2 + 1) it
 * believes no profile of types any more, takes what comes out of a loop for a vector of any width,
 * and boxes it at each pass: eight times slower, for good. A read of a float in a segment, shared
 * with all else in the JVM, counted about a dozen, and fifteen of them passed the limit in one run
 * of some fifteen. So the tile with most reads has ten, and stores its sums through a constant,
 * whose type needs no profile: -0 + x is x, of zeros too.
 *
 * <p>Five rows have it easier still where B lies in panels: its rows are a constant apart, which is
 * no register's to keep. Tiles of other heights, whose loops are of one term, are given it as any
 * other: with a constant in its place, by which the JIT can count, six rows took twice the time. So
 * is a tile that goes through four panels of one vector each.
 *
 * <p>One row goes by ten vectors, since it needs as many sums at a time as the latency of a
 * multiplication is long. With 32 registers nothing is masked there, since loads that are checked
 * stay in the order of their addresses, which is the one that a cache delivers fastest. With 16,
 * where a vector is half as long, checks are what takes the time, and all is masked.
 */
final class PanelSource {
  private static final String HEAD =
      """
      package dev.lanewise.engine.kernel.simd;

      import static java.lang.foreign.ValueLayout.%3$s;

      import dev.lanewise.engine.tensor.AddressSpace;
      import java.lang.foreign.MemorySegment;
      import java.nio.ByteOrder;
      import jdk.incubator.vector.FloatVector;
      import jdk.incubator.vector.VectorSpecies;

      /**
       * Register tiles of the GEMM, %1$d vector%2$s wide: {@code PanelSource} in the tests writes this file.
       *
       * <p>C = S + A * B for a few rows. Addresses and strides are in bytes.
       */
      final class %4$s {
        private static final MemorySegment SPACE = AddressSpace.SPACE;
        private static final VectorSpecies<Float> S = Lanes.SPECIES;
        private static final ByteOrder ORDER = Lanes.ORDER;
      """;
  private static final String STEP =
      """
        private static final long STEP = Lanes.BYTES;
      """;
  private static final String ADDRESS =
      """
        private static final long ADDRESS = (1L << 48) - 1;
      """;
  private static final String DISTANCE =
      """
        private static final long DISTANCE = GemmTiles.NEAR;
      """;
  private static final String NOTHING =
      """
        private static final FloatVector NOTHING = Lanes.NOTHING;
      """;
  private static final String ROW =
      """
        private static final long ROW = PanelGemm.ROW;
      """;
  private static final String CONSTRUCTOR =
      """

        private %s() {}
      """;
  private static final String STRIP =
      """

        /** Some rows of C: %2$s5, 4, 2 or 1. */
        static void strip(
            int rows,
            int k,
            long a,
            long aRow,
            long aColumn,
            long b,
            long bRow,
            long s,
            long sRow,
            long c,
            long cRow) {
          switch (rows) {
      %1$s      case 5 -> rows5(k, a, aRow, aColumn, b, bRow, s, sRow, c, cRow);
            case 4 -> rows4(k, a, aRow, aColumn, b, bRow, s, sRow, c, cRow);
            case 2 -> rows2(k, a, aRow, aColumn, b, bRow, s, sRow, c, cRow);
            default -> rows1(k, a, aColumn, b, bRow, s, c);
          }
        }
      """;
  private static final String SEVERAL_ROWS =
      """

        /** %s rows of C, each from its row of S. */
      """;
  private static final String ROWS =
      """
        private static void %s%d(
            int k,
            long a,
            long aRow,
            long aColumn,
            long b,
            long bRow,
            long s,
            long sRow,
            long c,
            long cRow) {
      """;
  private static final String SINGLE_TERM =
      """

        private static void term%d(long a, long aRow, long b, long s, long sRow, long c, long cRow) {
      """;
  private static final String ODD_TERM =
      """
          if ((k & 1) != 0) {
            term%1$d(a, aRow, b, s, sRow, c, cRow);
            k--;
            a += aColumn;
            b += %2$s;
            s = c;
            sRow = cRow;
          }
          pairs%1$d(k, a, aRow, aColumn, b, %3$ss, sRow, c, cRow);
        }
      """;
  private static final String SINGLE_ROW =
      """

        /** One row of C. */
        static void rows1(int k, long a, long aColumn, long b, long bRow, long s, long c) {
      """;

  private static final String SIX =
      "      case 6 -> rows6(k, a, aRow, aColumn, b, bRow, s, sRow, c, cRow);\n";
  private static final List<String> NUMBERS =
      List.of("", "One", "Two", "Three", "Four", "Five", "Six");

  /** Vectors of a panel of B, and of the tile that goes through one. */
  private static final int PANEL = 2;

  /** More vectors have registers for one row alone. */
  private static final int WIDEST_TILE = 4;

  /** The vectors, and the rows, of the tile that takes two terms at a time. */
  private static final int NARROW = 2;

  private static final int PAIRED_ROWS = 5;

  private final String name;
  private final int vectors;

  /** Whether the range of addresses is told to the JIT: A's only where there are several rows. */
  private final boolean masked;

  /** Whether one row is made for machines with 16 registers. */
  private final boolean narrow;

  /** Whether B lies in panels, whose rows are a constant apart. */
  private final boolean packed;

  /** Whether B lies in panels of one vector, of which a tile goes through several at a time. */
  private final boolean abreast;

  /** How far a row of B is from the next. */
  private final String bRow;

  private final String layout;
  private final StringBuilder out = new StringBuilder();

  private PanelSource(String name) {
    this.name = name;
    vectors = Integer.parseInt(name.replaceFirst(".*Of", ""));
    packed = name.startsWith("Packed");
    abreast = name.startsWith("Abreast");
    bRow = packed ? "ROW" : "bRow";
    narrow = packed || name.startsWith("Masked");
    masked = vectors <= WIDEST_TILE || narrow;
    layout = masked ? "JAVA_FLOAT_UNALIGNED" : "JAVA_FLOAT";
  }

  /** Returns the file of a class: {@code PanelOf4}, {@code MaskedPanelOf10}, and so on. */
  static String of(String name) {
    return new PanelSource(name).file();
  }

  private String file() {
    String plural = vectors == 1 ? "" : "s";
    boolean panels = packed || abreast;
    String head = panels ? HEAD.replace("S + A * B", "S + A * B, B in panels,") : HEAD;
    out.append(String.format(Locale.ROOT, head, vectors, plural, layout, name));
    if (vectors > 1) {
      out.append(STEP);
    }
    if (masked) {
      out.append(ADDRESS);
    }
    if (packed) {
      out.append(ROW);
    }
    if (vectors <= WIDEST_TILE || packed) {
      out.append(DISTANCE);
    }
    if (vectors == NARROW) {
      out.append(NOTHING);
    }
    out.append(String.format(Locale.ROOT, CONSTRUCTOR, name));
    if (packed) {
      method(vectors == NARROW ? PAIRED_ROWS : 1);
      return out.append("}\n").toString();
    }
    if (vectors <= WIDEST_TILE) {
      boolean six = vectors == NARROW;
      String strip = signature(STRIP);
      out.append(String.format(Locale.ROOT, strip, six ? SIX : "", six ? "6, " : ""));
      for (int rows : six ? new int[] {6, 5, 4, 2} : new int[] {5, 4, 2}) {
        method(rows);
      }
    }
    method(1);
    return out.append("}\n").toString();
  }

  /** Where B is in panels it needs no distance of rows: a row of several has one of panels. */
  private String signature(String method) {
    if (abreast) {
      return method
          .replace("long bRow,\n", "long bRow,\n      long bPanel,\n")
          .replace("long bRow, ", "long bRow, long bPanel, ")
          .replace(" bRow, s", " bRow, bPanel, s");
    }
    if (!packed) {
      return method;
    }
    return vectors > WIDEST_TILE
        ? method.replace("bRow", "bPanel")
        : method.replace("      long bRow,\n", "").replace(",\n      ", ", "); // they fit in a line
  }

  private void method(int rows) {
    if (rows == 1) {
      out.append(signature(SINGLE_ROW));
    } else {
      out.append(String.format(Locale.ROOT, SEVERAL_ROWS, NUMBERS.get(rows)));
      String method = signature(String.format(Locale.ROOT, ROWS, "rows", rows));
      out.append(packed ? method.replace("private ", "") : method);
    }
    if (vectors == NARROW && rows == PAIRED_ROWS) {
      String bRows = packed ? "" : "bRow, ";
      out.append(String.format(Locale.ROOT, ODD_TERM, rows, bRow, bRows));
      singleTerm(rows);
      pairs(rows);
      return;
    }
    loadSums(rows);
    if (rows == 1) {
      countingLoop();
    } else {
      loopToAddress(rows, 1);
    }
    storeSums(rows, "");
    line(1, "}");
  }

  private void singleTerm(int rows) {
    out.append(String.format(Locale.ROOT, SINGLE_TERM, rows));
    loadSums(rows);
    line(2, "long aStep = aRow & DISTANCE;");
    line(2, "long at = b & ADDRESS;");
    line(2, "long from = a & ADDRESS;");
    term(2, rows, "at", "from", "aStep", "FloatVector ");
    storeSums(rows, "");
    line(1, "}");
  }

  private void pairs(int rows) {
    out.append('\n').append(signature(String.format(Locale.ROOT, ROWS, "pairs", rows)));
    loadSums(rows);
    loopToAddress(rows, 2);
    storeSums(rows, "NOTHING.add");
    line(1, "}");
  }

  private void loadSums(int rows) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < vectors; j++) {
        line(2, "FloatVector c%d%d = %s;", i, j, load("s", i, "sRow", j));
      }
    }
  }

  private void storeSums(int rows, String through) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < vectors; j++) {
        String sum = "c" + i + j;
        String stored = through.isEmpty() ? sum : through + "(" + sum + ")";
        line(2, "%s.intoMemorySegment(SPACE, %s, ORDER);", stored, offset("c", i, "cRow", j));
      }
    }
  }

  private void countingLoop() {
    if (abreast || packed && vectors > PANEL) {
      line(2, "long panel = bPanel & DISTANCE;");
    }
    line(2, "for (int p = 0; p < k; p++) {");
    if (masked) {
      line(3, "long at = b & ADDRESS;");
    }
    if (narrow) {
      line(3, "long from = a & ADDRESS;");
    }
    term(3, 1, masked ? "at" : "b", narrow ? "from" : "a", "", "FloatVector ");
    line(3, "a += aColumn;");
    line(3, "b += %s;", bRow);
    line(2, "}");
  }

  private void loopToAddress(int rows, int terms) {
    line(2, "long aStep = aRow & DISTANCE;");
    if (abreast) {
      line(2, "long panel = bPanel & DISTANCE;");
    }
    line(2, "long end = b + k * %s;", bRow);
    if (terms > 1) {
      line(2, "long aNext = aColumn & DISTANCE;");
      if (!packed) {
        line(2, "long bNext = bRow & DISTANCE;");
      }
    }
    line(2, "while (b != end) {");
    line(3, "long at = b & ADDRESS;");
    line(3, "long from = a & ADDRESS;");
    term(3, rows, "at", "from", "aStep", "FloatVector ");
    for (int i = 1; i < terms; i++) {
      line(3, "at += %s;", packed ? bRow : "bNext");
      line(3, "from += aNext;");
      term(3, rows, "at", "from", "aStep", "");
    }
    line(3, "a += %saColumn;", terms == 1 ? "" : terms + " * ");
    line(3, "b += %s%s;", terms == 1 ? "" : terms + " * ", bRow);
    line(2, "}");
  }

  /** One more term of all sums. */
  private void term(int level, int rows, String row, String column, String step, String declared) {
    int panel = abreast ? 1 : packed ? PANEL : vectors;
    for (int j = 0; j < vectors; j++) {
      String b = load(row, j / panel, "panel", j % panel); // of panels side by side
      line(level, "%sb%d = %s;", declared, j, b);
    }
    for (int i = 0; i < rows; i++) {
      line(
          level,
          "%sv = FloatVector.broadcast(S, SPACE.get(%s, %s));",
          i == 0 ? declared : "",
          layout,
          address(column, i, step));
      for (int j = 0; j < vectors; j++) {
        line(level, "c%d%d = v.fma(b%d, c%d%d);", i, j, j, i, j);
      }
    }
  }

  private static String load(String base, int row, String stride, int vector) {
    return "FloatVector.fromMemorySegment(S, SPACE, "
        + offset(base, row, stride, vector)
        + ", ORDER)";
  }

  private static String offset(String base, int row, String stride, int vector) {
    String columns =
        switch (vector) {
          case 0 -> "";
          case 1 -> " + STEP";
          default -> " + " + vector + " * STEP";
        };
    return address(base, row, stride) + columns;
  }

  private static String address(String base, int row, String stride) {
    return switch (row) {
      case 0 -> base;
      case 1 -> base + " + " + stride;
      default -> base + " + " + row + " * " + stride;
    };
  }

  private void line(int level, String format, Object... values) {
    out.append("  ".repeat(level)).append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
