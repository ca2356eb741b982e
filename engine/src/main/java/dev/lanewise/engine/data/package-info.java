/**
 * Data sets and the files they come from.
 *
 * {@snippet class="dev.lanewise.engine.PackagePagesTest" region="data"}
 */
@NullMarked
package dev.lanewise.engine.data;

import org.jspecify.annotations.NullMarked;
