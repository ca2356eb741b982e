/** From outputs and targets to losses, metrics and gradients: one row at a time. */
@NullMarked
package dev.lanewise.engine.backend.cpu.loss;

import org.jspecify.annotations.NullMarked;
