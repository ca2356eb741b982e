/**
 * Models written for other runtimes, in the Open Neural Network Exchange format.
 *
 * {@snippet class="dev.lanewise.engine.PackagePagesTest" region="onnx"}
 */
@NullMarked
package dev.lanewise.engine.onnx;

import org.jspecify.annotations.NullMarked;
