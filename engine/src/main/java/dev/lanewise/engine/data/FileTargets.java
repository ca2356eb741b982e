package dev.lanewise.engine.data;

/** The targets of a file: labels of classes, or numbers. */
sealed interface FileTargets permits Labels, Numbers {
  /** Says what there is. */
  String told();

  /**
   * Returns them as targets of so many samples.
   *
   * @param classes how many classes there are, if they are labels
   * @throws FormatException if they are none
   */
  Targets of(int samples, int classes);
}
