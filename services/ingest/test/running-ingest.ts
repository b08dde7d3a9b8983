import { startService } from '@takt/service'
import { ingest } from '../src/service.ts'
import type { Site } from './plant.ts'

/** An ingest inside this process, with every line that it logged. */
export async function startIngest(site: Site, env: Readonly<Record<string, string>> = {}) {
  const lines: string[] = []
  const running = await startService(ingest, { env: { ...site.env, ...env }, write: line => void lines.push(line) })
  return {
    lines,
    url: running.url,
    metrics: async () => (await fetch(`${running.url}/metrics`)).text(),
    [Symbol.asyncDispose]: running.stop,
  }
}
