package dev.lanewise.engine.archive;

/**
 * What the directory says of a member.
 *
 * @param name its name
 * @param flags the general purpose bits
 * @param method how it is packed
 * @param crc CRC-32 of its content
 * @param storedSize its bytes in the file
 * @param size its bytes when unpacked
 * @param headerOffset where its own header begins
 * @param dataOffset where its stored bytes begin
 */
record ZipMember(
    String name,
    int flags,
    int method,
    long crc,
    long storedSize,
    long size,
    long headerOffset,
    long dataOffset) {}
