package dev.lanewise.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class IdxFileTest {
  private static final byte[] GOOD = IdxBytes.idx(new int[] {2, 1, 3}, 1, 2, 3, 4, 5, 6);

  private static IdxFile read(byte[] bytes) throws IOException {
    return IdxFile.read(new ByteArrayInputStream(bytes), bytes.length, "some.idx", 3, "images");
  }

  @Test
  void readsRawAndGzippedBytes() throws IOException {
    for (byte[] file : new byte[][] {GOOD, IdxBytes.gzip(GOOD)}) {
      assertThat(read(file).sizes()).containsExactly(2, 1, 3);
      assertThat(read(file).bytes()).containsExactly(1, 2, 3, 4, 5, 6);
    }
  }

  static Stream<Arguments> refusals() {
    int[] sizes = {2, 1, 3};
    return Stream.of(
        Arguments.of(
            IdxBytes.idx(new int[] {6}, 1, 2, 3, 4, 5, 6), "magic 2051", "a file of labels"),
        Arguments.of(IdxBytes.withMagic(0x03080000, sizes, 1), "images", "little-endian"),
        Arguments.of(IdxBytes.withMagic(0x0D03, sizes, 1), "element type 0xd", "not bytes"),
        Arguments.of(IdxBytes.withMagic(0x41424344, sizes, 1), "magic 2051", "found text"),
        Arguments.of(IdxBytes.gzip(IdxBytes.gzip(GOOD)), "gzip inside gzip", "unpack it once"),
        Arguments.of(IdxBytes.idx(new int[] {0, 1, 3}), "size 0 must be at least 1", "found 0"),
        Arguments.of(IdxBytes.idx(new int[] {2, -1, 3}, 1), "size 1", "found -1"),
        Arguments.of(IdxBytes.idx(new int[] {2, 1, 40}, 1, 2), "ends after 2", "of 80 bytes"),
        Arguments.of(IdxBytes.idx(new int[] {1 << 30, 1 << 30, 1 << 30}), "claims", "at most"),
        Arguments.of(
            IdxBytes.gzip(IdxBytes.idx(new int[] {1 << 30, 1 << 30, 1 << 30})),
            "claims",
            "at most"),
        Arguments.of(Arrays.copyOf(GOOD, GOOD.length + 1), "more than the 6 bytes", "declares"),
        Arguments.of(
            IdxBytes.gzip(Arrays.copyOf(GOOD, GOOD.length + 1)), "more than the 6", "declares"),
        Arguments.of(IdxBytes.idx(new int[] {2, 3}, 1, 2, 3, 4, 5, 6), "2050", "another kind"),
        Arguments.of(new byte[0], "some.idx", "ends at once"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void whatIsNotSuchAFileIsRefusedByName(byte[] file, String first, String second) {
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(FormatException.class)
        .hasMessageContainingAll("some.idx", first, second);
  }

  @Test
  void imagesInPlaceOfLabelsAreNamed() {
    assertThatThrownBy(
            () ->
                IdxFile.read(
                    new ByteArrayInputStream(GOOD), GOOD.length, "labels.idx", 1, "labels"))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            "labels.idx: expected an IDX file of labels (magic 2049),"
                + " found magic 2051: a file of images");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x09, 0x0B, 0x0C, 0x0D, 0x0E})
  void everyOtherElementTypeIsNamed(int type) {
    byte[] file = IdxBytes.withMagic(type << 8 | 3, new int[] {1, 1, 1}, 1, 2, 3, 4, 5, 6, 7, 8);
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            "some.idx: expected an IDX file of images (magic 2051), found element type 0x"
                + Integer.toHexString(type)
                + ", not bytes");
  }

  @Test
  void aFileLongerThanOneReadIsWhole() throws IOException {
    int count = (1 << 24) + (1 << 24) / 2 + 1;
    byte[] header = IdxBytes.idx(new int[] {1, 1, count});
    byte[] file = Arrays.copyOf(header, header.length + count);
    file[header.length + (1 << 24)] = 7;
    file[file.length - 1] = 9;
    for (byte[] bytes : new byte[][] {file, IdxBytes.gzip(file)}) {
      IdxFile read = read(bytes);
      assertThat(read.bytes().length).isEqualTo(count);
      assertThat(read.bytes()[1 << 24]).isEqualTo((byte) 7);
      assertThat(read.bytes()[count - 1]).isEqualTo((byte) 9);
    }
  }
}
