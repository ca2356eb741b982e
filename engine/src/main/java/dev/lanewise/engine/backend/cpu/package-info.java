/**
 * The plan that runs on the processor's cores.
 *
 * {@snippet class="dev.lanewise.engine.PackagePagesTest" region="cpu"}
 */
@NullMarked
package dev.lanewise.engine.backend.cpu;

import org.jspecify.annotations.NullMarked;
