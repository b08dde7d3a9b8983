import {
  betterDecoded,
  chooseSequenceHead,
  type HeadJudgement,
  type HeadName,
  heldOutScores,
  type JudgedHead,
  judgeHead,
  type SegmentationFigures,
  type SequenceDecoder,
  type SequenceFit,
} from '@takt/steps'

export type HeadOption = HeadName | 'auto'

export interface Choosing {
  readonly head: HeadOption
  readonly decoder: 'off' | 'on' | 'auto'
  readonly ignored: readonly number[]
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

interface Choice {
  readonly head: HeadName
  readonly because?: string
  /** Null where none was asked for, or none can be fitted. */
  readonly decoder: SequenceDecoder | null
  /** Whether what is decoded is the prediction. */
  readonly isDecoded: boolean
  /** Scores on training sequences that were held out, by head. */
  readonly heldOut?: Readonly<Record<string, Pick<JudgedHead, 'frames' | 'decoded'>>>
}

/** The head and the last stage that are asked for, or what cross-validation over the training sequences says of them. */
export async function chooseForFit(
  fit: Omit<SequenceFit, 'head'>,
  { head, decoder, ignored, signal, say }: Choosing,
): Promise<Choice> {
  const judging = { classCount: fit.classCount, ignored, signal }
  if (head === 'auto') {
    say('cross-validating every head')
    const tried = ({ head, frames, decoded }: HeadJudgement) =>
      say(`${head}, held out: ${shown(frames)}${decoded ? `; decoded: ${shown(decoded)}` : ''}`)
    const found = await chooseSequenceHead(fit, { ...judging, tried })
    if (!('chosen' in found)) return { ...found, decoder: null, isDecoded: false }
    const { chosen, because, judged } = found
    say(`${chosen.head}: ${because}`)
    const heldOut = Object.fromEntries(judged.map(({ head, frames, decoded }) => [head, { frames, decoded }]))
    return { head: chosen.head, because, heldOut, ...lastStage(chosen, decoder) }
  }
  if (decoder === 'off') return { head, decoder: null, isDecoded: false }
  say(`cross-validating ${head} for its decoder`)
  const heldOut = await heldOutScores({ ...fit, head })
  const judged = await judgeHead(heldOut, judging)
  const { frames, decoded } = judged
  return { head, heldOut: { [head]: { frames, decoded } }, ...lastStage(judged, decoder) }
}

function lastStage(judged: JudgedHead, wanted: Choosing['decoder']): Pick<Choice, 'decoder' | 'isDecoded'> {
  if (wanted === 'off' || !judged.decoder) return { decoder: null, isDecoded: false }
  return { decoder: judged.decoder, isDecoded: wanted === 'on' || betterDecoded(judged) }
}

const shown = ({ accuracy, edit, f1At50 }: SegmentationFigures) =>
  `accuracy ${accuracy?.toFixed(1)}, edit ${edit?.toFixed(1)}, F1@50 ${f1At50?.toFixed(1)}`
