package dev.lanewise.engine.metric;

/**
 * The correlation of a row's outputs with its targets, Keras's {@code PearsonCorrelation}, {@code
 * mean((y - mean(y)) (t - mean(t))) / (std(y) std(t))}; the sums of w v and w. It is of the units
 * of one row, not of samples: where they are all alike, and so of a single unit always, it is NaN.
 */
public record PearsonCorrelation() implements Measure {}
