package dev.lanewise.engine.tensorboard;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Reads event files by another hand: Google's protobuf library, with the parts of TensorFlow's
 * event.proto, summary.proto and tensor.proto that are looked at here.
 */
public final class EventReader {
  private static final Descriptor EVENT = event();

  private EventReader() {}

  /**
   * One value of a summary.
   *
   * @param file "train" or "validation"
   * @param plugin who draws it
   * @param kind the data class
   * @param dtype the tensor's type
   * @param shape the tensor's
   * @param numbers those of floats or doubles
   * @param strings those of strings
   */
  public record Value(
      String file,
      long step,
      String tag,
      String plugin,
      int kind,
      int dtype,
      List<Long> shape,
      List<Double> numbers,
      List<ByteString> strings) {}

  private static FieldDescriptorProto field(String name, int number, Type type) {
    return FieldDescriptorProto.newBuilder()
        .setName(name)
        .setNumber(number)
        .setType(type)
        .setLabel(Label.LABEL_OPTIONAL)
        .build();
  }

  private static FieldDescriptorProto many(FieldDescriptorProto field) {
    return field.toBuilder().setLabel(Label.LABEL_REPEATED).build();
  }

  private static FieldDescriptorProto message(String name, int number, String type) {
    return field(name, number, Type.TYPE_MESSAGE).toBuilder().setTypeName("." + type).build();
  }

  private static DescriptorProto type(String name, FieldDescriptorProto... fields) {
    return DescriptorProto.newBuilder().setName(name).addAllField(List.of(fields)).build();
  }

  private static Descriptor event() {
    FileDescriptorProto file =
        FileDescriptorProto.newBuilder()
            .setName("event.proto")
            .setSyntax("proto3")
            .addMessageType(
                type(
                    "Event",
                    field("wall_time", 1, Type.TYPE_DOUBLE),
                    field("step", 2, Type.TYPE_INT64),
                    field("file_version", 3, Type.TYPE_STRING),
                    message("summary", 5, "Summary")))
            .addMessageType(type("Summary", many(message("value", 1, "Value"))))
            .addMessageType(
                type(
                    "Value",
                    field("tag", 1, Type.TYPE_STRING),
                    message("tensor", 8, "Tensor"),
                    message("metadata", 9, "Metadata")))
            .addMessageType(
                type(
                    "Metadata",
                    message("plugin_data", 1, "Plugin"),
                    field("data_class", 4, Type.TYPE_INT32)))
            .addMessageType(type("Plugin", field("plugin_name", 1, Type.TYPE_STRING)))
            .addMessageType(
                type(
                    "Tensor",
                    field("dtype", 1, Type.TYPE_INT32),
                    message("tensor_shape", 2, "Shape"),
                    many(field("float_val", 5, Type.TYPE_FLOAT)),
                    many(field("double_val", 6, Type.TYPE_DOUBLE)),
                    many(field("string_val", 8, Type.TYPE_BYTES))))
            .addMessageType(type("Shape", many(message("dim", 2, "Dim"))))
            .addMessageType(type("Dim", field("size", 1, Type.TYPE_INT64)))
            .build();
    try {
      return FileDescriptor.buildFrom(file, new FileDescriptor[0]).findMessageTypeByName("Event");
    } catch (DescriptorValidationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the files of a sub-folder, by name. */
  public static List<Path> files(Path folder) throws IOException {
    try (var all = Files.list(folder)) {
      return all.sorted().toList();
    }
  }

  /** Returns all values of a sub-folder's files, in their order. */
  public static List<Value> read(Path folder, String name) throws IOException {
    List<Value> values = new ArrayList<>();
    for (Path file : files(folder.resolve(name))) {
      List<DynamicMessage> events = events(file);
      if (!get(events.getFirst(), "file_version").equals("brain.Event:2")) {
        throw new IOException(file + ": does not say its version first");
      }
      for (DynamicMessage event : events.subList(1, events.size())) {
        for (Object value : (List<?>) get((DynamicMessage) get(event, "summary"), "value")) {
          values.add(value(name, (long) get(event, "step"), (DynamicMessage) value));
        }
      }
    }
    return values;
  }

  private static Value value(String file, long step, DynamicMessage value) {
    DynamicMessage metadata = (DynamicMessage) get(value, "metadata");
    DynamicMessage tensor = (DynamicMessage) get(value, "tensor");
    List<Double> numbers = new ArrayList<>();
    for (String name : List.of("float_val", "double_val")) {
      ((List<?>) get(tensor, name)).forEach(n -> numbers.add(((Number) n).doubleValue()));
    }
    List<Long> shape = new ArrayList<>();
    ((List<?>) get((DynamicMessage) get(tensor, "tensor_shape"), "dim"))
        .forEach(dim -> shape.add((Long) get((DynamicMessage) dim, "size")));
    List<ByteString> strings = new ArrayList<>();
    ((List<?>) get(tensor, "string_val")).forEach(text -> strings.add((ByteString) text));
    return new Value(
        file,
        step,
        (String) get(value, "tag"),
        (String) get((DynamicMessage) get(metadata, "plugin_data"), "plugin_name"),
        (int) get(metadata, "data_class"),
        (int) get(tensor, "dtype"),
        shape,
        numbers,
        strings);
  }

  private static Object get(DynamicMessage message, String field) {
    return message.getField(message.getDescriptorForType().findFieldByName(field));
  }

  /** Reads records as TensorFlow's record_reader.cc does, checksums among them. */
  static List<DynamicMessage> events(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<DynamicMessage> events = new ArrayList<>();
    while (bytes.hasRemaining()) {
      byte[] length = new byte[8];
      bytes.get(length);
      requireSum(file, length, bytes.getInt());
      byte[] data =
          new byte
              [Math.toIntExact(ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong())];
      bytes.get(data);
      requireSum(file, data, bytes.getInt());
      DynamicMessage event = DynamicMessage.parseFrom(EVENT, data);
      if (!event.getUnknownFields().asMap().isEmpty()) {
        throw new IOException(file + ": unknown fields " + event.getUnknownFields());
      }
      events.add(event);
    }
    return events;
  }

  private static void requireSum(Path file, byte[] content, int masked) throws IOException {
    CRC32C crc = new CRC32C();
    crc.update(content);
    long unmasked = (masked - 0xa282ead8L) & 0xffffffffL; // crc32c.h's Unmask
    long sum = ((unmasked >>> 17) | (unmasked << 15)) & 0xffffffffL;
    if (sum != crc.getValue()) {
      throw new IOException(file + ": a record's checksum is wrong");
    }
  }
}
