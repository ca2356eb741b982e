package dev.lanewise.engine.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an archive's directory and headers may say, at the limits of each field. */
class ZipDirectoryTest {
  private static final byte[] CONTENT =
      "so that it is shorter packed: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
          .getBytes(StandardCharsets.UTF_8);
  private static final int END = 22;
  private static final int ENTRY = 46;

  private static ByteBuffer at(byte[] zip) {
    return ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int directory(byte[] zip) {
    return at(zip).getInt(zip.length - END + 16);
  }

  private static byte[] named(String name) {
    return ZipWriter.bytes(Map.of(name, CONTENT));
  }

  private static byte[] changed(byte[] zip, Consumer<ByteBuffer> change) {
    change.accept(at(zip));
    return zip;
  }

  private static void refused(byte[] zip, String message) {
    assertThatThrownBy(() -> ZipArchive.of(zip, "x.zip"))
        .isInstanceOf(ArchiveException.class)
        .hasMessageStartingWith("x.zip: ")
        .hasMessageContaining(message);
  }

  /** A member whose header has its sizes in the field for 64 bits, as Python writes it. */
  private static byte[] wide(Consumer<ByteBuffer> extra) {
    Deflater deflater = new Deflater(9, true);
    deflater.setInput(CONTENT);
    deflater.finish();
    byte[] packed = new byte[200];
    int stored = deflater.deflate(packed);
    deflater.end();
    CRC32 crc = new CRC32();
    crc.update(CONTENT);
    ByteBuffer zip = ByteBuffer.allocate(500).order(ByteOrder.LITTLE_ENDIAN);
    zip.putInt(0x04034b50).putShort((short) 45).putShort((short) 0).putShort((short) 8).putInt(0);
    zip.putInt((int) crc.getValue()).putInt(-1).putInt(-1).putShort((short) 1).putShort((short) 20);
    zip.put((byte) 'm').putShort((short) 1).putShort((short) 16);
    zip.putLong(CONTENT.length).putLong(stored);
    extra.accept(zip.duplicate().order(ByteOrder.LITTLE_ENDIAN));
    zip.put(packed, 0, stored);
    int directory = zip.position();
    zip.putInt(0x02014b50).putInt(0).putShort((short) 0).putShort((short) 8).putInt(0);
    zip.putInt((int) crc.getValue()).putInt(stored).putInt(CONTENT.length).putShort((short) 1);
    zip.put(new byte[16]).put((byte) 'm');
    int size = zip.position() - directory;
    zip.putInt(0x06054b50).putInt(0).putShort((short) 1).putShort((short) 1);
    zip.putInt(size).putInt(directory).putShort((short) 0);
    return Arrays.copyOf(zip.array(), zip.position());
  }

  @Test
  void sizesOf64BitsInAHeaderAreHeldAgainstTheDirectory() {
    assertThat(ZipArchive.of(wide(z -> {}), "x.zip").read("m", 10)).containsExactly(CONTENT);
    int extra = 31;
    List<Consumer<ByteBuffer>> faults =
        List.of(
            z -> z.putShort(28, (short) 19), // a field that ends early
            z -> z.putShort(extra, (short) 2), // of another kind
            z -> z.putShort(extra + 2, (short) 15), // with one size alone
            z -> z.putLong(extra + 4, CONTENT.length + 1),
            z -> z.putInt(extra + 8, 1), // 4 GiB more
            z -> z.putLong(extra + 12, CONTENT.length),
            z -> z.putInt(extra + 16, 1));
    for (Consumer<ByteBuffer> fault : faults) {
      refused(wide(fault), "member 'm' has a header that differs from the directory");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65535})
  void aCommentMayFollow(int length) {
    byte[] zip = named("m");
    byte[] commented = Arrays.copyOf(zip, zip.length + length);
    at(commented).putShort(zip.length - 2, (short) length);
    assertThat(ZipArchive.of(commented, "x.zip").names()).containsExactly("m");
    refused(Arrays.copyOf(commented, commented.length + 1), "no directory at its end");
  }

  @ParameterizedTest
  @CsvSource({"4", "6", "8"})
  void oneOfSeveralFilesIsRefused(int field) {
    byte[] zip = named("m");
    refused(
        changed(zip, z -> z.putShort(zip.length - END + field, (short) 7)),
        "is part of an archive of several files");
  }

  @Test
  void archivesAbove4GiBAreRefused() {
    String message = "archives above 4 GiB (zip64) are not supported";
    byte[] zip = named("m");
    int end = zip.length - END;
    refused(changed(named("m"), z -> z.putInt(end + 16, -1)), message);
    for (int field : List.of(20, 24, 42)) {
      refused(changed(named("m"), z -> z.putInt(directory(zip) + field, -1)), message);
    }
    // The record that says where a directory of 64 bits is stands before the end.
    byte[] located = new byte[zip.length + 20];
    System.arraycopy(zip, 0, located, 0, end);
    System.arraycopy(zip, end, located, end + 20, END);
    at(located).putInt(end, 0x07064b50);
    refused(located, message);
    byte[] alone = new byte[20 + END];
    System.arraycopy(located, end, alone, 0, alone.length);
    refused(alone, message);
    // One that is nothing but an end is an empty archive.
    byte[] empty = new byte[END];
    at(empty).putInt(0, 0x06054b50);
    assertThat(ZipArchive.of(empty, "x.zip").names()).isEmpty();
  }

  @Test
  void namesAndMembersHaveLimits() {
    assertThat(ZipArchive.of(named("n".repeat(1024)), "x.zip").names()).hasSize(1);
    refused(named("n".repeat(1025)), "a member's name has 1025 bytes");
    refused(named(""), "a member's name has 0 bytes");
    Map<String, byte[]> members = new TreeMap<>();
    for (int i = 0; i < 1024; i++) {
      members.put("m" + i, new byte[] {(byte) i});
    }
    ZipArchive most = ZipArchive.of(ZipWriter.bytes(members), "x.zip");
    assertThat(most.names()).hasSize(1024);
    assertThat(most.read("m77", 1)).containsExactly(77);
    members.put("one more", new byte[0]);
    refused(ZipWriter.bytes(members), "has 1025 members, at most 1024 are taken");
  }

  @Test
  void namesAreHarmless() {
    assertThat(ZipArchive.of(named(" a b/..c/d.."), "x.zip").names()).hasSize(1);
    refused(named("a\u007fb"), "the member name 'a?b' leads out of the archive");
    refused(named("a\u001fb"), "the member name 'a?b' leads out of the archive");
    refused(named("a/."), "leads out");
    refused(
        changed(
            named("ab"),
            z -> { // no UTF-8
              z.put(30, (byte) 0xff);
              z.put(directory(z.array()) + ENTRY, (byte) 0xff);
            }),
        "leads out");
    refused(named("/" + "n".repeat(100)), "the member name '/" + "n".repeat(79) + "' leads out");
  }

  @Test
  void sizesThatCannotBeAreRefused() {
    int most = Integer.MAX_VALUE - 8;
    byte[] zip = named("m");
    int entry = directory(zip);
    Consumer<ByteBuffer> largest = z -> z.putInt(22, most).putInt(entry + 24, most);
    ZipArchive archive = ZipArchive.of(changed(named("m"), largest), "x.zip");
    assertThatThrownBy(() -> archive.read("m", 10))
        .hasMessage(
            "x.zip: member m claims 2147483639 bytes from %d stored ones, at most 10 times as many"
                + " are taken",
            CONTENT.length);
    refused(
        changed(named("m"), z -> z.putInt(22, most + 1).putInt(entry + 24, most + 1)),
        "member 'm' claims 84 stored bytes of 84 there");
    refused(
        changed(named("m"), z -> z.putInt(18, 85).putInt(entry + 20, 85)),
        "member 'm' claims 85 stored bytes of 84 there");
    // Whose data would begin behind the directory has none.
    refused(
        changed(named("m"), z -> z.putShort(28, (short) 100)),
        "member 'm' claims 84 stored bytes of 0 there");
    refused(
        changed(named("m"), z -> z.putInt(zip.length - END + 12, 3)),
        "directory does not end where it should");
    refused(
        changed(named("m"), z -> z.putShort(entry + 32, (short) 1)),
        "directory does not end where it should");
  }

  @Test
  void anExpansionMayBeAsLargeAsIsSaid() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      out.putNextEntry(new ZipEntry("m"));
      out.write(new byte[1000]);
      out.closeEntry();
    }
    byte[] zip = bytes.toByteArray();
    int stored = at(zip).getInt(directory(zip) + 20);
    ZipArchive archive =
        ZipArchive.of(changed(zip, z -> z.putInt(directory(zip) + 24, 3 * stored)), "x.zip");
    assertThatThrownBy(() -> archive.read("m", 2)).hasMessageContaining("at most 2 times as many");
    assertThatThrownBy(() -> archive.read("m", 3)).hasMessageContaining("does not unpack to");
    int more = 1100;
    ZipArchive longer =
        ZipArchive.of(changed(zip, z -> z.putInt(directory(zip) + 24, more)), "x.zip");
    assertThatThrownBy(() -> longer.read("m", 1032))
        .hasMessageContaining("does not unpack to the 1100 bytes");
  }

  @Test
  void membersMayBeListedInAnyOrderButNotOverlap() {
    Map<String, byte[]> members = new TreeMap<>();
    for (String name : List.of("a", "b", "c")) {
      members.put(name, name.repeat(5).getBytes(StandardCharsets.UTF_8));
    }
    byte[] zip = ZipWriter.bytes(members);
    int directory = directory(zip);
    int each = ENTRY + 1;
    List<byte[]> entries = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      entries.add(Arrays.copyOfRange(zip, directory + i * each, directory + (i + 1) * each));
    }
    Collections.reverse(entries);
    for (int i = 0; i < 3; i++) {
      System.arraycopy(entries.get(i), 0, zip, directory + i * each, each);
    }
    ZipArchive archive = ZipArchive.of(zip, "x.zip");
    assertThat(archive.names()).containsExactly("c", "b", "a");
    for (String name : archive.names()) {
      assertThat(archive.read(name, 1)).containsExactly(members.get(name));
    }
    // The header of the first of the file, listed last, a byte longer than there is room.
    at(zip).putInt(18, 6).putInt(22, 6).putInt(directory + 2 * each + 20, 6);
    at(zip).putInt(directory + 2 * each + 24, 6);
    refused(zip, "member 'b' overlaps another");
  }
}
