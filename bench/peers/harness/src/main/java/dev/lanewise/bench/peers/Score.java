package dev.lanewise.bench.peers;

/**
 * What answers were worth.
 *
 * @param loss the mean crossentropy
 * @param accuracy the share of right classes
 */
record Score(double loss, double accuracy) {
  /** Keras's least probability, so that one answer of zero does not end in infinity. */
  private static final double LEAST = 1e-7;

  /** Asks a peer for the digits from one index to another. */
  static Score of(Peer peer, Digits digits, int from, int to) {
    float[] images = new float[Peer.BATCH * Peer.PIXELS];
    float[] answers = new float[Peer.BATCH * Peer.CLASSES];
    double loss = 0;
    int correct = 0;
    for (int first = from; first < to; first += Peer.BATCH) {
      int count = Math.min(Peer.BATCH, to - first);
      for (int i = 0; i < count; i++) {
        digits.copy(first + i, images, i * Peer.PIXELS);
      }
      peer.predict(images, count, answers);
      for (int i = 0; i < count; i++) {
        int label = digits.label(first + i);
        loss -= Math.log(Math.max(LEAST, answers[i * Peer.CLASSES + label]));
        correct += best(answers, i * Peer.CLASSES) == label ? 1 : 0;
      }
    }
    return new Score(loss / (to - from), (double) correct / (to - from));
  }

  private static int best(float[] answers, int from) {
    int best = 0;
    for (int c = 1; c < Peer.CLASSES; c++) {
      if (answers[from + c] > answers[from + best]) {
        best = c;
      }
    }
    return best;
  }
}
