/** Who does what: threads that share tasks, and the cut of a batch into shards. */
@NullMarked
package dev.lanewise.engine.backend.cpu.team;

import org.jspecify.annotations.NullMarked;
