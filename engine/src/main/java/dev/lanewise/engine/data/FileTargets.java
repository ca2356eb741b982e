package dev.lanewise.engine.data;

/** The targets of a file: labels of classes, or numbers. */
sealed interface FileTargets permits Labels, Numbers {
  /** Says what there is. */
  String told();
}
