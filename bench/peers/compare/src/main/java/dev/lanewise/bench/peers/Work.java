package dev.lanewise.bench.peers;

import java.nio.file.Path;

/**
 * How much one process is asked to do.
 *
 * @param digits the folder of MNIST's four files
 * @param epochs the epochs to train
 * @param limit how many of the 60,000 training digits to take, validation included
 */
record Work(Path digits, int epochs, int limit) {}
