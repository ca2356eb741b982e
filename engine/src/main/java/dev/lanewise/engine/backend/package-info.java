/**
 * The seam between the training loop and the machine: a model compiled into a plan.
 *
 * {@snippet class="dev.lanewise.engine.PackagePagesTest" region="backend"}
 */
@NullMarked
package dev.lanewise.engine.backend;

import org.jspecify.annotations.NullMarked;
