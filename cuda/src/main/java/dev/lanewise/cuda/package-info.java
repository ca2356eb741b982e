/**
 * The CUDA backend.
 *
 * <p>Nothing here touches the driver before it is asked for: on a machine without a GPU the classes
 * load, and the answer is one line that says what is missing.
 *
 * {@snippet class="dev.lanewise.cuda.PackagePageTest" region="cuda"}
 */
@NullMarked
package dev.lanewise.cuda;

import org.jspecify.annotations.NullMarked;
