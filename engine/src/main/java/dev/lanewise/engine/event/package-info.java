/** What a Flight Recorder sees of the engine; see {@link dev.lanewise.engine.event.Events}. */
@NullMarked
package dev.lanewise.engine.event;

import org.jspecify.annotations.NullMarked;
