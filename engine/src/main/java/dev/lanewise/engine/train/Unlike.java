package dev.lanewise.engine.train;

import java.util.Optional;

/**
 * What a model, as it is compiled, does otherwise than the one that it stands for.
 *
 * @param training what training it would do otherwise, empty if nothing
 * @param loss what its loss is otherwise, empty if nothing
 */
record Unlike(Optional<String> training, Optional<String> loss) {
  static final Unlike NOTHING = new Unlike(Optional.empty(), Optional.empty());

  void requireTrainable() {
    training.ifPresent(reason -> refuse("trained", reason));
  }

  void requireLoss() {
    loss.ifPresent(reason -> refuse("evaluated", reason));
  }

  private static void refuse(String what, String reason) {
    throw new IllegalStateException(
        "model: cannot be " + what + " as its file says: " + reason + "; compile it anew");
  }
}
