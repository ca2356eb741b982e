package dev.lanewise.engine.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.TimeZone;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZipArchiveTest {
  private static final byte[] FIRST = "the first member".getBytes(StandardCharsets.UTF_8);
  private static final byte[] SECOND = new byte[5000];

  private static byte[] stored() {
    Map<String, byte[]> members = new LinkedHashMap<>();
    members.put("a.json", FIRST);
    members.put("b/weights.h5", SECOND);
    return ZipWriter.bytes(members);
  }

  private static byte[] deflated(String name, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(content);
      zip.closeEntry();
    }
    return bytes.toByteArray();
  }

  private static ByteBuffer at(byte[] zip) {
    return ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int directory(byte[] zip) {
    return at(zip).getInt(zip.length - 22 + 16);
  }

  private static void readAll(byte[] zip) {
    ZipArchive archive = ZipArchive.of(zip, "x.zip");
    for (String name : archive.names()) {
      archive.read(name, 100);
    }
  }

  @Test
  void membersAreReadAsTheyWere() throws IOException {
    ZipArchive archive = ZipArchive.of(stored(), "x.zip");
    assertThat(archive.names()).containsExactly("a.json", "b/weights.h5");
    assertThat(archive.read("a.json", 1)).containsExactly(FIRST);
    assertThat(archive.read("b/weights.h5", 1)).containsExactly(SECOND);
    byte[] text = "abcabcabcabcabcabcabcabcabcabc".getBytes(StandardCharsets.UTF_8);
    assertThat(ZipArchive.of(deflated("t", text), "y.zip").read("t", 10)).containsExactly(text);
  }

  @Test
  void theSameMembersGiveTheSameBytesInEveryTimeZone() {
    byte[] here = stored();
    TimeZone zone = TimeZone.getDefault();
    TimeZone.setDefault(TimeZone.getTimeZone("GMT+7"));
    try {
      assertThat(stored()).containsExactly(here);
    } finally {
      TimeZone.setDefault(zone);
    }
  }

  @Test
  void aMissingMemberIsToldWithThoseThatAreThere() {
    ZipArchive archive = ZipArchive.of(stored(), "x.zip");
    assertThatThrownBy(() -> archive.read("c", 1))
        .isInstanceOf(ArchiveException.class)
        .hasMessage("x.zip: has no member c, found [a.json, b/weights.h5]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../evil",
        "a/../../evil",
        "/etc/evil",
        "C:\\evil",
        "C:evil",
        "a\\b",
        "./evil",
        "nul\0l",
        "a\nb"
      })
  void namesThatLeadElsewhereAreRefused(String name) throws IOException {
    byte[] zip = deflated(name, FIRST);
    assertThatThrownBy(() -> ZipArchive.of(zip, "x.zip"))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("leads out of the archive")
        .hasMessageNotContaining("\n");
  }

  private static Arguments fault(String what, Consumer<byte[]> change, String message) {
    return Arguments.of(Named.of(what, change), message);
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        fault("other name in header", z -> z[30] = 'x', "differs from the directory"),
        fault("other size in header", z -> at(z).putInt(22, 3), "differs from the directory"),
        fault("other checksum in header", z -> z[14] ^= 1, "differs from the directory"),
        fault("other method in header", z -> z[8] = 8, "differs from the directory"),
        fault("content changed", z -> z[30 + 6] ^= 1, "its checksum differs"),
        fault("entry's signature", z -> z[directory(z)] ^= 1, "directory is damaged"),
        fault(
            "same name twice",
            z -> {
              int second = directory(z) + 46 + 6;
              System.arraycopy(z, directory(z) + 46, z, second + 46, 6);
            },
            "differs from the directory"),
        fault(
            "second header inside the first",
            z -> at(z).putInt(directory(z) + 46 + 6 + 42, 0),
            "differs from the directory"),
        fault(
            "claims more than is there",
            z -> {
              at(z).putInt(18, 1 << 30).putInt(22, 1 << 30);
              at(z).putInt(directory(z) + 20, 1 << 30).putInt(directory(z) + 24, 1 << 30);
            },
            "stored bytes of"),
        fault(
            "unpacked size is a lie",
            z -> {
              at(z).putInt(22, 12);
              at(z).putInt(directory(z) + 24, 12);
            },
            "claims 12 bytes, stored are 16"),
        fault(
            "encrypted",
            z -> {
              z[6] = 1;
              z[directory(z) + 8] = 1;
            },
            "is encrypted"),
        fault(
            "unknown method",
            z -> {
              z[8] = 93;
              z[directory(z) + 10] = 93;
            },
            "packed by method 93"),
        fault("several disks", z -> z[z.length - 22 + 4] = 1, "part of an archive"),
        fault("65535 members", z -> at(z).putInt(z.length - 22 + 8, -1), "65535 members"),
        fault("directory elsewhere", z -> z[z.length - 22 + 16] ^= 1, "directory is damaged"),
        fault("end of directory", z -> z[z.length - 22] ^= 1, "no directory at its end"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void eachFaultIsRefused(Consumer<byte[]> change, String message) {
    byte[] zip = stored();
    change.accept(zip);
    assertThatThrownBy(() -> readAll(zip))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining(message);
  }

  @Test
  void overlappingMembersAreRefused() {
    byte[] inner = stored();
    Map<String, byte[]> outer = new LinkedHashMap<>();
    outer.put("a.json", inner);
    outer.put("b/weights.h5", SECOND);
    byte[] zip = ZipWriter.bytes(outer);
    int second = directory(zip) + 46 + 6;
    // The second entry points to the like member of the archive inside the first member.
    int innerHeader = 30 + 6 + 30 + 6 + FIRST.length;
    at(zip).putInt(second + 42, innerHeader);
    assertThatThrownBy(() -> readAll(zip))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("overlaps another");
  }

  @Test
  void moreThanTheExpansionThatIsAllowedIsRefusedUnread() throws IOException {
    byte[] bomb = deflated("bomb", new byte[1 << 22]);
    ZipArchive archive = ZipArchive.of(bomb, "x.zip");
    assertThatThrownBy(() -> archive.read("bomb", 100))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("claims 4194304 bytes");
  }

  @Test
  void anExpansionBeyondTheClaimIsRefused() throws IOException {
    byte[] content = new byte[3000];
    new Random(1).nextBytes(content);
    byte[] zip = deflated("liar", content);
    at(zip).putInt(directory(zip) + 24, 200); // the sizes in front of the data were deferred
    assertThatThrownBy(() -> readAll(zip))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("does not unpack to the 200 bytes");
  }

  @Test
  void everyTruncationIsRefused() {
    byte[] zip = stored();
    for (int length = 0; length < zip.length; length++) {
      byte[] cut = Arrays.copyOf(zip, length);
      assertThatThrownBy(() -> readAll(cut)).isInstanceOf(ArchiveException.class);
    }
  }

  @Test
  void everyFlippedBitIsRefusedOrChangesNoContent() {
    byte[] zip = stored();
    for (int bit = 0; bit < zip.length * 8; bit++) {
      byte[] flipped = zip.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      try {
        ZipArchive archive = ZipArchive.of(flipped, "x.zip");
        for (String name : archive.names()) {
          byte[] content = archive.read(name, 100);
          assertThat(content).isIn(FIRST, SECOND);
        }
      } catch (ArchiveException e) {
        assertThat(e.getMessage()).startsWith("x.zip: ");
      }
    }
  }

  @Test
  void membersThatTheHeapCannotHoldAreRefusedBeforeTheyAreUnpacked() {
    assertThatThrownBy(() -> ZipArchive.requireRoom("a.npz: member x", 769, 1024))
        .isInstanceOf(ArchiveException.class)
        .hasMessage("a.npz: member x has 769 bytes, more than the heap of 1024 takes; raise -Xmx");
    assertThatNoException().isThrownBy(() -> ZipArchive.requireRoom("a.npz: member x", 768, 1024));
  }
}
