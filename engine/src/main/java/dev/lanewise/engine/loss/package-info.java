/**
 * What training minimises.
 *
 * {@snippet class="dev.lanewise.engine.PackagePagesTest" region="loss"}
 */
@NullMarked
package dev.lanewise.engine.loss;

import org.jspecify.annotations.NullMarked;
