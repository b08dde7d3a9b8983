import { isDesignedError, isTaktError } from './takt-error.ts'

/** gRPC status names by HTTP status, after the mapping of google.rpc.Code; names only, so that no gRPC library is needed here. */
export const grpcStatusNames = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  410: 'FAILED_PRECONDITION',
  412: 'FAILED_PRECONDITION',
  413: 'OUT_OF_RANGE',
  416: 'OUT_OF_RANGE',
  422: 'INVALID_ARGUMENT',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
} as const

export type GrpcStatusName = (typeof grpcStatusNames)[keyof typeof grpcStatusNames] | 'INTERNAL'

/** Translates any thrown thing at the gRPC border: by its status, else `UNAVAILABLE` if retryable, else `INTERNAL`. */
export const toGrpcStatusName = (error: unknown): GrpcStatusName => {
  if (!isDesignedError(error)) return 'INTERNAL'
  const named = isTaktError(error) ? grpcStatusNames[error.status as keyof typeof grpcStatusNames] : undefined
  return named ?? (error.retryable ? 'UNAVAILABLE' : 'INTERNAL')
}
