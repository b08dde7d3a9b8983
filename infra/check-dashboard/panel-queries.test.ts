import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { panelQueries } from './panel-queries.ts'

describe('panelQueries', () => {
  it('gives the queries of panels and of panels inside rows, with variables filled in', () => {
    const dashboard = {
      panels: [
        { title: 'Lag', targets: [{ expr: 'max(lag{station=~"$station"})' }] },
        {
          title: 'Row',
          panels: [{ title: 'Rate', targets: [{ expr: 'rate(a[$window])' }, { expr: 'rate(b[$window])' }] }],
        },
        { title: 'Text' },
      ],
    }
    expect(panelQueries(dashboard, { station: '.*', window: '1m' })).toEqual([
      { panel: 'Lag', expr: 'max(lag{station=~".*"})' },
      { panel: 'Rate', expr: 'rate(a[1m])' },
      { panel: 'Rate', expr: 'rate(b[1m])' },
    ])
  })

  it('refuses a variable that has no value, and names its panel', () => {
    const dashboard = { panels: [{ title: 'Rate', targets: [{ expr: 'rate(a[$__range])' }] }] }
    expect(() => panelQueries(dashboard, {})).toThrow('panel Rate uses $__range')
  })

  it('finds queries in the dashboard that is shipped', async () => {
    const path = new URL('../grafana/dashboards/plant.json', import.meta.url)
    const shipped = JSON.parse(await readFile(path, 'utf8'))
    expect(panelQueries(shipped, { station: '.*', window: '1m' }).length).toBeGreaterThan(20)
  })
})
