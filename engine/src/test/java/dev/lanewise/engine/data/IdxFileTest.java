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
        Arguments.of(IdxBytes.withMagic(0x41424344, sizes, 1), "41424344", "not IDX"),
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
  void everyTruncationIsRefused() {
    for (byte[] whole : new byte[][] {GOOD, IdxBytes.gzip(GOOD)}) {
      for (int length = 0; length < whole.length; length++) {
        byte[] cut = Arrays.copyOf(whole, length);
        assertThatThrownBy(() -> read(cut))
            .as("%d bytes", length)
            .isInstanceOf(FormatException.class);
      }
    }
  }

  @Test
  void everyFlippedBitIsHarmlessOrRefused() throws IOException {
    for (byte[] whole : new byte[][] {GOOD, IdxBytes.gzip(GOOD)}) {
      for (int bit = 0; bit < 8 * whole.length; bit++) {
        byte[] flipped = whole.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        try {
          assertThat(read(flipped).bytes()).as("bit %d", bit).isNotEmpty();
        } catch (FormatException refused) {
          assertThat(refused.getMessage()).contains("some.idx");
        }
      }
    }
  }
}
