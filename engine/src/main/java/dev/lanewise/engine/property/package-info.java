/**
 * What the JVM is told by {@code -D}.
 *
 * {@snippet class="dev.lanewise.engine.PackagePagesTest" region="property"}
 */
@NullMarked
package dev.lanewise.engine.property;

import org.jspecify.annotations.NullMarked;
