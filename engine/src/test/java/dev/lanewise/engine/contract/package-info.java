/** What every backend has to keep, as tests that each backend's own tests extend. */
package dev.lanewise.engine.contract;
