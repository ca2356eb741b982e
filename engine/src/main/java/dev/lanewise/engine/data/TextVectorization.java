package dev.lanewise.engine.data;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What turns texts into the ids of their tokens, Keras's layer of that name: text is standardized
 * and split, and each token has its place in the vocabulary, or that of {@code [UNK]}. A model
 * takes the ids; {@code KerasFile.readText} has what goes with a file's.
 */
public final class TextVectorization {
  /** Stands for no token: what shorter texts are filled with. */
  public static final int PADDING = 0;

  /** Stands for every token that is not in the vocabulary. */
  public static final int UNKNOWN = 1;

  /** As TensorFlow's {@code strings.lower} takes them without an encoding. */
  private static final Pattern CAPITALS = Pattern.compile("[A-Z]+");

  private static final Pattern PUNCTUATION =
      Pattern.compile("[!\"#$%&()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~']");

  /** Those of C's {@code isspace}. */
  private static final Pattern SPACES = Pattern.compile("[ \\t\\n\\x0B\\f\\r]+");

  private final List<String> vocabulary;
  private final Map<String, Integer> ids = new HashMap<>();
  private final Standardize standardize;
  private final Split split;
  private final int outputSequenceLength;

  /** What is done to a text before it is split. */
  public enum Standardize {
    /** Nothing. */
    NONE(false, false),
    /** Capitals become small, those of ASCII alone. */
    LOWER(true, false),
    /** ASCII's punctuation is left out. */
    STRIP_PUNCTUATION(false, true),
    /** Both. */
    LOWER_AND_STRIP_PUNCTUATION(true, true);

    private final boolean lowers;
    private final boolean strips;

    Standardize(boolean lowers, boolean strips) {
      this.lowers = lowers;
      this.strips = strips;
    }
  }

  /** What a text's tokens are. */
  public enum Split {
    /** What is between ASCII's white space. */
    WHITESPACE,
    /** Its characters, as Unicode counts them. */
    CHARACTER
  }

  /**
   * Creates one with a vocabulary that is known.
   *
   * @param vocabulary the tokens by their ids, as Keras's {@code get_vocabulary()} has them: the
   *     first two are of padding and of what is unknown, {@code ""} and {@code [UNK]}
   * @param standardize what is done to a text first
   * @param split what its tokens are
   * @param outputSequenceLength how many tokens each text has: more are left out at its end; 0 for
   *     as many as the longest of those given together
   * @throws IllegalArgumentException if the vocabulary does not begin so, or has a token twice, or
   *     the length is negative
   */
  public TextVectorization(
      List<String> vocabulary, Standardize standardize, Split split, int outputSequenceLength) {
    this.vocabulary = List.copyOf(vocabulary);
    this.standardize = Objects.requireNonNull(standardize, "standardize");
    this.split = Objects.requireNonNull(split, "split");
    this.outputSequenceLength = outputSequenceLength;
    if (vocabulary.size() < 2 || !vocabulary.subList(0, 2).equals(List.of("", "[UNK]"))) {
      throw new IllegalArgumentException(
          "TextVectorization: a vocabulary begins with \"\" and \"[UNK]\", found "
              + vocabulary.subList(0, Math.min(2, vocabulary.size())));
    }
    for (String token : vocabulary) {
      Integer before = ids.put(token, ids.size());
      if (before != null) {
        throw new IllegalArgumentException(
            "TextVectorization: the vocabulary has \"" + token + "\" twice");
      }
    }
    if (outputSequenceLength < 0) {
      throw new IllegalArgumentException(
          "TextVectorization: output sequence length must be at least 0, found "
              + outputSequenceLength);
    }
  }

  /** {@return the tokens by their ids} */
  public List<String> vocabulary() {
    return vocabulary;
  }

  /** {@return how many tokens each text has, 0 for as many as the longest} */
  public int outputSequenceLength() {
    return outputSequenceLength;
  }

  /**
   * {@return the ids of a text's tokens, as many as it has}
   *
   * @param text any text
   */
  public float[] ids(String text) {
    List<String> tokens = tokens(text);
    float[] found = new float[tokens.size()];
    for (int i = 0; i < found.length; i++) {
      found[i] = ids.getOrDefault(tokens.get(i), UNKNOWN);
    }
    return found;
  }

  /**
   * {@return the ids of texts that go together, made alike}
   *
   * @param texts any texts
   * @throws IllegalArgumentException if none of them has a token
   */
  public PaddedSequences ids(List<String> texts) {
    Padding behind =
        new Padding(outputSequenceLength, Padding.Side.POST, Padding.Side.POST, PADDING);
    return PaddedSequences.ofTokens(texts.stream().map(this::ids).toList(), behind);
  }

  private List<String> tokens(String text) {
    String plain = text;
    if (standardize.lowers) {
      plain = CAPITALS.matcher(plain).replaceAll(found -> lower(found.group()));
    }
    if (standardize.strips) {
      plain = PUNCTUATION.matcher(plain).replaceAll("");
    }
    return switch (split) {
      case WHITESPACE ->
          SPACES.splitAsStream(plain).filter(Predicate.not(String::isEmpty)).toList();
      case CHARACTER -> plain.codePoints().mapToObj(Character::toString).toList();
    };
  }

  private static String lower(String capitals) {
    return capitals.toLowerCase(Locale.ROOT);
  }
}
