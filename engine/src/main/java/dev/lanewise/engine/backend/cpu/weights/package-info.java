/** Weights: their memory, where Keras's arrays lie in it, and their update. */
@NullMarked
package dev.lanewise.engine.backend.cpu.weights;

import org.jspecify.annotations.NullMarked;
