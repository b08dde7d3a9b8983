// CPU and wall of steps, without profile; node wall.mjs threads runs
import ort from 'onnxruntime-node'
import { trainerOf, vitS, clipsOf } from '../src/train-step/workload.ts'
const threads = Number(process.argv[2] ?? 1), runs = Number(process.argv[3] ?? 6)
const { trainer, state } = trainerOf(vitS, { stepsPerCall: 1 })
const model = trainer.model()
const s = await ort.InferenceSession.create(model, { executionProviders: ['cpu'], intraOpNumThreads: threads, interOpNumThreads: 1, graphOptimizationLevel: 'all', enableCpuMemArena: false, enableMemPattern: false, extra: { session: { intra_op: { allow_spinning: '0' } } } })
let current = state
const frames = clipsOf(vitS, trainer)
const runT = []
const cpu = []
for (let i = 0; i < runs; i++) {
  const inputs = trainer.inputs({ firstStep: i, frames })
  const feeds = Object.fromEntries(Object.entries({ ...current, ...inputs }).map(([n, t]) => [n, new ort.Tensor(t.dtype, t.data, t.shape)]))
  const c0 = process.cpuUsage(), t0 = performance.now()
  const r = await s.run(feeds)
  runT.push(performance.now() - t0)
  const c = process.cpuUsage(c0); cpu.push((c.user + c.system) / 1000)
  const next = Object.fromEntries(Object.keys(state).map(n => [n, { dtype: r['next.' + n].type, data: r['next.' + n].data, shape: r['next.' + n].dims }]))
  if (i > 0) for (const t of Object.values(current)) t.data.buffer.transfer(0)
  current = next
  if (i === runs - 1) console.log('loss', r.loss.data[0])
}
runT.sort((a, b) => a - b); cpu.sort((a, b) => a - b)
console.log(`threads ${threads}: wall min ${runT[0].toFixed(0)} median ${runT[runs >> 1].toFixed(0)}; cpu min ${cpu[0].toFixed(0)} median ${cpu[runs >> 1].toFixed(0)}; rss ${(process.memoryUsage.rss() / 1e6).toFixed(0)}`)
