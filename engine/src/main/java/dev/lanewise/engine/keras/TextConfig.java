package dev.lanewise.engine.keras;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.data.TextVectorization;
import dev.lanewise.engine.data.TextVectorization.Split;
import dev.lanewise.engine.data.TextVectorization.Standardize;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/** The settings of a {@code TextVectorization}. */
final class TextConfig {
  /** Where archives have the vocabulary, if it was learned, by versions of Keras. */
  static final List<String> MEMBERS =
      List.of(
          "assets/layers/text_vectorization/vocabulary.txt",
          "assets/layers/text_vectorization/_lookup_layer/vocabulary.txt");

  private static final String LENGTH = "output_sequence_length";
  private static final String MODE = "output_mode";
  private static final String VOCABULARY = "vocabulary";
  private static final String STANDARDIZE = "standardize";

  private static final Set<String> KNOWN =
      Set.of(
          "name",
          "trainable",
          "dtype",
          "max_tokens", // of a vocabulary that is learned
          STANDARDIZE,
          "split",
          MODE,
          LENGTH,
          "pad_to_max_tokens", // of other modes
          VOCABULARY,
          "encoding",
          "vocabulary_size");

  private TextConfig() {}

  /** Returns how many tokens each text has, 0 for as many as the longest. */
  static int length(Config layer) {
    return layer.has(LENGTH) ? (int) layer.whole(LENGTH, 1, 1 << 24) : 0;
  }

  /**
   * Returns what makes ids of texts.
   *
   * @param learned reads the vocabulary where the settings have none
   */
  static TextVectorization read(Config layer, Supplier<String> learned) {
    layer.requireKnown(KNOWN);
    if (!layer.string(MODE).equals("int")) {
      throw layer.wrong(MODE, "int, the ids of tokens");
    }
    boolean told = layer.has(VOCABULARY);
    List<String> words = told ? told(layer) : List.of(learned.get().split("\n", -1));
    Standardize standardize =
        layer.has(STANDARDIZE) ? one(layer, STANDARDIZE, Standardize.values()) : Standardize.NONE;
    Split split = one(layer, "split", Split.values());
    try {
      return new TextVectorization(words, standardize, split, length(layer));
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(layer.where() + ": " + e.getMessage(), e);
    }
  }

  /** As it was given to the layer, with what stands for padding and for what is unknown or not. */
  private static List<String> told(Config layer) {
    List<String> words = new ArrayList<>();
    for (JsonElement word : layer.array(VOCABULARY)) {
      if (!(word instanceof JsonPrimitive text)) {
        throw layer.wrong(VOCABULARY, "an array of strings");
      }
      words.add(text.getAsString());
    }
    if (words.isEmpty() || !words.getFirst().isEmpty()) {
      words.addAll(0, List.of("", "[UNK]"));
    }
    return words;
  }

  private static <T extends Enum<T>> T one(Config layer, String key, T[] all) {
    String text = layer.stringOrNull(key);
    for (T each : all) {
      if (each.name().toLowerCase(Locale.ROOT).equals(text)) {
        return each;
      }
    }
    throw layer.wrong(key, "one of " + List.of(all).toString().toLowerCase(Locale.ROOT));
  }
}
