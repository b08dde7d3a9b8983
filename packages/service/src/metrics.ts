import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { serviceError } from './service-errors.ts'

interface MetricOptions<Label extends string> {
  /** Without the `takt_` prefix: `segments_total`. */
  readonly name: string
  readonly help: string
  /** Few values each: a camera, a station, a step, an outcome; never a segment or a time. */
  readonly labels?: readonly Label[]
}

/** A service's metrics: one registry, made when the service starts. Names get the prefix `takt_` and are checked for their unit. */
export interface Metrics {
  readonly registry: Registry
  /** Counts up. The name ends in `_total`. */
  counter<Label extends string = never>(options: MetricOptions<Label>): Counter<Label>
  /** Goes up and down. `collect` is called at each scrape and sets it. */
  gauge<Label extends string = never>(
    options: MetricOptions<Label> & { readonly collect?: (gauge: Gauge<Label>) => void | Promise<void> },
  ): Gauge<Label>
  /** A distribution in a base unit: the name ends in `_seconds`, `_bytes` or `_ratio`, or counts things (`_count` is Prometheus's own suffix). */
  histogram<Label extends string = never>(
    options: MetricOptions<Label> & { readonly buckets: readonly number[] },
  ): Histogram<Label>
}

const prefix = 'takt_'

/** Registry with the process's own metrics (`process_…`, `nodejs_…`) and `takt_build_info`; every series is labelled with `service`. */
export const createMetrics = ({
  service,
  version,
}: {
  readonly service: string
  readonly version: string
}): Metrics => {
  const registry = new Registry()
  registry.setDefaultLabels({ service })
  collectDefaultMetrics({ register: registry })
  const common = <Label extends string>({ name, help, labels = [] }: MetricOptions<Label>) => ({
    name: prefixed(name),
    help,
    labelNames: [...labels],
    registers: [registry],
  })
  const metrics: Metrics = {
    registry,
    counter: options => new Counter(common(endsIn(options, ['_total']))),
    gauge: ({ collect, ...options }) => {
      const gauge: Gauge<never> = new Gauge({ ...common(options), ...(collect && { collect: () => collect(gauge) }) })
      return gauge
    },
    histogram: ({ buckets, ...options }) =>
      new Histogram({ ...common(endsIn(options, ['_seconds', '_bytes', '_ratio', '_clips'])), buckets: [...buckets] }),
  }
  metrics
    .gauge({ name: 'build_info', help: 'Always 1; says which version runs.', labels: ['version'] })
    .set({ version }, 1)
  return metrics
}

/** Runs `work` and observes how long it took, in seconds, whether it succeeds or not. */
export const observeSeconds = async <Label extends string, Result>(
  histogram: Histogram<Label>,
  labels: Partial<Record<Label, string>>,
  work: () => Promise<Result>,
): Promise<Result> => {
  const end = histogram.startTimer(labels)
  try {
    return await work()
  } finally {
    end()
  }
}

const prefixed = (name: string): string => {
  if (!/^[a-z][a-z0-9_]*$/.test(name) || name.startsWith(prefix))
    throw serviceError('metric-misnamed', { metric: name, rule: `lower case with underscores, without ${prefix}` })
  return prefix + name
}

const endsIn = <Options extends { readonly name: string }>(options: Options, units: readonly string[]): Options => {
  if (!units.some(unit => options.name.endsWith(unit)))
    throw serviceError('metric-misnamed', { metric: options.name, rule: `it ends in ${units.join(' or ')}` })
  return options
}
