/**
 * Models in double precision and plain loops, written for clarity: what the engine is held against.
 * Itself held against Keras's float64 values and against central differences.
 */
package dev.lanewise.engine.reference;
