/** A server that this package started. */
export interface RunningServer extends AsyncDisposable {
  /** With credentials, for the client libraries; never to be logged. */
  readonly url: string
  readonly pid: number
  stop(): Promise<void>
}
