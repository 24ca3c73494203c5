const nobodyNotifies = new Int32Array(new SharedArrayBuffer(4))

/** Blocks the calling thread for `durationMs` milliseconds: a blocking operation's stand-in. Never on the main thread's hot path. */
export function blockFor(durationMs: number): void {
  Atomics.wait(nobodyNotifies, 0, 0, durationMs)
}
