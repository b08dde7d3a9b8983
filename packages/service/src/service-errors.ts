import { defineErrors } from './errors/index.ts'

/** The errors of this package. */
export const serviceError = defineErrors({
  'configuration-invalid': {
    message: (values: { problems: readonly string[] }) =>
      `the environment does not configure this service:\n${values.problems.map(problem => `  ${problem}`).join('\n')}`,
    retryable: false,
  },
  'health-check-timeout': {
    message: (values: { check: string; timeoutMs: number }) =>
      `check ${values.check} gave no answer in ${values.timeoutMs} ms`,
    retryable: true,
  },
  'shutdown-step-timeout': {
    message: (values: { phase: string; step: string; timeoutMs: number }) =>
      `${values.step} did not end in the ${values.timeoutMs} ms of phase ${values.phase} and was left behind`,
    retryable: false,
  },
  'service-stopped-in-start': {
    message: (values: { service: string }) => `${values.service} was told to stop before it had started`,
    retryable: false,
  },
  'metric-misnamed': {
    message: (values: { metric: string; rule: string }) => `metric ${values.metric} is misnamed: ${values.rule}`,
    retryable: false,
  },
})
