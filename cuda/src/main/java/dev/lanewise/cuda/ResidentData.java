package dev.lanewise.cuda;

/**
 * A data set on the device; addresses are 0 for what it does not have.
 *
 * @param bytes features [samples][positions][width], one of these two
 * @param floats features as floats
 * @param labels classes [samples][positions], at most one of these two
 * @param targets values [samples][positions][units]
 * @param results where losses and metrics go: 3 floats for each place of the order
 */
record ResidentData(long bytes, long floats, long labels, long targets, long results) {}
