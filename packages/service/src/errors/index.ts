/** The error kit: light enough for every package (it imports nothing). */

export type { ErrorRow, ErrorTable } from './define-errors.ts'
export { defineErrors } from './define-errors.ts'
export type { DesignedError } from './takt-error.ts'
export { hasCode, isDesignedError, isTaktError, TaktError } from './takt-error.ts'
export type { GrpcStatusName } from './to-grpc-status-name.ts'
export { grpcStatusNames, toGrpcStatusName } from './to-grpc-status-name.ts'
export type { JobFailure } from './to-job-failure.ts'
export { toJobFailure } from './to-job-failure.ts'
export type { Problem } from './to-problem.ts'
export { toProblem } from './to-problem.ts'
