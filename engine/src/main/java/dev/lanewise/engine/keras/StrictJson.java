package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * JSON as its standard has it (RFC 8259) and with limits: Gson's strict reader still takes repeated
 * keys and text after the end, any size, and numbers that are infinite once they are read.
 *
 * <p>A model whose {@code Embedding} began with vectors of words as a {@code Constant} initializer
 * has all of them in its JSON, of 20,000 words some 40 MB. Nobody asks for start values where there
 * are weights: lists within initializers are read over, and are empty here.
 */
final class StrictJson {
  /** Of what is kept: keys, texts and numbers, and a mark for each. */
  private static final int MOST_KEPT = 16 << 20;

  /** An empty list has as many characters, with its comma. */
  private static final int A_VALUE = 3;

  private static final int MOST_NESTING = 64;
  private static final int MOST_STRING = 1 << 20;
  private static final int MOST_DIGITS = 64;

  private static final String INITIALIZER = "initializer";

  private final JsonReader reader;
  private final String name;
  private int kept;
  private int initializers;

  private StrictJson(byte[] bytes, String name) {
    reader =
        new JsonReader(
            new InputStreamReader(
                new ByteArrayInputStream(bytes), StandardCharsets.UTF_8.newDecoder()));
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
    try {
      StrictJson json = new StrictJson(bytes, name);
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
    keep(A_VALUE);
    return switch (reader.peek()) {
      case BEGIN_OBJECT -> members();
      case BEGIN_ARRAY -> elements();
      case STRING -> new JsonPrimitive(taken(reader.nextString(), MOST_STRING));
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
    BigDecimal number = new BigDecimal(taken(reader.nextString(), MOST_DIGITS));
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
      String key = taken(reader.nextName(), MOST_STRING);
      if (object.has(key)) {
        throw new ModelFormatException(name + ": has " + reader.getPath() + " twice");
      }
      int within = key.endsWith(INITIALIZER) ? 1 : 0;
      initializers += within;
      object.add(key, value());
      initializers -= within;
    }
    reader.endObject();
    return object;
  }

  private JsonArray elements() throws IOException {
    JsonArray array = new JsonArray();
    if (initializers > 0) {
      reader.skipValue();
      return array;
    }
    reader.beginArray();
    while (reader.hasNext()) {
      array.add(value());
    }
    reader.endArray();
    return array;
  }

  private void keep(int characters) {
    kept += characters;
    if (kept > MOST_KEPT) {
      throw new ModelFormatException(
          name
              + ": has more than "
              + MOST_KEPT
              + " characters beside start values of weights, at "
              + reader.getPath());
    }
  }

  private String taken(String text, int most) {
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
    keep(text.length());
    return text;
  }
}
