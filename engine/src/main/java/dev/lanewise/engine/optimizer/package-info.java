/**
 * How gradients change parameters.
 *
 * {@snippet class="dev.lanewise.engine.PackagePagesTest" region="optimizer"}
 */
@NullMarked
package dev.lanewise.engine.optimizer;

import org.jspecify.annotations.NullMarked;
