/**
 * What training reports beside the loss.
 *
 * {@snippet class="dev.lanewise.engine.PackagePagesTest" region="metric"}
 */
@NullMarked
package dev.lanewise.engine.metric;

import org.jspecify.annotations.NullMarked;
