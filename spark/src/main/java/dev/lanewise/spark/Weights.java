package dev.lanewise.spark;

import dev.lanewise.engine.backend.Parameters;

/** The digest of weights that the program prints as {@code weights_sha256}. */
final class Weights {
  private Weights() {}

  static String sha256(Parameters parameters) {
    Sha256 digest = new Sha256();
    parameters.values().forEach(digest::add);
    return digest.hex();
  }
}
