/** The seeded generator behind every random choice. */
@NullMarked
package dev.lanewise.engine.random;

import org.jspecify.annotations.NullMarked;
