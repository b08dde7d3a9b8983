import type { ByteReader, ByteWriter } from './binary.ts'
import type { WaitingRoom } from './look-ahead.ts'

/** All that the decoder asks of a kind of scorer. */
export type ScorerKind<Scorer, State> = {
  /** Of the features that it scores. */
  readonly dim: (scorer: Scorer) => number
  /** Of its moments. */
  readonly halfLifeSteps: (scorer: Scorer) => number
  readonly open: (scorer: Scorer) => State
  readonly copy: (state: State) => State
  /** Lets go of the steps seen so far: what comes next does not follow on them. No step may be waiting. */
  readonly forget: (state: State) => void
  /** Steps enter as features `[dim]` and leave as logits over the classes, divided by the temperature. */
  readonly room: (scorer: Scorer, state: State) => WaitingRoom<Float64Array>
  readonly write: (body: ByteWriter, state: State) => void
  /** Throws on anything that `write` did not write. */
  readonly read: (body: ByteReader, scorer: Scorer, lookAheadSteps: number) => State
  /** All that its scores depend on. */
  readonly identity: (scorer: Scorer) => {
    readonly scalars: readonly (string | number)[]
    readonly arrays: readonly Float32Array[]
  }
}
