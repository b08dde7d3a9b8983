/** One query of one panel, as Grafana would send it. */
export interface PanelQuery {
  readonly panel: string
  readonly expr: string
}

interface Panel {
  readonly title: string
  readonly targets?: readonly { readonly expr?: string }[]
  readonly panels?: readonly Panel[]
}

export interface Dashboard {
  readonly panels: readonly Panel[]
}

/** Every panel's queries, rows' own panels too, with the dashboard's variables filled in. Throws on a variable without a value. */
export const panelQueries = ({ panels }: Dashboard, variables: Readonly<Record<string, string>>): PanelQuery[] =>
  panels.flatMap(panel => [
    ...(panel.targets ?? []).flatMap(({ expr }) =>
      expr === undefined ? [] : [{ panel: panel.title, expr: fillIn(expr, panel.title, variables) }],
    ),
    ...panelQueries({ panels: panel.panels ?? [] }, variables),
  ])

const fillIn = (expr: string, panel: string, variables: Readonly<Record<string, string>>): string =>
  expr.replace(/\$(\w+)/g, (_, name: string) => {
    const value = variables[name]
    if (value === undefined) throw new Error(`panel ${panel} uses $${name}, which has no value: ${expr}`)
    return value
  })
