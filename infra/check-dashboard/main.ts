// Lets a Prometheus scrape a running plant and runs every panel's query against it.
//   node infra/check-dashboard/main.ts --target api=127.0.0.1:8080 --target worker=127.0.0.1:9464 … [--seconds 60]
// Exits 1 when a query is refused or answers nothing.
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Dashboard, type PanelQuery, panelQueries } from './panel-queries.ts'
import { runPrometheus, type Target } from './run-prometheus.ts'

const { values } = parseArgs({
  options: { target: { type: 'string', multiple: true, default: [] }, seconds: { type: 'string', default: '60' } },
})

const targets = values.target.map((text): Target => {
  const [job, address] = text.split('=')
  if (!job || !address) throw new Error(`--target ${text} is not of the form job=host:port`)
  return { job, address }
})
if (targets.length === 0) throw new Error('name the services with --target job=host:port')

type Answer = { readonly outcome: 'data' | 'empty' | 'refused'; readonly detail: string }

const ask = async (url: string, { expr }: PanelQuery): Promise<Answer> => {
  const response = await fetch(`${url}/api/v1/query`, { method: 'POST', body: new URLSearchParams({ query: expr }) })
  const answer = (await response.json()) as {
    error?: string
    data?: { result: readonly { value: [number, string] }[] }
  }
  if (!answer.data) return { outcome: 'refused', detail: answer.error ?? `HTTP ${response.status}` }
  // A quantile of nothing is NaN: the histogram is there, but no observation fell into the window.
  const numbers = answer.data.result.filter(({ value }) => value[1] !== 'NaN')
  const detail = `${numbers.length} series${numbers[0] ? `, first ${numbers[0].value[1]}` : ''}`
  return { outcome: numbers.length > 0 ? 'data' : 'empty', detail }
}

const dashboardPath = new URL('../grafana/dashboards/plant.json', import.meta.url)
const dashboard = JSON.parse(await readFile(dashboardPath, 'utf8')) as Dashboard
const queries = panelQueries(dashboard, { station: '.*', window: `${values.seconds}s` })

await using prometheus = await runPrometheus(targets)
await sleep(Number(values.seconds) * 1000)
let failed = 0
for (const query of queries) {
  const { outcome, detail } = await ask(prometheus.url, query)
  if (outcome !== 'data') failed++
  console.log(`${outcome.padEnd(8)}${query.panel.padEnd(28)}${detail.padEnd(34)}${query.expr}`)
}
console.log(`${queries.length - failed} of ${queries.length} queries returned data`)
process.exitCode = failed > 0 ? 1 : 0
