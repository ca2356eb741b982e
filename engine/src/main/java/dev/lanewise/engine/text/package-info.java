/**
 * Text that comes from outside, on its way to a terminal or a log.
 *
 * {@snippet class="dev.lanewise.engine.PackagePagesTest" region="text"}
 */
@NullMarked
package dev.lanewise.engine.text;

import org.jspecify.annotations.NullMarked;
