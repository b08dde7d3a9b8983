import type { Jobs } from '@takt/jobs'
import type { Metrics } from '@takt/service'
import type { AdaptContext } from './adapt/adapt-encoder.ts'

const secondsBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] as const

/** What a worker tells of its jobs and of the queues they come from. A job's outcome is done, waiting, failed or stopped. */
export function createWorkerMetrics(metrics: Metrics, jobs: Jobs) {
  const waiting = metrics.gauge({ name: 'queue_waiting_jobs', help: 'Jobs that wait, by queue.', labels: ['queue'] })
  const delayed = metrics.gauge({
    name: 'queue_delayed_jobs',
    help: 'Jobs that failed and wait for their next attempt, by queue.',
    labels: ['queue'],
  })
  metrics.gauge({
    name: 'queue_oldest_age_seconds',
    help: 'Since the job that waits longest was added, by queue.',
    labels: ['queue'],
    collect: async gauge => {
      // A queue that cannot be asked has no age: the series goes stale rather than lie.
      gauge.reset()
      const counts = await jobs.counts().catch(() => null)
      for (const [queue, count] of Object.entries(counts ?? {})) {
        gauge.set({ queue }, count.oldestWaitingAgeSeconds)
        waiting.set({ queue }, count.waiting)
        delayed.set({ queue }, count.delayed)
      }
    },
  })
  return {
    jobSeconds: metrics.histogram({
      name: 'job_seconds',
      help: 'How long a job ran, by kind and outcome.',
      labels: ['kind', 'outcome'],
      buckets: secondsBuckets,
    }),
    stageSeconds: metrics.histogram({
      name: 'embed_stage_seconds',
      help: 'How long a stage of embedding a segment took.',
      labels: ['stage'],
      buckets: secondsBuckets,
    }),
    embeddings: metrics.counter({ name: 'embeddings_total', help: 'Embeddings stored.' }),
    dead: metrics.counter({
      name: 'dead_jobs_total',
      help: 'Jobs that failed for the last time, by kind.',
      labels: ['kind'],
    }),
    swept: metrics.counter({
      name: 'swept_jobs_total',
      help: 'Jobs that the sweep put back on the queue, unless they were there.',
      labels: ['kind'],
    }),
    driftMeasured: metrics.counter({ name: 'drift_windows_total', help: 'Windows of views whose drift was measured.' }),
    runtimeCpu: metrics.counter({
      name: 'runtime_cpu_seconds_total',
      help: 'CPU time of the children that ran the encoder.',
    }),
    training: {
      steps: metrics.counter({ name: 'training_steps_total', help: 'Steps of training made.' }),
      clips: metrics.counter({ name: 'training_clips_total', help: 'Clips trained on.' }),
      loss: metrics.gauge({ name: 'training_loss', help: 'Loss of the last step of training.' }),
      cpu: metrics.counter({ name: 'training_cpu_seconds_total', help: 'CPU time of the children that trained.' }),
      waited: metrics.counter({
        name: 'training_waited_seconds_total',
        help: 'How long training has waited for clips.',
      }),
    },
  }
}

export type WorkerMetrics = ReturnType<typeof createWorkerMetrics>

/** Counts what each call of training brought. */
export const trainingObserver =
  ({ training }: Pick<WorkerMetrics, 'training'>): AdaptContext['onProgress'] =>
  ({ losses, metrics, waitedMs }, { steps, clips }) => {
    training.steps.inc(steps)
    training.clips.inc(clips)
    training.loss.set(Number(losses.loss!.data.at(-1)))
    training.cpu.inc(metrics.cpuSeconds)
    training.waited.inc(waitedMs / 1000)
  }
