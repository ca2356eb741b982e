package dev.lanewise.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Files cut short, with a bit turned over, or with a header that lies. */
@Timeout(30)
class IdxDamageTest {
  private static final byte[] GOOD = IdxBytes.idx(new int[] {2, 1, 3}, 1, 2, 3, 4, 5, 6);
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static IdxFile read(byte[] bytes) throws IOException {
    return read(bytes, bytes.length);
  }

  private static IdxFile read(byte[] bytes, long length) throws IOException {
    return IdxFile.read(new ByteArrayInputStream(bytes), length, "some.idx", 3, "images");
  }

  private static void refused(byte[] file, String message) {
    assertThatThrownBy(() -> read(file)).isInstanceOf(FormatException.class).hasMessage(message);
  }

  @Test
  void everyTruncationIsRefused() {
    for (byte[] whole : new byte[][] {GOOD, IdxBytes.gzip(GOOD)}) {
      for (int length = 0; length < whole.length; length++) {
        byte[] cut = Arrays.copyOf(whole, length);
        assertThatThrownBy(() -> read(cut))
            .as("%d bytes", length)
            .isInstanceOf(FormatException.class)
            .hasMessageStartingWith("some.idx: ");
      }
    }
  }

  @Test
  void truncationsTellWhatIsMissing() {
    byte[] packed = IdxBytes.gzip(GOOD);
    refused(Arrays.copyOf(GOOD, 3), "some.idx: expected an IDX file of images, it ends at once");
    refused(Arrays.copyOf(GOOD, 15), "some.idx: ends after 15 bytes, in its header");
    refused(Arrays.copyOf(GOOD, 20), "some.idx: ends after 4 of 6 bytes");
    refused(Arrays.copyOf(packed, 9), "some.idx: the gzip data ends in its header");
    refused(
        Arrays.copyOf(packed, packed.length - 1),
        "some.idx: the gzip data ends before its checksum");
  }

  @Test
  void aFlippedBitOfARawFileGivesWhatItsHeaderSaysOrIsRefused() throws IOException {
    for (int bit = 0; bit < 8 * GOOD.length; bit++) {
      IdxFile file = flipped(GOOD, bit);
      if (file != null) {
        assertThat(bit).as("only elements may change unseen").isGreaterThanOrEqualTo(8 * 16);
        assertThat(file.sizes()).containsExactly(2, 1, 3);
        assertThat(file.bytes()).as("bit %d", bit).hasSize(6);
      }
    }
  }

  @Test
  void aFlippedBitOfAGzippedFileChangesNothingOrIsRefused() throws IOException {
    byte[] packed = IdxBytes.gzip(GOOD);
    for (int bit = 0; bit < 8 * packed.length; bit++) {
      IdxFile file = flipped(packed, bit);
      if (file != null) {
        assertThat(file.bytes()).as("bit %d", bit).containsExactly(1, 2, 3, 4, 5, 6);
      }
    }
  }

  /** Returns what is read, null if it was refused as it should be. */
  private static IdxFile flipped(byte[] whole, int bit) throws IOException {
    byte[] flipped = whole.clone();
    flipped[bit / 8] ^= (byte) (1 << bit % 8);
    try {
      return read(flipped);
    } catch (FormatException refused) {
      assertThat(refused).as("bit %d", bit).hasMessageStartingWith("some.idx: ");
      return null;
    }
  }

  @Test
  void aHeaderThatClaimsMoreThanIsThereCostsLittleMemory() {
    byte[] lie = IdxBytes.idx(new int[] {1 << 10, 1 << 10, 1 << 10}, 1, 2, 3);
    byte[] packed = IdxBytes.gzip(lie);
    assertThat(bytesToRefuse(lie, lie.length)).isLessThan(1 << 20);
    assertThat(bytesToRefuse(packed, packed.length)).isLessThan(1 << 20);
    // Said to be as long as a file that could hold it, so that only reading tells.
    assertThat(bytesToRefuse(packed, 1 << 22)).isLessThan(1 << 25);
  }

  private static long bytesToRefuse(byte[] file, long length) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    assertThatThrownBy(() -> read(file, length)).isInstanceOf(FormatException.class);
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}
