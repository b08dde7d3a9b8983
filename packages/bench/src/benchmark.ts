import type { SslOptions } from './ssl/ssl-options.ts'

/** What a benchmark found: figures by name, units in the names. */
export type Figures = { readonly [name: string]: number | string | boolean | null | Figures | readonly Figures[] }

export interface BenchmarkOptions {
  /** Small sizes: says that it runs, not how fast. */
  readonly quick: boolean
  /** Intervals in the database, millions; for `rest`. */
  readonly millions: number
  /** For `fit`, where not its own number. */
  readonly sequences: number | undefined
  readonly ssl: SslOptions
  /** A Python with torch, for rivals; without it they are left out. */
  readonly python: string | undefined
  /** For state that may go, in a directory of its own. */
  readonly stateDir: string
  /** For videos, which are rendered once and kept. */
  readonly materialDir: string
  /** Progress, for people. */
  readonly say: (line: string) => void
  readonly signal: AbortSignal
}

export interface Benchmark {
  /** What is compared with what, in one line. */
  readonly about: string
  readonly run: (options: BenchmarkOptions) => Promise<Figures>
}
