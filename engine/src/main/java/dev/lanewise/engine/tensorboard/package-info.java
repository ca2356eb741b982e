/**
 * Event files that TensorBoard reads.
 *
 * {@snippet class="dev.lanewise.engine.PackagePagesTest" region="tensorboard"}
 */
@NullMarked
package dev.lanewise.engine.tensorboard;

import org.jspecify.annotations.NullMarked;
