/** The seam between the training loop and the machine: a model compiled into a plan. */
@NullMarked
package dev.lanewise.engine.backend;

import org.jspecify.annotations.NullMarked;
