package dev.lanewise.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NpyTest {
  /** A file as NumPy writes it. */
  private static byte[] file(int version, String header, byte... data) {
    byte[] text = header.getBytes(StandardCharsets.US_ASCII);
    int start = version == 1 ? 10 : 12;
    ByteBuffer file = ByteBuffer.allocate(start + text.length + data.length);
    file.order(ByteOrder.LITTLE_ENDIAN).put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'});
    file.put((byte) version).put((byte) 0);
    if (version == 1) {
      file.putShort((short) text.length);
    } else {
      file.putInt(text.length);
    }
    return file.put(text).put(data).array();
  }

  private static String header(String descr, String shape) {
    return "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }\n";
  }

  @Test
  void whatIsWrittenIsRead() {
    float[] values = {1, -2.5f, 0, 4, 5, Float.MIN_VALUE};
    byte[] file = Npy.write(Shape.of(2, 3), values);
    Npy read = Npy.of(file, "x");
    assertThat(read.sizes()).containsExactly(2, 3);
    assertThat(read.floats()).containsExactly(values);
    assertThat(Npy.write(Shape.of(2, 3), read.floats())).isEqualTo(file);
    assertThat((file.length - 24) % 64).isZero(); // data begin at a multiple of 64
    assertThat(Npy.of(Npy.write(Shape.of(6), values), "x").sizes()).containsExactly(6);
  }

  @Test
  void everyNumberTypeAndByteOrderIsRead() {
    assertThat(Npy.of(file(1, header("|u1", "(2,)"), (byte) 200, (byte) 3), "x").ints())
        .containsExactly(200, 3);
    assertThat(Npy.of(file(1, header("|i1", "(1,)"), (byte) -2), "x").ints()).containsExactly(-2);
    assertThat(Npy.of(file(2, header("<i2", "(1,)"), (byte) 1, (byte) 2), "x").ints())
        .containsExactly(513);
    assertThat(Npy.of(file(3, header(">i2", "(1,)"), (byte) 1, (byte) 2), "x").ints())
        .containsExactly(258);
    byte[] eight = new byte[8];
    ByteBuffer.wrap(eight).order(ByteOrder.LITTLE_ENDIAN).putDouble(0.5);
    assertThat(Npy.of(file(1, header("<f8", "()"), eight), "x").floats()).containsExactly(0.5f);
    ByteBuffer.wrap(eight).putLong(-1);
    assertThat(Npy.of(file(1, header("<u8", "(1,)"), eight), "x").floats())
        .containsExactly(0x1p64f);
    ByteBuffer.wrap(eight).putLong(77);
    assertThat(Npy.of(file(1, header(">i8", "(1,)"), eight), "x").ints()).containsExactly(77);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'descr': '<f4', 'fortran_order': True, 'shape': (1,), }; Fortran order",
        "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }; type O",
        "{'descr': '<U3', 'fortran_order': False, 'shape': (1,), }; type U3",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }; records",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }; needs 8 bytes",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (0,), }; is empty",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999, 99999), }; more than 2^31",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999,), }; has a size of",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2 1), }; has a size of 2 1",
        "{'descr': '<f4'}; cannot be understood",
      })
  void whatIsNotReadIsRefusedByName(String header, String message) {
    assertThatThrownBy(() -> Npy.of(file(1, header.strip(), new byte[4]), "x.npy"))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith("x.npy: ")
        .hasMessageContaining(message);
  }

  @Test
  void everyTruncationIsRefusedAndNoFlippedBitEscapes() {
    byte[] whole = Npy.write(Shape.of(2, 3), new float[6]);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> Npy.of(cut, "x")).isInstanceOf(FormatException.class);
    }
    Random random = new Random(3);
    for (int i = 0; i < 3000; i++) {
      byte[] flipped = whole.clone();
      int bit = random.nextInt(whole.length * 8);
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      try {
        Npy.of(flipped, "x").floats();
      } catch (FormatException e) {
        assertThat(e.getMessage()).startsWith("x: ");
      }
    }
  }

  @Test
  void anotherFormatIsNamed() {
    assertThatThrownBy(() -> Npy.of(new byte[] {'P', 'K', 3, 4, 0, 0, 0, 0, 0, 0, 0}, "x.npy"))
        .hasMessage(
            "x.npy: expected a .npy file, found a zip archive, such as .npz, .keras or .xlsx");
  }

  @Test
  void fractionsAreNoLabels() {
    Npy halves = Npy.of(Npy.write(Shape.of(1), new float[] {0.5f}), "x");
    assertThatThrownBy(halves::ints).hasMessageContaining("element 0 is 0.5, no label");
  }
}
