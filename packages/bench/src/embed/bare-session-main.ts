import { encoderModel, untrainedEncoder } from '@takt/nn'
import ort from 'onnxruntime-node'

/**
 * A plain process that calls onnxruntime with the worker's model and settings, and says what the runs cost:
 * `bare-session-main.ts {"clips", "batch"}`.
 */
const { clips, batch }: { readonly clips: number; readonly batch: number } = JSON.parse(process.argv[2]!)
const warmUpRuns = 3

const { spec, parameters } = untrainedEncoder({ seed: 1 })
const session = await ort.InferenceSession.create(encoderModel(spec, parameters, { batch }), {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  graphOptimizationLevel: 'all',
})
const shape = [batch, spec.frames, spec.inputSize, spec.inputSize, 3]
const pixels = Uint8Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => (i * 2_654_435_761) >>> 24)
const run = () => session.run({ frames: new ort.Tensor('uint8', pixels, shape) })

for (let i = 0; i < warmUpRuns; i++) await run()
const before = process.cpuUsage()
for (let done = 0; done < clips; done += batch) await run()
const { user, system } = process.cpuUsage(before)
process.stdout.write(`${JSON.stringify({ cpuSeconds: (user + system) / 1e6 })}\n`)
