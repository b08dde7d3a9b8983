import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Benchmark, Figures } from './benchmark.ts'
import { cpuFacts } from './infer/cpu-facts.ts'
import { type EncoderName, encoders, tinyEncoders } from './infer/encoders.ts'
import { measureEncoder } from './infer/measure-encoder.ts'

const rivalsMissing = 'no Python with torch was named: --python PATH or TAKT_BENCH_PYTHON'

/** What a core embeds in a second: encoders as inference graphs, in float32 and int8, beside PyTorch and ONNX Runtime. */
export const infer: Benchmark = {
  about: 'frames/s and clips/s a core of three encoders, float32 and int8, beside PyTorch and Python’s ONNX Runtime',
  run: async options => {
    const sizes = options.quick ? { rounds: 2, runs: 2, compared: 2 } : { rounds: 9, runs: 4, compared: 24 }
    const measured = options.quick ? tinyEncoders : encoders
    if (!options.python) options.say(rivalsMissing)
    const found: Record<string, Figures> = {}
    for (const name of Object.keys(measured) as EncoderName[]) {
      options.say(name)
      const stateDir = join(options.stateDir, name)
      await mkdir(stateDir)
      found[name] = await measureEncoder(measured[name], { ...options, stateDir }, sizes)
    }
    return {
      ...found,
      aim: { ratioToBestRival: 0.97, int8OverFloat32: 2, cosine: 0.999 },
      ...(await cpuFacts()),
      ...(options.python ? {} : { withoutRivals: rivalsMissing }),
    }
  },
}
