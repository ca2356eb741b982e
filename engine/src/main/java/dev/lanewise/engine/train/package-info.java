/**
 * Models and the loop that trains them, written once above every backend.
 *
 * {@snippet class="dev.lanewise.engine.PackagePagesTest" region="train"}
 */
@NullMarked
package dev.lanewise.engine.train;

import org.jspecify.annotations.NullMarked;
