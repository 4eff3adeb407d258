/**
 * Loaded into a lab whose memory is measured: SIGUSR2 collects garbage, so that what is measured is what is kept.
 *
 * @module
 */
process.on('SIGUSR2', () => {
  globalThis.gc?.();
});
