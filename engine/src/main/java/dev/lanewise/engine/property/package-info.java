/** What the JVM is told by {@code -D}. */
@NullMarked
package dev.lanewise.engine.property;

import org.jspecify.annotations.NullMarked;
