package dev.lanewise.engine.keras;

import dev.lanewise.engine.layer.Activation;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The names that activations have in files. */
final class ActivationNames {
  private static final Map<String, Activation> ALIASES =
      Map.of(
          "swish", Activation.SILU,
          "hard_swish", Activation.HARD_SILU,
          "celu", Activation.ELU); // the same where alpha is 1, its default

  private static final Map<String, Activation> ALL = all();

  private ActivationNames() {}

  private static Map<String, Activation> all() {
    return Stream.concat(
            Stream.of(Activation.values()).map(each -> Map.entry(each.kerasName(), each)),
            ALIASES.entrySet().stream())
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** Returns the activation of a name, or null if there is none here. */
  static @Nullable Activation of(String name) {
    return ALL.get(name);
  }

  /** Returns every name. */
  static String listed() {
    return ALL.keySet().stream().sorted().collect(Collectors.joining(", "));
  }
}
