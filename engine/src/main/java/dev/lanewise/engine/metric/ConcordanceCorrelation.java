package dev.lanewise.engine.metric;

/**
 * How far a row's outputs are its targets, Keras's {@code ConcordanceCorrelation}, {@code 2 cov(y,
 * t) / (var(y) + var(t) + (mean(y) - mean(t))^2 + 1e-7)}; the sums of w v and w. It is of the units
 * of one row, not of samples: of a single unit it is 0.
 */
public record ConcordanceCorrelation() implements Measure {}
