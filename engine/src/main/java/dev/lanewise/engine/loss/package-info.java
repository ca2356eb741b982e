/** What training minimises. */
@NullMarked
package dev.lanewise.engine.loss;

import org.jspecify.annotations.NullMarked;
