import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { duration } from '@takt/service'
import { stateDirectoryPath } from './config.ts'
import { type DemoResult, runDemo } from './demo/run-demo.ts'
import { printTable } from './demo/table.ts'
import { openStateDirectory } from './state-directory.ts'
import { untilAborted } from './until-aborted.ts'

const { values } = parseArgs({
  options: {
    once: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    'label-seconds': { type: 'string', default: '85' },
    'live-seconds': { type: 'string', default: '75' },
    adapt: { type: 'string' },
  },
})
const adaptMinutes = values.adapt === undefined ? null : minutesOf(values.adapt)

const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort())

const startedMs = Date.now()
const say = (line: string) =>
  process.stderr.write(`${((Date.now() - startedMs) / 1000).toFixed(0).padStart(4)} s  ${line}\n`)

const hold = async ({ rows, summary, urls, adminKey }: DemoResult) => {
  const text = `${printTable(rows, summary)}\n`
  if (values.json) process.stderr.write(text)
  else process.stdout.write(text)
  if (!values.once) {
    process.stderr.write(
      [
        '',
        `API reference   ${urls.reference}`,
        `metrics         ${urls.metrics}`,
        `timings         curl -H 'Authorization: Bearer ${adminKey}' '${urls.timings}'`,
        '',
        summary.adaptation
          ? `The encoder has learnt for ${summary.adaptation.seconds} s from these stations' own video, without labels; the heads on it have learnt from labels.`
          : 'The encoder is untrained: what these timings know, their heads have learnt from labels.',
        'Ctrl-C stops the plant.',
        '',
      ].join('\n'),
    )
    await untilAborted(interrupted.signal)
  }
  if (values.json) process.stdout.write(`${JSON.stringify(summary)}\n`)
}

await using state = await openStateDirectory(join(stateDirectoryPath(), 'demo'))
try {
  await runDemo(
    {
      stateDir: state.path,
      labelSeconds: Number(values['label-seconds']),
      liveSeconds: Number(values['live-seconds']),
      adaptMinutes,
      say,
      signal: interrupted.signal,
    },
    hold,
  )
} catch (error) {
  if (!interrupted.signal.aborted) throw error
}

/** `2m`, `90s` → minutes. */
function minutesOf(text: string): number {
  const parsed = duration().safeParse(text)
  if (!parsed.success) throw new Error(`--adapt: ${parsed.error.issues[0]!.message}`)
  return parsed.data / 60_000
}
