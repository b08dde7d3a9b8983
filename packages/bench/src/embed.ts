import { join } from 'node:path'
import type { Benchmark } from './benchmark.ts'
import { carryCameras } from './embed/carry-cameras.ts'
import { workerEfficiency } from './embed/worker-efficiency.ts'

/** What the worker spends on a second of 1080p25 video beside its bare parts, and the cameras that this lets 2 cores carry. */
export const embed: Benchmark = {
  about:
    'CPU of the worker per second of 1080p25 video, beside bare ffmpeg and bare onnxruntime; 8 cameras in real time',
  run: async options => {
    const sizes = options.quick
      ? { efficiency: { seconds: 16, rounds: 1 }, carry: { count: 1, labelSeconds: 85, seconds: 20 } }
      : { efficiency: { seconds: 80, rounds: 3 }, carry: { count: 8, labelSeconds: 90, seconds: 90 } }
    const inside = (part: string) => ({ ...options, stateDir: join(options.stateDir, part) })
    const efficiency = await workerEfficiency(inside('efficiency'), sizes.efficiency)
    const realTime = await carryCameras(inside('cameras'), sizes.carry)
    return { ...efficiency, aim: 0.85, aimCameras: 8, realTime }
  },
}
