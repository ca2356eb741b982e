/**
 * Off-heap memory: who owns it, how long it lives, and how much of it there may be.
 *
 * {@snippet class="dev.lanewise.engine.PackagePagesTest" region="tensor"}
 */
@NullMarked
package dev.lanewise.engine.tensor;

import org.jspecify.annotations.NullMarked;
