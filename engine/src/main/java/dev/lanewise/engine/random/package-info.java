/**
 * The seeded generator behind every random choice.
 *
 * {@snippet class="dev.lanewise.engine.PackagePagesTest" region="random"}
 */
@NullMarked
package dev.lanewise.engine.random;

import org.jspecify.annotations.NullMarked;
