/**
 * Files that survive crashes, and the state of a training run in them.
 *
 * {@snippet class="dev.lanewise.engine.PackagePagesTest" region="checkpoint"}
 */
@NullMarked
package dev.lanewise.engine.checkpoint;

import org.jspecify.annotations.NullMarked;
