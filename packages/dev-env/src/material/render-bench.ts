import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { runCommand } from '../run-command.ts'
import { materialDirectory } from './labels.ts'
import type { BenchLoop, BenchPlan } from './plan-bench.ts'
import { framesPerSecond } from './plan-station.ts'
import { cameraEncoding } from './raw-video.ts'

const width = 640
const height = 360
const withinMs = 300_000

/** Renders loop by loop and joins the parts, which one encoder setting makes alike. */
export const renderBench = async (
  plan: BenchPlan,
  options: { readonly file: string; readonly keyFrameEvery: number; readonly signal?: AbortSignal | undefined },
): Promise<void> => {
  const parts = await mkdtemp(join(dirname(options.file), 'bench-'))
  try {
    const list: string[] = []
    for (const [index, loop] of plan.loops.entries()) {
      await renderLoop(plan, loop, { ...options, file: join(parts, `${index}.mp4`) })
      list.push(`file ${index}.mp4`)
    }
    await writeFile(join(parts, 'list'), list.join('\n'))
    const joining = `-nostdin -v error -y -f concat -i ${join(parts, 'list')} -c copy -video_track_timescale 90000 -f mp4`
    await runCommand('ffmpeg', [...joining.split(' '), options.file], { withinMs, signal: options.signal })
  } finally {
    await rm(parts, { recursive: true, force: true })
  }
}

const renderLoop = (
  plan: BenchPlan,
  loop: BenchLoop,
  { file, keyFrameEvery, signal }: { file: string; keyFrameEvery: number; signal?: AbortSignal | undefined },
): Promise<string> =>
  runCommand(
    'ffmpeg',
    [
      ...['-nostdin', '-v', 'error', '-y', '-i', join(materialDirectory, 'bottle-detection.mp4')],
      ...['-vf', filters(plan, loop), '-frames:v', String(loop.frameCount), ...cameraEncoding(keyFrameEvery), file],
    ],
    { withinMs, signal },
  )

const filters = (plan: BenchPlan, loop: BenchLoop): string => {
  const { nudge, speed, noiseSeed } = loop
  const [cropWidth, cropHeight] = [Math.round(width * nudge.zoom), Math.round(height * nudge.zoom)]
  const x = Math.round((width - cropWidth) / 2 + nudge.dx)
  const y = Math.round((height - cropHeight) / 2 + nudge.dy)
  return [
    `setpts=PTS/${speed}`,
    `fps=${framesPerSecond}`,
    // The recording may end a frame before the loop does.
    'tpad=stop_mode=clone:stop_duration=1',
    `crop=${cropWidth}:${cropHeight}:${x}:${y}`,
    `scale=${width}:${height}:flags=bilinear`,
    `eq=eval=frame:brightness='${brightness(plan, loop)}'`,
    `noise=c0s=5:c0f=t:c0_seed=${noiseSeed}`,
  ].join(',')
}

/** The light's waves as an ffmpeg expression, continued from loop to loop; `eq` wants brightness as a share of full scale. */
const brightness = ({ light }: BenchPlan, { startFrame }: BenchLoop): string =>
  light.waves
    .map(wave => {
      const phase = wave.phase + (2 * Math.PI * startFrame) / framesPerSecond / wave.periodSeconds
      return `${wave.amplitude}*sin(2*PI*t/${wave.periodSeconds}+${phase})`
    })
    .join('+')
