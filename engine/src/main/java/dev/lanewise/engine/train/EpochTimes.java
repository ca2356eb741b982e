package dev.lanewise.engine.train;

/**
 * The wall times of an epoch.
 *
 * @param trainSeconds the time of all updates
 * @param validationSeconds the time of validation, 0 without one
 */
public record EpochTimes(double trainSeconds, double validationSeconds) {}
