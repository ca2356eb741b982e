package dev.lanewise.engine.archive;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The central directory of a zip file, checked (PKWARE's APPNOTE 6.3, sections 4.3 and 4.5). */
final class ZipDirectory {
  private static final long END_SIGNATURE = 0x06054b50L;
  private static final long END64_LOCATOR_SIGNATURE = 0x07064b50L;
  private static final long ENTRY_SIGNATURE = 0x02014b50L;
  private static final long HEADER_SIGNATURE = 0x04034b50L;
  private static final int END_BYTES = 22;
  private static final int ENTRY_BYTES = 46;
  private static final int HEADER_BYTES = 30;
  private static final int MOST_COMMENT = 0xFFFF;
  private static final int MOST_MEMBERS = 1024;
  private static final int MOST_NAME = 1024;
  private static final long IN_EXTRA = 0xFFFFFFFFL;
  private static final int ZIP64_EXTRA = 1;

  private final ZipBytes bytes;
  private final String name;

  private ZipDirectory(ZipBytes bytes, String name) {
    this.bytes = bytes;
    this.name = name;
  }

  static List<ZipMember> read(ZipBytes bytes, String name) {
    return new ZipDirectory(bytes, name).members();
  }

  private List<ZipMember> members() {
    long end = endRecord();
    int count = bytes.u16(end + 10);
    long directory = bytes.u32(end + 16);
    if (bytes.u16(end + 4) != 0 || bytes.u16(end + 6) != 0 || bytes.u16(end + 8) != count) {
      throw new ArchiveException(name + ": is part of an archive of several files");
    }
    if (directory == IN_EXTRA || (end >= 20 && bytes.u32(end - 20) == END64_LOCATOR_SIGNATURE)) {
      throw new ArchiveException(name + ": archives above 4 GiB (zip64) are not supported");
    }
    if (count > MOST_MEMBERS) {
      throw new ArchiveException(
          name + ": has " + count + " members, at most " + MOST_MEMBERS + " are taken");
    }
    List<ZipMember> members = new ArrayList<>();
    long at = directory;
    for (int i = 0; i < count; i++) {
      members.add(entry(at, directory));
      at += ENTRY_BYTES + bytes.u16(at + 28) + bytes.u16(at + 30) + bytes.u16(at + 32);
    }
    if (at != end || bytes.u32(end + 12) != end - directory) {
      throw new ArchiveException(name + ": the archive's directory does not end where it should");
    }
    requireApart(members);
    return members;
  }

  private long endRecord() {
    long last = bytes.length() - END_BYTES;
    for (long at = last; at >= 0 && at >= last - MOST_COMMENT; at--) {
      if (bytes.u32(at) == END_SIGNATURE && at + END_BYTES + bytes.u16(at + 20) == bytes.length()) {
        return at;
      }
    }
    throw new ArchiveException(name + ": expected a zip archive, found no directory at its end");
  }

  private ZipMember entry(long at, long directory) {
    if (bytes.u32(at) != ENTRY_SIGNATURE) {
      throw new ArchiveException(name + ": the archive's directory is damaged at byte " + at);
    }
    int nameLength = bytes.u16(at + 28);
    if (nameLength == 0 || nameLength > MOST_NAME) {
      throw new ArchiveException(name + ": a member's name has " + nameLength + " bytes");
    }
    String member = bytes.text(at + ENTRY_BYTES, nameLength);
    requireHarmless(member);
    long header = bytes.u32(at + 42);
    long storedSize = bytes.u32(at + 20);
    long size = bytes.u32(at + 24);
    if (storedSize == IN_EXTRA || size == IN_EXTRA || header == IN_EXTRA) {
      throw new ArchiveException(name + ": archives above 4 GiB (zip64) are not supported");
    }
    requireSameHeader(member, at, header);
    long data = header + HEADER_BYTES + nameLength + bytes.u16(header + 28);
    if (storedSize > directory - data || size > Integer.MAX_VALUE - 8) {
      throw new ArchiveException(
          name
              + ": member "
              + ZipArchive.quoted(member)
              + " claims "
              + storedSize
              + " stored bytes of "
              + Math.max(0, directory - data)
              + " there");
    }
    return new ZipMember(
        member,
        bytes.u16(at + 8),
        bytes.u16(at + 10),
        bytes.u32(at + 16),
        storedSize,
        size,
        header,
        data);
  }

  /** A member in front of which another description stands would be another one elsewhere. */
  private void requireSameHeader(String member, long entry, long header) {
    boolean same =
        bytes.u32(header) == HEADER_SIGNATURE
            && bytes.u16(header + 26) == bytes.u16(entry + 28)
            && bytes.text(header + HEADER_BYTES, bytes.u16(header + 26)).equals(member)
            && bytes.u16(header + 6) == bytes.u16(entry + 8)
            && bytes.u16(header + 8) == bytes.u16(entry + 10);
    boolean deferred = (bytes.u16(header + 6) & 8) != 0; // sizes follow the data, zeros stand here
    if (same && !deferred) {
      same =
          bytes.u32(header + 14) == bytes.u32(entry + 16)
              && sameSize(header, 18, bytes.u32(entry + 20))
              && sameSize(header, 22, bytes.u32(entry + 24));
    }
    if (!same) {
      throw new ArchiveException(
          name
              + ": member "
              + ZipArchive.quoted(member)
              + " has a header that differs from the directory");
    }
  }

  /** Python writes a size that it did not know to be small into the 64-bit extra field. */
  private boolean sameSize(long header, int field, long expected) {
    long found = bytes.u32(header + field);
    if (found != IN_EXTRA) {
      return found == expected;
    }
    long extra = header + HEADER_BYTES + bytes.u16(header + 26);
    boolean zip64 =
        bytes.u16(header + 28) >= 20
            && bytes.u16(extra) == ZIP64_EXTRA
            && bytes.u16(extra + 2) >= 16;
    // The extra field has the size first, then the stored size; the header has them the other way.
    return zip64 && bytes.i64(extra + (field == 22 ? 4 : 12)) == expected;
  }

  private void requireHarmless(String member) {
    boolean harmless =
        !member.startsWith("/")
            && member.indexOf('\\') < 0
            && member.indexOf(':') < 0
            && member.chars().noneMatch(c -> c < ' ' || c == 0x7F || c == 0xFFFD);
    for (String part : member.split("/", -1)) {
      harmless &= !part.equals("..") && !part.equals(".");
    }
    if (!harmless) {
      throw new ArchiveException(
          name + ": the member name " + ZipArchive.quoted(member) + " leads out of the archive");
    }
  }

  private void requireApart(List<ZipMember> members) {
    List<ZipMember> inOrder = new ArrayList<>(members);
    inOrder.sort(Comparator.comparingLong(ZipMember::headerOffset));
    long free = 0;
    for (ZipMember member : inOrder) {
      if (member.headerOffset() < free) {
        throw new ArchiveException(
            name + ": member " + ZipArchive.quoted(member.name()) + " overlaps another");
      }
      free = member.dataOffset() + member.storedSize();
    }
  }
}
