/**
 * Descriptions of layers: what they compute, their parameters and shapes; no state.
 *
 * {@snippet class="dev.lanewise.engine.PackagePagesTest" region="layer"}
 */
@NullMarked
package dev.lanewise.engine.layer;

import org.jspecify.annotations.NullMarked;
