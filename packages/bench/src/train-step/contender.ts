import type { NamedTensors } from '@takt/onnx'

/** One call's steps, as every contender is given them: inputs by name, and the same in a file. */
export interface Call {
  readonly inputs: NamedTensors
  readonly file: string
}

export interface Timed {
  readonly seconds: number
  /** Of all the process's threads: it says more than time on a machine that does other work besides. */
  readonly cpuSeconds: number
  readonly losses: readonly number[]
}

/** Trains one call after the other, each from where the last one ended. */
export interface Contender extends AsyncDisposable {
  readonly advance: (call: Call) => Promise<Timed>
  /** Most memory that its process has held so far, less what the same process holds idle with its libraries loaded. */
  readonly peakMegabytes: () => Promise<number>
}
