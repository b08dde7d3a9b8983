/** Lets the event loop turn, so that an abort can arrive; throws the signal's reason when it has. */
export async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>(resolve => setImmediate(resolve))
  signal?.throwIfAborted()
}
