package dev.lanewise.engine.archive;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A zip file in memory whose directory has been held against its bytes: every member lies inside
 * the file and overlaps no other, has one name of its own that leads nowhere else, and is described
 * alike by the directory and by the header in front of it. Nothing is ever written to disk, and no
 * member is unpacked before its declared size is known to be possible.
 *
 * <p>The JDK's reader looks names up in the directory alone and believes the sizes there; an
 * archive that shows one thing to it and another to the next program is what this class refuses.
 */
public final class ZipArchive {
  private static final int FLAG_ENCRYPTED = 1;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;

  private final String name;
  private final ZipBytes bytes;
  private final Map<String, ZipMember> members;

  private ZipArchive(String name, ZipBytes bytes, Map<String, ZipMember> members) {
    this.name = name;
    this.bytes = bytes;
    this.members = members;
  }

  /**
   * Reads the directory.
   *
   * @param content the whole file; kept, not copied
   * @param name names the file in messages
   * @return the archive
   * @throws ArchiveException if it is no zip file or breaks a rule
   */
  public static ZipArchive of(byte[] content, String name) {
    ZipBytes bytes = new ZipBytes(content, name);
    Map<String, ZipMember> members = new LinkedHashMap<>();
    for (ZipMember member : ZipDirectory.read(bytes, name)) {
      if (members.put(member.name(), member) != null) {
        throw new ArchiveException(name + ": has two members named " + quoted(member.name()));
      }
    }
    return new ZipArchive(name, bytes, members);
  }

  /** {@return the members' names in the directory's order} */
  public Set<String> names() {
    return members.keySet();
  }

  /**
   * Unpacks a member.
   *
   * @param member its name, one of {@link #names}
   * @param mostExpansion how many times its stored bytes it may have
   * @return the member's bytes
   * @throws ArchiveException if it is missing, damaged, encrypted, packed by another method than
   *     deflate, or larger than it may be
   */
  public byte[] read(String member, int mostExpansion) {
    ZipMember found = members.get(member);
    if (found == null) {
      throw new ArchiveException(name + ": has no member " + member + ", found " + names());
    }
    String label = name + ": member " + member;
    if ((found.flags() & FLAG_ENCRYPTED) != 0) {
      throw new ArchiveException(label + " is encrypted");
    }
    if (found.size() > Math.max(found.storedSize(), 1) * mostExpansion) {
      throw new ArchiveException(
          label
              + " claims "
              + found.size()
              + " bytes from "
              + found.storedSize()
              + " stored ones, at most "
              + mostExpansion
              + " times as many are taken");
    }
    requireRoom(label, found.size(), Runtime.getRuntime().maxMemory());
    byte[] content =
        switch (found.method()) {
          case STORED -> stored(found, label);
          case DEFLATED -> inflated(found, label);
          default ->
              throw new ArchiveException(
                  label + " is packed by method " + found.method() + ", expected deflate or none");
        };
    CRC32 crc = new CRC32();
    crc.update(content);
    if (crc.getValue() != found.crc()) {
      throw new ArchiveException(label + " is damaged: its checksum differs");
    }
    return content;
  }

  /** Refuses what cannot be unpacked before any of it is: a quarter of the heap is others'. */
  static void requireRoom(String label, long size, long heap) {
    if (size > heap / 4 * 3) {
      throw new ArchiveException(
          label + " has " + size + " bytes, more than the heap of " + heap + " takes; raise -Xmx");
    }
  }

  private byte[] stored(ZipMember member, String label) {
    if (member.size() != member.storedSize()) {
      throw new ArchiveException(
          label + " claims " + member.size() + " bytes, stored are " + member.storedSize());
    }
    return bytes.copy(member.dataOffset(), (int) member.size());
  }

  private byte[] inflated(ZipMember member, String label) {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(bytes.array(), (int) member.dataOffset(), (int) member.storedSize());
      byte[] content = new byte[Math.toIntExact(member.size())];
      int length = 0;
      while (length < content.length) {
        int step = inflater.inflate(content, length, content.length - length);
        if (step == 0 && (inflater.finished() || inflater.needsInput())) {
          break;
        }
        length += step;
      }
      if (length < content.length || inflater.inflate(new byte[1]) != 0) {
        throw new ArchiveException(
            label + " does not unpack to the " + member.size() + " bytes that it claims");
      }
      return content;
    } catch (DataFormatException e) {
      throw new ArchiveException(label + " is damaged (" + e.getMessage() + ")");
    } finally {
      inflater.end();
    }
  }

  static String quoted(String text) {
    StringBuilder safe = new StringBuilder("'");
    text.codePoints()
        .limit(80)
        .forEach(c -> safe.appendCodePoint(Character.isISOControl(c) ? '?' : c));
    return safe.append('\'').toString();
  }
}
