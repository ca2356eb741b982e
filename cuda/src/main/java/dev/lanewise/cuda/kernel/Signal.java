package dev.lanewise.cuda.kernel;

/**
 * A matrix on the device whose rows are [positions][rows of the batch].
 *
 * @param address the first value
 * @param stride floats from row to row
 */
public record Signal(long address, int stride) {}
