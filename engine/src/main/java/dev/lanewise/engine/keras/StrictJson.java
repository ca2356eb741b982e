package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * JSON as its standard has it (RFC 8259) and with limits: Gson's strict reader still takes repeated
 * keys and text after the end, any size, and numbers that are infinite once they are read.
 */
final class StrictJson {
  private static final int MOST_BYTES = 16 << 20;
  private static final int MOST_NESTING = 64;
  private static final int MOST_STRING = 1 << 20;
  private static final int MOST_DIGITS = 64;

  private final JsonReader reader;
  private final String name;

  private StrictJson(String text, String name) {
    reader = new JsonReader(new StringReader(text));
    reader.setStrictness(Strictness.STRICT);
    reader.setNestingLimit(MOST_NESTING);
    this.name = name;
  }

  /**
   * Parses an object.
   *
   * @param bytes UTF-8
   * @param name names the text in messages
   * @throws ModelFormatException if it is no JSON object, or beyond a limit
   */
  static JsonObject object(byte[] bytes, String name) {
    if (bytes.length > MOST_BYTES) {
      throw new ModelFormatException(
          name + ": has " + bytes.length + " bytes, at most " + MOST_BYTES + " are taken");
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      StrictJson json = new StrictJson(text, name);
      JsonElement value = json.value();
      if (json.reader.peek() != JsonToken.END_DOCUMENT || !value.isJsonObject()) {
        throw new ModelFormatException(name + ": expected one JSON object");
      }
      return value.getAsJsonObject();
    } catch (CharacterCodingException e) {
      throw new ModelFormatException(name + ": is not UTF-8", e);
    } catch (IOException | IllegalStateException | NumberFormatException e) {
      throw new ModelFormatException(name + ": is not JSON: " + firstLine(e), e);
    }
  }

  /** Gson's advice to whoever calls it is nothing for whoever has the file. */
  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage())
        .lines()
        .findFirst()
        .orElse("")
        .replace(
            "Use JsonReader.setStrictness(Strictness.LENIENT) to accept malformed JSON", "broken");
  }

  private JsonElement value() throws IOException {
    return switch (reader.peek()) {
      case BEGIN_OBJECT -> members();
      case BEGIN_ARRAY -> elements();
      case STRING -> new JsonPrimitive(shortEnough(reader.nextString(), MOST_STRING));
      case NUMBER -> new JsonPrimitive(number());
      case BOOLEAN -> new JsonPrimitive(reader.nextBoolean());
      case NULL -> {
        reader.nextNull();
        yield JsonNull.INSTANCE;
      }
      default -> throw new ModelFormatException(name + ": is not JSON at " + reader.getPath());
    };
  }

  /** A number that is infinite once it is a double would be one that JSON has no word for. */
  private BigDecimal number() throws IOException {
    BigDecimal number = new BigDecimal(shortEnough(reader.nextString(), MOST_DIGITS));
    if (Double.isInfinite(number.doubleValue())) {
      throw new ModelFormatException(
          name
              + ": "
              + reader.getPreviousPath()
              + " is "
              + number
              + ", which no 64-bit number holds");
    }
    return number;
  }

  private JsonObject members() throws IOException {
    JsonObject object = new JsonObject();
    reader.beginObject();
    while (reader.hasNext()) {
      String key = shortEnough(reader.nextName(), MOST_STRING);
      if (object.has(key)) {
        throw new ModelFormatException(name + ": has " + reader.getPath() + " twice");
      }
      object.add(key, value());
    }
    reader.endObject();
    return object;
  }

  private JsonArray elements() throws IOException {
    JsonArray array = new JsonArray();
    reader.beginArray();
    while (reader.hasNext()) {
      array.add(value());
    }
    reader.endArray();
    return array;
  }

  private String shortEnough(String text, int most) {
    if (text.length() > most) {
      throw new ModelFormatException(
          name
              + ": "
              + reader.getPreviousPath()
              + " has "
              + text.length()
              + " characters, at most "
              + most
              + " are taken");
    }
    return text;
  }
}
