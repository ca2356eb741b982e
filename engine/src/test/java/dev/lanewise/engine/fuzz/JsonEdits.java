package dev.lanewise.engine.fuzz;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Changes to the values of JSON. The first two bytes of a change say which, the lower first. What
 * follows is the value that takes its place, as JSON or as bare text; {@code #} and four bytes mean
 * a whole number, {@code =} and two a copy of another value; {@code +} and text put it into the
 * object under that name as well, or into the array once more; nothing at all takes it out.
 */
public final class JsonEdits {
  private static final int MOST_VALUES = 1 << 12;

  /** Of a value that is tried in other places; longer ones are whole layers. */
  private static final int LONGEST = 256;

  private JsonEdits() {}

  /** See {@link Edits.Editor}. */
  public static byte[] edited(byte[] json, List<byte[]> edits) {
    JsonElement root = parsed(new String(json, StandardCharsets.UTF_8));
    if (root == null) {
      return json;
    }
    for (byte[] edit : edits) {
      List<Place> places = new ArrayList<>();
      list(root, places);
      if (places.isEmpty() || places.size() > MOST_VALUES) {
        break;
      }
      change(places.get(which(edit, 0) % places.size()), Edits.rest(edit, 2), places);
    }
    return root.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static int which(byte[] edit, int at) {
    return Edits.number(edit, at) | Edits.number(edit, at + 1) << 8;
  }

  /**
   * Every change of one value alone: gone, each of some others in its place, and each of the same
   * file's that are short.
   *
   * @param places how many values the file has
   * @param values that are put there
   */
  public record Singles(int places, List<String> values) {
    /** Makes the list unmodifiable. */
    public Singles {
      values = List.copyOf(values);
    }

    /** Returns those of a file. */
    public static Singles of(byte[] json, List<String> others) {
      List<Place> places = new ArrayList<>();
      list(JsonParser.parseString(new String(json, StandardCharsets.UTF_8)), places);
      Set<String> values = new LinkedHashSet<>(others);
      values.add("");
      for (Place place : places) {
        String value = place.value().toString();
        if (value.length() <= LONGEST) {
          values.add(value);
        }
      }
      return new Singles(Math.min(places.size(), MOST_VALUES), List.copyOf(values));
    }

    /** {@return how many there are} */
    public int count() {
      return Math.multiplyExact(places, values.size());
    }

    /** Returns one of them, as {@link JsonEdits#edited} takes it. */
    public byte[] edit(int index) {
      int place = index / values.size();
      byte[] text = values.get(index % values.size()).getBytes(StandardCharsets.UTF_8);
      byte[] edit = new byte[2 + text.length];
      edit[0] = (byte) place;
      edit[1] = (byte) (place >> 8);
      System.arraycopy(text, 0, edit, 2, text.length);
      return edit;
    }
  }

  /** A value, and the ways to be rid of it, to have another there, and to have it twice. */
  private record Place(
      JsonElement value, Runnable remove, Consumer<JsonElement> put, Consumer<String> again) {}

  private static void list(JsonElement element, List<Place> places) {
    if (element instanceof JsonObject object) {
      for (String key : List.copyOf(object.keySet())) {
        JsonElement value = object.get(key);
        places.add(
            new Place(
                value,
                () -> object.remove(key),
                other -> object.add(key, other),
                name -> object.add(name, value.deepCopy())));
        list(value, places);
      }
    } else if (element instanceof JsonArray array) {
      for (int i = 0; i < array.size(); i++) {
        int index = i;
        JsonElement value = array.get(i);
        places.add(
            new Place(
                value,
                () -> array.remove(index),
                other -> array.set(index, other),
                _ -> array.add(value.deepCopy())));
        list(value, places);
      }
    }
  }

  private static void change(Place place, byte[] how, List<Place> places) {
    String text = new String(how, StandardCharsets.UTF_8);
    if (text.isEmpty()) {
      place.remove().run();
    } else if (text.startsWith("+")) {
      place.again().accept(text.substring(1));
    } else if (text.startsWith("#")) {
      place.put().accept(new JsonPrimitive(Edits.whole(how, 1)));
    } else if (text.startsWith("=")) {
      place.put().accept(places.get(which(how, 1) % places.size()).value().deepCopy());
    } else {
      JsonElement value = parsed(text);
      place.put().accept(value == null ? new JsonPrimitive(text) : value);
    }
  }

  private static @Nullable JsonElement parsed(String text) {
    try {
      return JsonParser.parseString(text);
    } catch (JsonParseException | NumberFormatException | StackOverflowError e) {
      return null; // the parser that is tried says what is wrong with it
    }
  }
}
