import { fileURLToPath } from 'node:url'
import { DECODER_CHOICES } from '@takt/steps'
import type { Benchmark, BenchmarkOptions, Figures } from './benchmark.ts'
import { compareChangePoints } from './decode/compare-change-points.ts'
import { compareHmm } from './decode/compare-hmm.ts'
import { scoreAblation } from './decode/score-ablation.ts'
import { stationOnline } from './decode/station-online.ts'
import { startPythonRival } from './python/python-rival.ts'

const script = fileURLToPath(new URL('./decode/python_decoders.py', import.meta.url))
const rivalsMissing = 'no Python with hmmlearn and ruptures was named: --python PATH or TAKT_BENCH_PYTHON'

/** Decoders beside hmmlearn and ruptures on the same input; a station online; what each part of a decoder is worth. */
export const decode: Benchmark = {
  about:
    'Viterbi and forward–backward beside hmmlearn, change points beside ruptures; a station online; scores decoded',
  run: async options => {
    const { quick, say, signal } = options
    const rivals = options.python ? await besideRivals(options, options.python) : { withoutRivals: rivalsMissing }
    const station = await stationOnline({ minutes: quick ? 1 : 20, signal })
    say(`a station takes ${station.percentOfACore} % of a core`)
    const sizes = quick
      ? { seeds: [1], recordings: 10, folds: [0], choices: DECODER_CHOICES.slice(0, 1) }
      : { seeds: [1, 2, 3], recordings: 50, folds: [0], choices: DECODER_CHOICES }
    return {
      ...rivals,
      station,
      scores: await scoreAblation({ ...sizes, say, signal }),
      aim: { viterbi: 1, forwardBackward: 1, pelt: 10, percentOfACore: 0.1 },
    }
  },
}

async function besideRivals({ quick, stateDir, say, signal }: BenchmarkOptions, python: string): Promise<Figures> {
  await using rival = startPythonRival({ python, script, signal })
  const hmm: Figures[] = []
  for (const classCount of [8, 20]) {
    const sizes = quick ? { steps: 500, rounds: 1 } : { steps: 100_000, rounds: 11 }
    hmm.push(await compareHmm(rival, stateDir, { classCount, ...sizes }))
    say(`beside hmmlearn with ${classCount} classes`)
  }
  const changePoints: Figures[] = []
  for (const dim of [1, 8]) {
    const sizes = quick ? { samples: 200, rounds: 1 } : { samples: 2000, rounds: 7 }
    changePoints.push(await compareChangePoints(rival, stateDir, { dim, ...sizes }))
    say(`beside ruptures in ${dim} dimensions`)
  }
  return { hmm, changePoints }
}
