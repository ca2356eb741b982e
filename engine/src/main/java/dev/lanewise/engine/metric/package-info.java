/** What training reports beside the loss. */
@NullMarked
package dev.lanewise.engine.metric;

import org.jspecify.annotations.NullMarked;
